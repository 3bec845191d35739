"""Transaction 2 of a turn: state, messages, traces, journal and transcript, and the lease is let go: all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from conduet.analytics import store as transcripts
from conduet.analytics.store import Message, Transcript
from conduet.analytics.usage_store import Uses, add_uses
from conduet.conversations.budget import DayBudget
from conduet.conversations.scope import Asker, ConversationScope
from conduet.conversations.store import approvals, events, following, inbox, lease, repeat
from conduet.conversations.store.approvals import Settled
from conduet.conversations.store.clock import present
from conduet.conversations.store.inbox import Handed
from conduet.conversations.store.interrupt import interrupt
from conduet.conversations.store.telling import tell_budget, tell_end, tell_escalation
from conduet.conversations.tables import conversation, turn
from conduet.errors import ConduetError
from conduet.kit.db import Statement, Tx
from conduet.knowledge.gap_store import Asked, add_gaps


@dataclass(frozen=True, slots=True)
class Finished:
    """A turn at its end. `transcript_id` is the one it belongs to, begun by it or before it (`begins_transcript`)."""

    turn_id: str
    holder: str
    asker: Asker
    version_id: str
    state: bytes
    at_rest: bool
    messages: Sequence[Message]
    message_count: int
    transcript_id: str
    begins_transcript: bool
    has_ended: bool
    resolved: bool
    escalated: bool
    traces: bytes
    long_traces: bytes | None
    journal: bytes
    started_at: int
    ended_at: int
    was_followed: bool
    events: Sequence[bytes] = ()
    """Traces, as JSON, that the user shall hear of although they asked for none."""
    settled: Settled | None = None
    """What became of the tools that wait for a person's yes, where there are any."""
    uses: Uses | None = None
    """What the turn took of models, tools and the knowledge base, where it took anything."""
    budget: DayBudget | None = None
    """What the project's models may cost in a day, where one was to be asked."""
    reason: str = ""
    """Why it was escalated."""
    gaps: Sequence[Asked] = ()
    """What was looked for in the knowledge base without a good answer."""
    people: Handed | str | None = None
    """What a person has to know: that it hands them the conversation, or what the user wrote while they had it."""
    visits: bytes | None = None
    """The steps that it came by: JSON, `[[workflow, step, port], …]`."""


