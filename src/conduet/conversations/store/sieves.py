"""What is looked for in transcripts that only conversations know: which version answered, what they were left with."""

from collections.abc import Collection, Sequence

import orjson
import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.analytics.store import Sieve, Transcript, find_next_start
from conduet.conversations.store.reading import list_states
from conduet.conversations.store.taken import SKEW_MS
from conduet.conversations.tables import turn
from conduet.engine.values import Json, to_text
from conduet.kit.db import Tx


def answered_by(version_id: str) -> Sieve:
    """Leaves the transcripts with a turn that ran on this version."""

    def left(tx: Tx, scope: ProjectScope, of: Sequence[Transcript]) -> Collection[str]:
        if not of:
            return ()
        query = sa.select(turn.c.transcript_id).where(
            turn.c.project_id == scope.project_id,
            # The index of a conversation's turns is by time.
            turn.c.user_id.in_({each.user_id for each in of}),
            turn.c.started_at.between(min(each.started_at for each in of), max(each.ended_at for each in of) + SKEW_MS),
            turn.c.transcript_id.in_([each.id for each in of]),
            turn.c.version_id == version_id,
        )
        return {*tx.execute(query.distinct()).scalars()}

    return left


def left_with(name: str, value: str) -> Sieve:
    """Leaves the latest transcript of each user in whose conversation this variable, as text, is `value` now."""

    def left(tx: Tx, scope: ProjectScope, of: Sequence[Transcript]) -> Collection[str]:
        states = list_states(tx, scope, [*{each.user_id for each in of}])
        users = {user_id for user_id, state in states.items() if _holds(state, name, value)}
        # What an earlier one was left with, the later ones have changed.
        return {each.id for each in of if each.user_id in users and find_next_start(tx, scope, each) is None}

    return left


def _holds(state: bytes, name: str, value: str) -> bool:
    variables: dict[str, Json] = orjson.loads(state)["variables"] if state else {}
    return name in variables and to_text(variables[name]) == value
