"""Strict JSON."""

import json
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.errors import BadRequest, PayloadTooLarge
from conduet.kit.json import LEVELS, dumps, parse

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
)


@given(values)
def test_what_is_written_is_read_again(value: object) -> None:
    assert parse(dumps(value)) == value


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"NaN", b"[Infinity]", b"-Infinity", b'"\\ud800"', b'"\xff"', b"{'a': 1}", b"[1,]", b"01", b"nul"],
)
def test_what_is_not_strict_json_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        parse(body)


@pytest.mark.parametrize("body", [rb'"a\u0000"', rb'{"\u0000": 1}', rb'[{"a": ["\u0000"]}]'])
def test_a_nul_in_a_text_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest, match="NUL"):
        parse(body)


def test_an_escaped_backslash_before_u0000_is_no_nul() -> None:
    assert parse(rb'"\\u0000"') == "\\u0000"


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_nesting_is_bounded(opening: str, closing: str) -> None:
    at_the_limit = opening * LEVELS + "1" + closing * LEVELS
    assert parse(at_the_limit.encode()) == json.loads(at_the_limit)
    with pytest.raises(PayloadTooLarge):
        parse((opening + at_the_limit + closing).encode())


def test_a_huge_nesting_is_refused_without_recursion() -> None:
    with pytest.raises(PayloadTooLarge):
        parse(b"[" * 1_000_000)


def test_brackets_in_texts_do_not_count_as_nesting() -> None:
    text = '[{"\\' * 200
    assert parse(json.dumps([text]).encode()) == [text]


@given(values)
def test_the_limit_is_exactly_the_depth(value: object) -> None:
    def depth(inner: Any) -> int:
        parts: list[Any] | None = cast(list[Any], inner) if isinstance(inner, list) else None
        if isinstance(inner, dict):
            parts = list(cast(dict[str, Any], inner).values())
        return 0 if parts is None else 1 + max(map(depth, parts), default=0)

    levels = depth(value)
    assert parse(dumps(value), levels=levels) == value
    if levels:
        with pytest.raises(PayloadTooLarge):
            parse(dumps(value), levels=levels - 1)


@pytest.mark.parametrize("body", [b'"' + b'\\"' * 200_000, b'["a\\', b'["' + b"[" * 100_000])
def test_a_text_that_does_not_end_is_refused_at_once(body: bytes) -> None:
    with pytest.raises(BadRequest):
        parse(body)
