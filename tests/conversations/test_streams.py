"""Turns as Server-Sent Events: as they happen, resumed, and after their end."""

import asyncio
from typing import Any

import httpx2
import orjson
import pytest

from tests.conftest import Owned
from tests.conversations.listening import Listener, streamed
from tests.conversations.talking import ASK, HELLO, VARIABLES, Talker, save, slow, told
from tests.engine.talk import line, step

LAUNCH = {"action": {"type": "launch"}}


def timeless(traces: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in trace.items() if name != "time"} for trace in traces]


async def test_the_stream_and_interact_say_the_same(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    one, other = Talker(project.client, "one"), Talker(project.client, "other")
    for action in (
        {"type": "launch"},
        {"type": "text", "payload": "Ada"},
        {"type": "button", "payload": {"label": "Small"}},
    ):
        whole = (await one.send(action)).json()
        stream = await streamed(project.client, "POST", other.path("interact/stream"), json={"action": action})
        assert timeless(stream.traces) == timeless(whole)
        assert stream.is_done
    assert (await one.state())["variables"] == (await other.state())["variables"]


async def test_a_stream_has_its_headers_and_numbers_its_events(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    stream = await streamed(project.client, "POST", "/api/v1/conversations/u/interact/stream", json=LAUNCH)
    headers = stream.headers
    assert headers["Content-Type"].startswith("text/event-stream")
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Accel-Buffering"] == "no"
    assert headers["X-RateLimit-Remaining"] == "59"
    turn_id = headers["X-Turn-Id"]
    assert [event.id for event in stream.events] == [f"{turn_id}/0", f"{turn_id}/1", None]


async def test_events_come_as_they_happen_and_done_after_the_turn_is_kept(
    listener: Listener, owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, slow(0.5))
    user = Talker(project.client)
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with listener.open("POST", user.path("interact/stream"), key=project.key, json=LAUNCH) as stream:
        assert told([(await stream.next()).data, (await stream.next()).data]) == ["One.", "typing"]
        assert loop.time() - began < 0.4
        assert (await user.state())["revision"] == 0
        assert told([(await stream.next()).data]) == ["Two."]
        assert loop.time() - began >= 0.5
        assert (await stream.next()).data == "[DONE]"
    assert (await user.state())["revision"] == 1


async def test_what_is_wrong_is_told_before_a_stream_begins(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, HELLO)
    for body, status in (
        ({}, 400),
        ({**LAUNCH, "versionId": "production"}, 404),
        ({"action": {"type": "event", "payload": {"name": "nothing"}}}, 404),
        ({**LAUNCH, "variables": {"sys.now": "x"}}, 400),
    ):
        answer = await project.client.post("/api/v1/conversations/u/interact/stream", json=body)
        assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/json")


async def test_a_dropped_client_resumes_where_it_was(
    listener: Listener, owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, slow(0.6))
    user = Talker(project.client)
    async with listener.open("POST", user.path("interact/stream"), key=project.key, json=LAUNCH) as stream:
        first = await stream.next()
        turn_id = stream.headers["X-Turn-Id"]
    resumed = await streamed(
        project.client, "GET", user.path(f"turns/{turn_id}/stream"), headers={"Last-Event-ID": first.id or ""}
    )
    assert told(resumed.traces) == ["typing", "Two."]
    assert [event.id for event in resumed.events] == [f"{turn_id}/1", f"{turn_id}/2", None]
    assert resumed.headers["X-Turn-Id"] == turn_id


async def test_a_turn_can_be_followed_from_its_start_by_several(
    listener: Listener, owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, slow(0.4))
    user = Talker(project.client)
    async with listener.open("POST", user.path("interact/stream"), key=project.key, json=LAUNCH) as stream:
        turn_id = stream.headers["X-Turn-Id"]
        others = await asyncio.gather(
            *(streamed(project.client, "GET", user.path(f"turns/{turn_id}/stream")) for _ in range(3))
        )
        own = await stream.rest()
    assert all(other.events == own.events for other in others)


async def test_a_turn_can_be_followed_after_its_end(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    stream = await streamed(project.client, "POST", user.path("interact/stream"), json=LAUNCH)
    turn_id = stream.headers["X-Turn-Id"]
    path = user.path(f"turns/{turn_id}/stream")
    assert (await streamed(project.client, "GET", path)).events == stream.events
    for last in range(2):
        headers = {"Last-Event-ID": f"{turn_id}/{last}"}
        assert (await streamed(project.client, "GET", path, headers=headers)).events == stream.events[last + 1 :]
    # What interact answered can be followed too.
    whole = (await user.send({"type": "text", "payload": "Ada"})).json()
    assert (await streamed(project.client, "GET", user.path(f"turns/{user.turn_id}/stream"))).traces == whole


@pytest.mark.parametrize("last", ["", "x", "3", "turn_00/0", "{turn}", "{turn}/", "{turn}/-1", "{turn}/x", "{turn}/2"])
async def test_a_last_event_id_that_is_none_is_a_400(owner: httpx2.AsyncClient, project: Owned, last: str) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    await user.launch()
    headers = {"Last-Event-ID": last.replace("{turn}", user.turn_id)}
    refused = await project.client.get(user.path(f"turns/{user.turn_id}/stream"), headers=headers)
    assert (refused.status_code, refused.json()["details"][0]["path"]) == (400, "header.Last-Event-ID")


async def test_a_turn_that_is_not_there_is_a_404(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, HELLO)
    user, other = Talker(project.client), Talker(project.client, "other")
    await user.launch()
    for path in (user.path("turns/turn_0/stream"), other.path(f"turns/{user.turn_id}/stream")):
        assert (await project.client.get(path)).status_code == 404


async def test_a_quiet_stream_is_kept_alive(
    listener: Listener, owner: httpx2.AsyncClient, project: Owned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conduet.conversations.stream.KEEP_ALIVE_SECONDS", 0.1)
    monkeypatch.setattr("conduet.conversations.stream.TICK_SECONDS", 0.05)
    await save(owner, project, slow(0.6))
    path = Talker(project.client).path("interact/stream")
    async with listener.open("POST", path, key=project.key, json=LAUNCH) as stream:
        await stream.rest()
    assert stream.comments.count(": keep-alive") >= 3


async def test_a_revoked_key_ends_its_open_streams(
    listener: Listener, owner: httpx2.AsyncClient, project: Owned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conduet.conversations.stream.VALID_SECONDS", 0.1)
    monkeypatch.setattr("conduet.conversations.stream.TICK_SECONDS", 0.05)
    await save(owner, project, slow(2))
    made = (await owner.post(f"/api/v1/projects/{project.id}/api-keys", json={"name": "Doomed"})).json()
    user = Talker(project.client)
    async with listener.open("POST", user.path("interact/stream"), key=made["key"], json=LAUNCH) as stream:
        assert told([(await stream.next()).data]) == ["One."]
        revoked = await owner.delete(f"/api/v1/projects/{project.id}/api-keys/{made['id']}")
        assert revoked.status_code == 204
        loop = asyncio.get_running_loop()
        began = loop.time()
        rest = await stream.rest()
        assert loop.time() - began < 1.5
    assert [event for event in rest.events if event.data == "[DONE]"] == []


async def test_a_long_trace_is_cut_and_can_be_fetched_whole(owner: httpx2.AsyncClient, project: Owned) -> None:
    label = "x" * 30_000
    buttons = [{"id": str(number), "label": f"{number}{label}"} for number in range(3)]
    await save(owner, project, line(step("ask", "buttons", text="Which?", buttons=buttons)))
    user = Talker(project.client)
    text, cut = (await user.send({"type": "launch"})).json()
    assert text["payload"] == {"message": "Which?"}
    assert len(orjson.dumps(cut)) < 5 * 1024
    assert cut["payload"]["ref"] == f"turns/{user.turn_id}/traces/1"
    assert cut["payload"]["buttons"][0]["label"].startswith("0xxx")
    whole = await project.client.get(user.path(cut["payload"]["ref"]))
    assert whole.status_code == 200
    assert whole.json()["time"] == cut["time"]
    assert [button["label"] for button in whole.json()["payload"]["buttons"]] == [each["label"] for each in buttons]
    short = await project.client.get(user.path(f"turns/{user.turn_id}/traces/0"))
    assert short.json() == text
    for number, status in (("2", 404), ("-1", 400), ("x", 400)):
        assert (await project.client.get(user.path(f"turns/{user.turn_id}/traces/{number}"))).status_code == status
    stream = await streamed(project.client, "GET", user.path(f"turns/{user.turn_id}/stream"))
    assert stream.traces == [text, cut]


async def test_a_long_text_is_split_into_several(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, line(step("say", "message", text="{{text}}")))
    user = Talker(project.client)
    text = " ".join(str(number) for number in range(25_000))
    traces = (await user.send({"type": "launch"}, variables={"text": text})).json()
    assert len(traces) > 1
    assert all(trace["type"] == "text" and len(orjson.dumps(trace)) <= 64 * 1024 for trace in traces)
    assert "".join(trace["payload"]["message"] for trace in traces) == text
