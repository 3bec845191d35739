"""Cleaning up, over all projects, after processes that have died and requests that are out of date."""

import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.conversations.scope import ConversationScope
from conduet.conversations.store import events, files, following, lease, repeat
from conduet.conversations.store.clock import present
from conduet.conversations.store.finish import stop
from conduet.conversations.tables import turn, turn_trace, waiting
from conduet.kit.db import Tx

_IS_RUNNING = sa.text("status = 'running'")


def sweep(tx: Tx) -> None:
    """Interrupts turns of dead processes, and removes their tickets, void listeners, and old keys, events and files."""
    for worker in tx.execute(sa.select(turn.c.worker).where(_IS_RUNNING).distinct()).scalars().all():
        if not tx.alive(worker):
            _stop_all(tx, worker)
    for worker in tx.execute(sa.select(waiting.c.worker).distinct()).scalars().all():
        if not tx.alive(worker):
            tx.execute(sa.delete(waiting).where(waiting.c.worker == worker))
    following.forget_void(tx)
    running = sa.select(turn.c.id).where(_IS_RUNNING)
    tx.execute(sa.delete(turn_trace).where(turn_trace.c.turn_id.not_in(running)))
    repeat.purge(tx, now=present())
    events.purge(tx, now=present())
    files.purge(tx, now=present())


def _stop_all(tx: Tx, worker: str) -> None:
    turns = sa.select(turn.c.id, turn.c.project_id, turn.c.user_id).where(turn.c.worker == worker, _IS_RUNNING)
    for row in tx.execute(turns).all():
        scope = ConversationScope(ProjectScope(row.project_id), row.user_id)
        stop(tx, scope, row.id, holder=lease.holder_of(worker, row.id))
