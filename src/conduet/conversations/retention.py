"""How long things are kept: what a project's `behaviourConfig.retention` says is forgotten, a piece at a time."""

from collections.abc import Callable
from typing import Final

from conduet.accounts.principal import ProjectScope
from conduet.analytics.days import DAY_MS
from conduet.conversations.store import forget
from conduet.errors import NotFound
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.knowledge.gap_store import forget_gaps
from conduet.projects.behaviour import Behaviour, Behaviours
from conduet.projects.upkeep_store import forget_revisions
from conduet.webhooks.delivery_store import forget_deliveries

PIECE: Final = 200
"""How many rows one unit of work forgets, so that nobody waits for it for long."""


class Retention:
    """Forgets what is over its time. Forgetting twice does no harm, so that any process may do it at any time."""

    def __init__(self, database: Database, behaviours: Behaviours) -> None:
        self._database = database
        self._behaviours = behaviours

    async def sweep(self, scope: ProjectScope) -> None:
        """Forgets what is over its time of one project; nothing when the project is gone."""
        try:
            kept = await self._behaviours.get(scope)
        except NotFound:
            return
        said, journals = _ends(kept, milliseconds(now()))
        await self._all(lambda tx: forget.forget_transcripts(tx, scope, before=said, limit=PIECE))
        await self._all(lambda tx: forget.forget_journals(tx, scope, before=journals, limit=PIECE))
        await self._all(lambda tx: forget_deliveries(tx, scope, before=journals, limit=PIECE))
        await self._database.write(lambda tx: forget.forget_approvals(tx, scope, before=said), durable=False)
        await self._database.write(lambda tx: forget_gaps(tx, scope, before=said), durable=False)
        await self._database.write(lambda tx: forget_revisions(tx, scope, before=journals), durable=False)

    async def _all(self, work: Callable[[Tx], int]) -> None:
        """Does a piece after the other until there is nothing left to forget."""
        while await self._database.write(work, durable=False) == PIECE:
            pass


def _ends(kept: Behaviour, moment: int) -> tuple[int, int]:
    """What is older is forgotten: what was said, and journals; a day stays in any case, in which turns may go on."""
    return moment - max(1, kept.transcripts_days) * DAY_MS, moment - max(1, kept.journal_days) * DAY_MS
