"""Sends deliveries: signed, again after a while where nobody took them, and never lost with a process."""

import asyncio
from collections import Counter
from contextlib import suppress
from functools import partial
from typing import Final

import structlog

from conduet.errors import Unavailable
from conduet.kit.clock import milliseconds, now
from conduet.kit.crypto import KeyRing, UndecryptableError
from conduet.kit.db import Database
from conduet.kit.http import Outgoing, OutgoingError
from conduet.webhooks import delivery_store as store
from conduet.webhooks.delivery_store import DELIVERED, FAILED, WAITING, Taken, Tried
from conduet.webhooks.signature import open_secret, signed

PAUSES_SECONDS: Final = (1, 5, 30, 300, 1_800, 7_200, 21_600, 43_200)
"""How long after each try that failed the next one is; after the last of them there is none."""

TRY_SECONDS: Final = 10.0

AT_ONCE: Final = 16
EACH_AT_ONCE: Final = 4
"""How many tries run at once in a process, in all and for one webhook: one that hangs holds up no other."""

LOOK_SECONDS: Final = 0.25
"""How often a process looks for what is due."""

ANSWER_BYTES: Final = 64 * 1024

SAID: Final = 200
"""How many characters are kept of what went wrong."""

log = structlog.get_logger()


class Deliveries:
    """Sends what is due, until it is closed; any number of processes share the work."""

    def __init__(self, database: Database, outgoing: Outgoing, *, ring: KeyRing) -> None:
        self._database = database
        self._outgoing = outgoing
        self._ring = ring
        self._tries: dict[asyncio.Task[None], tuple[str, str]] = {}
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begins."""
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Ends at once; what was being tried is left to others, or to the next start."""
        tasks = [*self._tries, *([self._task] if self._task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._task:
            with suppress(Unavailable):
                await self._database.write(partial(store.let_go, worker=self._database.worker), durable=False)

    async def _run(self) -> None:
        while True:
            try:
                await self._take()
            except Unavailable as error:
                log.warning("database unavailable", work="webhooks", error=error.message)
            # Nobody waits for a wake-up: on SQLite that would have every process look at the file all the time.
            await asyncio.sleep(LOOK_SECONDS)

    async def _take(self) -> None:
        """Begins to try what is due."""
        worker = self._database.worker
        room = AT_ONCE - len(self._tries)
        due = await self._database.glance(partial(store.next_due, worker=worker))
        if due is None or due > milliseconds(now()) or not room:
            return
        counts = Counter(self._tries.values())
        busy = [place for place, count in counts.items() if count >= EACH_AT_ONCE]
        take = partial(store.take, worker=worker, busy=busy, limit=min(room, EACH_AT_ONCE))
        for each in await self._database.write(take, durable=False):
            task = asyncio.create_task(self._try(each))
            self._tries[task] = (each.scope.project_id, each.delivery.webhook_id)
            task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        del self._tries[task]
        if not task.cancelled() and (error := task.exception()):
            log.error("webhook delivery failed", error=repr(error))

    async def _try(self, taken: Taken) -> None:
        tried = await self._send(taken)
        settle = partial(store.settle, taken=taken, tried=tried, worker=self._database.worker)
        while True:
            try:
                await self._database.write(settle)
                return
            except Unavailable as error:
                # It is this process's for as long as that lives: nobody else would see to it.
                log.warning("database unavailable", work="webhooks", error=error.message)
                await asyncio.sleep(LOOK_SECONDS)

    async def _send(self, taken: Taken) -> Tried:
        """What one try comes to."""
        if taken.url is None:
            return Tried(FAILED, None, "The webhook was removed or is off.")
        body, delivery = taken.delivery.body, taken.delivery
        headers = {"Content-Type": "application/json", "X-Conduet-Delivery": delivery.id}
        try:
            if taken.secret is not None:
                secret = open_secret(self._ring, taken.scope, delivery.webhook_id, taken.secret)
                headers |= signed(body, secret=secret, timestamp=milliseconds(now()) // 1000)
            answer = await self._outgoing.request(
                "POST",
                taken.url,
                headers=headers,
                body=body,
                timeout_seconds=TRY_SECONDS,
                max_bytes=ANSWER_BYTES,
                redirects=0,
            )
        except (OutgoingError, UndecryptableError) as error:
            return _failed(taken, None, str(error))
        if answer.ok:
            return Tried(DELIVERED, answer.status, None)
        return _failed(taken, answer.status, f"It was answered with status {answer.status}; any 2xx counts.")


def _failed(taken: Taken, status: int | None, problem: str) -> Tried:
    attempts = taken.delivery.attempts
    if attempts >= len(PAUSES_SECONDS):
        return Tried(FAILED, status, problem[:SAID])
    return Tried(WAITING, status, problem[:SAID], milliseconds(now()) + PAUSES_SECONDS[attempts] * 1000)
