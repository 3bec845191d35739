"""What a crash may not do: compares what users were answered with what the database and the server say."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import psycopg

from tests.crash.talk import LAUNCH, User

TURNS = "select id, user_id, status, action, traces from turn where user_id like {mark} order by started_at, id"


@dataclass(frozen=True, slots=True)
class Turn:
    """One row of the table of turns."""

    id: str
    status: str
    word: str
    traces: bytes | None


@dataclass(slots=True)
class Findings:
    """What the check of one round found; each entry says what and where."""

    stored: int
    lost: list[str]
    half_written: list[str]


def check(users: list[User], states: list[dict[str, Any]], turns: dict[str, list[Turn]]) -> Findings:
    """Checks every user: an answered turn is there whole and once, any other whole or not at all."""
    findings = Findings(0, [], [])
    for user, state in zip(users, states, strict=True):
        rows = turns.get(user.id, [])
        findings.stored += sum(row.status == "done" for row in rows)
        findings.lost += _lost(user, rows)
        findings.half_written += _half_written(user, state, rows)
    return findings


def _lost(user: User, rows: list[Turn]) -> Iterator[str]:
    done = {row.id: row for row in rows if row.status == "done"}
    for sent in user.sent:
        if sent.traces is not None:
            row = done.get(sent.turn_id or "")
            if row is None:
                yield f"{user.id}: {sent.word!r} was answered, and turn {sent.turn_id} is not stored"
            elif row.traces != sent.traces:
                yield f"{user.id}: {sent.word!r} was answered {sent.traces!r}, stored is {row.traces!r}"


def _half_written(user: User, state: dict[str, Any], rows: list[Turn]) -> Iterator[str]:
    done = [row for row in rows if row.status == "done"]
    times = Counter(row.word for row in done)
    yield from (f"{user.id}: {word!r} is stored {count} times" for word, count in times.items() if count > 1)
    yield from (f"{user.id}: {row.id} is done, without traces" for row in done if not row.traces)
    # Nobody has followed a turn that was cut off, so nothing of it was kept.
    cut_off = [row for row in rows if row.status != "done" and row.traces not in (None, b"[]")]
    yield from (f"{user.id}: {row.id} is {row.status}, with traces" for row in cut_off)
    yield from (f"{user.id}: {row.id} still runs" for row in rows if row.status == "running")
    words = [sent.word for sent in user.sent if sent.word != LAUNCH and sent.word in times]
    said = [text for word in words for text in (f"{words.index(word) + 1}: {word}", "And?")]
    history = {
        role: [text["content"] for text in state["history"] if text["role"] == role] for role in ("user", "assistant")
    }
    for name, is_, should_be in (
        ("words", state["variables"].get("words"), "".join(f"{word} " for word in words)),
        ("count", state["variables"].get("count"), len(words)),
        ("revision", state["revision"], len(done)),
        ("history of the user", history["user"], words),
        ("history of the assistant", history["assistant"], ["And?", *said] if done else []),
    ):
        if is_ != should_be:
            yield f"{user.id}: {name} is {is_!r}, should be {should_be!r}"


def read_sqlite(path: Path, *, prefix: str) -> dict[str, list[Turn]]:
    """The turns of the users whose id begins with `prefix`, by user; raises `AssertionError` for a damaged file."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        integrity = database.execute("pragma integrity_check").fetchall()
        if integrity != [("ok",)]:
            raise AssertionError(f"the database is damaged: {integrity}")
        return _by_user(database.execute(TURNS.format(mark="?"), (f"{prefix}%",)).fetchall())
    finally:
        database.close()


def read_postgres(url: str, *, prefix: str) -> dict[str, list[Turn]]:
    """The same on PostgreSQL."""
    with psycopg.connect(url) as connection:
        return _by_user(connection.execute(TURNS.format(mark="%s"), (f"{prefix}%",)).fetchall())  # pyright: ignore[reportArgumentType]  # rows of any driver


def _by_user(rows: list[Any]) -> dict[str, list[Turn]]:
    found: dict[str, list[Turn]] = {}
    for turn_id, user_id, status, action, traces in rows:
        word = orjson.loads(bytes(action)).get("payload") or LAUNCH
        turn = Turn(turn_id, status, word, None if traces is None else bytes(traces))
        found.setdefault(user_id, []).append(turn)
    return found
