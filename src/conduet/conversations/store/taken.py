"""The turns of a transcript, as they were taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.analytics.store import Transcript
from conduet.conversations.spoken import spoken
from conduet.conversations.tables import turn
from conduet.kit.db import Tx

SKEW_MS = 10 * 60 * 1000
"""How far apart the clocks of machines may be: the end of a transcript is told by another than the start of a turn."""


@dataclass(frozen=True, slots=True)
class TakenTurn:
    """A turn at its end: its action as JSON, a JSON array of its traces, and its journal, where it is still kept."""

    action: bytes
    traces: bytes
    journal: bytes | None


def list_traces(tx: Tx, scope: ProjectScope, of: Transcript) -> Sequence[tuple[str, bytes]]:
    """The id of each turn of the transcript, in their order, and its traces: a JSON array."""
    rows = tx.execute(_turns(scope, of, turn.c.id, turn.c.traces)).all()
    return [(row.id, spoken(row.traces)) for row in rows]


def list_taken(tx: Tx, scope: ProjectScope, of: Transcript, *, most: int) -> Sequence[TakenTurn]:
    """The first turns of the transcript, at most so many, in their order."""
    columns = (turn.c.action, turn.c.traces, turn.c.journal)
    rows = tx.execute(_turns(scope, of, *columns).limit(most)).all()
    return [TakenTurn(row.action, spoken(row.traces), row.journal) for row in rows]


def during(scope: ProjectScope, of: Transcript) -> Sequence[sa.ColumnElement[bool]]:
    """What is true of the turns of a transcript."""
    return (
        turn.c.project_id == scope.project_id,
        turn.c.user_id == of.user_id,
        turn.c.transcript_id == of.id,
        # The index of a conversation's turns is by time.
        turn.c.started_at.between(of.started_at, of.ended_at + SKEW_MS),
    )


def _turns(scope: ProjectScope, of: Transcript, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return sa.select(*columns).where(*during(scope, of)).order_by(turn.c.started_at, turn.c.id)
