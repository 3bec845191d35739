import asyncio

import httpx2
import pytest

from conduet.accounts.principal import ProjectScope
from conduet.errors import NotFound
from conduet.kit.db import Database
from conduet.projects import store
from conduet.projects.version_store import list_versions
from tests.conftest import Owned


@pytest.fixture
def path(project: Owned) -> str:
    return f"/api/v1/projects/{project.id}"


async def test_publishing_makes_a_version_that_keys_and_developers_see(
    owner: httpx2.AsyncClient, project: Owned, path: str
):
    answer = await owner.post(f"{path}/publish", json={"name": "First"})
    assert answer.status_code == 201
    version = answer.json()
    assert set(version) == {"id", "name", "createdAt"}
    assert version["id"].startswith("ver_")
    assert version["name"] == "First"

    second = (await owner.post(f"{path}/publish")).json()
    assert second["name"] == "Version 2"
    assert (await project.client.get("/api/v1/project/versions")).json() == [second, version]
    listed = (await owner.get(f"{path}/versions")).json()
    assert [{name: each[name] for name in version} for each in listed] == [second, version]


async def test_a_project_that_was_never_published_has_no_versions(owner: httpx2.AsyncClient, path: str):
    assert (await owner.get(f"{path}/versions")).json() == []


async def test_a_version_never_changes(owner: httpx2.AsyncClient, project: Owned, path: str, database: Database):
    await owner.patch(path, json={"description": "published"})
    version = (await owner.post(f"{path}/publish")).json()
    await owner.patch(path, json={"description": "later"})
    await owner.patch(path, json={"description": "later still"})

    scope = ProjectScope(project.id)
    resolved = database.read_now(lambda tx: store.resolve_version(tx, scope, "production"))
    assert resolved == database.read_now(lambda tx: store.resolve_version(tx, scope, version["id"]))
    stored = database.read_now(lambda tx: store.get_document(tx, scope, resolved.revision))
    assert '"description":"published"' in stored.text


async def test_an_unfinished_project_is_not_published_and_says_why(owner: httpx2.AsyncClient, path: str):
    document = (await owner.get(path)).json()
    [workflow] = document["workflows"]
    workflow["steps"] += [
        {"id": "say", "type": "message", "config": {}, "position": {"x": 0, "y": 0}},
        {"id": "go", "type": "workflow", "config": {"workflowId": "wf_none"}, "position": {"x": 0, "y": 0}},
    ]
    workflow["connections"] = [
        {"id": "c1", "source": "start", "sourcePort": "next", "target": "say"},
        {"id": "c2", "source": "say", "sourcePort": "next", "target": "go"},
    ]
    await owner.patch(path, json=document)
    answer = await owner.post(f"{path}/publish", json={})
    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_REQUEST")
    assert {detail["path"] for detail in answer.json()["details"]} == {
        "workflows[0].steps[1].config.text",
        "workflows[0].steps[2].config.workflowId",
    }
    assert (await owner.get(f"{path}/versions")).json() == []


async def test_a_warning_does_not_keep_a_project_from_being_published(owner: httpx2.AsyncClient, path: str):
    saved = await owner.patch(path, json={"odd": True})
    assert [problem["severity"] for problem in saved.json()["problems"]] == ["warning"]
    assert (await owner.post(f"{path}/publish")).status_code == 201


async def test_a_stale_publish_is_a_412(owner: httpx2.AsyncClient, path: str):
    await owner.patch(path, json={"description": "newer"})
    answer = await owner.post(f"{path}/publish", headers={"If-Match": '"1"'})
    assert answer.status_code == 412
    assert answer.headers["ETag"] == '"2"'
    assert (await owner.post(f"{path}/publish", headers={"If-Match": '"2"'})).status_code == 201


@pytest.mark.parametrize(
    ("body", "where"), [({"name": 5}, "name"), ({"name": ""}, "name"), ({"id": "ver_1"}, "id"), ([], "")]
)
async def test_a_version_of_a_wrong_shape_is_a_400_by_path(
    owner: httpx2.AsyncClient, path: str, body: object, where: str
):
    answer = await owner.post(f"{path}/publish", json=body)
    assert answer.status_code == 400
    assert [detail["path"] for detail in answer.json()["details"]] == [where]


async def test_a_version_of_another_project_is_none(owner: httpx2.AsyncClient, path: str, database: Database):
    version = (await owner.post(f"{path}/publish")).json()
    other = (await owner.post("/api/v1/projects", json={"name": "Other"})).json()
    with pytest.raises(NotFound):
        database.read_now(lambda tx: store.resolve_version(tx, ProjectScope(other["id"]), version["id"]))


async def test_publishing_while_others_save_publishes_what_was_checked(
    owner: httpx2.AsyncClient, project: Owned, path: str, database: Database
):
    saves = [owner.patch(path, json={"description": str(n)}) for n in range(5)]
    published = [owner.post(f"{path}/publish") for _ in range(3)]
    answers = await asyncio.gather(*saves, *published)
    assert [answer.status_code for answer in answers] == [200] * 5 + [201] * 3
    scope = ProjectScope(project.id)
    for version in database.read_now(lambda tx: list_versions(tx, scope)):
        stored = database.read_now(lambda tx, number=version.revision: store.get_document(tx, scope, number))
        assert '"name":"Test"' in stored.text
