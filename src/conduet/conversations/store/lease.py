"""Whose turn it is: the lease on a conversation, the tickets of those who wait, and what the dead leave behind.

A conversation is held by one holder (`worker:turn`) at a time. A lease ends by itself, though not in the eyes of the
process whose it is, as long as it is at it; a holder whose process is dead holds nothing. Whoever finds it held, or
others before it, draws a ticket in the same transaction and tries again when woken.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from conduet.conversations.scope import ConversationScope
from conduet.conversations.store.clock import Clock, present
from conduet.conversations.store.interrupt import interrupt
from conduet.conversations.tables import conversation, waiting
from conduet.errors import Conflict
from conduet.kit.db import Statement, Tx
from conduet.kit.ids import new_id

LEASE_MS = 15_000
"""Covers hung processes and cut networks only: a dead process is found at once."""

QUEUE = 8
"""How many may wait for one conversation."""

TICKET_MS = 5_000
"""A ticket that is not renewed for so long is void; who waits renews it every second."""


@dataclass(slots=True)
class Row:
    """A conversation's row as a claim finds it, and the moment (`now`)."""

    revision: int
    version_id: str | None
    at_rest: bool
    state: bytes
    begun_by: str | None
    transcript_id: str | None
    message_count: int
    history_from: int
    last_turn_at: int
    updated_at: int
    lease_by: str | None
    lease_until: int
    rate_reset_at: int
    rate_count: int
    has_waiting: bool
    now: int


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody else's turn: wait, and try again with this ticket."""

    ticket: str


_SAME = (conversation.c.project_id == sa.bindparam("project"), conversation.c.user_id == sa.bindparam("user"))
_QUEUED = (waiting.c.project_id == sa.bindparam("project"), waiting.c.user_id == sa.bindparam("user"))

_FIND = Statement(
    sa.select(
        conversation.c.revision,
        conversation.c.version_id,
        conversation.c.at_rest,
        conversation.c.state,
        conversation.c.begun_by,
        conversation.c.transcript_id,
        conversation.c.message_count,
        conversation.c.history_from,
        conversation.c.last_turn_at,
        conversation.c.updated_at,
        conversation.c.lease_by,
        conversation.c.lease_until,
        conversation.c.rate_reset_at,
        conversation.c.rate_count,
        conversation.c.has_waiting,
        Clock(),
    )
    .where(*_SAME)
    .with_for_update()
)
_ADD = Statement(
    insert(conversation)
    .values(
        project_id=sa.bindparam("project"),
        user_id=sa.bindparam("user"),
        revision=0,
        at_rest=sa.true(),
        state=sa.bindparam("state"),
        message_count=0,
        history_from=0,
        event_count=0,
        last_turn_at=0,
        updated_at=0,
        lease_until=0,
        has_waiting=sa.false(),
        rate_reset_at=0,
        rate_count=0,
    )
    .on_conflict_do_nothing()
)
_COUNT = Statement(
    sa.update(conversation)
    .values(rate_reset_at=sa.bindparam("reset_at"), rate_count=sa.bindparam("count"))
    .where(*_SAME)
)
_TAKE = Statement(
    sa.update(conversation)
    .values(
        lease_by=sa.bindparam("holder"),
        lease_until=sa.bindparam("until"),
        has_waiting=sa.bindparam("waiting"),
        rate_reset_at=sa.bindparam("reset_at"),
        rate_count=sa.bindparam("count"),
    )
    .where(*_SAME)
)
_RENEW = Statement(
    sa.update(conversation)
    .values(lease_until=Clock() + LEASE_MS)
    .where(*_SAME, conversation.c.lease_by == sa.bindparam("holder"))
)
_RELEASE = Statement(
    sa.update(conversation)
    .values(lease_by=sa.null(), lease_until=0)
    .where(*_SAME, conversation.c.lease_by == sa.bindparam("holder"))
    .returning(conversation.c.has_waiting)
)
_TELL_OF_TICKET = Statement(sa.update(conversation).values(has_waiting=sa.true()).where(*_SAME))
_LIST_TICKETS = Statement(sa.select(waiting.c.ticket, waiting.c.worker, waiting.c.until).where(*_QUEUED))
_DRAW = Statement(
    insert(waiting)
    .values(
        project_id=sa.bindparam("project"),
        user_id=sa.bindparam("user"),
        ticket=sa.bindparam("ticket"),
        worker=sa.bindparam("worker"),
        until=sa.bindparam("until"),
    )
    .on_conflict_do_update(
        index_elements=[waiting.c.project_id, waiting.c.user_id, waiting.c.ticket],
        set_={"until": sa.bindparam("until")},
    )
)
_DROP = Statement(sa.delete(waiting).where(*_QUEUED, waiting.c.ticket == sa.bindparam("ticket")))


