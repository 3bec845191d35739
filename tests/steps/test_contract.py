"""What every step type promises, whatever it does: a form, a palette and a page can be made of it."""

import itertools
from collections import defaultdict
from typing import Any

import jsonschema_rs
import pytest

from conduet.engine.describe import describe_steps
from conduet.engine.document import compile_document
from conduet.engine.inspect import models_in, parts_of, unknown_fields
from conduet.engine.step import Step, WaitingStep
from conduet.steps.kb_search import KbSearch
from conduet.steps.post_process import PostProcess
from tests.contract.named import names_in
from tests.engine.talk import PLUGINS, STEPS, step, workflow
from tests.steps.rows import ROWS

CONTROLS = {"text", "textarea", "number", "switch", "select", "code", "expression", "secret", "model", "list"} | {
    "variable",
    "variables",
    "workflow",
    "channels",
    "tool",
    "tools",
    "playbook",
    "playbooks",
    "json",
}

FREE = {"inputs", "headers", "query", "body", "payload", "schema"}
"""Fields that any JSON, or any object, fits."""

every_type = pytest.mark.parametrize("kind", STEPS.values(), ids=STEPS.keys())


@every_type
def test_its_docstring_is_one_sentence(kind: type[Step]) -> None:
    assert kind.__doc__
    assert kind.__doc__ == kind.__doc__.strip()
    assert kind.__doc__.endswith(".")
    assert "\n" not in kind.__doc__


@every_type
def test_its_fields_are_described_have_a_control_and_may_all_be_left_out(kind: type[Step]) -> None:
    kind()
    for _, model in models_in(kind.model_validate(kind.example)):
        for name, field in type(model).model_fields.items():
            assert field.description, name
            assert field.description.endswith("."), name
    for part in parts_of(kind.model_validate(kind.example)):
        assert part.hints.get("control") in CONTROLS, part.path


@every_type
def test_its_example_is_finished_and_comes_back_as_it_went_in(kind: type[Step]) -> None:
    example = kind.model_validate(kind.example)
    assert example.model_dump(by_alias=True, exclude_unset=True, mode="json") == kind.example
    assert not [*unknown_fields(example)]
    used: dict[object, list[Any]] = defaultdict(list)
    for part in parts_of(example):
        used[part.hints.get("control")].append(part.value)
    listed: list[Any] = [names for names in used["variable"] if isinstance(names, tuple)]
    single: list[Any] = [name for name in used["variable"] if isinstance(name, str)]
    names: set[str] = {*single, *itertools.chain(*listed, *used["variables"])}
    document = compile_document(
        {
            "workflows": [
                workflow("main", step("it", kind.type, **kind.example)),
                *map(workflow, used["workflow"]),
            ],
            "variables": [{"name": name} for name in sorted(names)],
            "tools": [
                {"id": tool_id, "name": tool_id, "type": "function", "config": {"code": "return 1"}}
                for tool_id in {*used["tool"], *itertools.chain(*used["tools"])}
            ],
            "playbooks": [
                {"id": playbook_id} for playbook_id in {*used["playbook"], *itertools.chain(*used["playbooks"])}
            ],
        },
        PLUGINS,
    )
    assert document.nodes["main/it"].unfinished is None


@every_type
def test_its_example_fits_its_json_schema_and_a_wrong_type_does_not(kind: type[Step]) -> None:
    described: Any = describe_steps({kind.type: kind})[0]
    schema = jsonschema_rs.validator_for(described["configSchema"])
    assert schema.is_valid(kind.example)
    for name in kind.example:
        assert not schema.is_valid({**kind.example, name: {"": [{}]}}) or name in FREE, name


@every_type
def test_its_ports_are_what_its_description_says(kind: type[Step]) -> None:
    described: Any = describe_steps({kind.type: kind})[0]
    ports = described["ports"]
    branches = [branch for source in ports.get("from", ()) for branch in items_at(kind.example, source)]
    found = kind.model_validate(kind.example).ports()
    assert found == (*(branch["id"] for branch in branches), *ports["fixed"])
    assert set(ports.get("bodies", ())) <= set(found)
    assert described["waits"] == issubclass(kind, WaitingStep)


def test_a_type_is_called_by_its_words_or_as_it_says() -> None:
    described: Any = describe_steps({kind.type: kind for kind in (PostProcess, KbSearch)})
    assert [each["title"] for each in described] == ["Post process", "Search knowledge"]


def items_at(config: Any, source: str) -> list[Any]:
    """The items of a list field, or of one within the items of another."""
    name, _, inside = source.partition(".")
    items = config.get(name, [])
    return [found for item in items for found in items_at(item, inside)] if inside else items


@every_type
def test_its_ports_and_what_goes_wrong_in_it_have_tests_that_there_are(kind: type[Step]) -> None:
    row = ROWS[kind.type]
    assert row.ports
    assert {*row.ports, *row.failures} <= names_in(f"tests/steps/test_{kind.type.replace('-', '_')}.py")


def test_no_type_of_step_is_forgotten() -> None:
    assert {*ROWS} == {*STEPS}
