"""When a key or token was used last: good to a minute, written together, never waited for."""

import asyncio
from functools import partial

import structlog

from conduet.accounts.credential_store import update_last_used
from conduet.accounts.principal import CredentialKind
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database

EVERY_MS = 60_000
GATHER_SECONDS = 2.0

log = structlog.get_logger()


class LastUse:
    """Uses that are not written yet."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._used: dict[tuple[CredentialKind, str], int] = {}
        self._writing: asyncio.Task[None] | None = None

    def note(self, kind: CredentialKind, credential_id: str, *, last_used_at: int | None) -> None:
        """Remembers a use just now, unless the row's `last_used_at` is less than a minute old."""
        now_ms = milliseconds(now())
        if last_used_at is not None and now_ms - last_used_at < EVERY_MS:
            return
        self._used[kind, credential_id] = now_ms
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_soon())
            self._writing.add_done_callback(self._written)

    async def close(self) -> None:
        """Writes what is left."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait((self._writing,))
        await self._write()

    async def _write_soon(self) -> None:
        await asyncio.sleep(GATHER_SECONDS)
        await self._write()

    async def _write(self) -> None:
        used, self._used = self._used, {}
        if used:
            await self._database.write(partial(update_last_used, used=used), durable=False)

    def _written(self, task: "asyncio.Task[None]") -> None:
        self._writing = None
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("last_use_not_written", error=str(error))
