"""What a user hears of beside their turns, and conversations that a person gives back."""

import asyncio
from pathlib import Path
from time import monotonic
from typing import Any

import httpx2
import pytest

from conduet.accounts.principal import ProjectScope
from conduet.app.create import create_app
from conduet.app.edge import Edge
from conduet.conversations import events as following
from conduet.conversations.scope import ConversationScope
from conduet.conversations.store.clock import present
from conduet.conversations.store.events import add
from conduet.kit.db import Database, open_database
from conduet.migrations import migrate
from conduet.settings import Settings
from tests.app.serving import serving
from tests.conftest import Owned, new_client, new_key, new_token, started
from tests.conversations.listening import Listener
from tests.conversations.talking import ASK, VARIABLES, Talker, save
from tests.engine.talk import line, step

BACK = {"target": "agent", "reason": "A person has given the conversation back."}


@pytest.fixture
async def asking(owner: httpx2.AsyncClient, project: Owned) -> Owned:
    await save(owner, project, ASK, variables=VARIABLES)
    return project


async def hand_over(project: Owned, user: Talker) -> None:
    """A person has the conversation from now on."""
    state = await user.state()
    state["internal"]["handedOver"] = {"since": "2026-11-25T12:00:00.000Z"}
    assert (await project.client.put(user.path("state"), json=state)).status_code == 200


def way_back(project: Owned, user_id: str = "user_1") -> str:
    return f"/api/v1/projects/{project.id}/inbox/{user_id}/hand-back"


async def hand_back(owner: httpx2.AsyncClient, project: Owned, user_id: str = "user_1") -> dict[str, Any]:
    answer = await owner.post(way_back(project, user_id))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_agent_is_silent_until_the_conversation_is_handed_back(
    owner: httpx2.AsyncClient, asking: Owned
) -> None:
    user = Talker(asking.client)
    await user.launch()
    await hand_over(asking, user)
    assert await user.say("Ada") == []
    before = await user.state()
    after = await hand_back(owner, asking)
    assert after == await user.state()
    assert after["revision"] == before["revision"] + 1
    assert after["internal"]["stack"] == before["internal"]["stack"]
    assert await user.say("Ada") == ["Thank you, Ada.", "Which size?", "[Small][Large]"]


async def test_a_step_hands_over_and_whoever_listens_hears_of_both_ways(
    owner: httpx2.AsyncClient, project: Owned, listener: Listener
) -> None:
    over = step("over", "handoff", target="Workshop", reason="Too hard.")
    await save(owner, project, line(step("hello", "message", text="Hello!"), over, step("b", "message", text="Back.")))
    user = Talker(project.client)
    async with listener.open("GET", user.path("events"), key=project.key) as stream:
        assert await user.launch() == ["Hello!", "handoff", "escalation"]
        event = await stream.next()
        assert user.last is not None
        assert event.data == user.last.json()[1]
        assert event.data["payload"] == {"target": "Workshop", "reason": "Too hard."}
        assert await user.say("Anybody?") == []
        await hand_back(owner, project)
        assert (await stream.next()).data["payload"] == BACK
    assert await user.say("Anybody?") == ["Back."]
    [transcript] = (await project.client.get("/api/v1/transcripts")).json()
    assert transcript["escalated"] is True


