"""What a process does for its turns beside running them: renews leases, tells followers elsewhere, cleans up."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Final

import structlog

from conduet.conversations.scope import ConversationScope
from conduet.conversations.store import following, lease, sweep
from conduet.conversations.turn import Turn
from conduet.errors import Unavailable
from conduet.kit.db import Database, Tx

RENEW_SECONDS: Final = 5.0
TICK_SECONDS: Final = 0.25
"""A turn that is over within a tick is not bothered with followers and leases."""

FOLLOW_SECONDS: Final = 0.05
"""How long an event waits for others before it is written down for followers elsewhere."""

SWEEP_SECONDS: Final = 600.0

log = structlog.get_logger()


class Keeper:
    """Looks after the turns of `running`, which somebody else adds and removes, until it is closed."""

    def __init__(self, database: Database, running: Mapping[str, Turn]) -> None:
        self._database = database
        self._running = running
        self._written: dict[str, int] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Settles what dead processes have left, and begins."""
        await self._database.write(sweep.sweep, durable=False)
        for work in (self._renew, self._follow, self._sweep):
            self._tasks.append(asyncio.create_task(self._repeat(work)))

    async def close(self) -> None:
        """Ends at once."""
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _repeat(self, work: Callable[[], Awaitable[None]]) -> None:
        """Does `work` over and over; a database that cannot be reached for a while is waited for."""
        while True:
            try:
                await work()
            except Unavailable as error:
                log.warning("database unavailable", work=work.__name__, error=error.message)
                await asyncio.sleep(TICK_SECONDS)

    async def _renew(self) -> None:
        """Holds on to the conversations of turns that take their time; ends a turn whose conversation is lost."""
        await asyncio.sleep(RENEW_SECONDS)
        turns = self._grown()
        if turns:
            for turn in await self._database.write(partial(_lost, turns), durable=False):
                # What it has let go of itself it has not lost: it must not be told otherwise.
                if not turn.is_ending:
                    turn.task.cancel()

    async def _follow(self) -> None:
        """Writes down what is new of turns that somebody in another process listens to."""
        await asyncio.sleep(TICK_SECONDS)
        wake = self._database.wake
        while self._grown():
            woken = wake.begin(following.LISTENERS)
            try:
                wanted = await self._database.glance(following.list_wanted)
                turns = [turn for turn_id, turn in self._running.items() if turn_id in wanted]
                await self._write(turns)
                await asyncio.sleep(FOLLOW_SECONDS)
                if not turns:
                    await asyncio.wait((woken,), timeout=TICK_SECONDS)
            finally:
                wake.end(following.LISTENERS, woken)
        self._written.clear()

    async def _write(self, turns: list[Turn]) -> None:
        pieces: list[_Piece] = []
        for turn in turns:
            live = turn.live
            live.was_followed = True
            first = self._written.get(live.turn_id, 0)
            if first < len(live.events):
                pieces.append((turn.ask.asker.scope, live.turn_id, first, live.events[first:]))
                self._written[live.turn_id] = len(live.events)
        if pieces:
            await self._database.write(partial(_add_pieces, pieces), durable=False)

    async def _sweep(self) -> None:
        await asyncio.sleep(SWEEP_SECONDS)
        await self._database.write(sweep.sweep, durable=False)

    def _grown(self) -> list[Turn]:
        """The turns that have run for a while."""
        since = asyncio.get_running_loop().time() - TICK_SECONDS
        return [turn for turn in self._running.values() if turn.began <= since]


_Piece = tuple[ConversationScope, str, int, list[bytes]]


def _add_pieces(pieces: list[_Piece], tx: Tx) -> None:
    for scope, turn_id, first, events in pieces:
        following.add_traces(tx, scope, turn_id, first=first, events=events)


def _lost(turns: list[Turn], tx: Tx) -> list[Turn]:
    return [turn for turn in turns if not lease.renew(tx, turn.ask.asker.scope, holder=turn.holder)]
