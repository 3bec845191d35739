import asyncio
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest

from conduet.projects.demo import read_demo
from tests.conftest import Owned

MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}
JSON_PATCH = {"Content-Type": "application/json-patch+json"}
READ_ONLY = ("id", "createdAt", "updatedAt", "revision", "schemaVersion", "problems", "hasIdentitySecret")


class Saves:
    """A project's document, over HTTP."""

    def __init__(self, owner: httpx2.AsyncClient, project: Owned) -> None:
        self.owner = owner
        self.path = f"/api/v1/projects/{project.id}"

    async def read(self) -> dict[str, Any]:
        answer = await self.owner.get(self.path)
        assert answer.status_code == 200
        return answer.json()

    async def patch(self, body: object, **headers: str) -> httpx2.Response:
        return await self.owner.patch(
            self.path, json=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )

    async def edit(self, *operations: Mapping[str, object]) -> httpx2.Response:
        return await self.owner.patch(self.path, json=list(operations), headers=JSON_PATCH)

    async def persist(self, body: object) -> httpx2.Response:
        return await self.owner.post(f"{self.path}/persist", json=body)


@pytest.fixture
def saves(owner: httpx2.AsyncClient, project: Owned) -> Saves:
    return Saves(owner, project)


def details(answer: httpx2.Response, status: int = 400) -> list[str]:
    assert answer.status_code == status, answer.text
    return [detail["path"] for detail in answer.json()["details"]]


async def test_a_patch_merges_objects_replaces_lists_and_resets_what_is_null(saves: Saves):
    await saves.patch(
        {"prompts": {"a": "1", "b": "2"}, "variables": [{"name": "x"}, {"name": "y"}], "description": "d"}
    )
    answer = await saves.patch(
        {
            "prompts": {"b": None, "c": "3"},
            "variables": [{"name": "z"}],
            "description": None,
            "behaviourConfig": {"persona": "Kind"},
        }
    )
    assert answer.status_code == 200
    document = answer.json()
    assert document["prompts"] == {"a": "1", "c": "3"}
    assert document["variables"] == [{"name": "z"}]
    assert document["description"] == ""
    assert document["behaviourConfig"]["persona"] == "Kind"
    assert document["behaviourConfig"]["timeZone"] == "UTC"
    assert answer.headers["ETag"] == f'"{document["revision"]}"' == '"3"'
    document.pop("problems")
    assert await saves.read() == document


async def test_null_resets_a_part_to_its_default(saves: Saves):
    fresh = await saves.read()
    await saves.patch(
        {
            "framework": "agentic",
            "language": "de",
            "tools": [{"id": "t", "name": "t", "type": "api"}],
            "behaviourConfig": {"timeZone": "Europe/Vienna", "retention": {"journalDays": 1}, "temperature": 0.5},
        }
    )
    answer = await saves.patch(
        {
            "framework": None,
            "language": None,
            "tools": None,
            "behaviourConfig": {"timeZone": None, "retention": {"journalDays": None}, "temperature": None},
        }
    )
    document = answer.json()
    assert {k: document[k] for k in fresh if k not in READ_ONLY} == {k: fresh[k] for k in fresh if k not in READ_ONLY}


