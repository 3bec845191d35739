"""Forgetting: everything about one user, and what a project keeps for a time only."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.analytics import store as transcripts
from conduet.conversations.scope import ConversationScope
from conduet.conversations.store import inbox
from conduet.conversations.tables import approval, conversation, turn, turn_listener, turn_trace
from conduet.kit.db import Tx, metadata


def forget_user(tx: Tx, scope: ConversationScope) -> None:
    """Removes every row about the user, of whichever domain; what the figures count stays, and leads to nobody.

    A turn that runs just now loses its conversation, and leaves nothing behind either.
    """
    project, user = scope.project.project_id, scope.user_id
    # The conversation's row first, as everywhere: two that go the other way could wait for each other.
    tx.execute(sa.delete(conversation).where(*_of_user(conversation, project, user)))
    turns = sa.select(turn.c.id).where(*_of_user(turn, project, user))
    for table in (turn_listener, turn_trace):
        tx.execute(sa.delete(table).where(table.c.turn_id.in_(turns)))
    transcripts.forget_user(tx, scope.project, user)
    # Not told here: who forgets many users in one transaction must not hold up what is told of the others.
    inbox.forget(tx, scope, tells=False)
    for table in reversed(metadata.sorted_tables):
        if "project_id" in table.c and "user_id" in table.c:
            tx.execute(sa.delete(table).where(*_of_user(table, project, user)))
    tx.notify(scope.topic)
    tx.notify(scope.events)


def forget_transcripts(tx: Tx, scope: ProjectScope, *, before: int, limit: int) -> int:
    """Forgets transcripts that ended before then (ms since 1970), at most so many, with their turns; how many.

    With the last of a user's goes all else that is known of the user, unless something happened since, or just now.
    """
    over = transcripts.list_over(tx, scope, before=before, limit=limit)
    for each in over:
        _forget_turns(tx, scope, each.user_id, each.id)
        transcripts.forget(tx, scope, each)
    for user in {each.user_id for each in over}:
        quiet = sa.select(conversation.c.user_id).where(
            *_of_user(conversation, scope.project_id, user),
            conversation.c.last_turn_at < before,
            conversation.c.updated_at < before,
            conversation.c.lease_by.is_(None),
        )
        # Locked, so that no turn begins meanwhile.
        if tx.execute(quiet.with_for_update()).first() is not None:
            forget_user(tx, ConversationScope(scope, user))
    return len(over)


def _forget_turns(tx: Tx, scope: ProjectScope, user_id: str, transcript_id: str) -> None:
    of_transcript = (*_of_user(turn, scope.project_id, user_id), turn.c.transcript_id == transcript_id)
    tx.execute(sa.delete(turn).where(*of_transcript))


def forget_journals(tx: Tx, scope: ProjectScope, *, before: int, limit: int) -> int:
    """Forgets the journals of turns that began before then (ms since 1970), at most so many; how many."""
    old = (
        sa.select(turn.c.id)
        .where(
            turn.c.project_id == scope.project_id,
            turn.c.started_at < before,
            sa.text("journal is not null"),
        )
        .order_by(turn.c.started_at)
        .limit(limit)
    )
    ids: Sequence[str] = tx.execute(old).scalars().all()
    if ids:
        tx.execute(sa.update(turn).where(turn.c.id.in_(ids)).values(journal=None))
    return len(ids)


def forget_approvals(tx: Tx, scope: ProjectScope, *, before: int) -> None:
    """Forgets what people said yes or no to, asked before then (ms since 1970)."""
    tx.execute(
        sa.delete(approval).where(
            approval.c.project_id == scope.project_id, approval.c.asked_at < before, approval.c.status != "waiting"
        )
    )


def _of_user(table: sa.Table, project: str, user: str) -> tuple[sa.ColumnElement[Any], ...]:
    return table.c.project_id == project, table.c.user_id == user
