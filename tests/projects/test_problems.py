"""What is unfinished in a draft, without saving it."""

from typing import Any

import httpx2
import pytest

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


URL = "https://crm.example.com/hooks"


@pytest.mark.parametrize(
    ("webhook", "found"),
    [
        ({"url": URL, "events": ["conversation.ended", "budget.reached"]}, []),
        ({"url": URL, "events": []}, []),
        ({"url": ""}, [("error", "REQUIRED", "webhooks[0].url")]),
        ({"url": "  "}, [("error", "REQUIRED", "webhooks[0].url")]),
        ({}, [("error", "REQUIRED", "webhooks[0].url")]),
        ({"url": "", "enabled": False}, []),
        ({"url": "crm.example.com"}, [("error", "BAD_URL", "webhooks[0].url")]),
        (
            {"url": URL, "events": ["conversation.ended", "sun.rose"]},
            [("warning", "UNKNOWN_EVENT", "webhooks[0].events[1]")],
        ),
    ],
    ids=range(8),
)
async def test_what_is_unfinished_about_a_webhook_is_told(
    owner: httpx2.AsyncClient, project: Owned, webhook: dict[str, Any], found: list[tuple[str, str, str]]
) -> None:
    path = f"/api/v1/projects/{project.id}"
    saved = await owner.patch(path, json={"webhooks": [{"id": "crm", **webhook}]})
    assert saved.status_code == 200, saved.text
    problems = saved.json()["problems"]
    assert [(each["severity"], each["code"], each["path"]) for each in problems] == found
    published = await owner.post(f"{path}/publish", json={})
    refused = any(severity == "error" for severity, _, _ in found)
    assert published.status_code == (400 if refused else 201)
    assert all("conversation.ended" in each["fix"] for each in problems if each["code"] == "UNKNOWN_EVENT")
