"""What the server does for every project by itself, once an hour: adds up days, forgets what is over its time."""

import asyncio
import random
from contextlib import suppress
from typing import Final

import structlog

from conduet.accounts.principal import ProjectScope
from conduet.analytics.figures import Analytics
from conduet.conversations.retention import Retention
from conduet.errors import ConduetError
from conduet.kit.db import Database
from conduet.projects.upkeep_store import list_all

HOUR_SECONDS: Final = 3_600.0

FIRST_SECONDS: Final = 60.0
"""How long after its start a process does so first: a server that starts has other things to do."""

log = structlog.get_logger()


class Upkeep:
    """Keeps house until it is closed. Twice does no harm: every process does it, each in its own time."""

    def __init__(self, database: Database, analytics: Analytics, retention: Retention) -> None:
        self._database = database
        self._analytics = analytics
        self._retention = retention
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begins."""
        self._task = asyncio.create_task(self._repeat())

    async def close(self) -> None:
        """Ends at once."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def sweep(self) -> None:
        """Does it once for every project; what goes wrong with one holds up no other."""
        for scope in await self._database.read(list_all):
            await self._see_to(scope)

    async def _see_to(self, scope: ProjectScope) -> None:
        try:
            await self._analytics.add_up(scope)
            await self._retention.sweep(scope)
        except ConduetError as error:
            # The project is gone, or the database away: the next hour comes.
            log.warning("upkeep skipped", project=scope.project_id, error=error.message)
        except Exception:
            log.exception("upkeep failed", project=scope.project_id)

    async def _repeat(self) -> None:
        await asyncio.sleep(FIRST_SECONDS * (1 + random.random()))  # noqa: S311 - processes that start together
        while True:
            try:
                await self.sweep()
            except ConduetError as error:
                log.warning("upkeep skipped", error=error.message)
            await asyncio.sleep(HOUR_SECONDS)
