"""A project with something in every corner, and who may ask about it."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from conduet.app.edge import Edge
from conduet.kit.db import Database
from tests.conftest import new_client, new_key, new_token
from tests.contract.row import Row
from tests.conversations.talking import ASK, VARIABLES

PATIENCE_SECONDS = 30.0
RETURNS = "# Returns\n\nYou can send a bicycle back within 30 days.\n"


@dataclass
class World:
    """`ids` are what the paths of rows name."""

    app: Edge
    token: str
    key: str
    owner: httpx2.AsyncClient
    client: httpx2.AsyncClient
    stranger: httpx2.AsyncClient
    ids: Mapping[str, str]

    def asker(self, row: Row) -> httpx2.AsyncClient:
        """Somebody who may ask for it."""
        return self.owner if row.shown == "developer token" else self.client

    def path(self, row: Row, **ids: str) -> str:
        """Its address, about what is there unless `ids` name other things."""
        return re.sub(r"\{(\w+)\}", lambda name: {**self.ids, **ids}[name[1]], row.path)

    async def ask(
        self, row: Row, ids: Mapping[str, str] | None = None, *, client: httpx2.AsyncClient | None = None
    ) -> httpx2.Response:
        """Asks as the row says."""
        body: dict[str, Any] = {"json": row.body} if row.body is not None else {}
        if row.file is not None:
            body = {"files": {"file": row.file}}
        return await (client or self.asker(row)).request(row.method, self.path(row, **(ids or {})), **body)

    async def expendable(self, row: Row) -> dict[str, str]:
        """What a row may remove: a thing of its own."""
        made: dict[str, str] = {"userId": "somebody-else"}
        if row.path.endswith("{projectId}"):
            made["projectId"] = await self.made("/projects", {"name": "Expendable"})
        below = f"/projects/{self.ids['projectId']}"
        if "{docId}" in row.path:
            text = {"name": "Expendable", "type": "text", "content": "Gone soon."}
            made["docId"] = await self.made(f"{below}/knowledge-base", text)
        if "{deploymentId}" in row.path:
            made["deploymentId"] = await self.made(f"{below}/deployments", {"channel": "web", "name": "Gone soon"})
        if "{keyId}" in row.path:
            made["keyId"] = await self.made(f"{below}/api-keys", {"name": "Gone soon"})
        return made

    async def made(self, path: str, body: Any) -> str:
        """The id of something new."""
        return await _made(self.owner, path, body)


async def _made(owner: httpx2.AsyncClient, path: str, body: Any) -> str:
    answer = await owner.post(f"/api/v1{path}", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def _read(client: httpx2.AsyncClient, document: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if (await client.get(f"/api/v1/knowledge-base/{document}")).json()["status"] != "processing":
                return
            await asyncio.sleep(0.05)


@pytest.fixture(scope="module")
async def world(server: Edge, database: Database) -> AsyncIterator[World]:
    """The project, on each database."""
    async with AsyncExitStack() as stack:
        token = new_token(database)
        owner = await stack.enter_async_context(new_client(server, key=token))
        stranger = await stack.enter_async_context(new_client(server, key=new_token(database)))
        project = await _made(owner, "/projects", {"name": "World"})
        below = f"/projects/{project}"
        await owner.patch(f"/api/v1{below}", json={"workflows": [ASK], "variables": VARIABLES})
        key = await new_key(owner, project)
        client = await stack.enter_async_context(new_client(server, key=key))
        listed = (await owner.get(f"/api/v1{below}/api-keys")).json()
        document = await _made(owner, f"{below}/knowledge-base", {"name": "Returns", "content": RETURNS})
        await _made(owner, f"{below}/publish", {"name": "Zero"})
        for text in ("Hi", "Ada"):
            turn = {"action": {"type": "text", "payload": text}}
            assert (await client.post("/api/v1/conversations/ada/interact", json=turn)).status_code == 200
        transcripts = (await client.get("/api/v1/transcripts")).json()
        await _read(client, document)
        ids = {
            "projectId": project,
            "userId": "ada",
            "docId": document,
            "transcriptId": transcripts[0]["id"],
            "deploymentId": await _made(owner, f"{below}/deployments", {"channel": "web", "name": "Site"}),
            "keyId": listed[0]["id"],
        }
        yield World(server, token, key, owner, client, stranger, ids)
        await owner.delete(f"/api/v1{below}")
