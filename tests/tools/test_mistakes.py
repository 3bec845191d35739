"""Every mistake in the configuration of a tool is told by its path: on saving, or as a problem of the draft.

A type of tool, or a field of one, that is not in the tables fails here; the inputs of each connector are in
`tests/connectors/test_mistakes.py`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import httpx2
import pytest

from conduet.engine.tool import Tool
from tests.conftest import Owned
from tests.engine.declared import declared
from tests.engine.talk import PLUGINS
from tests.steps.refused import SCRIPT, WEB_CALL, Config, named, text, texts, whole
from tests.steps.unfinished import NOWHERE, UNKNOWN_FIELD, WORLD, by_name, needed, web_call

PIN: Final = "1ab50bd6202086810b64aebc35dc77958c4a928bd5d30d99ecb9e969bc72805c"
ANYTHING = {("api", "body")}
"""Fields that any JSON fits."""

REFUSED: Mapping[str, Sequence[tuple[str, Config]]] = {
    "api": (
        *WEB_CALL,
        ("response", {"response": {"path": "$.a", "name": "a"}}),
        ("response[0]", {"response": ["$.a"]}),
        ("response[0].path", {"response": [{"path": 7, "name": "a"}]}),
        ("response[0].name", {"response": [{"path": "$.a", "name": 7}]}),
    ),
    "function": SCRIPT,
    "integration": (*text("provider"), *text("action"), *named("credentials"), *named("inputs")),
    "mcp": (
        *text("url"),
        *named("headers"),
        *texts("tools"),
        *named("pins"),
        ("pins.find_bikes", {"pins": {"find_bikes": 7}}),
        *named("seen"),
        ("seen.find_bikes", {"seen": {"find_bikes": 7}}),
        ("seen.find_bikes.pin", {"seen": {"find_bikes": {"pin": 7}}}),
        ("seen.find_bikes.description", {"seen": {"find_bikes": {"pin": PIN, "description": 7}}}),
        ("seen.find_bikes.inputSchema", {"seen": {"find_bikes": {"pin": PIN, "inputSchema": "x"}}}),
        *whole("timeoutMs", 1, 60_000),
    ),
}

UNFINISHED: Mapping[str, Sequence[tuple[str, str, Config]]] = {
    "api": (
        *web_call(),
        ("UNKNOWN_PARAMETER", "url", {"url": "https://bikes.example/{{args.colour}}"}),
        ("REQUIRED", "response[0].path", {"response": [{"name": "a"}]}),
        ("UNREADABLE", "response[0].path", {"response": [{"path": "$.a[", "name": "a"}]}),
        ("REQUIRED", "response[0].name", {"response": [{"path": "$.a"}]}),
    ),
    "function": (*needed("code"), ("UNREADABLE", "code", {"code": "const args = 1"})),
    "integration": (
        *needed("provider"),
        ("UNKNOWN_CONNECTOR", "provider", {"provider": "slak"}),
        *needed("action"),
        ("UNKNOWN_ACTION", "action", {"action": "post-mesage"}),
        ("EXPOSED_SECRET", "credentials.token", {"credentials": {"token": "xoxb-1"}}),
        ("UNKNOWN_SECRET", "credentials.token", {"credentials": {"token": "{{secrets.NOWHERE}}"}}),
        ("REQUIRED", "credentials.token", {"credentials": {}}),
        ("UNKNOWN_VARIABLE", "inputs.text", {"inputs": {"channel": "C0", "text": NOWHERE}}),
        ("UNREADABLE", "inputs.text", {"inputs": {"channel": "C0", "text": "{{name +}}"}}),
        ("REQUIRED", "inputs.channel", {"inputs": {"text": "Hello"}}),
    ),
    "mcp": (
        *needed("url"),
        ("UNKNOWN_VARIABLE", "url", {"url": "https://bikes.example/{{nowhere}}"}),
        *by_name("headers", secrets=True),
        ("WRONG_PIN", "pins.find_bikes", {"pins": {"find_bikes": "sha1"}}),
        ("NOT_PINNED", "tools[1]", {"tools": ["find_bikes", "rent"]}),
    ),
}

every_type = pytest.mark.parametrize("kind", PLUGINS.tools.values(), ids=PLUGINS.tools.keys())


def holding(kind: type[Tool], *configs: Mapping[str, Any]) -> dict[str, Any]:
    """A document with a tool for each configuration, laid over the example."""
    parameters: dict[str, Any] = {"type": "object", "properties": {"order": {}, "text": {}, "days": {}}}
    more: dict[str, Any] = {"type": kind.type, "description": "Finds it.", "parameters": parameters}
    tools = [
        {"id": f"t{index}", "name": f"t{index}", **more, "config": {**kind.example, **config}}
        for index, config in enumerate(configs)
    ]
    return {**WORLD, "tools": tools}


@every_type
async def test_a_mistake_of_shape_is_refused_by_its_path(
    owner: httpx2.AsyncClient, project: Owned, kind: type[Tool]
) -> None:
    rows = REFUSED[kind.type]
    document = holding(kind, *(config for _, config in rows))
    saved = await owner.patch(f"/api/v1/projects/{project.id}", json=document)
    assert (saved.status_code, saved.json()["code"]) == (400, "BAD_REQUEST")
    told = [detail["path"] for detail in saved.json()["details"]]
    assert sorted(told) == sorted(f"tools[{index}].config.{path}" for index, (path, _) in enumerate(rows))


@every_type
async def test_what_is_unfinished_is_a_problem_at_its_path(
    owner: httpx2.AsyncClient, project: Owned, kind: type[Tool]
) -> None:
    rows: list[tuple[str, str, Config]] = [*UNFINISHED[kind.type], UNKNOWN_FIELD, ("", "", {})]
    document = holding(kind, *(config for *_, config in rows))
    saved = await owner.patch(f"/api/v1/projects/{project.id}", json=document)
    assert saved.status_code == 200, saved.text
    problems = (await owner.get(f"/api/v1/projects/{project.id}/problems")).json()
    assert problems == saved.json()["problems"]
    here = [each for each in problems if each["path"].startswith("tools[")]
    assert all(each["message"] and each["fix"] for each in here)
    assert sorted((each["path"], each["code"]) for each in here) == sorted(
        (f"tools[{index}].config.{path}", code) for index, (code, path, _) in enumerate(rows) if code
    )


def test_no_type_of_tool_is_forgotten() -> None:
    assert {*REFUSED} == {*UNFINISHED} == {*PLUGINS.tools}


@every_type
def test_no_field_is_forgotten(kind: type[Tool]) -> None:
    wrong = {plain(path) for path, _ in REFUSED[kind.type]}
    unfinished = {(code, plain(path)) for code, path, _ in UNFINISHED[kind.type]}
    for field in declared(kind):
        assert field.path in wrong or (kind.type, field.path) in ANYTHING
        if field.hints.get("needed"):
            assert ("REQUIRED", field.path) in unfinished
        if field.reads:
            told = {path for code, path in unfinished if code in ("UNKNOWN_VARIABLE", "UNREADABLE", "UNKNOWN_SECRET")}
            assert any(re.fullmatch(rf"{re.escape(field.path)}(\[\]|\..+)?", path) for path in told), field.path


def plain(path: str) -> str:
    """A path without the numbers and names of its items."""
    return re.sub(r"\[\d+\]|\.find_bikes(?=\.)", "[]", path)
