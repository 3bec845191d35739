"""Following a running turn from another process: who asks, and what its owner writes for them."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from conduet.conversations.scope import ConversationScope
from conduet.conversations.store.clock import Clock, present
from conduet.conversations.tables import turn, turn_listener, turn_trace
from conduet.kit.db import Statement, Tx

LISTENERS = "listeners"
"""The topic that tells every process that somebody has begun to listen."""

LISTENER_MS = 5_000
"""A listener that is not renewed for so long is gone; who listens renews it every two seconds."""

_LISTEN = Statement(
    insert(turn_listener)
    .values(project_id=sa.bindparam("project"), turn_id=sa.bindparam("turn"), until=Clock() + LISTENER_MS)
    .on_conflict_do_update(index_elements=[turn_listener.c.turn_id], set_={"until": Clock() + LISTENER_MS})
)
_LIST_WANTED = Statement(sa.select(turn_listener.c.turn_id).where(turn_listener.c.until > Clock()))
_LOCK = Statement(
    sa.select(turn.c.id).where(turn.c.id == sa.bindparam("turn"), turn.c.status == "running").with_for_update()
)
_ADD = Statement(
    insert(turn_trace)
    .values(
        project_id=sa.bindparam("project"),
        turn_id=sa.bindparam("turn"),
        first=sa.bindparam("first"),
        last=sa.bindparam("last"),
        body=sa.bindparam("body"),
    )
    .on_conflict_do_nothing()
)
_LIST = Statement(
    sa.select(turn_trace.c.first, turn_trace.c.body)
    .where(turn_trace.c.turn_id == sa.bindparam("turn"), turn_trace.c.last >= sa.bindparam("next"))
    .order_by(turn_trace.c.first)
)
_FORGET_TRACES = Statement(sa.delete(turn_trace).where(turn_trace.c.turn_id == sa.bindparam("turn")))
_FORGET_LISTENERS = Statement(sa.delete(turn_listener).where(turn_listener.c.turn_id == sa.bindparam("turn")))
_FORGET_VOID = Statement(sa.delete(turn_listener).where(turn_listener.c.until < Clock()))


def topic(turn_id: str) -> str:
    """Wakes those who follow the turn."""
    return f"turn:{turn_id}"


def listen(tx: Tx, scope: ConversationScope, turn_id: str, *, begin: bool) -> None:
    """Asks the owner of the turn to write down what is new of it; `begin`: it has not been asked by us before."""
    tx.change(_LISTEN, project=scope.project.project_id, turn=turn_id, now=present())
    if begin:
        tx.notify(LISTENERS)


def list_wanted(tx: Tx) -> set[str]:
    """The turns, of all projects, that somebody listens to."""
    return {row[0] for row in tx.rows(_LIST_WANTED, now=present())}


def add_traces(tx: Tx, scope: ConversationScope, turn_id: str, *, first: int, events: list[bytes]) -> None:
    """Writes down the events from number `first` on; nothing when the turn is over, and its rows cleaned up."""
    if not tx.rows(_LOCK, turn=turn_id):
        return
    last = first + len(events) - 1
    body = b",".join(events)
    tx.change(_ADD, project=scope.project.project_id, turn=turn_id, first=first, last=last, body=body)
    tx.notify(topic(turn_id))


def list_traces(tx: Tx, turn_id: str, *, following: int) -> list[tuple[int, bytes]]:
    """What is written down of the turn from number `following` on: where each piece begins, and its events as JSON
    joined by commas.
    """
    return [(first, body) for first, body in tx.rows(_LIST, turn=turn_id, next=following)]


def forget(tx: Tx, turn_id: str) -> None:
    """Removes what was written down and who listened: the turn is over."""
    tx.change(_FORGET_TRACES, turn=turn_id)
    tx.change(_FORGET_LISTENERS, turn=turn_id)
    tx.notify(topic(turn_id))


def forget_void(tx: Tx) -> None:
    """Removes listeners that are gone."""
    tx.change(_FORGET_VOID, now=present())
