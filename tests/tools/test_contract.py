"""What every tool type promises, whatever it does: a form and a page can be made of it."""

from typing import Any

import jsonschema_rs
import pytest

from conduet.engine.inspect import models_in, parts_of, unknown_fields
from conduet.engine.tool import Tool
from tests.contract.named import names_in
from tests.engine.talk import PLUGINS
from tests.steps.rows import TOOLS
from tests.tools.using import problems, tool

CONTROLS = {"text", "textarea", "number", "switch", "select", "code", "variable", "list", "json"}

every_type = pytest.mark.parametrize("kind", PLUGINS.tools.values(), ids=PLUGINS.tools.keys())


def test_the_types_of_the_contract_are_there() -> None:
    assert {*PLUGINS.tools} >= {"api", "function", "integration", "mcp"}


@every_type
def test_its_docstring_is_one_sentence(kind: type[Tool]) -> None:
    assert kind.__doc__
    assert kind.__doc__ == kind.__doc__.strip()
    assert kind.__doc__.endswith(".")
    assert "\n" not in kind.__doc__


@every_type
def test_its_fields_are_described_have_a_control_and_may_all_be_left_out(kind: type[Tool]) -> None:
    kind()
    for _, model in models_in(kind.model_validate(kind.example)):
        for name, field in type(model).model_fields.items():
            assert field.description, name
            assert field.description.endswith("."), name
    for part in parts_of(kind.model_validate(kind.example)):
        assert part.hints.get("control") in CONTROLS, part.path


@every_type
def test_its_example_has_no_problem_and_comes_back_as_it_went_in(kind: type[Tool]) -> None:
    example = kind.model_validate(kind.example)
    assert example.model_dump(by_alias=True, exclude_unset=True, mode="json") == kind.example
    assert not [*unknown_fields(example)]
    properties: dict[str, dict[str, Any]] = {"order": {}, "text": {}, "days": {}}
    used = tool(kind.type, parameters={"type": "object", "properties": properties}) | {"config": kind.example}
    secrets = [{"name": name} for name in ("BIKES_KEY", "BIKES_MCP", "SLACK_TOKEN")]
    variables = [{"name": name} for name in ("found", "orderState", "member")]
    assert problems(used, secrets=secrets, variables=variables) == []


@every_type
def test_its_example_fits_its_json_schema(kind: type[Tool]) -> None:
    schema = jsonschema_rs.validator_for(kind.model_json_schema())
    assert schema.is_valid(kind.example)


@every_type
def test_what_goes_wrong_in_it_has_tests_that_there_are(kind: type[Tool]) -> None:
    assert {*TOOLS[kind.type]} <= names_in(f"tests/tools/test_{kind.type}.py")


def test_no_type_of_tool_is_forgotten() -> None:
    assert {*TOOLS} == {*PLUGINS.tools}
