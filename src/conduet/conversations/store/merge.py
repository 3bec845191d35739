"""The SQL of two users who turn out to be one: all that is known of the first becomes the second's."""

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from conduet.analytics import store as transcripts
from conduet.conversations.scope import ConversationScope
from conduet.conversations.store import inbox
from conduet.conversations.store.edit import Seat
from conduet.conversations.store.telling import tell_end
from conduet.conversations.tables import approval, conversation, inbox_entry
from conduet.kit.db import Tx, metadata

APART: Final = frozenset(
    ("conversation", "message", "transcript", "user_event", "inbox_entry", "idempotency", "waiting")
)
"""Tables of a user that are not just handed on: they count, or tell of one conversation alone."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Two conversations that nobody else can change now; `state` is what the second shall be."""

    gone: ConversationScope
    into: ConversationScope
    gone_seat: Seat
    into_seat: Seat
    state: bytes
    at_rest: bool
    begun_by: str
    takes_over: bool
    """Whether the first's conversation goes on, because there is none of the second."""


def merge(tx: Tx, it: Merge, *, holder: str, now: int) -> bool:
    """Makes one of two, and lets go of it; `False`, and nothing stored, when another has one of them."""
    if not all(_holds(tx, scope, holder) for scope in (it.gone, it.into)):
        return False
    project, gone, into = it.into.project, it.gone.user_id, it.into.user_id
    if it.takes_over:
        # Behind what was said before it, so that what the conversation goes on from stays at its end.
        moved_by = it.into_seat.message_count - min(0, transcripts.first_number(tx, project, gone))
        history_from, transcript_id = it.gone_seat.history_from + moved_by, it.gone_seat.transcript_id
    else:
        # Before all there is: what is said from now on goes on from the second's own.
        moved_by = transcripts.first_number(tx, project, into) - it.gone_seat.message_count
        history_from, transcript_id = it.into_seat.history_from, it.into_seat.transcript_id
        if it.gone_seat.transcript_id is not None:
            tell_end(tx, project, it.gone_seat.transcript_id)
    last_turn_at = tx.execute(
        sa.select(sa.func.max(conversation.c.last_turn_at)).where(
            conversation.c.project_id == project.project_id, conversation.c.user_id.in_((gone, into))
        )
    ).scalar()
    values = {
        "revision": conversation.c.revision + 1,
        "version_id": it.gone_seat.version_id if it.takes_over else it.into_seat.version_id,
        "state": it.state,
        "at_rest": it.at_rest,
        "begun_by": sa.func.coalesce(conversation.c.begun_by, it.begun_by),
        "transcript_id": transcript_id,
        "message_count": moved_by + it.gone_seat.message_count if it.takes_over else it.into_seat.message_count,
        "history_from": history_from,
        "last_turn_at": last_turn_at,
        "updated_at": now,
        "lease_by": None,
        "lease_until": 0,
    }
    tx.execute(sa.update(conversation).where(*_own(conversation, it.into)).values(**values))
    transcripts.move(tx, project, gone, into, by=moved_by)
    _move_inbox(tx, it)
    _move_rest(tx, it)
    tx.execute(sa.delete(conversation).where(*_own(conversation, it.gone)))
    for scope in (it.gone, it.into):
        tx.notify(scope.topic)
        tx.notify(scope.events)
    return True


def _move_inbox(tx: Tx, it: Merge) -> None:
    """Whether a person has it stands in the state: the entry follows the conversation that goes on."""
    if it.takes_over:
        tx.execute(sa.delete(inbox_entry).where(*_own(inbox_entry, it.into)))
        tx.execute(sa.update(inbox_entry).where(*_own(inbox_entry, it.gone)).values(user_id=it.into.user_id))
        inbox.tell_gone(tx, it.gone.project)
        return
    waits = (*_own(approval, it.gone), approval.c.status == "waiting")
    tx.execute(sa.update(approval).where(*waits).values(status="withdrawn"))
    inbox.remove_entry(tx, it.gone)


def _move_rest(tx: Tx, it: Merge) -> None:
    """Hands on every other row about the user, of whichever domain."""
    for table in metadata.sorted_tables:
        if "project_id" not in table.c or "user_id" not in table.c:
            continue
        if table.name not in APART:
            tx.execute(sa.update(table).where(*_own(table, it.gone)).values(user_id=it.into.user_id))
        elif table.name in ("user_event", "idempotency", "waiting"):
            tx.execute(sa.delete(table).where(*_own(table, it.gone)))


def _holds(tx: Tx, scope: ConversationScope, holder: str) -> bool:
    query = sa.select(conversation.c.lease_by).where(*_own(conversation, scope)).with_for_update()
    return tx.execute(query).scalar() == holder


def _own(table: sa.Table, scope: ConversationScope) -> tuple[sa.ColumnElement[Any], ...]:
    return table.c.project_id == scope.project.project_id, table.c.user_id == scope.user_id
