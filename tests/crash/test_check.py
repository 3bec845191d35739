"""The check of the crash test sees what it is there to see."""

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.client import Connection
from tests.crash.check import Findings, Turn, check
from tests.crash.talk import Sent, User


@pytest.fixture
def user() -> User:
    """Somebody who began, was answered one word, and was cut off at the next."""
    sent = [Sent("", traces=b"[0]", turn_id="turn_0"), Sent("a", traces=b"[1]", turn_id="turn_1"), Sent("b")]
    return User("u", Connection(""), sent)


@pytest.fixture
def rows() -> list[Turn]:
    return [Turn("turn_0", "done", "", b"[0]"), Turn("turn_1", "done", "a", b"[1]")]


@pytest.fixture
def state() -> dict[str, Any]:
    """What the server tells when the cut-off turn never happened."""
    said = [("assistant", "And?"), ("user", "a"), ("assistant", "1: a"), ("assistant", "And?")]
    history = [{"role": role, "content": content} for role, content in said]
    return {"revision": 2, "variables": {"count": 1, "words": "a "}, "history": history}


def _check(user: User, state: dict[str, Any], rows: list[Turn]) -> Findings:
    return check([user], [state], {user.id: rows})


def test_a_turn_that_was_not_answered_need_not_be_there(user: User, state: dict[str, Any], rows: list[Turn]):
    cut_off = Turn("turn_2", "interrupted", "b", b"[]")
    assert _check(user, state, [*rows, cut_off]) == Findings(stored=2, lost=[], half_written=[])


def test_a_turn_that_was_not_answered_may_be_there_whole(user: User, state: dict[str, Any], rows: list[Turn]):
    more = [("user", "b"), ("assistant", "2: b"), ("assistant", "And?")]
    state["history"] += [{"role": role, "content": content} for role, content in more]
    state |= {"revision": 3, "variables": {"count": 2, "words": "a b "}}
    rows.append(Turn("turn_2", "done", "b", b"[2]"))
    assert _check(user, state, rows) == Findings(stored=3, lost=[], half_written=[])


def test_an_answered_turn_without_its_row_or_with_other_bytes_is_lost(
    user: User, state: dict[str, Any], rows: list[Turn]
):
    assert _check(user, state, rows[:1]).lost
    assert _check(user, state, [rows[0], replace(rows[1], traces=b"[9]")]).lost
    assert _check(user, state, [rows[0], replace(rows[1], status="interrupted")]).lost


@pytest.mark.parametrize(
    "wrong",
    [
        {"revision": 3},
        {"variables": {"count": 2, "words": "a "}},
        {"variables": {"count": 1, "words": "a a "}},
        {"variables": {"count": 1, "words": "a b "}},
        {"history": []},
    ],
)
def test_a_state_that_is_not_that_of_the_stored_turns_is_half_written(
    wrong: dict[str, Any], user: User, state: dict[str, Any], rows: list[Turn]
):
    assert _check(user, state | wrong, rows).half_written


@pytest.mark.parametrize(
    "row",
    [
        Turn("turn_2", "done", "a", b"[1]"),
        Turn("turn_2", "done", "b", None),
        Turn("turn_2", "interrupted", "b", b"[2]"),
        Turn("turn_2", "running", "b", None),
    ],
)
def test_a_turn_that_is_there_twice_or_by_half_is_half_written(
    row: Turn, user: User, state: dict[str, Any], rows: list[Turn]
):
    assert _check(user, state, [*rows, row]).half_written
