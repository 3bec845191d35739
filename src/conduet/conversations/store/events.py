"""What a user shall hear of beside their turns, kept so that nothing is lost while nobody listens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from conduet.conversations.scope import Asker, ConversationScope
from conduet.conversations.tables import conversation, user_event
from conduet.errors import NotFound
from conduet.jobs.store import NewJob, add_job
from conduet.kit.db import Statement, Tx

KEPT_MS: Final = 30 * 24 * 60 * 60 * 1000
SEND_ON: Final = "channel-events"
"""The kind of the job that sends a channel's user what they have not heard of."""

PIECE: Final = 100
"""How many events are read at once."""

_SAME = (conversation.c.project_id == sa.bindparam("project"), conversation.c.user_id == sa.bindparam("user"))
_OWN = (user_event.c.project_id == sa.bindparam("project"), user_event.c.user_id == sa.bindparam("user"))

# In the conversation's row, so that a number is never used twice, not even after all events are forgotten.
_COUNT = Statement(
    sa.update(conversation)
    .values(event_count=conversation.c.event_count + sa.bindparam("more"))
    .where(*_SAME)
    .returning(conversation.c.event_count)
)
_ADD = Statement(
    sa.insert(user_event).values(
        project_id=sa.bindparam("project"),
        user_id=sa.bindparam("user"),
        number=sa.bindparam("number"),
        body=sa.bindparam("body"),
        created_at=sa.bindparam("created_at"),
    )
)
_FIND = Statement(sa.select(conversation.c.begun_by, conversation.c.event_count).where(*_SAME))
_LIST = Statement(
    sa.select(user_event.c.number, user_event.c.body)
    .where(*_OWN, user_event.c.number > sa.bindparam("after"))
    .order_by(user_event.c.number)
    .limit(sa.literal_column(str(PIECE)))
)
_FORGET = Statement(sa.delete(user_event).where(*_OWN))


@dataclass(frozen=True, slots=True)
class Heard:
    """Events with their numbers, oldest first, and the number of the last there was."""

    events: Sequence[tuple[int, bytes]]
    last: int


def add(tx: Tx, scope: ConversationScope, events: Sequence[bytes], *, now: int) -> None:
    """Adds events behind those there are, and wakes who listens; the conversation's row is locked by it.

    A job sends them on to who is at a channel, where nobody listens.
    """
    project, user = scope.project.project_id, scope.user_id
    [last] = tx.rows(_COUNT, project=project, user=user, more=len(events))[0]
    for number, body in enumerate(events, last - len(events) + 1):
        tx.change(_ADD, project=project, user=user, number=number, body=body, created_at=now)
    # Who was merged into another user may be at a channel whatever they are called: the job finds out.
    add_job(tx, scope.project, NewJob(SEND_ON, user, user, lane=f"turn:{user}"))
    tx.notify(scope.events)


def list_events(tx: Tx, asker: Asker, *, after: int) -> Heard:
    """The next events behind number `after`, at most `PIECE`.

    Raises `NotFound` when the conversation does not exist for the asker; one that nobody began has no events yet.
    """
    project, user = asker.scope.project.project_id, asker.scope.user_id
    rows = tx.rows(_FIND, project=project, user=user)
    if not rows:
        return Heard((), 0)
    begun_by, last = rows[0]
    if not asker.may_see(begun_by):
        raise NotFound("There is no such conversation.")
    found = tx.rows(_LIST, project=project, user=user, after=after) if last > after else ()
    return Heard([(number, bytes(body)) for number, body in found], last)


def list_between(tx: Tx, scope: ConversationScope, begins: int, ends: int | None) -> Sequence[tuple[int, bytes]]:
    """The events of this time (ms since 1970, the end left out) with when they came to be, oldest first."""
    query = sa.select(user_event.c.created_at, user_event.c.body).where(
        user_event.c.project_id == scope.project.project_id,
        user_event.c.user_id == scope.user_id,
        user_event.c.created_at >= begins,
        *(() if ends is None else (user_event.c.created_at < ends,)),
    )
    return [(at, bytes(body)) for at, body in map(tuple, tx.execute(query.order_by(user_event.c.number)))]


def last_number(tx: Tx, scope: ConversationScope) -> int:
    """The number of the last event there was; 0 without any."""
    rows = tx.rows(_FIND, project=scope.project.project_id, user=scope.user_id)
    return rows[0][1] if rows else 0


def forget(tx: Tx, scope: ConversationScope) -> None:
    """Removes the events of a conversation that is reset."""
    tx.change(_FORGET, project=scope.project.project_id, user=scope.user_id)


def purge(tx: Tx, *, now: int) -> None:
    """Removes old events of all projects."""
    tx.execute(sa.delete(user_event).where(user_event.c.created_at <= now - KEPT_MS))