async def test_merge_patch_has_its_own_content_type_too(saves: Saves):
    answer = await saves.owner.patch(saves.path, content=b'{"description": "d"}', headers=MERGE_PATCH)
    assert answer.json()["description"] == "d"


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/vnd.api+json"])
async def test_another_content_type_is_a_415(saves: Saves, kind: str):
    answer = await saves.owner.patch(saves.path, content=b"{}", headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_a_json_patch_edits_in_order(saves: Saves):
    answer = await saves.edit(
        {"op": "test", "path": "/name", "value": "Test"},
        {"op": "add", "path": "/variables/-", "value": {"name": "x"}},
        {"op": "copy", "from": "/variables/0", "path": "/variables/-"},
        {"op": "replace", "path": "/variables/1/name", "value": "y"},
        {"op": "move", "from": "/variables/0", "path": "/variables/1"},
        {"op": "remove", "path": "/behaviourConfig/persona"},
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["variables"] == [{"name": "y"}, {"name": "x"}]
    assert answer.json()["behaviourConfig"]["persona"] == ""


async def test_a_json_patch_test_that_fails_is_a_409_and_changes_nothing(saves: Saves):
    answer = await saves.edit(
        {"op": "replace", "path": "/name", "value": "New"}, {"op": "test", "path": "/language", "value": "de"}
    )
    assert details(answer, 409) == ["[1]"]
    assert answer.json()["code"] == "CONFLICT"
    assert (await saves.read())["name"] == "Test"


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove", "path": "/nothing"},
        {"op": "replace", "path": "/workflows/7/name", "value": "x"},
        {"op": "add", "path": "name", "value": "x"},
        {"op": "add", "path": "/name"},
        {"op": "add", "path": 5, "value": "x"},
        {"op": "move", "path": "/name"},
        {"op": "copy", "from": 5, "path": "/name"},
        {"op": "copy", "from": "/nothing", "path": "/name"},
        {"op": "add", "path": "/name/~2", "value": "x"},
        {"op": "increase", "path": "/name"},
        {"path": "/name"},
        {},
        5,
    ],
)
async def test_an_operation_that_makes_no_sense_is_a_400_by_its_place(saves: Saves, operation: Any):
    answer = await saves.edit({"op": "test", "path": "/name", "value": "Test"}, operation)
    assert details(answer) == ["[1]"]
    assert (await saves.read())["revision"] == 1


async def test_a_json_patch_is_a_list_and_its_result_an_object(saves: Saves):
    answer = await saves.owner.patch(saves.path, json={"op": "remove", "path": "/name"}, headers=JSON_PATCH)
    assert details(answer) == [""]
    assert details(await saves.edit({"op": "replace", "path": "", "value": 5})) == [""]


@pytest.mark.parametrize("body", [5, "x", [], True])
async def test_a_patch_and_a_document_are_objects(saves: Saves, body: object):
    assert details(await saves.patch(body)) == [""]
    assert details(await saves.persist(body)) == [""]


async def test_what_was_read_can_be_sent_back_and_changes_nothing(saves: Saves):
    await saves.patch({"secrets": [{"name": "TOKEN", "value": "s"}], "odd": {"kept": None}, **read_demo(), "slug": "x"})
    before = await saves.read()
    for answer in (await saves.persist(before), await saves.patch(before), await saves.patch({})):
        assert answer.status_code == 200, answer.text
        assert answer.headers["ETag"] == f'"{before["revision"]}"'
        assert {k: v for k, v in answer.json().items() if k != "problems"} == before
    assert await saves.read() == before


async def test_read_only_fields_are_ignored(saves: Saves):
    before = await saves.read()
    forged: dict[str, object] = {
        "id": "proj_x",
        "createdAt": "x",
        "updatedAt": 5,
        "revision": 99,
        "schemaVersion": 9,
        "problems": {},
    }
    answer = await saves.patch({**forged, "hasIdentitySecret": True, "description": "d"})
    assert answer.status_code == 200
    after = answer.json()
    for name in ("id", "createdAt", "schemaVersion", "hasIdentitySecret"):
        assert after[name] == before[name]
    assert after["revision"] == 2
    assert after["problems"] == []


async def test_persist_replaces_the_whole_document_and_keeps_the_slug(saves: Saves):
    await saves.patch({"description": "d", "slug": "kept", "variables": [{"name": "x"}], "extra": 1})
    answer = await saves.persist({"name": "New"})
    assert answer.status_code == 200
    document = answer.json()
    assert document["name"] == "New"
    assert document["slug"] == "kept"
    assert document["description"] == ""
    assert document["variables"] == document["workflows"] == []
    assert "extra" not in document
    assert [problem["code"] for problem in document["problems"]] == ["NO_WORKFLOW"]


async def test_a_document_without_a_name_is_a_400(saves: Saves):
    assert details(await saves.persist({"description": "d"})) == ["name"]
    assert details(await saves.patch({"name": None})) == ["name"]
    assert details(await saves.edit({"op": "remove", "path": "/name"})) == ["name"]


