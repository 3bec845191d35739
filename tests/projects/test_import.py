"""Projects from elsewhere: every export becomes one that runs, and nothing is lost without a line in the report."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

IMPORT = "/api/v1/projects/import"
FOLDER = Path(__file__).parent / "fixtures" / "voiceflow"
FILES = sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".vf", ".json"))


async def imported(owner: httpx2.AsyncClient, name: str) -> dict[str, Any]:
    answer = await owner.post(
        IMPORT, content=(FOLDER / name).read_bytes(), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def said(owner: httpx2.AsyncClient, project: dict[str, Any], *actions: dict[str, Any]) -> list[list[str]]:
    """What is shown by turns: the words of texts, the names of other traces."""
    turns: list[list[str]] = []
    for action in actions:
        body = {"userId": "mover", "action": action}
        answer = await owner.post(f"/api/v1/projects/{project['id']}/chat", json=body)
        assert answer.status_code == 200, answer.text
        traces = [each for each in answer.json()["traces"] if each["type"] not in ("step", "debug")]
        turns.append([each["payload"]["message"] if each["type"] == "text" else each["type"] for each in traces])
    return turns


def launch() -> dict[str, Any]:
    return {"type": "launch", "payload": None}


def words(text: str) -> dict[str, Any]:
    return {"type": "text", "payload": text}


@pytest.mark.parametrize("name", FILES)
async def test_every_export_becomes_a_project_without_errors_and_its_report_adds_up(
    owner: httpx2.AsyncClient, name: str
):
    told = await imported(owner, name)

    report, counts = told["report"], told["report"]["counts"]
    assert report["source"]["format"] == "voiceflow"
    assert counts["steps"] == counts["mapped"] + counts["approximated"] + counts["dropped"] > 0
    for part in ("mapped", "approximated", "dropped"):
        assert len(report[part]) == counts[part]
        assert all(each["id"] and each["type"] and each["place"]["workflow"] for each in report[part])
    assert all(each["reason"] for part in ("approximated", "dropped") for each in report[part])
    assert [each for each in told["project"]["problems"] if each["severity"] == "error"] == []


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("NLU_test_v1.vf", 11),
        ("example_project.vf", 13),
        ("Twilio_IVR_Demo-2024-05-31_11-10.vf", 30),
        ("ours-v13.json", 15),
    ],
)
async def test_every_step_is_counted_once(owner: httpx2.AsyncClient, name: str, steps: int):
    export = json.loads((FOLDER / name).read_text("utf-8-sig"))
    layout = {"start", "block", "actions", "goToNode", "markup_text", "markup_image"}
    counted = [
        node
        for diagram in export["diagrams"].values()
        if diagram.get("type") != "TEMPLATE"
        for node in diagram["nodes"].values()
        if node["type"] not in layout and not (node["type"] == "command" and not node["data"].get("intent"))
    ]
    assert len(counted) == steps
    assert (await imported(owner, name))["report"]["counts"]["steps"] == steps


async def test_what_was_written_on_the_canvas_is_a_note_where_it_lay(owner: httpx2.AsyncClient):
    told = await imported(owner, "ours-v13.json")
    notes = [note for workflow in told["project"]["workflows"] for note in workflow.get("notes", [])]
    assert [(note["text"], note["position"]) for note in notes] == [("a note on the canvas", {"x": 0.0, "y": -200.0})]


async def test_what_is_too_long_for_a_note_is_told_whole(owner: httpx2.AsyncClient):
    export = json.loads((FOLDER / "ours-v13.json").read_text("utf-8-sig"))
    for diagram in export["diagrams"].values():
        for node in diagram["nodes"].values():
            if node["type"] == "markup_text":
                node["data"]["content"] = [{"children": [{"text": "long " * 1_000}]}]
    answer = await owner.post(IMPORT, json=export)
    assert answer.status_code == 201, answer.text
    (note,) = [note for each in answer.json()["project"]["workflows"] for note in each.get("notes", [])]
    assert note["text"] == ("long " * 1_000)[:4_000]
    assert any(("long " * 1_000).strip() in warning for warning in answer.json()["report"]["warnings"])


async def test_an_export_of_2022_greets_listens_and_answers_an_intent(owner: httpx2.AsyncClient):
    project = (await imported(owner, "NLU_test_v1.vf"))["project"]
    assert await said(owner, project, launch(), words("Fries please")) == [["How can i help?"], ["Yes fries"]]


async def test_an_intent_enters_a_workflow_in_its_middle(owner: httpx2.AsyncClient):
    project = (await imported(owner, "NLU_test_v1.vf"))["project"]
    await owner.patch(
        f"/api/v1/projects/{project['id']}/conversations/mover/variables", json={"size": "large", "type": "cheese"}
    )
    turns = await said(owner, project, launch(), words("Pizza please"))
    assert turns == [["How can i help?"], ["Ok that will be $20.99"]]


async def test_an_export_of_2023_shows_its_carousel_and_waits_for_the_page(owner: httpx2.AsyncClient):
    project = (await imported(owner, "example_project.vf"))["project"]
    turns = await said(
        owner,
        project,
        launch(),
        words("I want to talk to a human"),
        {"type": "button", "payload": {"label": "Use Intercom", "value": "p02o83b4y"}},
    )
    assert turns[0][0].startswith("Welcome to the voiceflow live agent demo, what can I help you with today?")
    assert turns[1:] == [
        ["Which platform do you want to use?", "carousel"],
        ["Transferring you to an agent now...", "client-action"],
    ]


async def test_a_variable_that_nobody_has_set_is_what_it_was_there(owner: httpx2.AsyncClient):
    project = (await imported(owner, "Twilio_IVR_Demo-2024-05-31_11-10.vf"))["project"]
    turns = await said(owner, project, launch(), words("Ada"))
    assert turns[0] == ["Welcome to Voiceflow IVR Demo!\nPlease give me your name."]
    assert turns[1][0] == "Nice to meet you Ada!"


async def test_an_export_of_2025_runs_messages_captures_conditions_and_buttons(owner: httpx2.AsyncClient):
    project = (await imported(owner, "ours-v13.json"))["project"]
    first, second = await said(owner, project, launch(), words("Bo"))
    assert first[0] in (
        "Welcome to the Anchor. What is your name?",
        "Hello, this is the Anchor. Who am I talking to?",
    )
    assert second[0] == "What a short name."
    assert second[-1] == "buttons"
    assert (await said(owner, project, words("are you open on sunday")))[0][0] == "We are open from noon to eleven."


async def test_what_has_no_twin_is_told_and_joined_over(owner: httpx2.AsyncClient):
    told = await imported(owner, "ours-v13.json")
    [dropped] = told["report"]["dropped"]
    assert (dropped["type"], dropped["place"]["workflow"]) == ("weather-balloon", "Home")
    launch_and_name = (launch(), words("Bo"))
    await said(owner, told["project"], *launch_and_name)
    odd = {"type": "button", "payload": {"label": "Show the map", "value": "odd"}}
    assert "client-action" in (await said(owner, told["project"], odd))[0]


async def test_our_own_json_comes_back_as_it_was_but_for_the_values_of_secrets(owner: httpx2.AsyncClient):
    made = (await imported(owner, "ours-v13.json"))["project"]
    exported = (await owner.get(f"/api/v1/projects/{made['id']}")).json()

    answer = await owner.post(IMPORT, json=exported)

    told = answer.json()
    apart = {"id", "slug", "createdAt", "updatedAt", "revision", "problems"}
    assert answer.status_code == 201
    assert told["report"]["source"] == {"format": "conduet", "version": "1"}
    assert {k: v for k, v in told["project"].items() if k not in apart} == {
        k: v for k, v in exported.items() if k not in apart
    }
    assert "Values of secrets are never in an export: set them anew." in told["report"]["warnings"]


async def test_an_export_may_be_a_file_and_begin_with_a_byte_order_mark(owner: httpx2.AsyncClient):
    body = b"\xef\xbb\xbf" + (FOLDER / "NLU_test_v1.vf").read_bytes()
    answer = await owner.post(IMPORT, files={"file": ("export.vf", body, "application/octet-stream")})
    assert answer.status_code == 201, answer.text


async def test_what_looks_like_a_live_key_is_warned_of(owner: httpx2.AsyncClient):
    export = json.loads((FOLDER / "ours-v13.json").read_text("utf-8-sig"))
    export["variables"].append(
        {"id": "k", "name": "k", "datatype": "text", "isSystem": False, "defaultValue": "sk-" + "a1B2" * 8}
    )
    answer = await owner.post(IMPORT, json=export)
    [warning] = [each for each in answer.json()["report"]["warnings"] if "live key" in each]
    assert "secrets" in warning
    assert "a1B2" not in warning


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"[]", ""),
        (b"{}", ""),
        (b'{"diagrams": {}, "version": {"rootDiagramID": "a"}}', "diagrams"),
        (b'{"diagrams": {"b": {}}, "version": {"rootDiagramID": "a"}}', "version.rootDiagramID"),
        (b'{"programs": {}}', "diagrams"),
    ],
)
async def test_what_is_no_export_is_a_bad_request_by_path(owner: httpx2.AsyncClient, body: bytes, path: str):
    answer = await owner.post(IMPORT, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_REQUEST")
    assert [each["path"] for each in answer.json()["details"]] == [path]


async def test_broken_json_is_a_bad_request(owner: httpx2.AsyncClient):
    answer = await owner.post(IMPORT, content=b"{", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_REQUEST")
