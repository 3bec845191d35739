"""Whatever a server sends, what comes of it is events and errors of a model, never a fault of ours."""

from collections.abc import Iterable
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduet.kit.json import Json
from conduet.llm.errors import ModelError
from conduet.llm.event import CallDelta, CallEnded, CallStarted, Event, Finished, ReasoningDelta, TextDelta, Usage
from conduet.llm.remote import decode
from conduet.llm.sse import EventReader
from conduet.llm.transport import Direct
from tests.providers.playing import FORMATS, WIRE, wire

FILES = {kind: sorted(path.stem for path in (WIRE / kind).glob("*.sse")) for kind in FORMATS}

anything = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.text(max_size=3) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=2),
    max_leaves=4,
)


def sent(kind: str, name: str) -> list[Json]:
    reader = EventReader()
    return [decode(data) for data in (*reader.feed(wire(f"{kind}/{name}")), *reader.end())]


def places(value: Any, *, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value within a value, its own last."""
    inner: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        inner = cast("dict[str, Any]", value).items()
    elif isinstance(value, list):
        inner = enumerate(cast("list[Any]", value))
    return [*(place for key, item in inner for place in places(item, path=(*path, key))), path]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


@st.composite
def damaged(draw: st.DrawFn, kind: str) -> list[Json]:
    """The events of a file with some of them changed, gone, doubled or somewhere else."""
    events: list[Any] = sent(kind, draw(st.sampled_from(FILES[kind])))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(events) - 1))
        match draw(st.integers(0, 5)):
            case 0:
                del events[at]
                events = events or [{}]
            case 1:
                events.insert(draw(st.integers(0, len(events))), events[at])
            case _:
                events[at] = replaced(events[at], draw(st.sampled_from(places(events[at]))), draw(anything))
    return events


@pytest.mark.parametrize("kind", FORMATS)
@settings(deadline=None)
@given(data=st.data())
def test_a_damaged_stream_gives_events_or_an_error_of_a_model(kind: str, data: st.DataObject) -> None:
    reader = FORMATS[kind].model_construct(opener=Direct()).reader("m")
    told: list[Event] = []
    try:
        for event in data.draw(damaged(kind)):
            told += reader.read(event)
        told += reader.end()
    except ModelError:
        pass
    for event in told:
        check(event)


def check(event: Event) -> None:
    """The parts of an event are what they say they are."""
    match event:
        case TextDelta() | ReasoningDelta():
            assert isinstance(event.text, str)
            assert event.text
        case CallStarted():
            assert isinstance(event.id + event.name, str)
        case CallDelta():
            assert isinstance(event.arguments, str)
        case CallEnded():
            assert isinstance(event.call.id + event.call.name + event.call.arguments, str)
            assert isinstance(event.call.shown(), dict)
        case Usage():
            assert min(event.input, event.output, event.cached, event.cache_written, event.reasoning) >= 0
        case Finished():
            assert event.reason in ("stop", "calls", "length")
