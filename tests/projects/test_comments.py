"""Comments on steps and at points of the canvas."""

from typing import Any

import httpx2
import pytest

from conduet.app.edge import Edge
from conduet.kit.db import Database
from tests.conftest import Owned, new_client, new_token
from tests.conversations.test_inbox import member

STEP = {"workflowId": "main", "stepId": "hello", "text": "Is this still so?"}


@pytest.fixture
def path(project: Owned) -> str:
    return f"/api/v1/projects/{project.id}/comments"


async def begin(owner: httpx2.AsyncClient, path: str, **more: Any) -> dict[str, Any]:
    made = await owner.post(path, json={**STEP, **more})
    assert made.status_code == 201, made.text
    return made.json()


async def test_a_thread_is_answered_resolved_and_opened_again(owner: httpx2.AsyncClient, path: str) -> None:
    thread = await begin(owner, path)
    assert (thread["stepId"], thread["position"], thread["resolvedAt"]) == ("hello", None, None)
    assert thread["comments"][0]["member"]["name"] == "Test"
    said = await owner.post(f"{path}/{thread['id']}/replies", json={"text": "Yes."})
    assert said.status_code == 201, said.text
    settled = await owner.patch(f"{path}/{thread['id']}", json={"resolved": True})
    assert settled.json()["resolvedBy"] == thread["comments"][0]["member"]
    assert [each["text"] for each in settled.json()["comments"]] == ["Is this still so?", "Yes."]
    assert (await owner.get(f"{path}?status=open")).json() == []
    assert (await owner.get(f"{path}?status=resolved")).json() == [settled.json()]
    opened = (await owner.patch(f"{path}/{thread['id']}", json={"resolved": False})).json()
    assert (opened["resolvedAt"], opened["resolvedBy"]) == (None, None)


async def test_threads_are_found_by_workflow_and_by_mention(
    owner: httpx2.AsyncClient, path: str, project: Owned, database: Database
) -> None:
    ben, _ = member(database, project, "Ben")
    point = {"stepId": None, "position": {"x": 4.0, "y": 2.5}}
    first = await begin(owner, path, **point, workflowId="other", mentions=[ben, ben])
    second = await begin(owner, path)
    assert (first["position"], first["comments"][0]["mentions"]) == ({"x": 4.0, "y": 2.5}, [ben])
    assert (await owner.get(path)).json() == [second, first]
    assert (await owner.get(f"{path}?workflowId=main")).json() == [second]
    assert (await owner.get(f"{path}?mentions={ben}")).json() == [first]
    assert (await owner.get(f"{path}?mentions={ben[:-1]}")).json() == []
    page = await owner.get(f"{path}?limit=1")
    assert (page.json(), (await owner.get(page.links["next"]["url"])).json()) == ([second], [first])


async def test_only_who_said_it_changes_it(
    owner: httpx2.AsyncClient, path: str, project: Owned, server: Edge, database: Database
) -> None:
    thread = await begin(owner, path)
    one = f"{path}/{thread['id']}/replies/{thread['comments'][0]['id']}"
    _, token = member(database, project, "Ben", "editor")
    async with new_client(server, key=token) as ben:
        assert (await ben.put(one, json={"text": "No."})).status_code == 403
        assert (await ben.delete(one)).status_code == 403
        assert (await ben.delete(f"{path}/{thread['id']}")).status_code == 403
        own = await begin(ben, path)
    changed = await owner.put(one, json={"text": "Still?"})
    assert (changed.json()["text"], changed.json()["editedAt"] is None) == ("Still?", False)
    assert (await owner.delete(one)).status_code == 204
    assert (await owner.get(path)).json() == [own]
    assert (await owner.delete(f"{path}/{own['id']}")).status_code == 204
    assert (await owner.delete(f"{path}/{own['id']}")).status_code == 404


async def test_what_makes_no_sense_is_told_by_its_path(owner: httpx2.AsyncClient, path: str) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({**STEP, "text": ""}, "text"),
        ({**STEP, "mentions": ["mem_0"]}, "mentions[0]"),
        ({**STEP, "position": {"x": 1, "y": 1}}, ""),
        ({"workflowId": "main", "text": "?"}, ""),
    ]
    for body, place in wrong:
        answer = await owner.post(path, json=body)
        assert (answer.status_code, answer.json()["details"][0]["path"]) == (400, place), answer.text
    assert (await owner.get(f"{path}?status=old")).status_code == 400
    assert (await owner.post(f"{path}/thr_0/replies", json={"text": "?"})).status_code == 404


async def test_those_of_others_are_not_there(
    owner: httpx2.AsyncClient, path: str, server: Edge, database: Database
) -> None:
    thread = await begin(owner, path)
    other = (await owner.post("/api/v1/projects", json={"name": "Other"})).json()["id"]
    assert (await owner.get(f"/api/v1/projects/{other}/comments")).json() == []
    moved = await owner.patch(f"/api/v1/projects/{other}/comments/{thread['id']}", json={"resolved": True})
    assert moved.status_code == 404
    async with new_client(server, key=new_token(database)) as stranger:
        assert (await stranger.get(path)).status_code == 404
