"""The step `set`: values, expressions, types and sizes."""

from typing import Any

import pytest

from tests.engine.talk import Talk, line, step

VARIABLES = [
    {"name": "text", "default": "old"},
    {"name": "number", "type": "number", "default": 1},
    {"name": "flag", "type": "boolean"},
    {"name": "list", "type": "list"},
    {"name": "object", "type": "object"},
]


def talk(*assignments: dict[str, Any], say: str = "said") -> Talk:
    steps = (step("set", "set", assignments=list(assignments)), step("say", "message", text=say))
    return Talk(line(*steps), variables=VARIABLES)


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        ({"variable": "text", "value": "new {{number}}"}, "new 1"),
        ({"variable": "text", "value": 5}, "5"),
        ({"variable": "text", "value": ""}, ""),
        ({"variable": "number", "value": "{{number}}"}, 1),
        ({"variable": "number", "value": " 2.50 "}, 2.5),
        ({"variable": "number", "expression": "number * 2 + 1"}, 3),
        ({"variable": "number", "expression": "99999999999 * 99999999999"}, 9999999999800000000001.0),
        ({"variable": "flag", "value": True}, True),
        ({"variable": "flag", "expression": "number > 5"}, False),
        ({"variable": "list", "value": ["{{text}}", {"n": "{{number}}"}]}, ["old", {"n": 1}]),
        ({"variable": "list", "value": "[1, 2]"}, [1, 2]),
        ({"variable": "object", "value": {"a": "{{text}}"}}, {"a": "old"}),
    ],
)
async def test_a_variable_becomes_a_value_or_what_an_expression_comes_to(
    assignment: dict[str, Any], expected: object
) -> None:
    setting = talk(assignment)
    assert await setting.launch() == ["said"]
    assert setting.variables[str(assignment["variable"])] == expected


async def test_assignments_are_made_in_order() -> None:
    setting = talk(
        {"variable": "number", "expression": "number + 1"}, {"variable": "text", "value": "{{number}}"}, say="{{text}}"
    )
    assert await setting.launch() == ["2"]


@pytest.mark.parametrize(
    "assignment",
    [
        {"variable": "number", "value": "two"},
        {"variable": "number", "value": None},
        {"variable": "number", "expression": "text"},
        {"variable": "number", "value": "9" * 400},
        {"variable": "list", "value": {"a": 1}},
        {"variable": "sys.language", "value": "not a language"},
        {"variable": "sys.language", "value": 3},
    ],
)
async def test_a_value_of_the_wrong_type_is_an_error_and_the_old_value_stays(assignment: dict[str, Any]) -> None:
    setting = talk(assignment)
    assert await setting.launch() == ["error WRONG_VALUE", "said"]
    assert setting.variables == {"text": "old", "number": 1}
    assert setting.state.internal.get("language") is None


async def test_an_expression_without_a_value_sets_nothing() -> None:
    setting = talk({"variable": "number", "expression": "1 / 0"})
    assert await setting.launch() == ["said"]
    assert setting.variables["number"] == 1
    assert setting.debug[0].startswith("The expression `1 / 0` has no value: ")


async def test_the_language_may_be_set_and_stays() -> None:
    hello = step("say", "message", text={"en": "Hello", "de": "Hallo"})
    setting = Talk(
        line(
            hello, step("set", "set", assignments=[{"variable": "sys.language", "value": "de-AT"}]), hello | {"id": "b"}
        )
    )
    assert await setting.launch() == ["Hello", "Hallo"]
    assert await setting.launch() == ["Hallo", "Hallo"]


async def test_variables_that_would_take_more_than_256_kb_keep_their_old_values() -> None:
    big = {"variable": "text", "value": "x" * 200_000}
    more = {"variable": "list", "value": ["y" * 100_000]}
    setting = talk(big, more, {"variable": "text", "value": "small"}, more)
    assert await setting.launch() == ["error VARIABLES_TOO_LARGE", "said"]
    assert setting.variables == {"text": "small", "number": 1, "list": ["y" * 100_000]}


@pytest.mark.parametrize(
    "assignment",
    [
        {},
        {"variable": "text"},
        {"variable": "text", "expression": " "},
        {"value": 1},
        {"variable": "x", "value": 1},
        {"variable": "sys.now", "value": 1},
    ],
)
async def test_an_assignment_without_what_it_needs_is_unfinished(assignment: dict[str, Any]) -> None:
    assert await talk(assignment).launch() == ["error UNFINISHED_STEP"]


async def test_a_value_that_is_nested_too_deeply_keeps_the_old_one() -> None:
    setting = talk(*[{"variable": "list", "value": ["{{list}}"]}] * 60)
    found = await setting.launch()
    assert found == ["error WRONG_VALUE"] * 4 + ["said"]
    assert str(setting.variables["list"]).count("[") == 56