async def test_unknown_fields_are_kept_as_they_came_and_told(saves: Saves):
    document = await saves.read()
    document["x-team"] = {"owner": None, "list": [1, 1.0, "1"]}
    document["workflows"][0]["steps"][0]["colour"] = "red"
    document["workflows"][0]["steps"][0]["config"]["speed"] = 1.0
    document["behaviourConfig"]["mood"] = "sunny"
    answer = await saves.persist(document)

    assert answer.status_code == 200
    told = {problem["path"]: problem["severity"] for problem in answer.json()["problems"]}
    assert told == dict.fromkeys(
        (
            "x-team",
            "workflows[0].steps[0].colour",
            "workflows[0].steps[0].config.speed",
            "behaviourConfig.mood",
        ),
        "warning",
    )
    saved = (await saves.owner.get(saves.path)).text
    assert '"x-team":{"owner":null,"list":[1,1.0,"1"]}' in saved
    assert '"speed":1.0' in saved


WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({"description": 5}, ["description"]),
    ({"framework": "chat"}, ["framework"]),
    ({"language": 5}, ["language"]),
    ({"slug": "Not A Slug"}, ["slug"]),
    ({"workflows": {}}, ["workflows"]),
    ({"workflows": [{"name": "x"}]}, ["workflows[0].id"]),
    ({"workflows": [{"id": "w", "steps": [{"id": "s", "type": "teleport"}]}]}, ["workflows[0].steps[0].type"]),
    (
        {"workflows": [{"id": "w", "steps": [{"id": "s", "type": "start", "position": {"x": "left", "y": 0}}]}]},
        ["workflows[0].steps[0].position.x"],
    ),
    (
        {"workflows": [{"id": "w", "steps": [{"id": "s", "type": "message", "config": {"text": 5}}]}]},
        ["workflows[0].steps[0].config.text"],
    ),
    (
        {"workflows": [{"id": "w", "steps": [{"id": "s", "type": "start"}, {"id": "s", "type": "end"}]}]},
        ["workflows[0].steps[1].id"],
    ),
    ({"workflows": [{"id": "w"}, {"id": "w"}]}, ["workflows[1].id"]),
    (
        {
            "workflows": [
                {
                    "id": "w",
                    "steps": [{"id": "s", "type": "start"}],
                    "connections": [{"id": "c", "source": "s", "sourcePort": "out", "target": "nowhere"}],
                }
            ]
        },
        ["workflows[0].connections[0].target", "workflows[0].connections[0].sourcePort"],
    ),
    ({"tools": [{"id": "t", "name": "t", "type": "magic"}]}, ["tools[0].type"]),
    ({"variables": [{"name": "x", "type": "date"}, {"name": 5}]}, ["variables[0].type", "variables[1].name"]),
    ({"prompts": {"tone": 5}}, ["prompts.tone"]),
    (
        {"behaviourConfig": {"temperature": "warm", "retention": {"journalDays": "many"}}},
        ["behaviourConfig.temperature", "behaviourConfig.retention.journalDays"],
    ),
    ({"behaviourConfig": []}, ["behaviourConfig"]),
    ({"widget": []}, ["widget"]),
    ({"intents": [{"id": "i", "utterances": "hello"}]}, ["intents[0].utterances"]),
    ({"events": [{}]}, ["events[0].name"]),
    ({"entities": [{"id": "e", "values": ["red"]}]}, ["entities[0].values[0]"]),
    ({"playbooks": [{"id": "p", "maxRounds": 0}]}, ["playbooks[0].maxRounds"]),
    ({"pipelines": [{"id": "p", "approval": "nobody"}]}, ["pipelines[0].approval"]),
    ({"tests": [{"id": 5}]}, ["tests[0].id"]),
    ({"webhooks": [{"id": "w", "enabled": "yes"}]}, ["webhooks[0].enabled"]),
]


@pytest.mark.parametrize(("patch", "paths"), WRONG, ids=[paths[0] for _, paths in WRONG])
async def test_a_wrong_shape_is_a_400_with_every_mistake_by_path(saves: Saves, patch: dict[str, Any], paths: list[str]):
    before = await saves.read()
    # The rest of the patch is right: nothing of it is written.
    answer = await saves.patch({"name": "Half-written", **patch})
    assert sorted(details(answer)) == sorted(paths)
    assert await saves.read() == before