_FINISH = Statement(
    sa.update(conversation)
    .values(
        revision=conversation.c.revision + sa.literal_column("1"),
        version_id=sa.bindparam("version"),
        state=sa.bindparam("state"),
        at_rest=sa.bindparam("at_rest"),
        begun_by=sa.func.coalesce(conversation.c.begun_by, sa.bindparam("begun_by")),
        transcript_id=sa.bindparam("transcript"),
        message_count=sa.bindparam("messages"),
        last_turn_at=sa.bindparam("ended_at"),
        updated_at=sa.bindparam("ended_at"),
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
_FINISH_TURN = Statement(
    sa.update(turn)
    .values(
        status="done",
        transcript_id=sa.bindparam("transcript"),
        traces=sa.bindparam("traces"),
        long_traces=sa.bindparam("long_traces"),
        journal=sa.bindparam("journal"),
        visits=sa.bindparam("visits"),
        ended_at=sa.bindparam("ended_at"),
    )
    .where(turn.c.id == sa.bindparam("turn"))
)
_REMOVE_TURN = Statement(sa.delete(turn).where(turn.c.id == sa.bindparam("turn"), turn.c.status == "running"))


def finish(tx: Tx, done: Finished) -> bool:
    """Stores the turn whole and lets go of the conversation; `False`, and nothing stored, when another has it."""
    scope = done.asker.scope
    project, user = scope.project.project_id, scope.user_id
    held = tx.rows(
        _FINISH,
        project=project,
        user=user,
        holder=done.holder,
        version=done.version_id,
        state=done.state,
        at_rest=done.at_rest,
        begun_by=done.asker.begun_by,
        transcript=None if done.has_ended else done.transcript_id,
        messages=done.message_count + len(done.messages),
        ended_at=done.ended_at,
    )
    if not held:
        return False
    tx.change(
        _FINISH_TURN,
        turn=done.turn_id,
        transcript=done.transcript_id,
        traces=done.traces,
        long_traces=done.long_traces,
        journal=done.journal,
        visits=done.visits,
        ended_at=done.ended_at,
    )
    _record(tx, done)
    if done.uses:
        add_uses(tx, scope.project, done.uses)
    if done.gaps:
        add_gaps(tx, scope.project, scope.user_id, done.gaps)
    _tell(tx, done)
    if done.settled:
        approvals.settle(tx, scope, done.settled, now=done.ended_at)
    if done.events:
        events.add(tx, scope, done.events, now=done.ended_at)
    if done.was_followed:
        following.forget(tx, done.turn_id)
    if isinstance(done.people, Handed):
        inbox.hand_over(tx, scope, done.people, platform=done.asker.platform, now=done.ended_at)
    elif done.people is not None:
        inbox.heard(tx, scope, done.people, now=done.ended_at)
    # Nobody is told when nobody waits: on PostgreSQL commits that notify stand in one line.
    if held[0][0]:
        tx.notify(scope.topic)
    return True


def _tell(tx: Tx, done: Finished) -> None:
    """Tells webhooks what they take of it."""
    scope = done.asker.scope
    if done.escalated:
        tell_escalation(tx, scope, transcript_id=done.transcript_id, platform=done.asker.platform, reason=done.reason)
    if done.has_ended:
        tell_end(tx, scope.project, done.transcript_id)
    if done.budget:
        tell_budget(tx, scope.project, done.budget, now=done.ended_at)


def _record(tx: Tx, done: Finished) -> None:
    """Writes what happened into the transcript, which may begin here."""
    project, user_id = done.asker.scope.project, done.asker.scope.user_id
    said = done.messages
    begins, transcript_id, turn_id = done.message_count, done.transcript_id, done.turn_id
    transcripts.add_messages(tx, project, user_id, said, first=begins, transcript_id=transcript_id, turn_id=turn_id)
    if not done.begins_transcript:
        transcripts.extend(
            tx,
            done.transcript_id,
            messages=len(said),
            resolved=done.resolved,
            escalated=done.escalated,
            ended_at=done.ended_at,
        )
        return
    new = Transcript(
        id=done.transcript_id,
        user_id=user_id,
        platform=done.asker.platform,
        resolved=done.resolved,
        escalated=done.escalated,
        message_from=done.message_count,
        message_count=len(said),
        started_at=done.started_at,
        ended_at=done.ended_at,
    )
    transcripts.add(tx, project, new)


def refuse(
    tx: Tx,
    scope: ConversationScope,
    turn_id: str,
    *,
    holder: str,
    key: repeat.Key | None,
    error: ConduetError,
    approval_id: str | None = None,
) -> None:
    """Takes a turn back that could not begin: no trace of it stays but, of a 404 or 409, the answer to its key.

    With `approval_id` it was to answer what nobody asks for any more.
    """
    # The conversation's row before the turn's, as everywhere: two that go the other way could wait for each other.
    lease.release(tx, scope, holder=holder)
    if not tx.change(_REMOVE_TURN, turn=turn_id):
        # Another has taken the conversation, and the key may be another turn's by now.
        return
    if approval_id is not None:
        approvals.withdraw(tx, scope, approval_id, now=present())
    if key is not None:
        repeat.remove(tx, scope, key)
        if error.status in (404, 409):
            repeat.add_error(tx, scope, key, error, now=present())


def stop(tx: Tx, scope: ConversationScope, turn_id: str, *, holder: str) -> None:
    """Ends a turn that will not come to its end: it is marked interrupted, the conversation is as before it."""
    # As above.
    lease.release(tx, scope, holder=holder)
    interrupt(tx, scope, turn_id, now=present())
