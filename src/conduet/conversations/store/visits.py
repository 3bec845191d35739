"""Which steps the turns of transcripts came by."""

from collections.abc import Mapping, Sequence

import orjson
import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.analytics.store import Transcript
from conduet.conversations.tables import turn
from conduet.engine.run import Visited
from conduet.kit.db import Tx


def list_visits(tx: Tx, scope: ProjectScope, of: Sequence[Transcript]) -> Mapping[str, Sequence[Visited]]:
    """By transcript, every visit of its turns, in their order; those without one are left out."""
    query = (
        sa.select(turn.c.transcript_id, turn.c.visits)
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
    found: dict[str, list[Visited]] = {}
    for transcript_id, visits in map(tuple, tx.execute(query)):
        found.setdefault(transcript_id, []).extend(tuple(each) for each in orjson.loads(visits))
    return found