async def test_what_was_not_handed_over_cannot_be_handed_back(
    owner: httpx2.AsyncClient, asking: Owned, server: Edge, database: Database
) -> None:
    user = Talker(asking.client)
    for user_id in ("nobody", "user_1"):
        assert (await owner.post(way_back(asking, user_id))).status_code == 404
    assert (await owner.post(way_back(asking, "no such user"))).status_code == 400
    await user.launch()
    answer = await owner.post(way_back(asking))
    assert (answer.status_code, answer.json()["code"]) == (409, "CONFLICT")
    await hand_over(asking, user)
    answers = await asyncio.gather(*(owner.post(way_back(asking)) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    await hand_over(asking, user)
    assert (await asking.client.post(way_back(asking))).status_code == 401
    other = (await owner.post("/api/v1/projects", json={"name": "Other"})).json()["id"]
    assert (await owner.post(way_back(Owned(other, "", asking.client)))).status_code == 404
    async with new_client(server, key=new_token(database)) as stranger:
        assert (await stranger.post(way_back(asking))).status_code == 404
    assert await user.say("Ada") == []


async def test_events_come_as_they_happen_and_again_to_who_was_away(
    owner: httpx2.AsyncClient, asking: Owned, listener: Listener
) -> None:
    user = Talker(asking.client)
    path = user.path("events")
    await user.launch()
    async with listener.open("GET", path, key=asking.key) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        coming = asyncio.create_task(stream.next())
        await asyncio.sleep(0.2)
        assert not coming.done()
        await hand_over(asking, user)
        await hand_back(owner, asking)
        event = await coming
        assert (event.id, event.data["type"], event.data["payload"]) == ("1", "handoff", BACK)
    for _ in range(2):
        await hand_over(asking, user)
        await hand_back(owner, asking)
    async with listener.open("GET", path, key=asking.key, headers={"Last-Event-ID": "1"}) as stream:
        assert [(await stream.next()).id for _ in range(2)] == ["2", "3"]
    async with listener.open("GET", path, key=asking.key) as stream:
        first = await stream.next()
        assert (first.id, first.data) == (event.id, event.data)


async def test_what_happens_in_another_process_is_heard_of(
    owner: httpx2.AsyncClient, asking: Owned, listener: Listener, settings: Settings
) -> None:
    user = Talker(asking.client)
    await user.launch()
    async with listener.open("GET", user.path("events"), key=asking.key) as stream:
        other = create_app(settings)
        async with started(other), new_client(other, key=owner.headers["Authorization"].split()[1]) as elsewhere:
            await hand_over(asking, user)
            await hand_back(elsewhere, asking)
            assert (await stream.next()).data["payload"] == BACK


async def test_what_is_reset_is_forgotten_and_its_numbers_are_not_used_again(
    owner: httpx2.AsyncClient, asking: Owned, listener: Listener
) -> None:
    user = Talker(asking.client)
    for _ in range(2):
        await user.launch()
        await hand_over(asking, user)
        await hand_back(owner, asking)
        assert (await asking.client.delete(user.path("state"))).status_code == 204
    await hand_over(asking, user)
    await hand_back(owner, asking)
    async with listener.open("GET", user.path("events"), key=asking.key) as stream:
        assert (await stream.next()).id == "3"


async def test_more_events_than_are_read_at_once_come_whole_and_in_order(
    owner: httpx2.AsyncClient, asking: Owned, listener: Listener, database: Database
) -> None:
    user = Talker(asking.client)
    await user.launch()
    scope = ConversationScope(ProjectScope(asking.id), "user_1")
    told = [b'{"type":"text","payload":{"message":"%d"}}' % number for number in range(250)]
    database.write_now(lambda tx: add(tx, scope, told, now=present()))
    async with listener.open("GET", user.path("events"), key=asking.key) as stream:
        heard = [await stream.next() for _ in range(250)]
    assert [event.id for event in heard] == [str(number) for number in range(1, 251)]
    assert [event.data["payload"]["message"] for event in heard] == [str(number) for number in range(250)]


async def test_a_quiet_stream_is_kept_alive(asking: Owned, listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "KEEP_ALIVE_SECONDS", 0.1)
    async with listener.open("GET", Talker(asking.client).path("events"), key=asking.key) as stream:
        coming = asyncio.create_task(stream.next())
        await asyncio.sleep(1)
        coming.cancel()
        assert stream.comments[0] == ": connected"
        assert stream.comments.count(": keep-alive") >= 2
        assert stream.events == []


async def test_a_stream_ends_with_its_key(owner: httpx2.AsyncClient, asking: Owned, listener: Listener) -> None:
    made = (await owner.post(f"/api/v1/projects/{asking.id}/api-keys", json={"name": "Short"})).json()
    async with listener.open("GET", Talker(asking.client).path("events"), key=made["key"]) as stream:
        reading = asyncio.create_task(stream.rest())
        await asyncio.sleep(0.1)
        assert not reading.done()
        assert (await owner.delete(f"/api/v1/projects/{asking.id}/api-keys/{made['id']}")).status_code == 204
        assert (await asyncio.wait_for(reading, 30)).events == []


async def test_developers_follow_the_same_events(owner: httpx2.AsyncClient, asking: Owned, listener: Listener) -> None:
    user = Talker(asking.client)
    await user.launch()
    await hand_over(asking, user)
    await hand_back(owner, asking)
    token = owner.headers["Authorization"].removeprefix("Bearer ")
    path = f"/v1/projects/{asking.id}/conversations/user_1/events"
    async with listener.open("GET", path, key=token) as stream:
        assert (await stream.next()).data["payload"] == BACK


async def test_a_page_hears_of_its_own_conversation_alone(
    server: Edge, owner: httpx2.AsyncClient, asking: Owned, listener: Listener
) -> None:
    key = await new_key(owner, asking.id, type="widget")
    await Talker(asking.client, "alice").launch()
    async with new_client(server, key=key) as page:
        answer = await page.get("/api/v1/conversations/alice/events")
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
        visitor = Talker(page, "visitor")
        await visitor.launch()
    await hand_over(asking, Talker(asking.client, "visitor"))
    await hand_back(owner, asking, "visitor")
    async with listener.open("GET", visitor.path("events"), key=key) as stream:
        assert (await stream.next()).data["payload"] == BACK
    # A page may listen before anything was said, but not to what another then begins.
    async with listener.open("GET", "/api/v1/conversations/late/events", key=key) as stream:
        reading = asyncio.create_task(stream.rest())
        await asyncio.sleep(0.1)
        late = Talker(asking.client, "late")
        await late.launch()
        await hand_over(asking, late)
        await hand_back(owner, asking, "late")
        assert (await asyncio.wait_for(reading, 30)).events == []


async def test_nobody_hears_of_another_project(
    owner: httpx2.AsyncClient, asking: Owned, server: Edge, database: Database, listener: Listener
) -> None:
    user = Talker(asking.client)
    await user.launch()
    await hand_over(asking, user)
    await hand_back(owner, asking)
    other = (await owner.post("/api/v1/projects", json={"name": "Other"})).json()["id"]
    async with listener.open("GET", user.path("events"), key=await new_key(owner, other)) as stream:
        coming = asyncio.create_task(stream.next())
        await asyncio.sleep(0.3)
        assert not coming.done()
        coming.cancel()
    async with new_client(server, key=new_token(database)) as stranger:
        path = f"/api/v1/projects/{asking.id}/conversations/user_1/events"
        assert (await stranger.get(path)).status_code == 404


@pytest.mark.parametrize("header", ["x", "-1", "turn_1/1", "1", "99999999999999999999"])
async def test_an_event_that_there_never_was_is_told(asking: Owned, header: str) -> None:
    path = Talker(asking.client).path("events")
    answer = await asking.client.get(path, headers={"Last-Event-ID": header})
    assert (answer.status_code, answer.json()["details"][0]["path"]) == (400, "header.Last-Event-ID")


def test_a_server_that_stops_waits_for_no_listener(tmp_path: Path) -> None:
    config = Settings(data=tmp_path)
    migrate(config.database)
    database = open_database(config.database, run_dir=config.run_dir)
    token = new_token(database)
    database.close_now()
    with serving(create_app(config), grace_seconds=20) as port:
        client = httpx2.Client(
            base_url=f"http://127.0.0.1:{port}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=60
        )
        project = client.post("/projects", json={"name": "Served"}).json()["id"]
        pieces = client.send(
            client.build_request("GET", f"/projects/{project}/conversations/user_1/events"), stream=True
        ).iter_bytes()
        assert next(pieces) == b": connected\n\n"
        began = monotonic()
    assert monotonic() - began < 10
    assert list(pieces) == []
    client.close()
