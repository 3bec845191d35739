"""What belongs to somebody else does not exist, at every address that names something."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
import pytest

from conduet.app.edge import Edge
from conduet.app.openapi import DEVELOPER
from conduet.kit.db import Database
from tests.conftest import Owned, new_client, new_key, new_token
from tests.conversations.talking import HELLO, Talker, publish, save

BODIES: Mapping[str, Any] = {
    "interact": {"action": {"type": "launch"}},
    "chat": {"message": "Hi"},
    "api-keys": {"name": "Mine"},
    "persist": {"name": "Mine"},
}


@pytest.fixture
async def places(client: httpx2.AsyncClient) -> list[tuple[str, str]]:
    """Every method and address that the API describes and that takes a credential."""
    document = (await client.get("/openapi.json")).json()
    return [
        (method.upper(), path)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if operation.get("security")
    ]


def filled(path: str, **names: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: names.get(match[1], "x"), path)


async def ask(client: httpx2.AsyncClient, method: str, path: str) -> httpx2.Response:
    parts = path.removesuffix("/stream").split("/")
    body = BODIES.get(parts[-1], {})
    return await client.request(method, path, json=None if method in ("GET", "DELETE") else body)


def of_a_project(places: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((method, path) for method, path in places if "{projectId}" in path)


async def test_a_project_of_another_account_looks_like_none_at_every_address(
    server: Edge, database: Database, owner: httpx2.AsyncClient, project: Owned, places: list[tuple[str, str]]
) -> None:
    await save(owner, project, HELLO)
    user = Talker(project.client)
    await user.launch()
    before = await owner.get(f"/api/v1/projects/{project.id}")
    keys = (await owner.get(f"/api/v1/projects/{project.id}/api-keys")).json()
    names = {"userId": user.user_id, "turnId": user.turn_id, "n": "0", "keyId": keys[0]["id"]}
    async with new_client(server, key=new_token(database)) as stranger:
        for method, path in of_a_project(places):
            foreign = await ask(stranger, method, filled(path, projectId=project.id, **names))
            missing = await ask(stranger, method, filled(path, projectId="proj_missing", **names))
            assert (foreign.status_code, foreign.json()["code"]) == (404, "NOT_FOUND"), (method, path, foreign.text)
            assert foreign.json() == missing.json(), (method, path)
    after = await owner.get(f"/api/v1/projects/{project.id}")
    assert (after.content, after.headers["ETag"]) == (before.content, before.headers["ETag"])
    assert (await user.state())["revision"] == 1


async def test_what_is_in_another_project_of_the_account_looks_like_nothing(
    server: Edge, owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, HELLO)
    user = Talker(project.client)
    await user.launch()
    version, turn_id = await publish(owner, project), user.turn_id
    key_id = (await owner.get(f"/api/v1/projects/{project.id}/api-keys")).json()[0]["id"]
    other = (await owner.post("/api/v1/projects", json={"name": "Other"})).json()["id"]
    async with new_client(server, key=await new_key(owner, other)) as client:
        same = Talker(client, user.user_id)
        answers = [
            await client.get(same.path(f"turns/{turn_id}/stream")),
            await client.get(same.path(f"turns/{turn_id}/traces/0")),
            await client.get(same.path(f"turns/{turn_id}")),
            await client.post(same.path(f"turns/{turn_id}/replay"), json={}),
            await same.send({"type": "launch"}, versionId=version),
            await owner.delete(f"/api/v1/projects/{other}/api-keys/{key_id}"),
            await owner.post(f"/api/v1/projects/{other}/chat", json={"message": "Hi", "versionId": version}),
        ]
        assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "NOT_FOUND")}
        state = await same.state()
    assert (state["revision"], state["history"]) == (0, [])
    assert (await project.client.get("/api/v1/project")).status_code == 200


async def test_each_family_of_secret_opens_its_own_addresses_only(
    server: Edge, owner: httpx2.AsyncClient, project: Owned, places: list[tuple[str, str]]
) -> None:
    widget = await new_key(owner, project.id, type="widget")
    async with new_client(server, key=widget) as page:
        for method, path in places:
            address = filled(path, projectId=project.id)
            is_management = path.removeprefix("/api/v1/").split("/")[0] in DEVELOPER
            for client in (project.client, page) if is_management else (owner,):
                answer = await ask(client, method, address)
                assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHORIZED"), (method, path)
    assert (await owner.get(f"/api/v1/projects/{project.id}")).status_code == 200
