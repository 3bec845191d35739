"""Conversations as they are read afterwards."""

from typing import Any

import httpx2
import pytest

from conduet.app.edge import Edge
from conduet.kit.db import Database
from tests.conftest import Owned, new_client, new_key, new_token
from tests.conversations.talking import ASK, HELLO, VARIABLES, Talker, save
from tests.conversations.times import age

LIST = "/api/v1/transcripts"


async def listed(client: httpx2.AsyncClient, query: str = "", *, path: str = LIST) -> list[dict[str, Any]]:
    answer = await client.get(f"{path}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
async def asking(owner: httpx2.AsyncClient, project: Owned) -> Owned:
    """A project that asks two things."""
    await save(owner, project, ASK, variables=VARIABLES)
    return project


async def test_a_conversation_is_read_from_its_first_turn_to_its_end(asking: Owned) -> None:
    user = Talker(asking.client)
    await user.launch()
    await user.say("Ada")
    [before] = await listed(asking.client)
    assert (before["messageCount"], before["resolved"]) == (5, False)
    await user.press("Large")
    [told] = await listed(asking.client)
    assert told == {
        "id": before["id"],
        "userId": "user_1",
        "platform": "api",
        "resolved": True,
        "escalated": False,
        "messageCount": 7,
        "startedAt": before["startedAt"],
        "endedAt": told["endedAt"],
    }
    assert told["id"].startswith("txn_")
    assert told["startedAt"] < before["endedAt"] < told["endedAt"]
    whole = (await asking.client.get(f"{LIST}/{told['id']}")).json()
    messages = whole.pop("messages")
    assert whole == told
    assert [(said["role"], said["content"]) for said in messages] == [
        ("assistant", "Hello!"),
        ("assistant", "Your name?"),
        ("user", "Ada"),
        ("assistant", "Thank you, Ada."),
        ("assistant", "Which size?"),
        ("user", "Large"),
        ("assistant", "Bye."),
    ]
    assert all({*said} == {"id", "role", "content", "createdAt"} for said in messages)
    assert len({said["id"] for said in messages}) == 7
    assert [said["createdAt"] for said in messages] == sorted(said["createdAt"] for said in messages)


async def test_its_traces_are_those_that_the_turns_answered(asking: Owned) -> None:
    user = Talker(asking.client)
    answered: list[dict[str, Any]] = []
    for action in ({"type": "launch"}, {"type": "text", "payload": "Ada"}):
        sent = await user.send(action)
        answered += [{"turnId": user.turn_id, **trace} for trace in sent.json()]
    await asking.client.delete(user.path("state"))
    await user.launch()
    second, first = await listed(asking.client)
    whole = (await asking.client.get(f"{LIST}/{first['id']}?include=traces")).json()
    assert whole["traces"] == answered
    assert "traces" not in (await asking.client.get(f"{LIST}/{first['id']}")).json()
    again = (await asking.client.get(f"{LIST}/{second['id']}?include=traces")).json()
    assert {trace["turnId"] for trace in again["traces"]} == {user.turn_id}


async def test_a_transcript_begins_anew_after_the_end_a_reset_and_a_day_and_stays(
    asking: Owned, database: Database
) -> None:
    user = Talker(asking.client)
    for action in ({"type": "launch"}, {"type": "text", "payload": "Ada"}):
        await user.send(action)
    await user.press("Large")
    await user.launch()
    assert len(await listed(asking.client)) == 2
    assert (await asking.client.delete(user.path("state"))).status_code == 204
    await user.launch()
    assert len(await listed(asking.client)) == 3
    age(database, asking, hours=25)
    await user.launch()
    found = await listed(asking.client)
    assert [each["resolved"] for each in found] == [False, False, False, True]
    said = [(await asking.client.get(f"{LIST}/{each['id']}")).json()["messages"] for each in found]
    assert [len(messages) for messages in said] == [each["messageCount"] for each in found]
    assert said[3][2]["content"] == "Ada"
    assert len({message["id"] for messages in said for message in messages}) == sum(map(len, said))


async def test_what_came_with_a_put_state_is_in_no_transcript(asking: Owned) -> None:
    user = Talker(asking.client)
    await user.launch()
    state = await user.state()
    state["history"].append({"role": "user", "content": "I was never said."})
    assert (await asking.client.put(user.path("state"), json=state)).status_code == 200
    await user.say("Ada")
    [told] = await listed(asking.client)
    messages = (await asking.client.get(f"{LIST}/{told['id']}")).json()["messages"]
    assert len(messages) == told["messageCount"] == 5
    assert "I was never said." not in {said["content"] for said in messages}
    assert len((await user.state())["history"]) == 6


async def test_pages_follow_one_another_and_lose_and_repeat_nothing(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, HELLO)
    for number in range(7):
        await Talker(project.client, f"user_{number}").launch()
    everything = await listed(project.client)
    assert [each["userId"] for each in everything] == [f"user_{number}" for number in reversed(range(7))]
    seen: list[dict[str, Any]] = []
    page = await project.client.get(f"{LIST}?limit=3")
    while True:
        seen += page.json()
        if "next" not in page.links:
            break
        assert len(page.json()) == 3
        # What begins meanwhile moves nobody's page.
        await Talker(project.client, f"late_{len(seen)}").launch()
        page = await project.client.get(page.links["next"]["url"])
    assert seen == everything
    last = await project.client.get(f"{LIST}?limit=9")
    assert (len(last.json()), last.links) == (9, {})


async def test_what_was_tried_out_in_the_dashboard_is_told_on_demand(
    owner: httpx2.AsyncClient, project: Owned, server: Edge
) -> None:
    await save(owner, project, HELLO)
    chatted = await owner.post(f"/api/v1/projects/{project.id}/chat", json={"message": "Hi"})
    await Talker(project.client).launch()
    async with new_client(server, key=await new_key(owner, project.id, type="widget")) as page:
        await Talker(page, "visitor").launch()
    assert [each["platform"] for each in await listed(project.client)] == ["web", "api"]
    everything = await listed(project.client, "?include=dashboard")
    assert [each["platform"] for each in everything] == ["web", "api", "dashboard"]
    assert everything[2]["userId"] == chatted.json()["userId"]
    assert (await project.client.get(f"{LIST}/{everything[2]['id']}")).json()["messageCount"] == 2


async def test_developers_read_the_same_below_the_project(owner: httpx2.AsyncClient, asking: Owned) -> None:
    await Talker(asking.client).launch()
    [told] = await listed(asking.client)
    for base in ("/api/v1", "/v1"):
        path = f"{base}/projects/{asking.id}/transcripts"
        assert await listed(owner, path=path) == [told]
        for query in ("", "?include=traces"):
            one = await owner.get(f"{path}/{told['id']}{query}")
            assert one.json() == (await asking.client.get(f"{LIST}/{told['id']}{query}")).json()
    assert (await owner.get(LIST)).status_code == 401
    assert (await asking.client.get(f"/api/v1/projects/{asking.id}/transcripts")).status_code == 401


async def test_nobody_reads_what_another_project_was_told(
    owner: httpx2.AsyncClient, asking: Owned, server: Edge, database: Database
) -> None:
    await Talker(asking.client).launch()
    [told] = await listed(asking.client)
    other = (await owner.post("/api/v1/projects", json={"name": "Other"})).json()["id"]
    async with new_client(server, key=await new_key(owner, other)) as stranger:
        assert await listed(stranger) == []
        answer = await stranger.get(f"{LIST}/{told['id']}?include=traces")
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    assert (await owner.get(f"/api/v1/projects/{other}/transcripts/{told['id']}")).status_code == 404
    async with new_client(server, key=new_token(database)) as stranger:
        for rest in ("", f"/{told['id']}"):
            assert (await stranger.get(f"/api/v1/projects/{asking.id}/transcripts{rest}")).status_code == 404
    async with new_client(server, key=await new_key(owner, asking.id, type="widget")) as page:
        for rest in ("", f"/{told['id']}"):
            assert (await page.get(f"{LIST}{rest}")).status_code == 401


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("limit=0", "query.limit"),
        ("limit=201", "query.limit"),
        ("limit=-1", "query.limit"),
        ("limit=ten", "query.limit"),
        ("limit=", "query.limit"),
        ("cursor=", "query.cursor"),
        ("cursor=x", "query.cursor"),
        ("cursor=%FF", "query.cursor"),
        ("cursor=MTIzIGEnIG9yIDE9MQ", "query.cursor"),
        ("include=traces", "query.include"),
    ],
)
async def test_a_page_that_makes_no_sense_is_told_by_its_path(project: Owned, query: str, path: str) -> None:
    answer = await project.client.get(f"{LIST}?{query}")
    assert (answer.status_code, answer.json()["details"][0]["path"]) == (400, path)
