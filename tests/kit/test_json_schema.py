"""Schemas of people who are not trusted: what is taken, and that checking ends soon whatever they hold."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduet.kit.json import Json
from conduet.kit.json_schema import JsonSchema, WrongSchema


def fan(levels: int, keyword: str, **more: Any) -> dict[str, Any]:
    """Each definition refers twice to the next: 2 to the power of `levels` checks."""
    definitions: dict[str, Any] = {
        f"d{level}": {keyword: [{"$ref": f"#/$defs/d{level + 1}"}, {"$ref": f"#/$defs/d{level + 1}"}]}
        for level in range(levels)
    }
    definitions[f"d{levels}"] = {"type": "string"}
    return {"properties": {"x": {"$ref": "#/$defs/d0"}}, "$defs": definitions, **more}


@pytest.mark.parametrize(
    ("schema", "value", "told"),
    [
        ({"required": ["a"]}, {}, '"a" is a required property'),
        ({"properties": {"a": {"type": "integer"}}}, {"a": "x"}, 'a: "x" is not of type "integer"'),
        ({"properties": {"a": {"items": {"minimum": 1}}}}, {"a": [1, 0]}, "a[1]: 0 is less than the minimum of 1"),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            {"b": 1},
            "Additional properties are not allowed ('b' was",
        ),
    ],
)
def test_the_first_mistake_is_told_by_path(schema: dict[str, Any], value: Json, told: str) -> None:
    mistake = JsonSchema(schema).mistake(value)
    assert mistake is not None
    assert mistake.startswith(told)


def test_what_fits_has_no_mistake() -> None:
    tree: dict[str, Any] = {
        "$ref": "#/$defs/node",
        "$defs": {"node": {"properties": {"v": {"type": "number"}, "c": {"items": {"$ref": "#/$defs/node"}}}}},
    }
    schema = JsonSchema(tree)
    assert schema.mistake({"v": 1, "c": [{"v": 2, "c": []}, {}]}) is None
    assert schema.mistake({"v": 1, "c": [{"v": "two"}]}) == 'c[0].v: "two" is not of type "number"'


@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf"])
@pytest.mark.parametrize("levels", [9, 12, 60])
def test_references_that_fan_out_are_refused(keyword: str, levels: int) -> None:
    began = time.process_time()
    with pytest.raises(WrongSchema, match="The schema is too large"):
        JsonSchema(fan(levels, keyword))
    assert time.process_time() - began < 1


@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf"])
def test_references_that_fan_out_a_little_are_checked_soon(keyword: str) -> None:
    schema = JsonSchema(fan(8, keyword))
    began = time.process_time()
    assert (schema.mistake({"x": "fits"}) is None) == (keyword != "oneOf")
    assert schema.mistake({"x": 1})
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/$defs/n", "$defs": {"n": {"properties": {"l": {"$ref": "#/$defs/n"}, "r": {"$ref": "#/$defs/n"}}}}},
        {"allOf": [{"properties": {"a": {"$ref": "#"}}}, {"properties": {"a": {"$ref": "#"}}}]},
        {"properties": {name: {"type": "string"} for name in map(str, range(10_001))}},
        {"enum": [*range(10_001)]},
        {"$defs": {str(n): {"$ref": f"#/$defs/{n + 1}"} for n in range(600)} | {"600": {}}, "$ref": "#/$defs/0"},
        {
            "$defs": {
                f"r{n}": {"items": {"$ref": f"#/$defs/r{n}"}, "contains": {"$ref": f"#/$defs/r{n + 1}"}}
                for n in range(3)
            }
            | {"r3": {}},
            "$ref": "#/$defs/r0",
        },
    ],
)
def test_a_schema_that_grows_beyond_measure_is_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(WrongSchema, match="too large"):
        JsonSchema(schema)


def test_a_large_value_is_not_held_against_a_large_schema() -> None:
    schema = JsonSchema({"items": {"allOf": [{"type": "number"}] * 3000}})
    small: Json = [1 for _ in range(100)]
    large: Json = [1 for _ in range(200_000)]
    assert schema.mistake(small) is None
    assert schema.mistake([*small, "x"]) == '[100]: "x" is not of type "number"'
    began = time.process_time()
    assert schema.mistake(large) == "it is too large to be checked"
    assert time.process_time() - began < 1


def test_a_value_that_is_no_json_of_ours_is_told() -> None:
    deep: Json = []
    for _ in range(300):
        deep = [deep]
    for value in (deep, 10**30):
        assert JsonSchema({}).mistake(value) == "it is nested too deeply, or has a number of more than 64 bits in it"


def test_patterns_take_linear_time() -> None:
    schema = JsonSchema({"pattern": "^(a+)+$"})
    began = time.process_time()
    assert schema.mistake("a" * 50_000 + "!")
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("schema", "path", "told"),
    [
        ({"properties": {"a": {"type": "strin"}}}, ["properties", "a", "type"], "This is no JSON Schema"),
        ({"properties": {"a": {"pattern": "(?=x)"}}}, ["properties", "a", "pattern"], "This is no JSON Schema"),
        ({"$ref": "http://127.0.0.1:9/x"}, [], "nothing is fetched for it"),
        ({"$ref": "file:///etc/passwd"}, [], "nothing is fetched for it"),
        ({"$ref": "#/nowhere"}, [], "Pointer '/nowhere' does not exist"),
        ({"$schema": "https://evil.example/x"}, [], "nothing is fetched for it"),
        ({"$schema": "http://json-schema.org/draft-04/schema#"}, ["$schema"], "Draft 4"),
        ({"$defs": {"a": {"$anchor": "a"}}, "$ref": "#a"}, [], "is not one like `#/$defs/name`"),
        ({"$id": "https://a.example/a", "$ref": "https://a.example/a"}, [], "is not one like `#/$defs/name`"),
        ({"$defs": {"a": {"$id": "https://a.example/b"}}}, [], "an `$id` of its own"),
        ({"$dynamicRef": "#"}, [], "Of references only `$ref` is taken"),
    ],
)
def test_what_is_not_taken_is_told(schema: dict[str, Any], path: list[str], told: str) -> None:
    with pytest.raises(WrongSchema) as wrong:
        JsonSchema(schema)
    assert [*wrong.value.path] == path
    assert told in str(wrong.value)


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"$id": {"type": "string"}, "$ref": {"type": "string"}}},
        {"$id": "https://a.example/a", "type": "object"},
        {"$defs": {"a/b": {}, "c~d": {}, "e f": {}}, "allOf": [{"$ref": "#/$defs/a~1b"}, {"$ref": "#/$defs/c~0d"}]},
        {"$defs": {"e f": {}}, "$ref": "#/$defs/e%20f"},
        {"allOf": [{}, {"$ref": "#/allOf/0"}]},
        {"$schema": "http://json-schema.org/draft-06/schema#"},
        {"const": {"$ref": "#/nowhere"}},
        {"const": {"$ref": "#/$schema/x"}, "$schema": "http://json-schema.org/draft-07/schema#"},
    ],
)
def test_a_schema_that_stands_by_itself_is_taken(schema: dict[str, Any]) -> None:
    assert JsonSchema(schema).mistake(5) in (
        None,
        '5 is not of type "object"',
        '{"$ref":"#/nowhere"} was expected',
        '{"$ref":"#/$schema/x"} was expected',
    )


def test_a_schema_that_is_nested_without_end_is_refused() -> None:
    schema: dict[str, Any] = {}
    for _ in range(400):
        schema = {"not": schema}
    with pytest.raises(WrongSchema, match="Recursion limit reached"):
        JsonSchema(schema)


NAMES = st.sampled_from(["a", "b", "c"])


def grown(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Schemas made of schemas."""
    listed = st.lists(parts, min_size=1, max_size=3)
    combined = [listed.map(lambda each, name=name: {name: each}) for name in ("allOf", "anyOf", "oneOf")]
    single = [parts.map(lambda part, name=name: {name: part}) for name in ("items", "not", "additionalProperties")]
    return st.one_of(*combined, *single, st.dictionaries(NAMES, parts).map(lambda named: {"properties": named}))


SIMPLE: list[dict[str, Any]] = [
    {"type": "string"},
    {},
    {"maximum": 3},
    *({"$ref": f"#/$defs/{name}"} for name in "abc"),
]
PARTS: st.SearchStrategy[Any] = st.recursive(st.sampled_from(SIMPLE), grown, max_leaves=12)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.integers(-5, 5), st.text("ab", max_size=3)),
    lambda values: st.one_of(st.lists(values, max_size=3), st.dictionaries(NAMES, values, max_size=3)),
    max_leaves=30,
)


@settings(deadline=2000)
@given(st.fixed_dictionaries({"a": PARTS, "b": PARTS, "c": PARTS}), VALUES)
def test_whatever_is_taken_is_checked_soon(definitions: dict[str, Any], value: Any) -> None:
    try:
        schema = JsonSchema({"$defs": definitions, "$ref": "#/$defs/a"})
    except WrongSchema:
        return
    schema.mistake(value)
