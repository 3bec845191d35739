"""What a project's draft says of days and of how long things are kept, for whoever reads many projects or one often."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from conduet.accounts.principal import ProjectScope
from conduet.engine.shape import Retention
from conduet.kit.db import Database
from conduet.projects import store
from conduet.projects.documents import read_document
from conduet.projects.store import StoredDocument

CAPACITY: Final = 1_000
"""Of how many projects it is kept in memory."""

DEFAULT: Final = Retention()


@dataclass(frozen=True, slots=True)
class Behaviour:
    """`time_zone` is a name that there is; what is to be forgotten after so many days."""

    time_zone: str
    transcripts_days: int
    journal_days: int


class Behaviours:
    """The behaviour of each project's draft as it is now."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: OrderedDict[str, tuple[int, Behaviour]] = OrderedDict()

    async def get(self, scope: ProjectScope) -> Behaviour:
        """The behaviour of the draft. Raises `NotFound` when there is no such project."""
        draft = await self._database.glance(lambda tx: store.resolve_version(tx, scope, store.DEVELOPMENT))
        kept = self._kept.get(scope.project_id)
        if kept and kept[0] == draft.revision:
            self._kept.move_to_end(scope.project_id)
            return kept[1]
        summary, stored = await self._database.read(lambda tx: store.get_draft(tx, scope))
        found = await asyncio.to_thread(_read, stored)
        self._kept[scope.project_id] = summary.revision, found
        if len(self._kept) > CAPACITY:
            self._kept.popitem(last=False)
        return found

    async def time_zone(self, scope: ProjectScope) -> str:
        """The name of the project's time zone."""
        return (await self.get(scope)).time_zone


def _read(stored: StoredDocument) -> Behaviour:
    said = read_document(stored).get("behaviourConfig")
    behaviour = said if isinstance(said, dict) else {}
    retention = behaviour.get("retention")
    days = retention if isinstance(retention, dict) else {}
    return Behaviour(
        _zone(behaviour.get("timeZone")),
        _days(days.get("transcriptsDays"), default=DEFAULT.transcripts_days),
        _days(days.get("journalDays"), default=DEFAULT.journal_days),
    )


def _zone(name: object) -> str:
    """A draft may name a zone that there is not; then days are those of UTC."""
    try:
        return ZoneInfo(name).key if isinstance(name, str) else "UTC"
    except (OSError, ValueError, LookupError):
        return "UTC"


def _days(value: object, *, default: int) -> int:
    return value if isinstance(value, int) else default
