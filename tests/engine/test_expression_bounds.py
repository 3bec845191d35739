"""Expressions end soon, with strict JSON or an error, whatever they are and whatever they are given."""

import contextlib
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.engine.expression import ExpressionError, compile_expression
from conduet.engine.language import filters
from conduet.engine.values import RESULT_BYTES, Json

BOMBS = {
    "a text that is searched over and over": "needle in haystack or " * 2_900 + "true",
    "a text that doubles": "(haystack + haystack)|replace('x', haystack)",
    "a list of lists of large values": "[" + "[many, many, many], " * 3_000 + "many]",
    "lists that are joined": "many" + " + many" * 8_000,
    "equal lists compared": "many != same or " * 4_000 + "true",
    "a joined list with a large separator": "many|join(haystack)",
    "a date with an endless pattern": "0|date(haystack)",
    "a title of everything": "haystack|title|title|title",
}


@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS)
def test_what_is_too_much_ends_soon_with_an_error(source: str):
    names: dict[str, Json] = {
        "haystack": "x" * 200_000,
        "needle": "x" * 90_000 + "y",
        "many": list(range(40_000)),
        "same": list(range(40_000)),
    }
    expression = compile_expression(source)
    began = time.process_time()

    with pytest.raises(ExpressionError, match=r"too much to do|larger than 256 KB"):
        expression.evaluate(names)

    assert time.process_time() - began < 0.5


def refusal(source: str, names: dict[str, Json]) -> str:
    with pytest.raises(ExpressionError) as refused:
        compile_expression(source).evaluate(names)
    return refused.value.message


def nested(levels: int) -> Json:
    value: Json = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("source", ["deep == same", "deep|json", "[deep]", "deep in [same]", "[deep] + [same]"])
def test_a_value_that_is_nested_too_deeply_is_an_error(source: str):
    names = {"deep": nested(100_000), "same": nested(100_000)}

    assert refusal(source, names) == "a value is nested too deeply"


def test_a_value_that_json_cannot_hold_is_an_error():
    assert refusal("bad|json", {"bad": float("nan")}) == "a value is no JSON"


def test_a_result_is_no_larger_than_its_bound():
    almost: dict[str, Json] = {"text": "é" * (RESULT_BYTES // 2)}

    assert compile_expression("text").evaluate(almost) == almost["text"]
    assert refusal("text + 'é'", almost) == "the result is larger than 256 KB"
    assert refusal("text", {"text": "x" * (RESULT_BYTES + 1)}) == "the result is larger than 256 KB"


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
ATOMS = st.sampled_from(["a", "b", "a.x", "b[0]", "1", "0", "2.5", "'t'", "''", "true", "null", "[1, a]", "{'x': b}"])
KNOWN = [name for name, filter_ in filters.FILTERS.items() if filter_.least == 0]
OPERATORS = st.sampled_from(
    ["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "in", "not in", "and", "or", "&&", "||"]
)
FILTERS = st.sampled_from(
    [
        *KNOWN,
        "default",
        "join(', ')",
        "default('d', true)",
        "round(2)",
        "date('%Y')",
        "replace('t', 'u')",
        "upper|lower",
    ]
)
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, OPERATORS, inner),
        st.builds("{}|{}".format, inner, FILTERS),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("(not {})".format, inner),
        st.builds("-{}".format, inner),
        st.builds("a[{}]".format, inner),
    ),
    max_leaves=8,
)


@given(st.text())
def test_any_text_compiles_or_is_refused(source: str):
    with contextlib.suppress(ExpressionError):
        compile_expression(source)


@given(EXPRESSIONS, VALUES, VALUES)
def test_what_is_in_the_language_gives_strict_json_or_an_error(source: str, first: Json, second: Json):
    expression = compile_expression(source)
    with contextlib.suppress(ExpressionError):
        result = expression.evaluate({"a": first, "b": second})
        assert json.loads(json.dumps(result, allow_nan=False)) == result


@given(EXPRESSIONS, VALUES)
def test_an_expression_changes_no_variable(source: str, first: Json):
    names: dict[str, Json] = {"a": first}
    before = json.dumps(names)
    with contextlib.suppress(ExpressionError):
        compile_expression(source).evaluate(names)

    assert json.dumps(names) == before
