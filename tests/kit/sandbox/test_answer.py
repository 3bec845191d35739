"""Nothing that a process answers is believed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.kit.sandbox.answer import Bounds, read_answer
from conduet.kit.sandbox.outcome import ConsoleLine, Failure, Outcome, Result

BOUNDS = Bounds(seconds=1.5, memory_bytes=32 * 1024 * 1024)


def answer(outcome: object, *, lines: object = (), count: object = 0, spent: object = False) -> bytes:
    return json.dumps({"spent": spent, "outcome": outcome, "console": {"lines": lines, "count": count}}).encode()


@pytest.mark.parametrize(
    ("outcome", "read"),
    [
        ({"value": [1]}, Result([1])),
        ({"value": None}, Result(None)),
        ({"thrown": "Error: x", "line": 3}, Failure("error", "Error: x", 3)),
        ({"thrown": "", "line": None}, Failure("error", "Threw an empty text")),
        ({"thrown": None, "line": None}, Failure("memory", "The code needed more than its 32 MB of memory.")),
        (
            {"stopped": "timeout", "line": 2},
            Failure("timeout", "The code ran longer than 1,500 ms and was stopped.", 2),
        ),
        ({"thrown": "InternalError: interrupted", "line": 1}, Failure("timeout", BOUNDS.overrun, 1)),
        (
            {"thrown": "InternalError: string too long", "line": 1},
            Failure("memory", "The code needed more than its 32 MB of memory.", 1),
        ),
        ({"stopped": "pending"}, Failure("error", "The code waits for a promise that nothing will ever keep.")),
        ({"value": "é" * 131_071}, Result("é" * 131_071)),
        ({"value": "é" * 131_072}, Failure("too-large", "The result is larger than 256 KB.")),
        ({"stopped": "too-large"}, Failure("too-large", "The result is larger than 256 KB.")),
    ],
)
def test_an_answer_is_read(outcome: object, read: Outcome):
    assert read_answer(answer(outcome), BOUNDS) == (read, False)


@pytest.mark.parametrize(
    "forged",
    [
        b"",
        b"{}",
        b"null",
        b"[]",
        b'{"walls":[]}',
        b"\xff\xfe",
        answer({}),
        answer({"value": 1, "thrown": "x", "line": None}),
        answer({"stopped": "elsewhere"}),
        answer({"thrown": "x", "line": "1"}),
        answer({"value": 1}, lines=[["shout", "x", 1]], count=1),
        answer({"value": 1}, lines=[["log", 5, 1]], count=1),
        answer({"value": 1}, count="many"),
        answer({"value": 1}, spent="no"),
        answer({"value": "\0"}),
        b'{"spent":false,"outcome":{"value":NaN},"console":{"lines":[],"count":0}}',
    ],
)
def test_an_answer_that_is_none_is_told_and_its_process_given_up(forged: bytes):
    assert read_answer(forged, BOUNDS) == (Failure("error", "The code left no result that can be read."), True)


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.text(), st.lists).map(lambda value: json.dumps(value).encode())
)
def test_whatever_comes_something_can_be_said_of_it(forged: bytes):
    outcome, spent = read_answer(forged, BOUNDS)
    assert isinstance(outcome, Failure)
    assert spent


def test_more_console_than_there_can_be_is_cut():
    lines = [["log", "x" * 10_000, 1]] * 150
    outcome, _ = read_answer(answer({"value": 1}, lines=lines, count=5000), BOUNDS)
    left_out = ConsoleLine("warn", "4,900 more lines were left out.")
    assert outcome == Result(1, (*[ConsoleLine("log", "x" * 8192, 1)] * 100, left_out))


def test_a_process_may_say_that_it_is_spent():
    assert read_answer(answer({"value": 1}, spent=True), BOUNDS) == (Result(1), True)
