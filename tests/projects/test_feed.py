"""What those who work on a project hear of each other, as it happens."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from conduet.app.create import create_app
from conduet.app.edge import Edge
from conduet.kit.db import Database
from conduet.projects import feed_store
from conduet.settings import Settings
from tests.conftest import Owned, new_client, new_token, started
from tests.conversations.conftest import listener as listener  # noqa: PLC0414  (a fixture of another folder)
from tests.conversations.listening import Listener, Stream
from tests.conversations.talking import Talker, save
from tests.engine.talk import line, step
from tests.outbound.press import WRITER

FLOW = line(step("hello", "message", text="Hello!"), step("over", "handoff"))


def path(project: Owned, rest: str = "events") -> str:
    return f"/api/v1/projects/{project.id}/{rest}"


@asynccontextmanager
async def following(
    listener: Listener, owner: httpx2.AsyncClient, project: Owned, *, after: str | None = None
) -> AsyncGenerator[Stream]:
    token = owner.headers["Authorization"].removeprefix("Bearer ")
    headers = {"Last-Event-ID": after} if after else {}
    async with listener.open("GET", path(project), key=token, headers=headers) as stream:
        yield stream


async def heard(stream: Stream, kind: str) -> dict[str, Any]:
    """The payload of the next event of that type."""
    while (event := await stream.next()).data["type"] != kind:
        pass
    return event.data["payload"]


async def test_a_save_is_told_with_who_and_which_steps(
    owner: httpx2.AsyncClient, project: Owned, listener: Listener
) -> None:
    await save(owner, project, FLOW)
    async with following(listener, owner, project) as stream:
        hello = await heard(stream, "hello")
        assert hello["people"] == []
        changed = {**line(step("hello", "message", text="Hi!"), step("over", "handoff")), "notes": [{"id": "legal"}]}
        body = {"workflows": [changed], "prompts": {"tone": "Brief."}}
        saved = await owner.patch(f"/api/v1/projects/{project.id}", json=body, headers={"X-Client-Id": "tab-1"})
        told = await heard(stream, "revision")
        assert told["revision"] == saved.json()["revision"] == hello["revision"] + 1
        assert (told["memberName"], told["clientId"]) == ("Test", "tab-1")
        assert told["memberId"].startswith("mem_")
        assert told["workflows"] == [{"id": "main", "steps": ["hello"], "connections": False, "notes": True}]
        assert (told["parts"], told["isWhole"]) == (["prompts"], True)


async def test_who_was_away_hears_what_was_missed_once(
    owner: httpx2.AsyncClient, project: Owned, listener: Listener
) -> None:
    await save(owner, project, FLOW)
    async with following(listener, owner, project) as stream:
        first = (await stream.next()).id
    for text in ("One.", "Two."):
        await save(owner, project, line(step("hello", "message", text=text)))
    async with following(listener, owner, project, after=first) as stream:
        events = [await stream.next() for _ in range(3)]
        assert [event.data["type"] for event in events] == ["revision", "revision", "hello"]
        assert events[1].data["payload"]["revision"] == events[2].data["payload"]["revision"]
        assert events[1].id == events[2].id
    async with following(listener, owner, project, after=events[2].id) as stream:
        assert (await stream.next()).data["type"] == "hello"


async def test_only_the_last_events_are_kept(
    owner: httpx2.AsyncClient, project: Owned, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_store, "KEPT", 2)
    for number in range(4):
        await save(owner, project, line(step("hello", "message", text=str(number))))
    async with following(listener, owner, project, after="1") as stream:
        kinds = [(await stream.next()).data["type"] for _ in range(3)]
    assert kinds == ["revision", "revision", "hello"]


async def test_people_see_where_others_are_until_they_go(
    owner: httpx2.AsyncClient, project: Owned, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = {"clientId": "tab-1", "workflowId": "main", "stepId": "hello", "cursor": {"x": 4, "y": 2.5}}
    async with following(listener, owner, project) as stream:
        await heard(stream, "hello")
        said = await owner.post(path(project, "presence"), json=place)
        assert said.status_code == 200, said.text
        [ada] = (await heard(stream, "presence"))["people"]
        assert ada == place | {"memberId": ada["memberId"], "memberName": "Test"}
        assert (await owner.post(path(project, "presence"), json={"clientId": "tab-1", "gone": True})).json() == {
            "expiresAt": None
        }
        assert (await heard(stream, "presence"))["people"] == []
        monkeypatch.setattr("conduet.projects.feed_routes.PRESENT_MS", 2_000)
        await owner.post(path(project, "presence"), json=place)
        assert len((await heard(stream, "presence"))["people"]) == 1
        assert (await heard(stream, "presence"))["people"] == []


async def test_documents_and_the_inbox_are_told(owner: httpx2.AsyncClient, project: Owned, listener: Listener) -> None:
    await save(owner, project, FLOW)
    async with following(listener, owner, project) as stream:
        await heard(stream, "hello")
        added = await owner.post(path(project, "knowledge-base"), json={"name": "A", "type": "text", "content": "Bo."})
        told = await heard(stream, "job")
        assert (told["kind"], told["id"], told["name"]) == ("document", added.json()["id"], "A")
        while told["status"] == "processing":
            told = await heard(stream, "job")
        assert (told["status"], told["error"]) == ("ready", None)
        await Talker(project.client).launch()
        told = await heard(stream, "inbox")
        assert told == {"userId": "user_1", "status": "waiting", "memberId": None}
        await owner.delete(path(project, "users/user_1"))
        assert (await heard(stream, "inbox"))["userId"] is None


async def test_posts_are_told_from_their_writing_to_the_decision(
    owner: httpx2.AsyncClient, project: Owned, listener: Listener
) -> None:
    hook = {"connector": "webhook", "config": {"url": "https://example.com/cms", "secret": "at least sixteen"}}
    pipeline = {"id": "news", "name": "News", "enabled": True, "workflowId": "writer", "targets": [hook]}
    body = {"framework": "outbound", "workflows": [{**WRITER, "primary": True}], "pipelines": [pipeline]}
    saved = await owner.patch(f"/api/v1/projects/{project.id}", json=body)
    assert saved.status_code == 200, saved.text
    async with following(listener, owner, project) as stream:
        await heard(stream, "hello")
        run = (await owner.post(path(project, "runs"), json={"pipelineId": "news"})).json()
        told = {"runId": run["id"], "pipelineId": "news"}
        assert await heard(stream, "run") == {**told, "status": "generating"}
        assert await heard(stream, "run") == {**told, "status": "waiting"}
        assert (await owner.post(path(project, f"runs/{run['id']}/reject"), json={"note": "No."})).status_code == 200
        assert await heard(stream, "run") == {**told, "status": "rejected"}


async def test_another_process_hears_of_it(
    owner: httpx2.AsyncClient, project: Owned, listener: Listener, settings: Settings
) -> None:
    async with following(listener, owner, project) as stream:
        await heard(stream, "hello")
        other = create_app(settings)
        async with started(other), new_client(other) as client:
            client.headers.update({"Authorization": owner.headers["Authorization"]})
            assert (await client.patch(path(project, "").rstrip("/"), json={"name": "New"})).status_code == 200
            told = await heard(stream, "revision")
    assert "name" in told["parts"]


async def test_a_stream_ends_with_its_project_and_its_credential(
    owner: httpx2.AsyncClient, project: Owned, listener: Listener, server: Edge, database: Database
) -> None:
    async with following(listener, owner, project) as stream:
        await heard(stream, "hello")
        assert (await owner.delete(path(project, "").rstrip("/"))).status_code == 204
        await asyncio.wait_for(stream.rest(), 5)
    made = (await owner.post("/api/v1/projects", json={"name": "Again"})).json()["id"]
    tokens = (await owner.get("/api/v1/tokens")).json()
    async with following(listener, owner, Owned(made, "", project.client)) as stream:
        await heard(stream, "hello")
        assert (await owner.delete(f"/api/v1/tokens/{tokens[0]['id']}")).status_code == 204
        await asyncio.wait_for(stream.rest(), 5)
    async with new_client(server, key=new_token(database)) as stranger:
        assert (await stranger.get(f"/api/v1/projects/{made}/events")).status_code == 404


async def test_what_makes_no_sense_is_told_by_its_path(owner: httpx2.AsyncClient, project: Owned) -> None:
    answer = await owner.get(path(project), headers={"Last-Event-ID": "x"})
    assert (answer.status_code, answer.json()["details"][0]["path"]) == (400, "header.Last-Event-ID")
    answer = await owner.post(path(project, "presence"), json={"cursor": {"x": "left"}})
    assert answer.status_code == 400
    assert {each["path"] for each in answer.json()["details"]} == {"clientId", "cursor.x", "cursor.y"}
