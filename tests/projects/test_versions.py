"""Versions: listed with who and why, named, compared, restored as the draft, and put back into production."""

from itertools import pairwise
from typing import Any

import httpx2
import pytest

from tests.conftest import Owned

MISSING_ID = "ver_00000000000000000000000000000000"


def main(*texts: str, **more: Any) -> list[dict[str, Any]]:
    """One workflow that says these texts."""
    names = ["start", *(f"say{number}" for number in range(len(texts)))]
    steps = [{"id": "start", "type": "start", "config": {}, "position": {"x": 0, "y": 0}}]
    steps += [
        {"id": name, "type": "message", "config": {"text": text}, "position": {"x": 0, "y": 0}}
        for name, text in zip(names[1:], texts, strict=True)
    ]
    wires = [
        {"id": f"c{number}", "source": source, "sourcePort": "next", "target": target}
        for number, (source, target) in enumerate(pairwise(names))
    ]
    return [{"id": "main", "name": "Main", "primary": True, "steps": steps, "connections": wires, **more}]


@pytest.fixture
def path(project: Owned) -> str:
    return f"/api/v1/projects/{project.id}"


class Shelf:
    """A project whose versions are tried out."""

    def __init__(self, owner: httpx2.AsyncClient, path: str) -> None:
        self.owner = owner
        self.path = path

    async def save(self, **document: Any) -> httpx2.Response:
        saved = await self.owner.patch(self.path, json=document)
        assert saved.status_code == 200, saved.text
        return saved

    async def publish(self, **body: Any) -> dict[str, Any]:
        published = await self.owner.post(f"{self.path}/publish", json=body)
        assert published.status_code == 201, published.text
        return published.json()

    async def versions(self) -> list[dict[str, Any]]:
        return (await self.owner.get(f"{self.path}/versions")).json()

    async def draft(self) -> dict[str, Any]:
        return (await self.owner.get(self.path)).json()

    async def said(self, version_id: str) -> list[str]:
        body = {"action": {"type": "launch"}, "versionId": version_id}
        traces = (await self.owner.post(f"{self.path}/chat", json=body)).json()["traces"]
        return [trace["payload"]["message"] for trace in traces if trace["type"] == "text"]

    async def post(self, version_id: str, what: str, **more: Any) -> httpx2.Response:
        return await self.owner.post(f"{self.path}/versions/{version_id}/{what}", **more)

    async def compare(self, before: str, after: str | None = None) -> dict[str, Any]:
        query = {} if after is None else {"to": after}
        answer = await self.owner.get(f"{self.path}/versions/{before}/compare", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def shelf(owner: httpx2.AsyncClient, path: str) -> Shelf:
    return Shelf(owner, path)


async def test_the_list_says_who_made_a_version_why_and_what_production_runs(shelf: Shelf):
    first = await shelf.publish(name="First", note="To begin with.")
    second = await shelf.publish()
    listed = await shelf.versions()
    assert [each["id"] for each in listed] == [second["id"], first["id"]]
    assert listed[1] == {**first, "note": "To begin with.", "by": "Test", "published": True, "production": False}
    assert (listed[0]["note"], listed[0]["production"]) == (None, True)


async def test_a_version_is_read_with_its_document(shelf: Shelf):
    await shelf.save(workflows=main("Hello"))
    version = await shelf.publish(name="First")
    await shelf.save(workflows=main("Later"))
    read = (await shelf.owner.get(f"{shelf.path}/versions/{version['id']}")).json()
    assert (read["name"], read["production"]) == ("First", True)
    assert read["document"]["workflows"][0]["steps"][1]["config"] == {"text": "Hello"}
    # It is an export: what was imported is the same.
    imported = await shelf.owner.post("/api/v1/projects/import", json=read["document"])
    assert imported.json()["project"]["workflows"] == read["document"]["workflows"]


async def test_a_version_is_named_and_explained_and_nothing_else_of_it_changes(shelf: Shelf):
    version = await shelf.publish(name="First")
    at = f"{shelf.path}/versions/{version['id']}"
    before = (await shelf.owner.get(at)).json()
    named = await shelf.owner.patch(at, json={"name": "Spring", "note": "Open on Sundays."})
    assert (named.json()["name"], named.json()["note"]) == ("Spring", "Open on Sundays.")
    assert (await shelf.owner.patch(at, json={"note": ""})).json()["note"] is None
    after = (await shelf.owner.get(at)).json()
    assert after == {**before, "name": "Spring"}


@pytest.mark.parametrize(
    ("body", "where"), [({"name": ""}, "name"), ({"note": 7}, "note"), ({"document": {}}, "document"), ([], "")]
)
async def test_what_cannot_be_said_of_a_version_is_a_400_by_path(shelf: Shelf, body: object, where: str):
    version = await shelf.publish()
    answer = await shelf.owner.patch(f"{shelf.path}/versions/{version['id']}", json=body)
    assert answer.status_code == 400
    assert [detail["path"] for detail in answer.json()["details"]] == [where]


async def test_a_comparison_tells_each_difference_in_words_and_by_field(shelf: Shelf):
    tool = {"id": "t", "name": "find", "description": "Finds.", "type": "function", "config": {"code": "return 1"}}
    await shelf.save(workflows=main("Hello", "Bye"), prompts={"tone": "Kind."}, variables=[{"name": "age"}])
    version = await shelf.publish()
    changed = main("Good day", "Bye", name="Front")
    changed[0]["steps"][2]["position"] = {"x": 300, "y": 0}
    changed[0]["steps"].append({"id": "end", "type": "end", "config": {}, "position": {"x": 0, "y": 0}})
    changed[0]["connections"].append({"id": "e", "source": "say1", "sourcePort": "next", "target": "end"})
    changed[0]["connections"][1]["target"] = "end"
    await shelf.save(
        workflows=changed, prompts={"tone": "Very kind."}, variables=[], tools=[tool], behaviourConfig={"persona": "A"}
    )
    told = await shelf.compare(version["id"])
    assert (told["before"], told["after"]) == (version["id"], "development")
    assert told["counts"] == {"added": 3, "removed": 1, "changed": 5, "moved": 1}
    assert [change["words"] for change in told["changes"]] == [
        "Project: `behaviourConfig.persona` “” → “A”.",
        "workflow “Front”: `name` “Main” → “Front”.",
        "Front: step “say0” (message): `text` “Hello” → “Good day”.",
        "Front: step “say1” (message) was moved.",
        "Front: step “end” (end) was added.",
        "Front: “say0” by `next` leads to “end”, before to “say1”.",
        "Front: “say1” by `next` leads to “end”.",
        "prompt “tone”: `text` “Kind.” → “Very kind.”.",
        "tool “find” (function) was added.",
        "variable “age” was removed.",
    ]
    by_path = {change["path"]: change for change in told["changes"]}
    said = by_path["workflows[0].steps[1]"]
    assert (said["kind"], said["what"], said["id"], said["workflowId"]) == ("changed", "step", "say0", "main")
    assert said["fields"] == [{"path": "config.text", "before": "Hello", "after": "Good day"}]
    assert by_path["tools[0]"]["fields"][0].keys() == {"path", "after"}
    assert by_path["variables[0]"]["fields"] == [{"path": "", "before": {"name": "age"}}]


async def test_two_versions_are_compared_in_either_direction(shelf: Shelf):
    await shelf.save(workflows=main("One"))
    first = await shelf.publish()
    await shelf.save(workflows=main("Two"))
    second = await shelf.publish()
    there = await shelf.compare(first["id"], "production")
    assert there["after"] == second["id"]
    back = await shelf.compare("production", first["id"])
    assert [there["changes"][0]["fields"][0][side] for side in ("before", "after")] == ["One", "Two"]
    assert [back["changes"][0]["fields"][0][side] for side in ("before", "after")] == ["Two", "One"]
    assert (await shelf.compare(first["id"], first["id"]))["changes"] == []


async def test_a_restored_version_is_the_draft_and_the_draft_before_is_kept(shelf: Shelf):
    await shelf.save(workflows=main("Old"))
    version = await shelf.publish(name="Old one")
    new = (await shelf.save(workflows=main("New"), description="In the making")).json()
    restored = await shelf.post(version["id"], "restore", headers={"If-Match": f'"{new["revision"]}"'})
    assert restored.status_code == 200
    assert restored.json()["workflows"] == main("Old")
    assert restored.headers["ETag"] == f'"{new["revision"] + 1}"'
    assert (await shelf.draft())["workflows"] == main("Old")
    kept, old = await shelf.versions()
    assert (kept["name"], kept["published"], kept["production"]) == ("Draft before “Old one”", False, False)
    assert (old["id"], old["production"]) == (version["id"], True)
    # Saving on does not take it away, and it can be run, compared and restored itself.
    await shelf.save(workflows=main("Newer"))
    assert await shelf.said(kept["id"]) == ["New"]
    assert (await shelf.compare(kept["id"], version["id"]))["counts"]["changed"] == 2
    back = await shelf.post(kept["id"], "restore")
    assert (back.json()["description"], back.json()["workflows"]) == ("In the making", main("New"))


async def test_a_kept_draft_is_no_version_to_who_has_a_key(shelf: Shelf, project: Owned):
    version = await shelf.publish()
    await shelf.save(workflows=main("New"))
    await shelf.post(version["id"], "restore")
    assert len(await shelf.versions()) == 2
    assert [each["id"] for each in (await project.client.get("/api/v1/project/versions")).json()] == [version["id"]]
    assert (await shelf.compare("production"))["before"] == version["id"]


async def test_a_draft_that_is_a_version_already_is_not_kept_twice(shelf: Shelf):
    await shelf.save(workflows=main("One"))
    first = await shelf.publish()
    await shelf.save(workflows=main("Two"))
    await shelf.publish()
    await shelf.post(first["id"], "restore")
    assert len(await shelf.versions()) == 2
    # And to restore what is the draft changes nothing.
    revision = (await shelf.draft())["revision"]
    assert (await shelf.post(first["id"], "restore")).json()["revision"] == revision


async def test_secrets_and_the_slug_stay_when_a_version_is_restored(shelf: Shelf):
    version = await shelf.publish()
    await shelf.save(slug="another-name", secrets=[{"name": "KEY", "value": "hush"}])
    restored = (await shelf.post(version["id"], "restore")).json()
    assert restored["slug"] == "another-name"
    assert restored["secrets"] == [{"name": "KEY"}]


async def test_a_restore_over_a_draft_that_nobody_saw_is_a_412(shelf: Shelf):
    version = await shelf.publish()
    saved = await shelf.save(description="A colleague's")
    answer = await shelf.post(version["id"], "restore", headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["ETag"]) == (412, saved.headers["ETag"])
    assert (await shelf.draft())["description"] == "A colleague's"


async def test_rolling_back_publishes_an_earlier_version_again(shelf: Shelf):
    await shelf.save(workflows=main("Good"))
    good = await shelf.publish(name="Good")
    await shelf.save(workflows=main("Bad"))
    await shelf.publish(name="Bad")
    draft = await shelf.draft()
    assert await shelf.said("production") == ["Bad"]
    back = await shelf.post(good["id"], "roll-back")
    assert back.status_code == 201
    assert set(back.json()) == {"id", "name", "createdAt"}
    assert back.json()["name"] == "Back to Good"
    assert await shelf.said("production") == ["Good"]
    assert await shelf.draft() == draft
    newest = (await shelf.versions())[0]
    assert (newest["id"], newest["production"], newest["by"]) == (back.json()["id"], True, "Test")


async def test_a_roll_back_is_told_as_any_publishing(shelf: Shelf):
    await shelf.save(webhooks=[{"id": "crm", "url": "http://127.0.0.1:9/", "events": ["version.published"]}])
    first = await shelf.publish()
    await shelf.publish()
    back = (await shelf.post(first["id"], "roll-back", json={"name": "Calm"})).json()
    deliveries = (await shelf.owner.get(f"{shelf.path}/webhooks/crm/deliveries")).json()
    told = {"versionId": back["id"], "name": "Calm", "createdAt": back["createdAt"]}
    assert deliveries[0]["body"]["data"] == told


async def test_what_production_runs_and_a_draft_are_not_rolled_back_to(shelf: Shelf):
    version = await shelf.publish()
    await shelf.save(workflows=main("New"))
    await shelf.post(version["id"], "restore")
    kept = (await shelf.versions())[0]
    for version_id in (version["id"], kept["id"]):
        answer = await shelf.post(version_id, "roll-back")
        assert (answer.status_code, answer.json()["code"]) == (409, "CONFLICT")
    assert len(await shelf.versions()) == 2


async def test_an_unknown_version_is_a_404_everywhere(shelf: Shelf):
    at = f"{shelf.path}/versions/{MISSING_ID}"
    answers = [
        await shelf.owner.get(at),
        await shelf.owner.patch(at, json={"name": "x"}),
        await shelf.owner.get(f"{at}/compare"),
        await shelf.owner.get(f"{shelf.path}/versions/development/compare", params={"to": MISSING_ID}),
        await shelf.owner.get(f"{shelf.path}/versions/production/compare"),
        await shelf.post(MISSING_ID, "restore"),
        await shelf.post(MISSING_ID, "roll-back"),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "NOT_FOUND")}
