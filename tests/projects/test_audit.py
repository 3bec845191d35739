"""What becomes of a project stands in the account's audit list, with who did it."""

from typing import Any

import httpx2

from tests.conftest import Owned
from tests.conversations.talking import save
from tests.engine.talk import line, step

FLOW = line(step("hello", "message", text="Hello!"), step("over", "end"))
SECRET = "sk-never-told-to-anybody"


async def told(owner: httpx2.AsyncClient, project_id: str) -> list[dict[str, Any]]:
    answer = await owner.get("/api/v1/audit", params={"projectId": project_id, "limit": 100})
    assert SECRET not in answer.text
    return answer.json()


async def deed(owner: httpx2.AsyncClient, project: Owned, action: str) -> dict[str, Any]:
    """The one entry of that kind."""
    [found] = [each for each in await told(owner, project.id) if each["action"] == action]
    assert found["memberId"].startswith("mem_")
    return found


async def test_settings_are_told_with_what_they_were_and_drawing_is_not(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, FLOW)
    before = [each["action"] for each in await told(owner, project.id)]
    assert before == ["key.made", "project.made"]
    body = {"name": "Renamed", "behaviourConfig": {"budget": {"perDayUsd": 5}}}
    await owner.patch(f"/api/v1/projects/{project.id}", json=body)
    changed = await deed(owner, project, "project.changed")
    assert changed["after"] == {"name": "Renamed", "behaviourConfig.budget": {"perDayUsd": 5}}
    assert (changed["before"]["name"], changed["before"]["behaviourConfig.budget"]) != ("Renamed", {"perDayUsd": 5})


async def test_secrets_are_told_by_name(owner: httpx2.AsyncClient, project: Owned) -> None:
    secret = {"name": "CRM", "value": SECRET, "environment": "production"}
    await owner.patch(f"/api/v1/projects/{project.id}", json={"secrets": [secret]})
    assert (await deed(owner, project, "secret.set"))["target"] == "CRM"
    await owner.patch(f"/api/v1/projects/{project.id}", json={"secrets": [secret | {"value": None}]})
    assert (await deed(owner, project, "secret.removed"))["after"] == {"environment": "production"}


async def test_versions_are_told(owner: httpx2.AsyncClient, project: Owned) -> None:
    path = f"/api/v1/projects/{project.id}"
    await save(owner, project, FLOW)
    first = (await owner.post(f"{path}/publish", json={"name": "Spring"})).json()["id"]
    assert (await deed(owner, project, "version.published"))["after"]["name"] == "Spring"
    await save(owner, project, line(step("hello", "message", text="Hi!"), step("over", "end")))
    await owner.post(f"{path}/publish", json={})
    await owner.patch(f"{path}/versions/{first}", json={"name": "March"})
    changed = await deed(owner, project, "version.changed")
    assert (changed["before"]["name"], changed["after"]["name"]) == ("Spring", "March")
    await owner.post(f"{path}/versions/{first}/restore", json={})
    assert (await deed(owner, project, "version.restored"))["target"] == first
    await owner.post(f"{path}/versions/{first}/roll-back", json={})
    assert (await deed(owner, project, "version.rolled-back"))["after"]["name"] == "Back to March"


async def test_deployments_are_told_without_their_secrets(owner: httpx2.AsyncClient, project: Owned) -> None:
    path = f"/api/v1/projects/{project.id}/deployments"
    new = {"channel": "webhook", "config": {"url": f"https://shop.example/in?token={SECRET}", "secret": SECRET}}
    made = await owner.post(path, json=new)
    assert made.status_code == 201, made.text
    one = f"{path}/{made.json()['id']}"
    assert (await deed(owner, project, "deployment.made"))["after"]["channel"] == "webhook"
    await owner.patch(one, json={"enabled": True})
    await owner.patch(one, json={"enabled": False, "config": {"secret": f"{SECRET}-2"}})
    changed = await deed(owner, project, "deployment.changed")
    assert (changed["before"], changed["after"]) == ({"enabled": True}, {"enabled": False, "config": ["secret"]})
    await owner.delete(one)
    assert (await deed(owner, project, "deployment.removed"))["target"] == made.json()["id"]


async def test_a_document_that_is_removed_a_user_who_is_forgotten_and_the_project_that_ends_are_told(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    path = f"/api/v1/projects/{project.id}"
    document = (await owner.post(f"{path}/knowledge-base", json={"name": "A", "type": "text", "content": "B."})).json()
    await owner.delete(f"{path}/knowledge-base/{document['id']}")
    assert (await deed(owner, project, "document.removed"))["target"] == document["id"]
    await owner.delete(f"{path}/users/kim")
    assert "kim" not in str(await deed(owner, project, "user.forgotten"))
    await owner.delete(path)
    assert (await deed(owner, project, "project.removed"))["before"]["name"]


async def test_an_import_and_a_copy_are_told_apart_from_a_project_that_was_begun(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    export = (await owner.get(f"/api/v1/projects/{project.id}")).json() | {"slug": None}
    imported = (await owner.post("/api/v1/projects/import", json=export)).json()["project"]["id"]
    [entry] = await told(owner, imported)
    assert (entry["action"], entry["after"]["from"]) == ("project.imported", "conduet")
    copy = await owner.post("/api/v1/projects/import", params={"duplicateOf": project.id}, json=export)
    [entry] = await told(owner, copy.json()["project"]["id"])
    assert (entry["action"], entry["after"]["from"]) == ("project.duplicated", project.id)
    nowhere = await owner.post("/api/v1/projects/import", params={"duplicateOf": "proj_of_others"}, json=export)
    assert nowhere.status_code == 404


async def test_a_merge_is_told_without_saying_of_whom(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, FLOW)
    path = f"/api/v1/projects/{project.id}/conversations"
    said = {"action": {"type": "launch"}, "versionId": "development"}
    for user in ("visitor", "kim"):
        assert (await owner.post(f"{path}/{user}/interact", json=said)).status_code == 200
    assert (await owner.post(f"{path}/visitor/merge", json={"into": "kim"})).status_code == 200
    merged = await deed(owner, project, "user.merged")
    assert (merged["target"], merged["before"], merged["after"]) == (None, None, None)


async def test_the_list_is_narrowed_to_a_member_and_to_an_action_or_its_kind(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    async def actions(**wanted: str) -> list[str]:
        answer = await owner.get("/api/v1/audit", params={"projectId": project.id, **wanted})
        return [each["action"] for each in answer.json()]

    me = (await owner.get("/api/v1/session")).json()["memberId"]
    await owner.patch(f"/api/v1/projects/{project.id}", json={"name": "Renamed"})
    assert await actions(memberId=me, action="project") == ["project.changed", "project.made"]
    assert await actions(action="project.changed") == ["project.changed"]
    assert await actions(action="proj") == await actions(action="%") == await actions(memberId="mem_nobody") == []


async def test_a_filter_that_fits_nothing_finds_nothing(owner: httpx2.AsyncClient, project: Owned) -> None:
    await told(owner, project.id)
    for asked in ({"action": "%"}, {"action": "k_y"}, {"memberId": "nobody"}, {"projectId": "proj_'"}):
        answer = await owner.get("/api/v1/audit", params=asked)
        assert (answer.status_code, answer.json()) == (200, []), asked
    for asked in ({"action": "\0"}, {"memberId": "mem_\0"}):
        assert (await owner.get("/api/v1/audit", params=asked)).status_code == 400, asked
