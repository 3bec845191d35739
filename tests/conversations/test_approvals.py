"""Tools that wait for a yes: the turn ends with the call kept, and goes on exactly once, over restarts."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from conduet.app.edge import Edge
from conduet.settings import Settings
from tests.conftest import Owned, new_client, new_key
from tests.conversations.far_away import FarAway, far_away, gone_wrong, reaching
from tests.conversations.talking import Talker, save
from tests.engine.talk import step, workflow

LAUNCH = {"type": "launch"}


@pytest.fixture(scope="module")
async def far() -> AsyncIterator[FarAway]:
    async with far_away() as far:
        yield far


def decide(approval_id: str, *, approved: bool = True) -> dict[str, Any]:
    return {"type": "approval", "payload": {"approvalId": approval_id, "approved": approved}}


async def offer(owner: httpx2.AsyncClient, project: Owned, far: FarAway, *, by: str) -> None:
    """Makes the project one that asks before it refunds."""
    tool = {
        "id": "t_refund",
        "name": "refund",
        "description": "Gives money back.",
        "type": "api",
        "parameters": {"type": "object", "properties": {"sum": {"type": "number"}}},
        "config": {"url": f"{far.url}/bikes", "method": "POST", "body": {"sum": "{{args.sum}}"}},
        "approval": by,
    }
    flow = workflow(
        "main",
        step("refund", "tool", toolId="t_refund", inputs={"sum": "{{40}}"}),
        step("done", "message", text="Refunded."),
        step("no", "message", text="Not refunded."),
        wires="start > refund, refund > done, refund.error > no",
    )
    await save(owner, project, flow, tools=[tool])


def asked_for(traces: list[dict[str, Any]]) -> str:
    """The id of the approval that is asked for."""
    (approval,) = [trace["payload"] for trace in traces if trace["type"] == "approval"]
    assert (approval["toolName"], approval["arguments"]) == ("refund", {"sum": 40})
    return approval["approvalId"]


async def test_a_yes_uses_the_tool_once_after_a_restart(
    owner: httpx2.AsyncClient, project: Owned, far: FarAway, settings: Settings, server: Edge
) -> None:
    await offer(owner, project, far, by="user")
    before = len(far.bodies)
    async with reaching(settings, far.place) as app, new_client(app, key=project.key) as client:
        approval_id = asked_for((await Talker(client).send(LAUNCH)).json())
    assert len(far.bodies) == before
    async with reaching(settings, far.place) as app, new_client(app, key=project.key) as client:
        user = Talker(client)
        assert await user.say("Hello?") == ["approval"]
        unknown = await user.send(decide("appr_00"))
        assert (unknown.status_code, unknown.json()["code"]) == (409, "CONFLICT")
        key = {"Idempotency-Key": "yes"}
        answer = await user.send(decide(approval_id), headers=key)
        assert [trace["type"] for trace in answer.json()] == ["tool-call", "tool-call", "text"]
        assert answer.json()[1]["payload"]["ok"] is True
        again = await user.send(decide(approval_id), headers=key)
        assert again.content == answer.content
        assert (await user.send(decide(approval_id))).status_code == 409
        assert (await user.send(decide(approval_id, approved=False))).status_code == 409
    assert far.bodies[before:] == ['{"sum":40}']


async def test_a_no_leaves_by_error(owner: httpx2.AsyncClient, project: Owned, far: FarAway) -> None:
    await offer(owner, project, far, by="user")
    user, before = Talker(project.client), len(far.bodies)
    approval_id = asked_for((await user.send(LAUNCH)).json())
    refused = (await user.send(decide(approval_id, approved=False))).json()
    assert (gone_wrong(refused)[0][0], refused[-1]["payload"]) == ("NOT_APPROVED", {"message": "Not refunded."})
    assert len(far.bodies) == before


async def test_a_day_without_a_yes_is_a_no(owner: httpx2.AsyncClient, project: Owned, far: FarAway) -> None:
    await offer(owner, project, far, by="user")
    user, before = Talker(project.client), len(far.bodies)
    approval_id = asked_for((await user.send(LAUNCH)).json())
    state = await user.state()
    state["internal"]["stack"][0]["memory"]["askedAt"] = (datetime.now(UTC) - timedelta(hours=24)).isoformat()
    assert (await project.client.put(user.path("state"), json=state)).status_code == 200
    assert gone_wrong((await user.send(decide(approval_id))).json())[0][0] == "APPROVAL_EXPIRED"
    assert len(far.bodies) == before


async def test_what_a_person_decides_is_not_the_users_to_say(
    owner: httpx2.AsyncClient, project: Owned, far: FarAway, server: Edge, settings: Settings
) -> None:
    await offer(owner, project, far, by="person")
    key = await new_key(owner, project.id, type="widget")
    token = {"Authorization": owner.headers["Authorization"]}
    async with (
        reaching(settings, far.place) as app,
        new_client(app, key=key) as page,
        new_client(app, key=project.key) as client,
        new_client(app, headers=token) as developer,
    ):
        approval_id = asked_for((await Talker(page).send(LAUNCH)).json())
        for user in (Talker(page), Talker(client)):
            refused = await user.send(decide(approval_id))
            assert (refused.status_code, refused.json()["code"]) == (409, "CONFLICT")
        base = f"/api/v1/projects/{project.id}/conversations"
        assert await Talker(developer, base=base).act(decide(approval_id)) == ["tool-call", "tool-call", "Refunded."]
        assert (await Talker(developer, base=base).send(decide(approval_id))).status_code == 409


async def test_a_page_answers_what_it_was_asked_and_nothing_else(
    owner: httpx2.AsyncClient, project: Owned, server: Edge
) -> None:
    flow = workflow(
        "main",
        step("pick", "client-action", name="pick-date", paths=[{"id": "picked"}, {"id": "cancelled"}], saveTo="day"),
        step("ok", "message", text="On {{day}}."),
        step("no", "message", text="Another time."),
        wires="start > pick, pick.picked > ok, pick.cancelled > no",
    )
    await save(owner, project, flow, variables=[{"name": "day", "type": "text"}])
    key = await new_key(owner, project.id, type="widget")
    async with new_client(server, key=key) as client:
        user = Talker(client)
        (asked,) = (await user.send(LAUNCH)).json()

        def answer(**more: str) -> dict[str, Any]:
            payload = {"callId": asked["payload"]["callId"], "path": "picked", "payload": "Monday", **more}
            return {"type": "client", "payload": payload}

        for wrong in (answer(callId="call_00"), answer(path="lost")):
            refused = await user.send(wrong)
            assert (refused.status_code, refused.json()["code"]) == (409, "CONFLICT")
        assert await user.act(answer()) == ["On Monday."]
        assert (await user.send(answer())).status_code == 409
