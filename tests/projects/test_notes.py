"""Notes and frames on a workflow's canvas: kept, checked and compared as all of a document, and never run."""

from typing import Any

import httpx2
import pytest

from tests.engine.talk import line, step
from tests.projects.test_saving import JSON_PATCH, Saves, details
from tests.projects.test_saving import saves as saves  # noqa: PLC0414  (a fixture of another file)

NOTE: dict[str, Any] = {
    "id": "n1",
    "kind": "note",
    "text": "Ask legal before this is changed.",
    "position": {"x": 40, "y": -160},
    "size": {"width": 240, "height": 120},
    "color": "logic",
}
FRAME: dict[str, Any] = {
    "id": "f1",
    "kind": "frame",
    "text": "Welcome",
    "position": {"x": -40, "y": -40},
    "size": {"width": 640, "height": 240},
}


def flow(*notes: object) -> list[dict[str, Any]]:
    return [{**line(step("hello", "message", text="Hello!"), step("over", "end")), "notes": [*notes]}]


async def said(owner: httpx2.AsyncClient, path: str) -> list[str]:
    answer = await owner.post(f"{path}/chat", json={"action": {"type": "launch"}, "versionId": "development"})
    return [trace["payload"]["message"] for trace in answer.json()["traces"] if trace["type"] == "text"]


async def test_notes_are_kept_as_they_came_and_no_conversation_meets_them(saves: Saves):
    saved = await saves.patch({"workflows": flow(NOTE, FRAME)})
    assert saved.status_code == 200
    assert saved.json()["problems"] == []
    assert (await saves.read())["workflows"][0]["notes"] == [NOTE, FRAME]
    assert await said(saves.owner, saves.path) == ["Hello!"]
    # What is left out has a default; what is unknown is kept and told.
    scarce = {"id": "n2", "pinned": True}
    told = (await saves.patch({"workflows": flow(scarce)})).json()
    assert told["workflows"][0]["notes"] == [scarce]
    assert [each["path"] for each in told["problems"]] == ["workflows[0].notes[0].pinned"]


WRONG: list[tuple[list[Any], list[str]]] = [
    ([{"kind": "note"}], ["[0].id"]),
    ([NOTE, {**FRAME, "id": "n1"}], ["[1].id"]),
    ([{**NOTE, "id": "hello"}], ["[0].id"]),
    ([{**NOTE, "kind": "picture"}], ["[0].kind"]),
    ([{**NOTE, "text": 7}], ["[0].text"]),
    ([{**NOTE, "text": "x" * 4_001}], ["[0].text"]),
    ([{**NOTE, "color": "#ff0000"}], ["[0].color"]),
    ([{**NOTE, "position": {"x": "left", "y": 0}}], ["[0].position.x"]),
    ([{**NOTE, "size": {"width": 0, "height": 120}}], ["[0].size.width"]),
    ([{**NOTE, "size": {"width": 240, "height": 20_001}}], ["[0].size.height"]),
    ([{**NOTE, "id": f"n{number}"} for number in range(501)], [""]),
]


@pytest.mark.parametrize(("notes", "where"), WRONG)
async def test_what_is_no_note_is_a_400_by_path(saves: Saves, notes: list[Any], where: list[str]):
    before = await saves.read()
    answer = await saves.patch({"workflows": flow(*notes)})
    assert details(answer) == [f"workflows[0].notes{each}" for each in where]
    assert await saves.read() == before


async def test_a_patch_reaches_one_note(saves: Saves):
    await saves.patch({"workflows": flow(NOTE, FRAME)})
    answer = await saves.owner.patch(
        saves.path,
        json=[
            {"op": "test", "path": "/workflows/0/notes/1/id", "value": "f1"},
            {"op": "replace", "path": "/workflows/0/notes/1/text", "value": "Greeting"},
            {"op": "remove", "path": "/workflows/0/notes/0"},
        ],
        headers=JSON_PATCH,
    )
    assert answer.json()["workflows"][0]["notes"] == [{**FRAME, "text": "Greeting"}]


async def test_notes_go_through_versions_copies_and_exports(saves: Saves):
    await saves.patch({"workflows": flow(NOTE, FRAME)})
    version = (await saves.owner.post(f"{saves.path}/publish", json={})).json()
    moved = {**FRAME, "position": {"x": -80, "y": -40}}
    large = {**FRAME, "id": "f2", "text": "Large"}
    await saves.patch({"workflows": flow({**NOTE, "text": "Settled."}, moved, large)})
    told = (await saves.owner.get(f"{saves.path}/versions/{version['id']}/compare")).json()
    assert [(each["kind"], each["what"], each["words"]) for each in told["changes"]] == [
        ("changed", "note", "main: note “Settled.”: `text` “Ask legal before this is changed.” → “Settled.”."),
        ("moved", "note", "main: frame “Welcome” was moved."),
        ("added", "note", "main: frame “Large” was added."),
    ]
    assert [each["path"] for each in told["changes"]] == [f"workflows[0].notes[{number}]" for number in range(3)]
    later = {**large, "size": {"width": 700, "height": 240}}
    second = (await saves.owner.post(f"{saves.path}/publish", json={})).json()
    await saves.patch({"workflows": flow(later)})
    told = (await saves.owner.get(f"{saves.path}/versions/{second['id']}/compare")).json()
    assert [each["words"] for each in told["changes"]] == [
        "main: frame “Large” was resized.",
        "main: note “Settled.” was removed.",
        "main: frame “Welcome” was removed.",
    ]
    restored = await saves.owner.post(f"{saves.path}/versions/{version['id']}/restore")
    assert restored.json()["workflows"][0]["notes"] == [NOTE, FRAME]
    copy = await saves.owner.post("/api/v1/projects/import", json=await saves.read())
    assert copy.json()["project"]["workflows"][0]["notes"] == [NOTE, FRAME]
