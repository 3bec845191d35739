"""Talking to a project without a widget."""

import httpx2
import pytest

from tests.conftest import Owned
from tests.conversations.listening import streamed
from tests.conversations.talking import ASK, VARIABLES, Talker, publish, save, told


async def test_chat_makes_a_user_and_goes_on_with_them(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    for base in ("/api/v1", "/v1"):
        first = await owner.post(f"{base}/projects/{project.id}/chat", json={"message": "Hi"})
        assert first.status_code == 200, first.text
        assert first.json().keys() == {"userId", "traces"}
        assert told(first.json()["traces"]) == ["Hello!", "Your name?"]
        user_id = first.json()["userId"]
        assert first.headers["X-User-Id"] == user_id
        assert first.headers["X-Turn-Id"].startswith("turn_")
        second = await owner.post(f"{base}/projects/{project.id}/chat", json={"userId": user_id, "message": "Ada"})
        assert second.json()["userId"] == user_id
        assert told(second.json()["traces"])[0] == "Thank you, Ada."


async def test_chat_takes_an_action_and_a_version(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    path, body = f"/api/v1/projects/{project.id}/chat", {"userId": "u", "action": {"type": "launch"}}
    refused = await owner.post(path, json={**body, "versionId": "production"})
    assert refused.status_code == 404
    await publish(owner, project)
    answer = await owner.post(path, json={**body, "versionId": "production"})
    assert told(answer.json()["traces"]) == ["Hello!", "Your name?"]
    state = await Talker(project.client, "u").state()
    assert state["versionId"].startswith("ver_")


async def test_chat_streams_and_tells_the_user_it_made(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    path = f"/api/v1/projects/{project.id}/chat/stream"
    stream = await streamed(owner, "POST", path, json={"message": "Hi"})
    assert told(stream.traces) == ["Hello!", "Your name?"]
    assert stream.is_done
    user = Talker(owner, stream.headers["X-User-Id"], base=f"/api/v1/projects/{project.id}/conversations")
    turn = await streamed(owner, "GET", user.path(f"turns/{stream.headers['X-Turn-Id']}/stream"))
    assert turn.events == stream.events


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "message"),
        ({"message": "Hi", "action": {"type": "launch"}}, "message"),
        ({"message": 3}, "message"),
        ({"action": {"type": "dance"}}, "action.type"),
        ({"message": "Hi", "userId": "a b"}, "userId"),
        ({"message": "Hi", "else": 1}, "else"),
    ],
)
async def test_chat_refuses_by_path(owner: httpx2.AsyncClient, project: Owned, body: object, path: str) -> None:
    for end in ("chat", "chat/stream"):
        refused = await owner.post(f"/api/v1/projects/{project.id}/{end}", json=body)
        assert (refused.status_code, refused.json()["details"][0]["path"]) == (400, path)


async def test_chat_is_for_developers_of_the_project(owner: httpx2.AsyncClient, project: Owned) -> None:
    for end in ("chat", "chat/stream"):
        path = f"/api/v1/projects/{project.id}/{end}"
        assert (await project.client.post(path, json={"message": "Hi"})).status_code == 401
        elsewhere = await owner.post(f"/api/v1/projects/proj_else/{end}", json={"message": "Hi"})
        assert elsewhere.status_code == 404
        large = await owner.post(path, json={"message": "x" * 33_000})
        assert large.status_code == 413
