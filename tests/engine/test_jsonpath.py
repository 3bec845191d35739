"""JSONPath over an answer: what is found, what is refused, and that it ends whatever path and answer are."""

import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduet.engine.jsonpath import NODES, PathError, compile_path, find
from conduet.engine.values import MISSING
from tests.engine.anything import JSON

ANSWER: Any = {
    "status": 200,
    "headers": {"x-id": "7"},
    "body": {
        "items": [{"n": 1, "name": "a", "tags": ["x", "y"]}, {"n": 2, "name": "ab"}, {"n": 3, "name": "b"}],
        "none": None,
    },
}


def found(source: str, value: Any = ANSWER) -> Any:
    return find(compile_path(source), value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$.status", 200),
        ("$['headers']['x-id']", "7"),
        ("$.body.items[0].name", "a"),
        ("$.body.items[-1].n", 3),
        ("$.body.items[*].n", [1, 2, 3]),
        ("$.body.items[0:2].n", [1, 2]),
        ("$.body.items[?@.n > 1].name", ["ab", "b"]),
        ("$.body.items[?@.tags].n", 1),
        ("$.body.items[?match(@.name, 'a.')].n", 2),
        ("$.body.items[?search(@.name, 'a')].n", [1, 2]),
        ("$.body.items[?search(@.n, 'a')].n", MISSING),
        ("$.body.items[?match(@.name, '(')].n", MISSING),
        ("$.body.items[?length(@.name) == 2].n", 2),
        ("$.body.items[?@.n == $.body.items[0].n].name", "a"),
        ("$..tags[0]", "x"),
        ("$.body.none", None),
        ("$.gone", MISSING),
        ("$", ANSWER),
    ],
)
def test_one_match_is_itself_several_are_a_list_and_none_is_nothing(path: str, value: Any) -> None:
    assert found(path) == value


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("body.items", "begins with `$`"),
        ("", "begins with `$`"),
        ("$.a[", "is no JSONPath"),
        ("$.a | $.b", "is no JSONPath"),
        ("$[?@ =~ /(a+)+/]", "is no JSONPath"),
        ("$[?@.a == nothing(1)]", "is no JSONPath"),
        ("$[99999999999999999999]", "is no JSONPath"),
        ("$[?@.a == 1e400]", "is no JSONPath"),
        ("$[1e400]", "is no JSONPath"),
        ("$" + "[?" * 400, "is no JSONPath"),
        ("$" + "[?(" * 200 + "@" + ")]" * 200, "is no JSONPath"),
        ("$." + "a" * 1024, "longer than 1,024 characters"),
        ("$[?@..a]", "a filter may look at `@` without `..`"),
        ("$[?count($..*) > 1]", "a filter may look at `@` without `..`"),
        ("$[?count($.*) > 1]", "a filter may look at `@` without `..`"),
        ("$[?@[?@..a]]", "a filter may look at `@` without `..`"),
    ],
)
def test_a_path_that_cannot_be_read_says_why(path: str, told: str) -> None:
    with pytest.raises(PathError, match=told.replace("$", r"\$").replace(".", r"\.")):
        compile_path(path)


@pytest.mark.parametrize("path", ["$..*..*..*..*", "$..*", "$[*][*].a[*]"])
def test_a_path_ends_however_much_there_is_to_go_through(path: str) -> None:
    large: Any = [[{"a": list(range(20))} for _ in range(60)] for _ in range(60)]
    began = time.process_time()
    with pytest.raises(PathError, match=f"more than {NODES:,} values"):
        found(path, large)
    assert time.process_time() - began < 5


def test_an_answer_that_is_too_large_to_look_through_is_still_read_by_names_and_indexes() -> None:
    large: Any = {"items": [{"n": number} for number in range(60_000)]}
    began = time.process_time()
    with pytest.raises(PathError, match="more than 100,000 values"):
        found("$.items[?@.n > 5]", large)
    assert time.process_time() - began < 0.5
    assert found("$.items[59999].n", large) == 59_999


@pytest.mark.parametrize("path", ["$..a", "$..[?@.a]"])
def test_what_is_nested_too_deeply_finds_nothing(path: str) -> None:
    deep: Any = 1
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(PathError, match="nested too deeply"):
        found(path, {"a": deep})


def test_a_pattern_takes_linear_time() -> None:
    began = time.process_time()
    assert found("$[?match(@, '(a+)+b')]", ["a" * 50_000]) is MISSING
    assert time.process_time() - began < 1


def test_a_text_is_never_read_as_json() -> None:
    assert found("$.body.a", {"body": '{"a": 1}'}) is MISSING


@settings(deadline=None)
@given(st.text(alphabet="$.[]*?@'a01e:,-<=>&|! ()", max_size=20).map("$".__add__), JSON)
def test_any_path_finds_something_or_nothing_or_says_why(path: str, value: Any) -> None:
    with suppress(PathError):
        found(path, {"body": value})
