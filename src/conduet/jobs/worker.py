"""Runs jobs that are due, a few at once, until the process stops; any number of processes share the work."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

import structlog

from conduet.errors import Conflict, Unavailable
from conduet.jobs import store
from conduet.jobs.store import Running
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database, Tx

PAUSES_SECONDS: Final = (1, 5, 30, 300, 1_800)
"""How long after each run that failed the next one begins; after the last of them there is none."""

AT_ONCE: Final = 4
EACH_AT_ONCE: Final = 2
"""How many jobs run at once in a process, in all and for one project, when nothing else is said."""

LOOK_SECONDS: Final = 1.0
"""How often jobs are looked for that nobody was woken for: those of processes that have died."""

BUSY_SECONDS: Final = 0.25
"""The same while there are some that could not be taken: another process may end what they wait for."""

PAUSE_SECONDS: Final = 0.02
"""The least time between two looks: many that are added one after the other are taken together."""

RENEW_SECONDS: Final = 2.0

Handler: TypeAlias = Callable[[Running], Awaitable[None]]
OnDead: TypeAlias = Callable[[Tx, Running, str], None]

log = structlog.get_logger()


class Later(Exception):
    """Raised by a handler: run the job again after so many seconds; this is no failure."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Kind:
    """What runs jobs of a kind. `run` ends with a transaction in which it calls the job's `finish`.

    It may run again from the start after any crash, so what it does outside that transaction has to bear that.
    `on_dead` is told, in the transaction that removes the job, when it has failed for the last time, and why.
    """

    run: Handler
    on_dead: OnDead | None = None


class Jobs:
    """Runs what is due of some kinds, until it is closed; there may be several, each of kinds of its own.

    At most `at_once` run at once in a process, and at most `each_at_once` of one project: one with a thousand of them
    holds up no other.
    """

    def __init__(
        self,
        database: Database,
        kinds: Mapping[str, Kind],
        *,
        at_once: int = AT_ONCE,
        each_at_once: int = EACH_AT_ONCE,
    ) -> None:
        self._database = database
        self._kinds = kinds
        self._due = store.due(kinds)
        self._at_once = at_once
        self._each_at_once = each_at_once
        self._runs: dict[asyncio.Task[None], Running] = {}
        self._loops: list[asyncio.Task[None]] = []
        self._ended = asyncio.Event()

    async def start(self) -> None:
        """Begins."""
        self._loops = [asyncio.create_task(self._take_forever()), asyncio.create_task(self._renew_forever())]

    async def close(self) -> None:
        """Ends at once; what was being done is left to others, or to the next start."""
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        runs = dict(self._runs)
        for task in runs:
            task.cancel()
        await asyncio.gather(*runs, return_exceptions=True)
        for running in runs.values():
            with suppress(Unavailable):
                await self._again(running, seconds=0, failed=False)

    async def _take_forever(self) -> None:
        wake, topics = self._database.wake, [store.topic(kind) for kind in self._kinds]
        while True:
            self._ended.clear()
            # Before it looks, so that nothing falls between.
            woken = [(topic, wake.begin(topic)) for topic in topics]
            ended = asyncio.create_task(self._ended.wait())
            try:
                left = await self._take()
                futures = (ended, *(future for _, future in woken))
                await asyncio.wait(futures, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            except Unavailable as error:
                log.warning("database unavailable", work="jobs", error=error.message)
                await asyncio.sleep(LOOK_SECONDS)
            finally:
                ended.cancel()
                for topic, future in woken:
                    wake.end(topic, future)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _renew_forever(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                for task, running in tuple(self._runs.items()):
                    if not await self._database.write(partial(store.renew, running=running), durable=False):
                        task.cancel()
            except Unavailable as error:
                log.warning("database unavailable", work="jobs", error=error.message)

    async def _take(self) -> float:
        """Begins what is due and has room; in how many seconds to look again."""
        left, due = await self._database.glance(lambda tx: (store.list_left(tx), tx.rows(self._due)[0][0]))
        if left:
            await self._database.write(partial(store.free, holders=left), durable=False)
            due = 0  # What they had may be.
        if due is None:
            return LOOK_SECONDS
        if (wait := due - milliseconds(now())) > 0:
            return min(LOOK_SECONDS, wait / 1000)
        room = self._at_once - len(self._runs)
        if not room:
            return BUSY_SECONDS
        counts = Counter(running.scope.project_id for running in self._runs.values())
        most = self._each_at_once
        busy = [project for project, count in counts.items() if count >= most]
        take = partial(
            store.take,
            worker=self._database.worker,
            kinds=tuple(self._kinds),
            busy=busy,
            limit=min(room, most - max((count for count in counts.values() if count < most), default=0)),
        )
        for running in await self._database.write(take, durable=False):
            task = asyncio.create_task(self._run(running))
            self._runs[task] = running
            task.add_done_callback(self._forget)
        return BUSY_SECONDS

    def _forget(self, task: asyncio.Task[None]) -> None:
        running = self._runs.pop(task)
        self._ended.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("job not put down", kind=running.kind, key=running.key, error=repr(error))

    async def _run(self, running: Running) -> None:
        kind = self._kinds[running.kind]
        if running.attempts > len(PAUSES_SECONDS) + 1:
            await self._die(kind, running, "The process that did it ended each time.")
            return
        try:
            with self._database.hold(running.holder):
                await kind.run(running)
        except Later as later:
            await self._again(running, seconds=later.seconds, failed=False)
        except Conflict as error:
            # Cancelled or taken over, most likely; if not, it is let go of here, and tried again.
            log.info("job lost", kind=running.kind, key=running.key, error=error.message)
            await self._again(running, seconds=1, failed=True)
        except Exception as error:  # noqa: BLE001  # whatever a job runs into is its own affair
            log.warning("job failed", kind=running.kind, key=running.key, attempts=running.attempts, error=repr(error))
            if running.attempts > len(PAUSES_SECONDS):
                await self._die(kind, running, str(error) or type(error).__name__)
            else:
                await self._again(running, seconds=PAUSES_SECONDS[running.attempts - 1], failed=True)

    async def _again(self, running: Running, *, seconds: float, failed: bool) -> None:
        at = milliseconds(now()) + int(seconds * 1000)
        attempts = running.attempts if failed else running.attempts - 1
        await self._database.write(partial(store.again, running=running, at=at, attempts=attempts))

    async def _die(self, kind: Kind, running: Running, reason: str) -> None:
        def work(tx: Tx) -> None:
            running.finish(tx)
            if kind.on_dead is not None:
                kind.on_dead(tx, running, reason)

        with suppress(Conflict):
            await self._database.write(work)
