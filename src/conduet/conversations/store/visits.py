"""Which steps the turns of transcripts came by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.analytics.store import Transcript
from conduet.conversations.tables import turn
from conduet.engine.run import Visited
from conduet.kit.db import Tx


@dataclass(frozen=True, slots=True)
class Came:
    """A turn of a transcript: its action as JSON, the steps that it came by, and when it began, in ms since 1970."""

    transcript_id: str
    action: bytes
    visits: Sequence[Visited]
    at: int


def list_visits(tx: Tx, scope: ProjectScope, of: Sequence[Transcript]) -> Mapping[str, Sequence[Visited]]:
    """By transcript, every visit of its turns, in their order; those without one are left out."""
    found: dict[str, list[Visited]] = {}
    for came in list_turns(tx, scope, of):
        found.setdefault(came.transcript_id, []).extend(came.visits)
    return found


def list_turns(tx: Tx, scope: ProjectScope, of: Sequence[Transcript]) -> Sequence[Came]:
    """The turns of these transcripts that came by a step, each transcript's in their order."""
    query = (
        sa.select(turn.c.transcript_id, turn.c.action, turn.c.visits, turn.c.started_at)
        .where(
            turn.c.project_id == scope.project_id,
            # The index of turns is by user and time.
            turn.c.user_id.in_({each.user_id for each in of}),
            turn.c.started_at >= min(each.started_at for each in of),
            turn.c.transcript_id.in_([each.id for each in of]),
            turn.c.visits.is_not(None),
        )
        .order_by(turn.c.started_at, turn.c.id)
    )
    return [
        Came(transcript_id, bytes(action), [tuple(each) for each in orjson.loads(visits)], at)
        for transcript_id, action, visits, at in map(tuple, tx.execute(query))
    ]
