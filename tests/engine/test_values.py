"""JSON values: their text, their paths, declared types, and the comparisons of a `condition`."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.engine.patterns import PatternError
from conduet.engine.values import (
    MISSING,
    Json,
    Mismatch,
    Operator,
    VariableType,
    compare,
    convert,
    json_bytes,
    kind,
    parse_path,
    resolve,
    text_bytes,
    to_number,
    to_text,
)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda values: st.lists(values, max_size=4) | st.dictionaries(st.text(), values, max_size=4),
    max_leaves=12,
)
NAMES: dict[str, Json] = {
    "name": "Ann",
    "nothing": None,
    "order": {"items": [{"price": 3}, {"price": 4}], "unit price": 5},
    "a.b": "named so",
    "first-name": {"x": 1},
}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("as it is", "as it is"),
        (None, ""),
        (True, "true"),
        (False, "false"),
        (3, "3"),
        (3.0, "3"),
        (-0.0, "0"),
        (2.5, "2.5"),
        (1e22, "10000000000000000000000"),
        (1.5e-7, "0.00000015"),
        (-1.25e-5, "-0.0000125"),
        ([1, "é", None], '[1,"é",null]'),
        ({"a": [True]}, '{"a":[true]}'),
    ],
)
def test_a_value_has_the_text_that_people_expect(value: Json, text: str):
    assert to_text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_of_a_number_has_no_exponent_and_spells_that_number(number: float):
    text = to_text(number)

    assert "e" not in text
    assert float(text) == number


@pytest.mark.parametrize("value", [[math.nan], {"a": math.inf}, pytest.param(10**5000, id="huge")])
def test_a_value_that_json_cannot_hold_has_no_text(value: Json):
    with pytest.raises(ValueError):  # noqa: PT011  # any words will do
        to_text(value)


@given(JSON)
def test_the_size_of_a_value_is_that_of_its_compact_json(value: Json):
    assert json_bytes(value) == len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def test_the_size_of_a_text_is_that_of_its_utf_8():
    assert (text_bytes("abc"), text_bytes("é€"), text_bytes("\ud800")) == (3, 5, 3)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("name", "Ann"),
        ("nothing", None),
        ("order.items[1].price", 4),
        ("order.items[-1].price", 4),
        ("order['unit price']", 5),
        ('order[ "unit price" ]', 5),
        ("name[0]", "A"),
        ("first-name.x", 1),
        ("a.b", "named so"),
    ],
)
def test_a_path_leads_into_objects_lists_and_text(path: str, found: Json):
    assert resolve(path, NAMES) == found


@pytest.mark.parametrize(
    "path",
    [
        "nobody", "nobody.x.y", "nothing.x", "name.x", "order.items[2]", "order.items[-3]", "order[0]",
        "order.items.price",
        "", ".name", "name.", "order..items", "[0]", "order.items[0]price", "order.items[x]", "order items", "order[",
    ],
)  # fmt: skip
def test_a_path_that_leads_nowhere_or_is_none_finds_nothing(path: str):
    assert resolve(path, NAMES) is MISSING


@given(st.text())
def test_any_text_is_a_path_or_none(path: str):
    steps = parse_path(path)

    assert steps is None or len(steps) > 0
    assert resolve(path, {}) is MISSING


@pytest.mark.parametrize(
    ("value", "declared", "converted"),
    [
        ("x", "text", "x"),
        (3.0, "text", "3"),
        (True, "text", "true"),
        ("", "text", ""),
        (3, "number", 3),
        (2.5, "number", 2.5),
        (" -12 ", "number", -12),
        ("1.5e3", "number", 1500.0),
        (False, "boolean", False),
        (" true ", "boolean", True),
        ("false", "boolean", False),
        ([1], "list", [1]),
        ('[1, "a"]', "list", [1, "a"]),
        ({"a": 1}, "object", {"a": 1}),
        ('{"a": {"b": 2}}', "object", {"a": {"b": 2}}),
    ],
)
def test_a_value_becomes_what_its_type_declares(value: Json, declared: VariableType, converted: Json):
    got = convert(value, declared)

    assert got == converted
    assert type(got) is type(converted)


@pytest.mark.parametrize(
    ("value", "declared"),
    [
        (None, "text"), ([], "text"), ({}, "text"),
        (None, "number"), ("", "number"), ("12a", "number"), ("0x10", "number"), ("01", "number"), ("+1", "number"),
        (".5", "number"), ("NaN", "number"), ("1e999", "number"), ("٣", "number"), (True, "number"),
        ("9" * 5000, "number"),
        (None, "boolean"), ("True", "boolean"), ("yes", "boolean"), (1, "boolean"),
        (None, "list"), ("{}", "list"), ("[1", "list"), ("[NaN]", "list"), ("[1e999]", "list"), ("[" * 100_000, "list"),
        ('["\\ud800"]', "list"), ('["\\u0000"]', "list"), ("12", "list"),
        (None, "object"), ("[]", "object"), ([], "object"), ("text", "object"),
    ],
)  # fmt: skip
def test_any_other_value_does_not_fit(value: Json, declared: VariableType):
    with pytest.raises(Mismatch, match=r"expected .*, got "):
        convert(value, declared)


def test_a_mismatch_is_told_in_words_and_without_the_value():
    with pytest.raises(Mismatch) as refused:
        convert("my secret", "number")

    assert str(refused.value) == "expected a number, got text"


@given(JSON, st.sampled_from(["text", "number", "boolean", "list", "object"]))
def test_a_converted_value_is_strict_json_and_fits_again(value: Json, declared: VariableType):
    try:
        converted = convert(value, declared)
    except Mismatch:
        return

    assert json.loads(json.dumps(converted, allow_nan=False)) == converted
    assert convert(converted, declared) == converted


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        (False, "true or false"),
        (1, "a number"),
        (1.5, "a number"),
        ("", "text"),
        ([], "a list"),
        ({}, "an object"),
    ],
)
def test_every_value_has_a_kind_in_words(value: Json, words: str):
    assert kind(value) == words


@pytest.mark.parametrize(
    ("left", "operator", "right"),
    [
        ("10", "is", 10.0), ("1e1", "is", "10"), ("Yes", "is", "yES"), (True, "is", "TRUE"), (None, "is", ""),
        ("Straße", "is", "STRASSE"),
        (1, "isNot", True), ("a", "isNot", "b"), ("010", "isNot", "10"),
        ("I want PIZZA", "contains", "pizza"), (["a", "B"], "contains", "b"), ([1, 2], "contains", "2.0"),
        ({"a": 1}, "contains", "A"),
        ("abc", "notContains", "d"), (["pizza"], "notContains", "piz"),
        ("Hello", "startsWith", "hE"), (123, "startsWith", 12), ("Hello", "endsWith", "LO"),
        ("10", "greaterThan", "9"), ("b", "greaterThan", "A"), (10, "greaterThan", 9.5), ("x", "greaterThan", 5),
        (9, "lessThan", "10"), ("2024-01-02", "lessThan", "2024-01-10"), (None, "lessThan", 3),
        (3, "atLeast", "3"), (4, "atLeast", 3), (3, "atMost", 3.0), (2, "atMost", 3),
        ("", "isEmpty", None), (None, "isEmpty", None), ([], "isEmpty", None), ({}, "isEmpty", None),
        (0, "isNotEmpty", None), (False, "isNotEmpty", None), (" ", "isNotEmpty", None), ([0], "isNotEmpty", None),
        ("order AB-12", "matches", r"[A-Z]+-\d+"), (12, "matches", r"^\d\d$"),
    ],
)  # fmt: skip
def test_a_comparison_that_holds(left: Json, operator: Operator, right: Json):
    assert compare(left, operator, right)


@pytest.mark.parametrize(
    ("left", "operator", "right"),
    [
        ("10", "is", "100"), (True, "is", 1), ("a", "isNot", "A"), ("1", "isNot", 1.0), ("abc", "contains", "x"),
        ([12], "contains", 1),
        ("abc", "notContains", "B"), ("abc", "startsWith", "b"), ("abc", "endsWith", "b"),
        ("10", "greaterThan", "9.5e1"),
        (3, "greaterThan", 3), ("10", "lessThan", "9"), (2, "atLeast", 3), (4, "atMost", "3"), ("x", "isEmpty", None),
        (None, "isNotEmpty", None), ("ab-12", "matches", "[A-Z]"),
    ],
)  # fmt: skip
def test_a_comparison_that_does_not_hold(left: Json, operator: Operator, right: Json):
    assert not compare(left, operator, right)


def test_a_pattern_that_re2_refuses_is_told():
    with pytest.raises(PatternError):
        compare("x", "matches", "(")


@given(JSON, JSON)
def test_two_values_are_the_same_or_one_comes_first(left: Json, right: Json):
    outcomes = [compare(left, "lessThan", right), compare(left, "is", right), compare(left, "greaterThan", right)]

    assert outcomes.count(True) == 1
    assert compare(left, "is", right) is not compare(left, "isNot", right)
    assert compare(left, "atLeast", right) is not outcomes[0]
    assert compare(left, "atMost", right) is not outcomes[2]
    assert compare(right, "lessThan", left) is outcomes[2]


@given(JSON)
def test_a_number_is_one_or_is_spelled_by_a_text(value: Json):
    number = to_number(value)

    if isinstance(value, int | float) and not isinstance(value, bool):
        assert number is value
    elif number is not None:
        assert isinstance(value, str)
        assert math.isfinite(number)
