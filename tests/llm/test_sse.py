"""Server-sent events are read as the standard says, in pieces of any size."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.llm.errors import MalformedAnswer
from conduet.llm.sse import MAX_BYTES, EventReader


def read(*pieces: bytes) -> list[bytes]:
    reader = EventReader()
    events = [event for piece in pieces for event in reader.feed(piece)]
    return [*events, *reader.end()]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_lines_end_in_three_ways(end: bytes) -> None:
    body = end.join([b"event: delta", b"data: one", b"", b"data:two", b"data: three", b"", b""])
    assert read(body) == [b"one", b"two\nthree"]


def test_comments_and_unknown_fields_are_passed_over() -> None:
    assert read(b": hello\n\nid: 7\nretry: 10\nnonsense\ndata: x\n\n") == [b"x"]


def test_an_event_without_data_is_none() -> None:
    assert read(b"event: ping\n\ndata: x\n\n") == [b"x"]


def test_an_empty_line_of_data_is_data() -> None:
    assert read(b"data\n\ndata:\n\n") == [b"", b""]


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    assert read(b"\xef\xbb", b"\xbfdata: x\n\n") == [b"x"]


def test_the_last_event_needs_no_empty_line() -> None:
    for end in (b"", b"\n", b"\r", b"\r\n"):
        assert read(b"data: x" + end) == [b"x"]


def test_other_line_ends_of_unicode_are_text() -> None:
    text = "a\u2028b\u0085c\x0bd\x0ce".encode()
    assert read(b"data: " + text + b"\n\n") == [text]


@given(
    lines=st.lists(st.sampled_from([b"data: x", b"data:", b"event: y", b": c", b"", b"data: \xe2\x80\xa8", b"id: 1"])),
    ends=st.lists(st.sampled_from([b"\n", b"\r\n", b"\r"]), min_size=1),
    data=st.data(),
)
def test_any_split_gives_the_same_events(lines: list[bytes], ends: list[bytes], data: st.DataObject) -> None:
    body = b"".join(line + ends[number % len(ends)] for number, line in enumerate(lines))
    cuts = data.draw(st.lists(st.integers(0, len(body))).map(sorted))
    assert read(*(body[start:end] for start, end in pairwise([0, *cuts, len(body)]))) == read(body)


@pytest.mark.parametrize("body", [b"data: " + b"x" * MAX_BYTES, b"data: x\n" * (MAX_BYTES // 4)])
def test_an_event_that_is_too_large_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedAnswer):
        read(body)
    with pytest.raises(MalformedAnswer):
        read(*(body[start : start + 65_536] for start in range(0, len(body), 65_536)))


def test_many_comments_are_no_event() -> None:
    assert read(*[b": keep-alive\n\n"] * (MAX_BYTES // 8)) == []


def test_a_line_that_comes_a_byte_at_a_time_costs_no_square_of_it() -> None:
    reader = EventReader()
    for _ in range(300_000):
        assert not [*reader.feed(b"x")]
    assert not [*reader.end()]
