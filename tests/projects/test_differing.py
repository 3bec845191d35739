"""Where two JSON values differ: only what is different, each once, and enough of it to make one of the other."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.engine.values import MISSING
from conduet.projects.comparing import compare, counts
from conduet.projects.differing import differences
from conduet.projects.template import read_template

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "x", "y"]), inner, max_size=3),
    max_leaves=8,
)


def told(before: Any, after: Any) -> list[tuple[str, Any, Any]]:
    return [(each.path, each.before, each.after) for each in differences(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1}, {"a": True}, [("a", 1, True)]),
        ({"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}, [("a.b", 1, 2), ("a.c", MISSING, 3)]),
        ({"a": 1}, {}, [("a", 1, MISSING)]),
        ({"a": None}, {}, [("a", None, MISSING)]),
        ([1, 2], [1, 3], [("[1]", 2, 3)]),
        ([1, 2], [1], [("", [1, 2], [1])]),
        ([{"id": "a", "x": 1}, {"id": "b"}], [{"id": "a", "x": 2}], [("[0].x", 1, 2), ("[1]", {"id": "b"}, MISSING)]),
        ([{"id": "a"}, {"id": "b"}], [{"id": "b"}, {"id": "a"}], [("", ["a", "b"], ["b", "a"])]),
        ({"a": [1]}, {"a": {"b": 1}}, [("a", [1], {"b": 1})]),
    ],
)
def test_the_fields_that_differ_are_told(before: Any, after: Any, expected: list[Any]):
    assert told(before, after) == expected


@given(JSON, JSON)
def test_the_same_value_differs_in_nothing_and_another_in_something(before: Any, after: Any):
    assert told(before, deepcopy(before)) == []
    assert bool(told(before, after)) == bool(told(after, before))


def test_a_template_differs_from_itself_in_nothing_and_from_another_in_much():
    faq, desk = read_template("faq"), read_template("it-help-desk")
    assert compare(faq, deepcopy(faq)) == []
    there, back = counts(compare(faq, desk)), counts(compare(desk, faq))
    assert there["added"] == back["removed"] > 0
    assert there["removed"] == back["added"] > 0
    assert there["changed"] == back["changed"] > 0
