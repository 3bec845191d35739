"""Turns that will not come to their end: their process is dead, hung, or was stopped."""

import sqlalchemy as sa

from conduet.conversations.scope import ConversationScope
from conduet.conversations.store import following
from conduet.conversations.tables import idempotency, turn
from conduet.kit.db import Statement, Tx

_INTERRUPT = Statement(
    sa.update(turn)
    .values(status="interrupted", traces=sa.bindparam("stored"), ended_at=sa.bindparam("ended"))
    .where(
        turn.c.id == sa.bindparam("turn"),
        turn.c.project_id == sa.bindparam("project"),
        turn.c.user_id == sa.bindparam("user"),
        turn.c.status == "running",
    )
)
_FREE_KEY = Statement(
    sa.delete(idempotency).where(
        idempotency.c.project_id == sa.bindparam("project"),
        idempotency.c.user_id == sa.bindparam("user"),
        idempotency.c.turn_id == sa.bindparam("turn"),
    )
)


def interrupt(tx: Tx, scope: ConversationScope, turn_id: str, *, now: int) -> None:
    """Marks a running turn `interrupted`, keeps what somebody had followed of it, and frees its idempotency key."""
    project, user = scope.project.project_id, scope.user_id
    stored = b"[" + b",".join(body for _, body in following.list_traces(tx, turn_id, following=0)) + b"]"
    if tx.change(_INTERRUPT, project=project, user=user, turn=turn_id, stored=stored, ended=now):
        tx.change(_FREE_KEY, project=project, user=user, turn=turn_id)
        following.forget(tx, turn_id)
