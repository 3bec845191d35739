"""Templates: every one is finished, passes its own tests, and becomes a project that converses."""

import asyncio
from copy import deepcopy
from typing import Any
from xml.etree import ElementTree as ET

import httpx2
import pytest

from conduet.engine.check import check
from conduet.engine.document import compile_document
from conduet.engine.plugins import Plugins
from conduet.kit.sandbox.pool import Sandbox
from conduet.projects.document import JsonObject
from conduet.projects.store import DEVELOPMENT
from conduet.projects.template import read_template, template_ids
from conduet.projects.template_picture import picture
from conduet.testing.context import Stage
from conduet.testing.minds import built_in
from conduet.testing.play import play_all
from conduet.testing.result import TestResult

PLUGINS = Plugins.installed()
TEMPLATES = "/api/v1/projects/templates"


def said(traces: list[dict[str, Any]]) -> str:
    return "\n".join(trace["payload"]["message"] for trace in traces if trace["type"] == "text")


async def played(document: JsonObject) -> list[TestResult]:
    compiled = compile_document(document, PLUGINS)
    sandbox = Sandbox()
    try:
        stage = Stage(DEVELOPMENT, sandbox, "templates", built_in(None))
        return list(await play_all(compiled.shape.tests, compiled, stage))
    finally:
        await sandbox.close()


@pytest.mark.parametrize("name", template_ids())
def test_a_template_has_no_problems(name: str):
    assert check(compile_document(read_template(name), PLUGINS)) == []


@pytest.mark.parametrize("name", template_ids())
async def test_a_template_passes_its_own_tests(name: str):
    results = await played(read_template(name))
    assert len(results) >= 2
    assert [result.told() for result in results if not result.ok or result.skipped] == []


async def test_a_template_that_says_something_else_fails_its_own_tests():
    broken: dict[str, Any] = deepcopy(read_template("appointment-booking"))
    steps = {step["id"]: step for step in broken["workflows"][0]["steps"]}
    steps["booked"]["config"]["text"] = "Something else."
    assert [result.id for result in await played(broken) if not result.ok] == ["books"]


@pytest.mark.parametrize("name", template_ids())
async def test_each_test_of_a_template_hears_what_is_said(name: str):
    """Broken on purpose: where every text is another and no phase ends, no test of it that looks at texts is green."""
    broken: dict[str, Any] = deepcopy(read_template(name))
    for workflow in broken["workflows"]:
        for step in workflow["steps"]:
            step["config"].update(dict.fromkeys({"text", "retryText"} & step["config"].keys(), "Something else."))
    for phase in broken["behaviourConfig"]["agentHarness"].get("phases", ()):
        phase["exit"] = []
    listening = {
        test["id"]
        for test in broken["tests"]
        if any("contains" in each for turn in test["turns"] for each in turn["expect"])
    }
    assert listening
    assert listening <= {result.id for result in await played(broken) if not result.ok}


def test_there_are_templates_for_nine_tasks():
    assert set(template_ids()) >= {
        "appointment-booking",
        "faq",
        "it-help-desk",
        "lead-qualification",
        "newsletter",
        "onboarding-survey",
        "order-status",
        "shop-assistant",
        "support",
    }


async def test_the_list_shows_each_template_with_a_picture(owner: httpx2.AsyncClient):
    answer = await owner.get(TEMPLATES)
    assert answer.status_code == 200, answer.text
    listed = answer.json()
    assert [each["id"] for each in listed] == [*template_ids()]
    for each in listed:
        assert set(each) == {"id", "name", "description", "framework", "language", "picture"}
        drawn = ET.fromstring(each["picture"])
        assert drawn.get("stroke") == "currentColor"
        assert len(drawn.findall("{*}rect")) >= (4 if each["framework"] == "agentic" else 5)


def test_a_picture_shows_a_name_as_text_only():
    document: dict[str, Any] = deepcopy(read_template("appointment-booking"))
    document["name"] = "<script>&"
    document["workflows"][0]["steps"][1]["name"] = "<b>'\"</b>"
    drawn = ET.fromstring(picture(document))
    assert drawn.findtext("{*}title") == "<script>&"
    assert "<b>'\"</b>" in [text.text for text in drawn.findall("{*}text")]
    assert drawn.find(".//{*}b") is None


async def test_a_project_from_a_template_converses_and_passes_its_tests(owner: httpx2.AsyncClient):
    answer = await owner.post(TEMPLATES, json={"templateId": "appointment-booking", "name": "Dr. Day"})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    path = f"/api/v1/projects/{made['id']}"
    try:
        assert (made["name"], made["problems"]) == ("Dr. Day", [])
        assert answer.headers["ETag"] == '"1"'
        body: dict[str, Any] = {"userId": "kim", "action": {"type": "launch", "payload": None}}
        traces = (await owner.post(path + "/chat", json=body)).json()["traces"]
        assert "What is it for?" in said(traces)
        body["action"] = {"type": "text", "payload": "First visit"}
        traces = (await owner.post(path + "/chat", json=body)).json()["traces"]
        assert "Which day" in said(traces)
        results = (await owner.post(path + "/tests/run", json={})).json()
        assert [result["ok"] for result in results] == [True, True]
    finally:
        await owner.delete(path)


async def test_a_project_without_a_name_is_called_as_its_template(owner: httpx2.AsyncClient):
    made = (await owner.post(TEMPLATES, json={"templateId": "it-help-desk"})).json()
    await owner.delete(f"/api/v1/projects/{made['id']}")
    assert made["name"] == "IT help desk"


@pytest.mark.parametrize("name", ["no-such-template", "../demo"])
async def test_an_unknown_template_is_not_found(owner: httpx2.AsyncClient, name: str):
    answer = await owner.post(TEMPLATES, json={"templateId": name})
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "templateId"),
        ({"templateId": 7}, "templateId"),
        ({"templateId": "it-help-desk", "name": ""}, "name"),
        ({"templateId": "it-help-desk", "nmae": "x"}, "nmae"),
    ],
)
async def test_a_wrong_body_is_told_by_its_path(owner: httpx2.AsyncClient, body: dict[str, Any], path: str):
    answer = await owner.post(TEMPLATES, json=body)
    assert answer.status_code == 400
    assert [detail["path"] for detail in answer.json()["details"]] == [path]


@pytest.mark.parametrize("name", ["support", "shop-assistant"])
async def test_a_template_answers_from_a_document_and_names_it_without_a_key(owner: httpx2.AsyncClient, name: str):
    path = f"/api/v1/projects/{(await owner.post(TEMPLATES, json={'templateId': name})).json()['id']}"
    try:
        document = {"name": "Returns", "type": "text", "content": "You can send anything back within 30 days."}
        await owner.post(path + "/knowledge-base", json=document)
        for _ in range(600):
            if (await owner.get(path + "/knowledge-base")).json()["documents"][0]["status"] == "ready":
                break
            await asyncio.sleep(0.05)
        asked = {"userId": "kim", "message": "How long can I send something back?"}
        traces = (await owner.post(path + "/chat", json=asked)).json()["traces"]
        assert "You can send anything back within 30 days. (Returns)" in said(traces)
        assert [each["payload"]["sources"][0]["name"] for each in traces if each["type"] == "knowledge"] == ["Returns"]
        assert [each for each in traces if each["type"] == "error"] == []
    finally:
        await owner.delete(path)
