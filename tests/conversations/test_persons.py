"""Tools that wait for a person's yes: listed, answered once, and what the user hears of it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa

from conduet.app.create import create_app
from conduet.app.edge import Edge
from conduet.kit.db import Database
from conduet.settings import Settings
from tests.conftest import Owned, new_client, new_key, new_token, started
from tests.conversations.listening import Listener
from tests.conversations.talking import Talker, publish, save, told
from tests.conversations.times import age
from tests.engine.talk import step, workflow

REFUND: dict[str, Any] = {
    "id": "refund",
    "name": "refund",
    "description": "Gives money back.",
    "type": "function",
    "parameters": {"type": "object", "properties": {"sum": {"type": "number"}, "why": {"type": "string"}}},
    "config": {"code": "return {done: args.sum};"},
    "approval": "person",
}
FLOW = workflow(
    "main",
    step("refund", "tool", toolId="refund", inputs={"sum": "{{sum}}", "why": "{{why}}"}, outputs={"count": "done"}),
    step("done", "message", text="Refunded {{sum}}, {{count}} times."),
    step("no", "message", text="Not refunded."),
    wires="start > refund, refund > done, refund.error > no",
)
VARIABLES = [
    {"name": "sum", "type": "number", "default": 40},
    {"name": "why", "default": "broken"},
    {"name": "count", "type": "number", "default": 0},
]
YES = {"approved": True, "note": "A regular."}
NO = {"approved": False}


@dataclass(frozen=True)
class Desk:
    """The person who sees to the project."""

    owner: httpx2.AsyncClient
    project: Owned

    @property
    def path(self) -> str:
        return f"/api/v1/projects/{self.project.id}/approvals"

    async def listed(self, query: str = "?status=waiting") -> list[dict[str, Any]]:
        answer = await self.owner.get(self.path + query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def answer(self, approval_id: str, body: dict[str, Any], *, status: int = 200) -> dict[str, Any]:
        answer = await self.owner.post(f"{self.path}/{approval_id}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
async def desk(owner: httpx2.AsyncClient, project: Owned) -> Desk:
    await save(owner, project, FLOW, variables=VARIABLES, tools=[REFUND])
    return Desk(owner, project)


@pytest.fixture
async def user(desk: Desk) -> Talker:
    """A user whose refund waits."""
    found = Talker(desk.project.client)
    assert await found.launch() == ["approval"]
    return found


async def heard(listener: Listener, user: Talker, key: str, *, after: int = 0, count: int) -> AsyncIterator[Any]:
    headers = {"Last-Event-ID": str(after)} if after else {}
    async with listener.open("GET", user.path("events"), key=key, headers=headers) as stream:
        for _ in range(count):
            yield (await stream.next()).data


async def test_a_yes_takes_the_turn_and_its_traces_reach_the_user(desk: Desk, user: Talker, listener: Listener) -> None:
    assert user.last is not None
    asked = user.last.json()[0]["payload"]
    [waiting] = await desk.listed()
    assert waiting == {
        "id": asked["approvalId"],
        "userId": "user_1",
        "toolName": "refund",
        "arguments": {"sum": 40, "why": "broken"},
        "status": "waiting",
        "askedAt": waiting["askedAt"],
        "answeredAt": None,
        "answeredBy": None,
        "note": None,
    }
    answered = await desk.answer(waiting["id"], YES)
    member = (await desk.owner.get("/api/v1/session")).json()
    assert answered == waiting | {
        "status": "approved",
        "answeredAt": answered["answeredAt"],
        "answeredBy": answered["answeredBy"],
        "note": "A regular.",
    }
    assert answered["answeredBy"] in str(member)
    assert await desk.listed() == []
    assert await desk.listed("") == await desk.listed("?status=approved") == [answered]
    traces = [trace async for trace in heard(listener, user, desk.project.key, count=3)]
    assert told(traces) == ["tool-call", "tool-call", "Refunded 40, 40 times."]
    assert (await user.state())["variables"]["count"] == 40
    [transcript] = (await desk.project.client.get("/api/v1/transcripts")).json()
    assert (transcript["platform"], transcript["messageCount"]) == ("api", 1)


async def test_it_is_answered_exactly_once(desk: Desk, user: Talker) -> None:
    [waiting] = await desk.listed()
    path = f"{desk.path}/{waiting['id']}"
    answers = await asyncio.gather(*(desk.owner.post(path, json=body) for body in (YES, NO, YES, NO)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    await desk.answer(waiting["id"], YES, status=409)
    [answered] = await desk.listed("")
    [winner] = [answer for answer in answers if answer.status_code == 200]
    assert answered == winner.json()
    assert (await user.state())["variables"]["count"] == (40 if answered["status"] == "approved" else 0)


async def test_a_no_leaves_by_error(desk: Desk, user: Talker, listener: Listener) -> None:
    [waiting] = await desk.listed()
    answered = await desk.answer(waiting["id"], NO)
    assert (answered["status"], answered["note"]) == ("rejected", None)
    traces = [trace async for trace in heard(listener, user, desk.project.key, count=2)]
    assert told(traces) == ["error NOT_APPROVED", "Not refunded."]


async def test_while_it_waits_the_user_is_answered_and_it_stays_open(desk: Desk, user: Talker) -> None:
    [waiting] = await desk.listed()
    await user.say("Hello?")
    assert waiting in await desk.listed()
    assert (await desk.answer(waiting["id"], YES))["status"] == "approved"


async def test_the_users_rate_does_not_count_it_and_the_version_stays(desk: Desk) -> None:
    await publish(desk.owner, desk.project)
    user = Talker(desk.project.client)
    assert await user.launch(versionId="production") == ["approval"]
    version = (await user.state())["versionId"]
    await save(desk.owner, desk.project, FLOW | {"steps": FLOW["steps"][:2], "connections": FLOW["connections"][:1]})
    assert user.last is not None
    left = int(user.last.headers["X-RateLimit-Remaining"])
    [waiting] = await desk.listed()
    await desk.answer(waiting["id"], YES)
    state = await user.state()
    assert (state["versionId"], state["variables"]["count"]) == (version, 40)
    await user.say("Again", versionId="production")
    assert int(user.last.headers["X-RateLimit-Remaining"]) == left - 1


@pytest.mark.parametrize("idle", [False, True])
async def test_a_day_without_an_answer_is_a_no(
    desk: Desk, user: Talker, listener: Listener, database: Database, settings: Settings, idle: bool
) -> None:
    [waiting] = await desk.listed()
    state = await user.state()
    assert state["internal"]["stack"][0]["memory"]["askedAt"] == waiting["askedAt"]
    state["internal"]["stack"][0]["memory"]["askedAt"] = "2026-01-01T00:00:00.000Z"
    assert (await desk.project.client.put(user.path("state"), json=state)).status_code == 200
    day = sa.text("update approval set asked_at = asked_at - 86400000 where id = :id")
    database.write_now(lambda tx: tx.execute(day, {"id": waiting["id"]}) and None)
    if idle:
        age(database, desk.project, hours=25)
    async with started(create_app(settings)):
        for _ in range(200):
            if not await desk.listed():
                break
            await asyncio.sleep(0.05)
    [over] = await desk.listed("")
    assert (over["status"], over["answeredBy"]) == ("expired", None)
    traces = [trace async for trace in heard(listener, user, desk.project.key, count=2)]
    assert told(traces) == ["error APPROVAL_EXPIRED", "Not refunded."]
    await desk.answer(waiting["id"], YES, status=409)
    assert len((await desk.project.client.get("/api/v1/transcripts")).json()) == 1


async def test_what_nobody_asks_for_any_more_is_withdrawn(desk: Desk, user: Talker) -> None:
    [waiting] = await desk.listed()
    assert (await desk.project.client.delete(user.path("state"))).status_code == 204
    assert [each["status"] for each in await desk.listed("")] == ["withdrawn"]
    await desk.answer(waiting["id"], YES, status=409)
    await user.launch()
    [again] = await desk.listed()
    # The step that asked is gone from the draft.
    await save(desk.owner, desk.project, FLOW | {"steps": FLOW["steps"][:1], "connections": []})
    await desk.answer(again["id"], YES, status=409)
    assert {each["status"] for each in await desk.listed("")} == {"withdrawn"}


async def test_a_state_that_is_put_back_keeps_what_waits(desk: Desk, user: Talker) -> None:
    state = await user.state()
    assert (await desk.project.client.put(user.path("state"), json=state)).status_code == 200
    [waiting] = await desk.listed()
    assert (await desk.answer(waiting["id"], YES))["status"] == "approved"


@pytest.mark.parametrize("changed", [{"args": {"sum": 4000}}, {"by": "user"}])
async def test_who_may_write_the_state_cannot_put_words_into_a_persons_mouth(
    desk: Desk, user: Talker, changed: dict[str, Any]
) -> None:
    [waiting] = await desk.listed()
    state = await user.state()
    state["internal"]["stack"][0]["memory"] |= changed
    assert (await desk.project.client.put(user.path("state"), json=state)).status_code == 200
    said = {"type": "approval", "payload": {"approvalId": waiting["id"], "approved": True}}
    refused = await user.send(said)
    assert (refused.status_code, refused.json()["code"]) == (409, "CONFLICT")
    if "args" in changed:
        await desk.answer(waiting["id"], YES, status=409)
        assert [each["status"] for each in await desk.listed("")] == ["withdrawn"]


async def test_it_goes_on_waiting_while_a_person_has_the_conversation(desk: Desk, user: Talker) -> None:
    state = await user.state()
    state["internal"]["handedOver"] = {"since": "2026-11-25T12:00:00.000Z"}
    assert (await desk.project.client.put(user.path("state"), json=state)).status_code == 200
    [waiting] = await desk.listed()
    await desk.answer(waiting["id"], YES, status=409)
    assert await desk.listed() == [waiting]
    assert (await desk.owner.post(f"/api/v1/projects/{desk.project.id}/inbox/user_1/hand-back")).status_code == 200
    assert (await desk.answer(waiting["id"], YES))["status"] == "approved"


async def test_secrets_are_not_among_the_arguments(desk: Desk) -> None:
    secret = {"name": "CRM", "value": "s3cr3t-value"}
    await save(desk.owner, desk.project, FLOW, variables=VARIABLES, tools=[REFUND], secrets=[secret])
    await Talker(desk.project.client).launch(variables={"why": "It says s3cr3t-value on it."})
    [waiting] = await desk.listed()
    assert waiting["arguments"] == {"sum": 40, "why": "It says [secret CRM] on it."}


async def test_only_those_who_see_to_the_project_see_and_answer(
    desk: Desk, user: Talker, server: Edge, database: Database
) -> None:
    [waiting] = await desk.listed()
    path = f"{desk.path}/{waiting['id']}"
    other = (await desk.owner.post("/api/v1/projects", json={"name": "Other"})).json()["id"]
    assert (await desk.owner.get(f"/api/v1/projects/{other}/approvals")).json() == []
    assert (await desk.owner.post(f"/api/v1/projects/{other}/approvals/{waiting['id']}", json=YES)).status_code == 404
    async with new_client(server, key=new_token(database)) as stranger:
        assert (await stranger.get(desk.path)).status_code == 404
        assert (await stranger.post(path, json=YES)).status_code == 404
    assert (await desk.project.client.post(path, json=YES)).status_code == 401
    async with new_client(server, key=await new_key(desk.owner, desk.project.id, type="widget")) as page:
        assert (await page.get(desk.path)).status_code == 401
    assert await desk.listed() == [waiting]


async def test_approvals_are_paged(desk: Desk) -> None:
    for number in range(5):
        await Talker(desk.project.client, f"user_{number}").launch()
    everything = await desk.listed()
    assert [each["userId"] for each in everything] == [f"user_{number}" for number in reversed(range(5))]
    page = await desk.owner.get(f"{desk.path}?status=waiting&limit=2")
    seen = page.json()
    while "next" in page.links:
        page = await desk.owner.get(page.links["next"]["url"])
        seen += page.json()
    assert seen == everything


async def test_what_makes_no_sense_is_told_by_its_path(desk: Desk, user: Talker) -> None:
    [waiting] = await desk.listed()
    answer = await desk.owner.get(f"{desk.path}?status=open")
    assert (answer.status_code, answer.json()["details"][0]["path"]) == (400, "query.status")
    for body, path in (({}, "approved"), ({"approved": "yes"}, "approved"), ({"approved": True, "by": 1}, "by")):
        assert (await desk.answer(waiting["id"], body, status=400))["details"][0]["path"] == path
    await desk.answer("appr_0", YES, status=404)
