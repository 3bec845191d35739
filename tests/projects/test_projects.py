import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest

from conduet.app.edge import Edge
from conduet.kit.db import Database
from tests.conftest import Owned, new_client, new_key, new_token

PROJECTS = "/api/v1/projects"
LISTED = {"id", "name", "description", "framework", "language", "slug", "createdAt", "updatedAt"}


@pytest.fixture
async def stranger(server: Edge, database: Database) -> AsyncIterator[httpx2.AsyncClient]:
    """The owner of another account."""
    async with new_client(server, key=new_token(database)) as client:
        yield client


async def made(owner: httpx2.AsyncClient, **facts: object) -> dict[str, object]:
    answer = await owner.post(PROJECTS, json={"name": "Front desk", **facts})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_new_project_has_one_primary_workflow_that_holds_a_start(owner: httpx2.AsyncClient):
    answer = await owner.post(PROJECTS, json={"name": "Front desk"})

    assert answer.status_code == 201
    assert answer.headers["ETag"] == '"1"'
    document = answer.json()
    assert document["framework"] == "conversation-flow"
    assert document["language"] == "en"
    assert document["description"] == ""
    assert document["slug"] == "front-desk"
    assert document["schemaVersion"] == 1
    assert document["hasIdentitySecret"] is False
    [workflow] = document["workflows"]
    assert workflow["primary"] is True
    assert [step["type"] for step in workflow["steps"]] == ["start"]
    for part in ("playbooks", "tools", "variables", "secrets", "intents", "events", "entities", "pipelines", "tests"):
        assert document[part] == []
    assert document["prompts"] == document["widget"] == {}
    assert document["behaviourConfig"]["retention"] == {"transcriptsDays": 365, "journalDays": 30}


async def test_a_new_project_is_what_it_was_asked_to_be(owner: httpx2.AsyncClient):
    facts = {"description": "Talks", "framework": "agentic", "language": "de-AT", "slug": "desk"}
    document = await made(owner, **facts)
    assert {name: document[name] for name in facts} == facts


async def test_a_project_reads_as_it_was_answered(owner: httpx2.AsyncClient):
    document = await made(owner)
    answer = await owner.get(f"{PROJECTS}/{document['id']}")
    assert answer.status_code == 200
    assert answer.headers["ETag"] == '"1"'
    document.pop("problems")
    assert answer.json() == document


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": 5}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a", "framework": "chat"}, "framework"),
        ({"name": "a", "language": ""}, "language"),
        ({"name": "a", "slug": "No Slug"}, "slug"),
        ({"name": "a", "colour": "red"}, "colour"),
        ([], ""),
        ("Front desk", ""),
    ],
)
async def test_a_project_that_cannot_be_made_is_a_400_by_path(owner: httpx2.AsyncClient, body: object, path: str):
    answer = await owner.post(PROJECTS, json=body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "BAD_REQUEST"
    assert [detail["path"] for detail in answer.json()["details"]] == [path]


async def test_the_list_shows_the_accounts_projects_and_the_last_changed_first(
    owner: httpx2.AsyncClient, stranger: httpx2.AsyncClient
):
    first, second = await made(owner, name="One"), await made(owner, name="Two")
    await made(stranger, name="Three")
    await owner.patch(f"{PROJECTS}/{first['id']}", json={"description": "changed"})

    listed = (await owner.get(PROJECTS)).json()
    assert [project["id"] for project in listed] == [first["id"], second["id"]]
    assert all(set(project) == LISTED for project in listed)
    assert listed[0]["description"] == "changed"
    assert listed[0]["updatedAt"] > listed[0]["createdAt"]


async def test_the_management_api_answers_under_both_bases(owner: httpx2.AsyncClient):
    document = await made(owner)
    assert (await owner.get("/v1/projects")).json() == (await owner.get(PROJECTS)).json()
    assert (await owner.get(f"/v1/projects/{document['id']}")).json()["id"] == document["id"]


async def test_a_derived_slug_is_unique_within_the_account(owner: httpx2.AsyncClient, stranger: httpx2.AsyncClient):
    slugs = [(await made(owner, name="Café Zürich!"))["slug"] for _ in range(3)]
    assert slugs == ["cafe-zurich", "cafe-zurich-2", "cafe-zurich-3"]
    assert (await made(stranger, name="Café Zürich!"))["slug"] == "cafe-zurich"
    assert (await made(owner, name="漢字"))["slug"] == "project"


async def test_projects_made_at_once_get_slugs_of_their_own(owner: httpx2.AsyncClient):
    documents = await asyncio.gather(*(made(owner) for _ in range(5)))
    assert {document["slug"] for document in documents} == {"front-desk", *(f"front-desk-{n}" for n in range(2, 6))}


async def test_a_slug_that_is_taken_is_a_409(owner: httpx2.AsyncClient):
    await made(owner, slug="desk")
    other = await made(owner, slug="other")

    answer = await owner.post(PROJECTS, json={"name": "Again", "slug": "desk"})
    assert (answer.status_code, answer.json()["code"]) == (409, "CONFLICT")
    answer = await owner.patch(f"{PROJECTS}/{other['id']}", json={"slug": "desk"})
    assert (answer.status_code, answer.json()["code"]) == (409, "CONFLICT")
    assert answer.json()["details"][0]["path"] == "slug"
    assert (await owner.get(f"{PROJECTS}/{other['id']}")).json()["revision"] == 1


async def test_null_derives_the_slug_from_the_name_again(owner: httpx2.AsyncClient):
    document = await made(owner, slug="desk")
    answer = await owner.patch(f"{PROJECTS}/{document['id']}", json={"slug": None, "name": "Counter"})
    assert answer.json()["slug"] == "counter"
    answer = await owner.patch(f"{PROJECTS}/{document['id']}", json={"slug": None})
    assert answer.json()["slug"] == "counter"


async def test_a_deleted_project_is_gone_for_everybody(server: Edge, owner: httpx2.AsyncClient, project: Owned):
    path = f"{PROJECTS}/{project.id}"
    await owner.post(f"{path}/publish", json={})
    answer = await owner.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await owner.get(path)).status_code == 404
    assert (await owner.delete(path)).status_code == 404
    assert (await owner.get(PROJECTS)).json() == []
    assert (await project.client.get("/api/v1/project")).status_code == 401


