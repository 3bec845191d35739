"""What is unfinished in a draft, without saving it."""

import httpx2

from conduet.app.edge import Edge
from conduet.kit.db import Database
from tests.conftest import Owned, new_client, new_token
from tests.conversations.talking import HELLO, save
from tests.engine.talk import line, step


async def test_the_problems_of_the_draft_are_those_that_its_save_told(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    unfinished = line(step("say", "message", text=""), step("ask", "capture", text="?", variable="nowhere"))
    saved = await owner.patch(f"/api/v1/projects/{project.id}", json={"workflows": [unfinished]})
    found = await owner.get(f"/api/v1/projects/{project.id}/problems")
    assert found.status_code == 200
    assert found.json() == saved.json()["problems"]
    assert {(problem["severity"], problem["stepId"]) for problem in found.json()} >= {("error", "say")}
    await save(owner, project, HELLO)
    assert (await owner.get(f"/v1/projects/{project.id}/problems")).json() == []


async def test_problems_are_for_those_who_may_see_the_project(server: Edge, database: Database, project: Owned) -> None:
    path = f"/api/v1/projects/{project.id}/problems"
    assert (await project.client.get(path)).status_code == 401
    async with new_client(server, key=new_token(database)) as stranger:
        assert (await stranger.get(path)).status_code == 404