def holder_of(worker: str, turn_id: str) -> str:
    """What holds a conversation in the name of a turn, unique to it: an old holder can neither extend nor finish."""
    return f"{worker}:{turn_id}"


def worker_of(holder: str) -> str:
    """The process behind a holder."""
    return holder.partition(":")[0]


def turn_of(holder: str) -> str:
    """The turn, or whatever else holds the conversation, behind a holder."""
    return holder.partition(":")[2]


def find(tx: Tx, scope: ConversationScope) -> Row:
    """The conversation's row, locked until the transaction ends; one that was never heard of begins here, empty."""
    project, user = scope.project.project_id, scope.user_id
    rows = tx.rows(_FIND, project=project, user=user, now=present())
    if not rows:
        tx.change(_ADD, project=project, user=user, state=b"")
        rows = tx.rows(_FIND, project=project, user=user, now=present())
    return Row(*rows[0])


def hold_up(tx: Tx, scope: ConversationScope, row: Row, *, worker: str, ticket: str | None) -> Held | None:
    """Why the conversation cannot be taken now, with a ticket drawn or renewed; `None` when it can.

    What a dead or expired holder has left is settled on the way. Raises `Conflict` when as many wait as may.
    """
    tickets = _list_tickets(tx, scope, row.now) if row.has_waiting else []
    before = [other for other in tickets if ticket is None or other < ticket]
    if not before and not is_held(tx, row):
        if row.lease_by is not None:
            interrupt(tx, scope, turn_of(row.lease_by), now=row.now)
        if ticket is not None:
            tx.change(_DROP, project=scope.project.project_id, user=scope.user_id, ticket=ticket)
        row.has_waiting = any(other != ticket for other in tickets)
        return None
    if ticket is None and len(tickets) >= QUEUE:
        raise Conflict(f"{QUEUE} requests already wait for this conversation: send one at a time.")
    ticket = ticket or new_id("ticket")
    until = row.now + TICKET_MS
    project, user = scope.project.project_id, scope.user_id
    tx.change(_DRAW, project=project, user=user, ticket=ticket, worker=worker, until=until)
    if not row.has_waiting:
        tx.change(_TELL_OF_TICKET, project=project, user=user)
    return Held(ticket)


def take(tx: Tx, scope: ConversationScope, row: Row, *, holder: str) -> None:
    """Holds the conversation, which `hold_up` let pass, from now on, and keeps the rate as `row` has it."""
    tx.change(
        _TAKE,
        project=scope.project.project_id,
        user=scope.user_id,
        holder=holder,
        until=row.now + LEASE_MS,
        waiting=row.has_waiting,
        reset_at=row.rate_reset_at,
        count=row.rate_count,
    )


def count(tx: Tx, scope: ConversationScope, row: Row) -> None:
    """Keeps the user's rate as `row` has it."""
    project, user = scope.project.project_id, scope.user_id
    tx.change(_COUNT, project=project, user=user, reset_at=row.rate_reset_at, count=row.rate_count)


def renew(tx: Tx, scope: ConversationScope, *, holder: str) -> bool:
    """Holds on for another while; `False` when the conversation is somebody else's by now."""
    project, user = scope.project.project_id, scope.user_id
    return tx.change(_RENEW, project=project, user=user, holder=holder, now=present()) == 1


def release(tx: Tx, scope: ConversationScope, *, holder: str) -> None:
    """Lets go of the conversation, unless it is somebody else's by now."""
    rows = tx.rows(_RELEASE, project=scope.project.project_id, user=scope.user_id, holder=holder)
    if rows and rows[0][0]:
        tx.notify(scope.topic)


def drop_ticket(tx: Tx, scope: ConversationScope, *, ticket: str) -> None:
    """Waits no longer; nothing happens when the ticket was taken with the conversation."""
    if tx.change(_DROP, project=scope.project.project_id, user=scope.user_id, ticket=ticket):
        tx.notify(scope.topic)


def is_held(tx: Tx, row: Row) -> bool:
    """Whether somebody is at the conversation, and has not just left it behind."""
    if row.lease_by is None:
        return False
    return tx.holds(row.lease_by) or (row.lease_until > row.now and tx.alive(worker_of(row.lease_by)))


def _list_tickets(tx: Tx, scope: ConversationScope, now: int) -> list[str]:
    """The tickets of those who still wait; the others are removed."""
    project, user = scope.project.project_id, scope.user_id
    tickets: list[str] = []
    for ticket, worker, until in tx.rows(_LIST_TICKETS, project=project, user=user):
        if tx.holds(ticket) or (until > now and tx.alive(worker)):
            tickets.append(ticket)
        else:
            tx.change(_DROP, project=project, user=user, ticket=ticket)
    return tickets
