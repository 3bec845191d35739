"""A project that is removed while somebody talks to it."""

import asyncio

import httpx2

from tests.conftest import Owned
from tests.conversations.talking import Talker, save, slow


async def test_who_still_waits_for_a_conversation_of_a_removed_project_finds_nothing(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, slow(0.5))
    first, second = Talker(project.client), Talker(project.client)
    text = {"type": "text", "payload": "Hello"}
    running = asyncio.create_task(first.send(text))
    await asyncio.sleep(0.2)
    waiting = [
        asyncio.create_task(second.send(text)),
        asyncio.create_task(project.client.patch(second.path("variables"), json={"a": 1})),
        asyncio.create_task(project.client.delete(second.path("state"))),
    ]
    await asyncio.sleep(0.1)
    assert (await owner.delete(f"/api/v1/projects/{project.id}")).status_code == 204
    interrupted = await running
    assert (interrupted.status_code, interrupted.json()["code"]) == (503, "UNAVAILABLE")
    for answer in await asyncio.gather(*waiting):
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND"), answer.text
    assert (await second.send(text)).status_code == 401
