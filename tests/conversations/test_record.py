"""What becomes of traces: events, excerpts, messages and flags."""

from dataclasses import dataclass
from typing import Any, ClassVar, cast

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from conduet.conversations.live import Live
from conduet.conversations.record import EVENT_BYTES, EXCERPT_BYTES, Record, excerpt
from conduet.engine.trace import Debug, End, Error, Resolution, Text, Trace
from conduet.engine.values import Json


def repeated(text: str, times: int) -> str:
    """To draw every character of a long text would take long."""
    return text * times


texts = st.builds(repeated, st.text(st.characters(exclude_categories=["Cs"]), max_size=20), st.integers(1, 200))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), values, max_size=6))
def test_an_excerpt_fits_and_says_nothing_that_is_not_there(payload: dict[str, Json]) -> None:
    cut = excerpt(payload)
    assert len(orjson.dumps(cut)) <= EXCERPT_BYTES
    assert is_part(cut, payload)
    if len(orjson.dumps(payload)) <= EXCERPT_BYTES // 2:
        assert cut == payload


def is_part(cut: Json, whole: Json) -> bool:
    if isinstance(whole, dict):
        return isinstance(cut, dict) and all(name in whole and is_part(cut[name], whole[name]) for name in cut)
    if isinstance(whole, list):
        return isinstance(cut, list) and all(map(is_part, cut, whole)) and len(cut) <= len(whole)
    if isinstance(whole, str):
        return isinstance(cut, str) and whole.startswith(cut)
    return cut == whole


@dataclass(frozen=True, slots=True)
class Large(Trace):
    """A trace of any size."""

    type: ClassVar[str] = "large"
    items: tuple[str, ...]

    def payload(self) -> dict[str, Json]:
        return {"items": [*self.items]}


def recorded(*traces: Trace, debug: bool = False) -> tuple[Record, list[dict[str, Any]], Live]:
    live = Live("turn_1")
    record = Record(live, debug=debug)
    for trace in traces:
        record.add(trace)
    return record, [orjson.loads(event) for event in live.events], live


@settings(deadline=None)
@given(st.lists(texts, max_size=60))
def test_an_event_is_never_too_long_and_nothing_of_it_is_lost(items: list[str]) -> None:
    _, (event,), live = recorded(Large(tuple(items)))
    assert len(orjson.dumps(event)) <= EVENT_BYTES
    whole = orjson.loads(live.whole[0]) if live.whole else event
    assert whole["payload"] == {"items": items}
    assert ("ref" in event["payload"]) == bool(live.whole)


def test_messages_are_texts_and_flags_are_set_by_their_traces() -> None:
    record, events, _ = recorded(Text("Hi"), Error("X", "no"), Resolution("done"), End())
    assert [(said.role, said.content) for said in record.messages] == [("assistant", "Hi")]
    assert (record.resolved, record.escalated, record.has_ended) == (True, False, True)
    assert [event["type"] for event in events] == ["text", "error", "resolution", "end"]


def test_an_escalation_is_known_by_its_name() -> None:
    class Escalation(Trace):
        __slots__ = ()
        type = "escalation"

    record, _, _ = recorded(Escalation())
    assert record.escalated


def test_debug_is_told_only_where_it_is_wanted() -> None:
    trace = Debug("info", "remark")
    assert recorded(trace)[1] == []
    assert [event["type"] for event in recorded(trace, debug=True)[1]] == ["debug"]


def test_numbers_count_what_was_sent() -> None:
    large = Large(("x" * EVENT_BYTES,))
    _, events, live = recorded(Text("Hi"), Debug("info", "x"), large)
    assert cast(str, events[1]["payload"]["ref"]) == "turns/turn_1/traces/1"
    assert [*live.whole] == [1]
