"""Changing a conversation's state by hand: it takes its turn like everybody else, but leaves no turn behind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from conduet.analytics import store as transcripts
from conduet.analytics.store import Message, Transcript, add_messages
from conduet.conversations.scope import Asker
from conduet.conversations.store import approvals, events, lease
from conduet.conversations.store.approvals import Settled
from conduet.conversations.store.lease import Held
from conduet.conversations.store.telling import tell_end
from conduet.conversations.tables import conversation
from conduet.errors import ConduetError, NotFound
from conduet.kit.db import Statement, Tx
from conduet.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Seat:
    """A conversation that nobody else can change now; `state` is empty when it begins anew."""

    revision: int
    version_id: str | None
    state: bytes
    message_count: int
    history_from: int
    transcript_id: str | None


@dataclass(frozen=True, slots=True)
class Edit:
    """What a conversation shall be from now on; the messages of `history` stand in no transcript."""

    version_id: str | None
    state: bytes
    at_rest: bool
    history_from: int
    transcript_id: str | None
    history: Sequence[Message] = ()
    events: Sequence[bytes] = ()
    """Traces, as JSON, that the user shall hear of."""
    settled: Settled | None = None
    forgets: bool = False
    """Whether nothing that the user should have heard of is kept either."""
    said: Sequence[Message] = ()
    """What is said by it, which stands in the transcript."""
    resolves: bool = False
    """Whether the user's matter is settled by it."""
    also: Callable[[Tx], None] | None = None
    """What else is done in its transaction; what it raises undoes all."""


_SAVE = Statement(
    sa.update(conversation)
    .values(
        revision=conversation.c.revision + sa.literal_column("1"),
        version_id=sa.bindparam("version"),
        state=sa.bindparam("state"),
        at_rest=sa.bindparam("at_rest"),
        begun_by=sa.func.coalesce(conversation.c.begun_by, sa.bindparam("begun_by")),
        transcript_id=sa.bindparam("transcript"),
        message_count=conversation.c.message_count + sa.bindparam("messages"),
        history_from=sa.bindparam("history_from"),
        updated_at=sa.bindparam("updated_at"),
        lease_by=sa.null(),
        lease_until=0,
    )
    .where(
        conversation.c.project_id == sa.bindparam("project"),
        conversation.c.user_id == sa.bindparam("user"),
        conversation.c.lease_by == sa.bindparam("holder"),
    )
    .returning(conversation.c.has_waiting)
)


def take_seat(tx: Tx, asker: Asker, *, holder: str, ticket: str | None) -> Seat | Held | ConduetError:
    """Takes the conversation, or says why it cannot be taken now, or never."""
    scope = asker.scope
    row = lease.find(tx, scope)
    try:
        if not asker.may_see(row.begun_by):
            raise NotFound("There is no such conversation.")
        held = lease.hold_up(tx, scope, row, worker=lease.worker_of(holder), ticket=ticket)
    except ConduetError as error:
        if ticket is not None:
            lease.drop_ticket(tx, scope, ticket=ticket)
        return error
    if held is not None:
        return held
    lease.take(tx, scope, row, holder=holder)
    return Seat(row.revision, row.version_id, row.state, row.message_count, row.history_from, row.transcript_id)


def save(tx: Tx, asker: Asker, seat: Seat, edit: Edit, *, holder: str, now: int) -> bool:
    """Stores the edit and lets go of the conversation; `False`, and nothing stored, when another has it."""
    scope = asker.scope
    transcript_id = edit.transcript_id or (new_id("txn") if edit.said else None)
    held = tx.rows(
        _SAVE,
        project=scope.project.project_id,
        user=scope.user_id,
        holder=holder,
        version=edit.version_id,
        state=edit.state,
        at_rest=edit.at_rest,
        begun_by=asker.begun_by,
        transcript=transcript_id,
        messages=len(edit.history) + len(edit.said),
        history_from=edit.history_from,
        updated_at=now,
    )
    if not held:
        return False
    add_messages(tx, scope.project, scope.user_id, edit.history, first=seat.message_count, transcript_id=None)
    if transcript_id is not None and (edit.said or edit.resolves):
        _record(tx, asker, seat, edit, transcript_id, now=now)
    if edit.settled:
        approvals.settle(tx, scope, edit.settled, now=now)
    if edit.forgets:
        events.forget(tx, scope)
        if seat.transcript_id is not None:
            tell_end(tx, scope.project, seat.transcript_id)
    if edit.events:
        events.add(tx, scope, edit.events, now=now)
    if edit.also:
        edit.also(tx)
    if held[0][0]:
        tx.notify(scope.topic)
    return True


def _record(tx: Tx, asker: Asker, seat: Seat, edit: Edit, transcript_id: str, *, now: int) -> None:
    """Writes what was said into the transcript, which may begin here."""
    scope, first = asker.scope, seat.message_count + len(edit.history)
    add_messages(tx, scope.project, scope.user_id, edit.said, first=first, transcript_id=transcript_id)
    if edit.transcript_id is not None:
        count, resolved = len(edit.said), edit.resolves
        transcripts.extend(tx, transcript_id, messages=count, resolved=resolved, escalated=False, ended_at=now)
        return
    new = Transcript(
        id=transcript_id,
        user_id=scope.user_id,
        platform=asker.platform,
        resolved=edit.resolves,
        escalated=False,
        message_from=first,
        message_count=len(edit.said),
        started_at=now,
        ended_at=now,
    )
    transcripts.add(tx, scope.project, new)
