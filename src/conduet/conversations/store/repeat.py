"""Idempotency keys: what a repeated request is answered with, for 24 hours."""

from dataclasses import dataclass

import sqlalchemy as sa

from conduet.conversations.scope import ConversationScope
from conduet.conversations.store.interrupt import interrupt
from conduet.conversations.tables import idempotency, turn
from conduet.errors import ConduetError, Conflict
from conduet.kit.db import Statement, Tx
from conduet.kit.json import dumps

KEPT_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Key:
    """An `Idempotency-Key` and the SHA-256 of the method, path and body that it came with."""

    text: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Repeated:
    """A request that was made before: its turn, which may still run, or the error it was answered with."""

    turn_id: str | None
    is_running: bool = False
    traces: bytes = b""
    status: int = 0
    body: bytes = b""


@dataclass(slots=True)
class _Kept:
    fingerprint: bytes
    created_at: int
    status: int | None
    body: bytes
    turn_id: str | None
    turn_status: str
    traces: bytes
    worker: str


_OWN = (
    idempotency.c.project_id == sa.bindparam("project"),
    idempotency.c.user_id == sa.bindparam("user"),
    idempotency.c.key == sa.bindparam("key"),
)
_FIND = Statement(
    sa.select(
        idempotency.c.fingerprint,
        idempotency.c.created_at,
        idempotency.c.status,
        idempotency.c.body,
        turn.c.id,
        turn.c.status,
        turn.c.traces,
        turn.c.worker,
    )
    .join_from(idempotency, turn, turn.c.id == idempotency.c.turn_id, isouter=True)
    .where(*_OWN)
)
_ADD = Statement(
    sa.insert(idempotency).values(
        project_id=sa.bindparam("project"),
        user_id=sa.bindparam("user"),
        key=sa.bindparam("key"),
        fingerprint=sa.bindparam("fingerprint"),
        turn_id=sa.bindparam("turn"),
        status=sa.bindparam("status"),
        body=sa.bindparam("body"),
        created_at=sa.bindparam("created_at"),
    )
)
_REMOVE = Statement(sa.delete(idempotency).where(*_OWN))


def find(tx: Tx, scope: ConversationScope, key: Key, *, now: int) -> Repeated | None:
    """What `key` stands for; `None` when it is new, out of date, or its turn was interrupted (it is then free again).

    Raises `Conflict` when it came with another request.
    """
    project, user = scope.project.project_id, scope.user_id
    rows = tx.rows(_FIND, project=project, user=user, key=key.text)
    if not rows:
        return None
    found = _Kept(*rows[0])
    if found.turn_status == "running" and found.turn_id and not tx.alive(found.worker):
        interrupt(tx, scope, found.turn_id, now=now)
        return None
    if found.created_at + KEPT_MS <= now or (found.status, found.turn_id) == (None, None):
        remove(tx, scope, key)
        return None
    if found.fingerprint != key.fingerprint:
        raise Conflict("This Idempotency-Key came with another request before: use a new one for each request.")
    if found.turn_id is None:
        return Repeated(None, status=found.status or 0, body=found.body)
    return Repeated(found.turn_id, is_running=found.turn_status == "running", traces=found.traces)


def add(tx: Tx, scope: ConversationScope, key: Key, turn_id: str, *, now: int) -> None:
    """From now on `key` stands for the turn."""
    _add(tx, scope, key, now=now, turn=turn_id, status=None, body=None)


def add_error(tx: Tx, scope: ConversationScope, key: Key, error: ConduetError, *, now: int) -> None:
    """From now on `key` stands for the error."""
    _add(tx, scope, key, now=now, turn=None, status=error.status, body=dumps(error.body()))


def add_answer(tx: Tx, scope: ConversationScope, key: Key, body: bytes, *, now: int) -> None:
    """From now on `key` stands for an answer that no turn gave."""
    _add(tx, scope, key, now=now, turn=None, status=200, body=body)


def remove(tx: Tx, scope: ConversationScope, key: Key) -> None:
    """Frees `key`."""
    tx.change(_REMOVE, project=scope.project.project_id, user=scope.user_id, key=key.text)


def purge(tx: Tx, *, now: int) -> None:
    """Removes the keys of all projects that are out of date."""
    tx.execute(sa.delete(idempotency).where(idempotency.c.created_at <= now - KEPT_MS))


def _add(
    tx: Tx, scope: ConversationScope, key: Key, *, now: int, turn: str | None, status: int | None, body: bytes | None
) -> None:
    tx.change(
        _ADD,
        project=scope.project.project_id,
        user=scope.user_id,
        key=key.text,
        fingerprint=key.fingerprint,
        turn=turn,
        status=status,
        body=body,
        created_at=now,
    )