async def test_what_is_unfinished_is_saved_and_told(saves: Saves):
    document = await saves.read()
    steps = document["workflows"][0]["steps"]
    steps.append({"id": "say", "type": "message", "config": {"text": ""}, "position": {"x": 1, "y": 2}})
    answer = await saves.patch({"workflows": document["workflows"]})
    assert answer.status_code == 200
    problems = answer.json()["problems"]
    assert {(problem["severity"], problem["path"]) for problem in problems} == {
        ("error", "workflows[0].steps[1].config.text"),
        ("warning", "workflows[0].steps[1]"),
    }
    assert all(problem["workflowId"] == "main" and problem["stepId"] == "say" for problem in problems)


async def test_switching_the_framework_there_and_back_keeps_the_document_byte_for_byte(saves: Saves):
    await saves.persist({**read_demo(), "zzz": 1, "aaa": {"b": 1.0, "a": 2}})

    async def document() -> bytes:
        # What only answers tell comes last, from here on.
        return (await saves.owner.get(saves.path)).content.split(b',"createdAt":')[0]

    before = await document()
    for framework in ("agentic", "outbound", "conversation-flow"):
        assert (await saves.patch({"framework": framework})).status_code == 200
    assert await document() == before


async def test_if_match_lets_only_one_of_two_saves_through(saves: Saves):
    first = await saves.patch({"description": "one"}, If_Match='"1"')
    second = await saves.patch({"description": "two"}, If_Match='"1"')
    assert first.status_code == 200
    assert (second.status_code, second.json()["code"]) == (412, "PRECONDITION_FAILED")
    assert second.headers["ETag"] == first.headers["ETag"] == '"2"'
    answer = await saves.owner.post(f"{saves.path}/persist", json={"name": "x"}, headers={"If-Match": '"1"'})
    assert answer.status_code == 412
    assert (await saves.read())["description"] == "one"
    assert details(await saves.patch({}, If_Match="2")) == ["header.If-Match"]


async def test_saves_at_once_all_go_through_and_none_is_lost(saves: Saves):
    answers = await asyncio.gather(*(saves.patch({"prompts": {f"p{n}": str(n)}}) for n in range(6)))
    assert [answer.status_code for answer in answers] == [200] * 6
    document = await saves.read()
    assert document["prompts"] == {f"p{n}": str(n) for n in range(6)}
    assert document["revision"] == 7


async def test_of_many_saves_with_one_if_match_one_goes_through(saves: Saves):
    answers = await asyncio.gather(*(saves.patch({"description": str(n)}, If_Match='"1"') for n in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 5
    assert (await saves.read())["revision"] == 2


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


async def test_a_document_nests_200_levels_deep_and_no_deeper(saves: Saves):
    # The document and the widget are two of them.
    assert (await saves.patch({"widget": {"deep": nested(198)}})).status_code == 200
    assert (await saves.patch({"widget": {"deep": nested(199)}})).status_code == 413
    assert (await saves.persist({"name": "x", "deep": nested(200)})).status_code == 413
    answer = await saves.edit({"op": "add", "path": "/widget", "value": {"deep": nested(190)}})
    assert answer.status_code == 200
    deeper = {"op": "copy", "from": "/widget", "path": "/widget/deep" + "/0" * 20}
    assert (await saves.edit(deeper)).status_code == 413
    assert (await saves.read())["widget"] == {"deep": nested(190)}


async def test_a_document_has_20_mb_at_most(saves: Saves):
    mb = 1024 * 1024
    assert (await saves.patch({"widget": {"text": "x" * (12 * mb)}})).status_code == 200
    assert (await saves.patch({"widget": {"more": "x" * (12 * mb)}})).status_code == 413
    assert (await saves.patch({"widget": {"text": "x" * (20 * mb)}})).status_code == 413
    assert (await saves.read())["revision"] == 2


async def test_a_json_patch_can_neither_blow_a_document_up_nor_go_on_for_ever(saves: Saves):
    bomb = [{"op": "copy", "from": "/widget", "path": f"/widget/{n}"} for n in range(40)]
    assert (await saves.edit({"op": "add", "path": "/widget", "value": {"a": "x"}}, *bomb)).status_code == 413
    assert (await saves.edit(*[{"op": "test", "path": "/name", "value": "Test"}] * 10_001)).status_code == 413
    assert (await saves.read())["revision"] == 1
