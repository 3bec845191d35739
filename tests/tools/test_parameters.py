"""The `parameters` of a tool: what is refused on save, and the names that tools have."""

from typing import Any

import pytest

from conduet.engine.check import check
from conduet.engine.document import compile_document
from conduet.errors import BadRequest
from tests.engine.talk import PLUGINS
from tests.tools.using import MAIN, VARIABLES, problems, tool, wrong


@pytest.mark.parametrize(
    ("parameters", "path", "told"),
    [
        ({"type": "strin"}, "type", "`type` has to be `object`"),
        ({"type": "array"}, "type", "`type` has to be `object`"),
        ({"properties": {"a": {"type": "strin"}}}, "properties.a.type", "This is no JSON Schema"),
        ({"properties": {"a": 5}}, "properties.a", "This is no JSON Schema"),
        ({"required": "a"}, "required", 'is not of type "array"'),
        ({"properties": {"a": {"minLength": -1}}}, "properties.a.minLength", "less than the minimum of 0"),
        ({"properties": {"a": {"pattern": "("}}}, "properties.a.pattern", "regex"),
        ({"properties": {"a": {"pattern": "(?=x)"}}}, "properties.a.pattern", "regex"),
        ({"$ref": "http://127.0.0.1:9/x"}, "", "nothing is fetched for it: Resource 'http://127.0.0.1:9/x'"),
        ({"$ref": "https://a.example/x"}, "", "nothing is fetched for it"),
        ({"$ref": "file:///etc/passwd"}, "", "nothing is fetched for it"),
        ({"$ref": "../x"}, "", "nothing is fetched for it"),
        ({"$ref": "#/nowhere"}, "", "Pointer '/nowhere' does not exist"),
        ({"$dynamicRef": "https://a.example/"}, "", "nothing is fetched for it"),
        ({"$schema": "https://evil.example/schema"}, "", "nothing is fetched for it"),
        ({"$id": "https://a.example/a", "$ref": "b"}, "", "nothing is fetched for it"),
    ],
)
def test_what_is_no_json_schema_is_refused_by_path(parameters: Any, path: str, told: str) -> None:
    (detail,) = wrong(tool("function", parameters=parameters, code="return 1"))
    assert detail.path == f"tools[0].parameters{'.' if path else ''}{path}"
    assert told in detail.message


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"type": "object"},
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"},
        {"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {"type": "string"}}},
        {"properties": {"a": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"type": "string"}}},
    ],
)
def test_a_schema_that_stands_by_itself_is_taken(parameters: Any) -> None:
    assert wrong(tool("function", parameters=parameters, code="return 1")) == []


@pytest.mark.parametrize("name", ["", "two words", "ä", "a.b", "x" * 65, "tool\n", "../x"])
def test_a_name_that_a_model_could_not_say_is_refused(name: str) -> None:
    (detail,) = wrong(tool("function", name=name, code="return 1"))
    assert detail.path == "tools[0].name"


def test_two_tools_of_one_name_are_told() -> None:
    first = tool("function", code="return 1")
    second = first | {"id": "u"}
    raw: dict[str, Any] = {"workflows": [MAIN], "tools": [first, second], "variables": VARIABLES}
    (problem,) = check(compile_document(raw, PLUGINS))
    assert (problem.severity, problem.code, problem.path) == ("error", "DUPLICATE_NAME", "tools[1].name")


def test_two_tools_of_one_id_are_refused() -> None:
    first = tool("function", code="return 1")
    raw: dict[str, Any] = {"workflows": [MAIN], "tools": [first, first]}
    with pytest.raises(BadRequest, match="is there twice"):
        compile_document(raw, PLUGINS)


def test_a_tool_without_a_description_is_a_warning() -> None:
    (problem,) = problems(tool("function", code="return 1") | {"description": " "})
    assert (problem.severity, problem.code, problem.path) == ("warning", "NO_DESCRIPTION", "tools[0].description")


def test_an_unknown_type_is_refused_with_those_there_are() -> None:
    (detail,) = wrong(tool("magic"))
    assert detail.path == "tools[0].type"
    assert "api, function, integration, mcp" in detail.message or "'api', 'function'" in detail.message