async def test_a_stale_delete_is_a_412(owner: httpx2.AsyncClient, project: Owned):
    path = f"{PROJECTS}/{project.id}"
    answer = await owner.delete(path, headers={"If-Match": '"9"'})
    assert (answer.status_code, answer.json()["code"]) == (412, "PRECONDITION_FAILED")
    assert answer.headers["ETag"] == '"1"'
    assert (await owner.delete(path, headers={"If-Match": '"1"'})).status_code == 204


EVERY_PATH: list[tuple[str, str, object]] = [
    ("GET", "", None),
    ("PATCH", "", {"name": "Mine now"}),
    ("POST", "/persist", {"name": "Mine now"}),
    ("DELETE", "", None),
    ("POST", "/publish", {}),
    ("GET", "/versions", None),
]


@pytest.mark.parametrize(("method", "path", "body"), EVERY_PATH)
async def test_a_project_of_another_account_looks_like_none(
    owner: httpx2.AsyncClient, stranger: httpx2.AsyncClient, method: str, path: str, body: object
):
    document = await made(owner)
    theirs = await stranger.request(method, f"{PROJECTS}/{document['id']}{path}", json=body)
    none = await stranger.request(method, f"{PROJECTS}/proj_none{path}", json=body)

    assert (theirs.status_code, none.status_code) == (404, 404)
    assert theirs.json() == none.json()
    assert (await owner.get(f"{PROJECTS}/{document['id']}")).json()["name"] == "Front desk"


@pytest.mark.parametrize(("method", "path", "body"), [("GET", None, None), ("POST", None, {"name": "a"}), *EVERY_PATH])
async def test_a_project_key_does_not_open_the_management_api(
    project: Owned, client: httpx2.AsyncClient, method: str, path: str | None, body: object
):
    place = PROJECTS if path is None else f"{PROJECTS}/{project.id}{path}"
    for caller in (project.client, client):
        answer = await caller.request(method, place, json=body)
        assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHORIZED")


async def test_a_key_sees_its_project_and_the_widget_configuration(
    server: Edge, owner: httpx2.AsyncClient, project: Owned
):
    await owner.patch(f"{PROJECTS}/{project.id}", json={"widget": {"title": "Hi"}, "prompts": {"secret": "sauce"}})
    widget_key = await new_key(owner, project.id, type="widget", allowedOrigins=["https://shop.example"])
    async with new_client(server, key=widget_key) as page:
        for caller in (project.client, page):
            answer = await caller.get("/api/v1/project")
            assert answer.status_code == 200
            assert set(answer.json()) == {*LISTED, "widget"}
            assert answer.json()["id"] == project.id
            assert answer.json()["widget"] == {"title": "Hi"}


async def test_a_project_tells_whether_it_has_an_identity_secret(owner: httpx2.AsyncClient, project: Owned):
    path = f"{PROJECTS}/{project.id}"
    made_secret = await owner.post(f"{path}/identity-secret")
    assert made_secret.status_code == 201
    for answer in (await owner.get(path), await owner.patch(path, json={"description": "d"})):
        assert answer.json()["hasIdentitySecret"] is True
        assert made_secret.json()["secret"] not in answer.text


async def test_a_developer_token_is_no_project_key(owner: httpx2.AsyncClient):
    for path in ("/api/v1/project", "/api/v1/project/versions"):
        assert (await owner.get(path)).status_code == 401
