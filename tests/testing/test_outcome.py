from dataclasses import dataclass
from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as st

from conduet.engine.conversation_test import Expectation
from conduet.engine.trace import Trace
from conduet.engine.values import Json
from conduet.testing.outcome import Outcome, includes, same
from tests.engine.anything import JSON


@dataclass(frozen=True, slots=True)
class Knowledge(Trace):
    """What an answer was grounded on."""

    type: ClassVar[str] = "knowledge"
    sources: list[Json]


GROUNDED = Outcome(
    traces=[Knowledge([{"documentId": "doc_1", "name": "hours.md"}]), Knowledge([{"documentId": "doc_2", "name": "b"}])]
)


def test_a_source_is_known_by_its_name_or_its_id() -> None:
    for source in ("hours.md", "doc_1", "b"):
        assert GROUNDED.miss(Expectation(source=source)) is None
    missed = GROUNDED.miss(Expectation(source="prices.md"))
    assert missed
    assert (missed.expected, missed.got) == ('an answer from the source "prices.md"', "hours.md, b")


@given(JSON, JSON)
def test_a_value_is_the_same_as_itself_and_includes_itself(value: Json, other: Json) -> None:
    assert same(value, value)
    assert includes(value, value)
    assert same(value, other) == same(other, value)
    assert not same(value, other) or includes(value, other)


@given(st.dictionaries(st.text(max_size=3), JSON, max_size=3), st.text(max_size=3), JSON)
def test_an_object_includes_what_is_left_when_a_field_is_taken_away(
    value: dict[str, Json], name: str, new: Json
) -> None:
    more = {**value, name: new}
    assert includes(more, {name: new})
    assert includes(more, {key: inner for key, inner in more.items() if key != name})


@given(st.lists(JSON, max_size=4), st.data())
def test_a_list_includes_its_items_in_their_order(value: list[Json], data: st.DataObject) -> None:
    kept = [item for item in value if data.draw(st.booleans())]
    assert includes(value, kept)


def test_true_is_no_number_and_order_counts() -> None:
    assert same(1, 1.0)
    assert not same(1, True)
    assert not same(0, False)
    assert not includes({"a": 1}, {"a": True})
    assert not includes([1, 2], [2, 1])
    assert not includes([1], [1, 1])
    assert not includes({"a": None}, {"b": None})
