"""The examples of RFC 7396, appendix A, and of RFC 6902, appendix A, and what holds for any patch."""

from contextlib import suppress
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.errors import BadRequest, Conflict, PayloadTooLarge
from conduet.kit.json import Json
from conduet.projects.patch import json_patch, merge_patch

scalars = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=3)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)
objects = st.dictionaries(st.sampled_from("abc"), values, max_size=3)


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_merge_patch_does_what_the_rfc_shows(target: Json, patch: Json, result: Json):
    assert merge_patch(target, patch) == result


@given(target=values, patch=values)
def test_merging_twice_is_merging_once(target: Json, patch: Json):
    once = merge_patch(target, patch)
    assert merge_patch(once, patch) == once


def without_null(value: Json) -> bool:
    if isinstance(value, dict):
        return all(inner is not None and without_null(inner) for inner in value.values())
    return True


@given(target=values, patch=values.filter(without_null))
def test_what_a_patch_says_is_in_the_result(target: Json, patch: Json):
    def holds(result: Json, patch: Json) -> bool:
        if not isinstance(patch, dict):
            return result == patch
        return isinstance(result, dict) and all(holds(result[name], inner) for name, inner in patch.items())

    assert holds(merge_patch(target, patch), patch)


@given(target=objects, patch=objects)
def test_what_a_patch_does_not_mention_stays_in_its_place(target: dict[str, Json], patch: dict[str, Json]):
    before = repr(target)
    merged = cast(dict[str, Json], merge_patch(target, patch))
    assert repr(target) == before
    untouched = [name for name in target if name not in patch]
    assert {name: merged[name] for name in untouched} == {name: target[name] for name in untouched}
    assert [name for name in merged if name in target] == [name for name in target if name in merged]


@given(target=objects)
def test_an_object_without_null_merged_into_itself_is_the_same(target: dict[str, Json]):
    if without_null(target):
        assert merge_patch(target, target) == target


EDITS: list[tuple[dict[str, Json], list[Json], Json]] = [
    ({"foo": "bar"}, [{"op": "add", "path": "/baz", "value": "qux"}], {"baz": "qux", "foo": "bar"}),
    ({"foo": ["bar", "baz"]}, [{"op": "add", "path": "/foo/1", "value": "qux"}], {"foo": ["bar", "qux", "baz"]}),
    ({"baz": "qux", "foo": "bar"}, [{"op": "remove", "path": "/baz"}], {"foo": "bar"}),
    ({"foo": ["bar", "qux", "baz"]}, [{"op": "remove", "path": "/foo/1"}], {"foo": ["bar", "baz"]}),
    ({"baz": "qux"}, [{"op": "replace", "path": "/baz", "value": "boo"}], {"baz": "boo"}),
    (
        {"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}},
        [{"op": "move", "from": "/foo/waldo", "path": "/qux/thud"}],
        {"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}},
    ),
    (
        {"foo": ["all", "grass", "cows", "eat"]},
        [{"op": "move", "from": "/foo/1", "path": "/foo/3"}],
        {"foo": ["all", "cows", "eat", "grass"]},
    ),
    (
        {"baz": "qux", "foo": ["a", 2, "c"]},
        [{"op": "test", "path": "/baz", "value": "qux"}, {"op": "test", "path": "/foo/1", "value": 2}],
        {"baz": "qux", "foo": ["a", 2, "c"]},
    ),
    ({"foo": "bar"}, [{"op": "add", "path": "/child", "value": {"g": {}}}], {"foo": "bar", "child": {"g": {}}}),
    ({"foo": "bar"}, [{"op": "add", "path": "/baz", "value": "qux", "xyz": 123}], {"foo": "bar", "baz": "qux"}),
    ({"/": 9, "~1": 10}, [{"op": "test", "path": "/~01", "value": 10}], {"/": 9, "~1": 10}),
    ({"foo": ["bar"]}, [{"op": "add", "path": "/foo/-", "value": ["a"]}], {"foo": ["bar", ["a"]]}),
]


@pytest.mark.parametrize(("target", "operations", "result"), EDITS)
def test_a_json_patch_does_what_the_rfc_shows(target: dict[str, Json], operations: list[Json], result: Json):
    before = repr(target)
    assert json_patch(target, operations) == result
    assert repr(target) == before


@pytest.mark.parametrize(("path", "value"), [("/baz", "bar"), ("/n", "1"), ("/n", True), ("/n", 2), ("/none", None)])
def test_a_test_compares_values_and_their_types(path: str, value: Json):
    with pytest.raises(Conflict):
        json_patch({"baz": "qux", "n": 1}, [{"op": "test", "path": path, "value": value}])


operations = st.lists(
    st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test", "x"])},
        optional={
            "path": st.sampled_from(["", "/a", "/a/0", "/a/-", "/b/c", "/a/a/a", "a", "/~3", "/0"]) | scalars,
            "from": st.sampled_from(["", "/a", "/a/0", "/a/-", "/b", "x"]) | scalars,
            "value": values,
        },
    )
    | scalars,
    max_size=6,
)


@given(target=objects, patch=operations | values)
def test_any_patch_gives_an_object_or_says_what_is_wrong(target: dict[str, Json], patch: Any):
    before = repr(target)
    with suppress(BadRequest, Conflict, PayloadTooLarge):
        assert isinstance(json_patch(target, patch), dict)
    assert repr(target) == before


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "add", "path": "/a/b/c", "value": 1},
        {"op": "remove", "path": "/a/b"},
        {"op": "copy", "from": "/text/0", "path": "/b"},
        {"op": "add", "path": "/text/0/0", "value": 1},
        {"op": "test", "path": "/text", "value": "another"},
    ],
)
def test_a_mistake_names_its_operation_and_shows_nothing_of_the_document(operation: dict[str, Json]):
    target: dict[str, Json] = {"text": "what nobody repeats", "list": ["what nobody repeats"]}
    with pytest.raises((BadRequest, Conflict)) as raised:
        json_patch(target, [{"op": "add", "path": "/more", "value": {"value": "s3cret"}}, operation])
    told = str(raised.value.body())
    assert "[1]" in told
    assert "what nobody repeats" not in told
    assert "s3cret" not in told
    assert "class" not in told
