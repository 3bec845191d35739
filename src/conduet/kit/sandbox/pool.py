"""JavaScript of people who are not trusted, run where it can reach nothing and hold up nobody."""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

import structlog

from conduet.kit.json import Json, dumps
from conduet.kit.sandbox.answer import Bounds, read_answer
from conduet.kit.sandbox.outcome import Failure, Outcome
from conduet.kit.sandbox.places import Places
from conduet.kit.sandbox.process import Died, Worker

WORKERS: Final = 4
MEMORY_BYTES: Final = 32 * 1024 * 1024
MAX_MEMORY_BYTES: Final = 64 * 1024 * 1024
CODE_BYTES: Final = 256 * 1024
INPUT_BYTES: Final = 512 * 1024
WAIT_SECONDS: Final = 10.0
IDLE_SECONDS: Final = 60.0
WALLS: Final = frozenset({"limits", "user", "network", "files", "calls"})

_NAME = re.compile(r"[a-z][a-zA-Z]*+")

log = structlog.get_logger()


class Sandbox:
    """At most `workers` processes that run code for projects: started when needed, ended after `idle_seconds` without.

    A project has at most half of them at a time, and projects take turns. A process runs one piece of code at a time,
    in a context of its own; one that had to be stopped, or ended by itself, is replaced.
    """

    def __init__(
        self, *, workers: int = WORKERS, wait_seconds: float = WAIT_SECONDS, idle_seconds: float = IDLE_SECONDS
    ) -> None:
        self._places = Places(workers, each=max(1, workers // 2))
        self._wait_seconds = wait_seconds
        self._idle_seconds = idle_seconds
        self._workers: set[Worker] = set()
        # The one used last comes last, and is used first: while few are needed, the others grow old and end.
        self._idle: dict[Worker, asyncio.TimerHandle] = {}
        self._endings: set[asyncio.Task[None]] = set()
        self._closed = False
        self._warned = False

    async def run(
        self,
        code: str,
        *,
        project: str,
        inputs: Mapping[str, Json],
        timeout_seconds: float,
        now_ms: int,
        seed: int,
        memory_bytes: int = MEMORY_BYTES,
        wait_seconds: float | None = None,
    ) -> Outcome:
        """Runs `code`, the body of an async function, with `inputs` (name → JSON) as its parameters, copies each.

        The same arguments give the same outcome: `Date` stands still at `now_ms`, `Math.random` follows from `seed` (32
        bits), and there is no other clock, chance or place to ask. The time-out begins with the code, which before that
        waits for at most `wait_seconds` for a place, by default those of the pool. `memory_bytes` is at most 64 MB.

        Whatever code can cause is told as a `Failure`; raises `ValueError` for a name or a bound that is out of range.
        """
        if not all(map(_NAME.fullmatch, inputs)) or not 0 < memory_bytes <= MAX_MEMORY_BYTES or timeout_seconds <= 0:
            raise ValueError("a name of the inputs, the memory or the time is out of range")
        given = _to_json(list(inputs.values()))
        if len(given) > INPUT_BYTES:
            return Failure("too-large", f"What the code is given is larger than {INPUT_BYTES // 1024} KB.")
        if len(code) > CODE_BYTES:
            return Failure("too-large", f"The code is longer than {CODE_BYTES // 1024} KB.")
        request: dict[str, Json] = {
            "code": code,
            "names": [*inputs],
            "inputs": given,
            "now_ms": now_ms,
            "seed": seed & 0xFFFFFFFF,
            "timeout_seconds": timeout_seconds,
            "memory_bytes": memory_bytes,
        }
        waits = self._wait_seconds if wait_seconds is None else wait_seconds
        try:
            async with self._places.place(project, wait_seconds=waits):
                return await self._run(request, Bounds(timeout_seconds, memory_bytes))
        except TimeoutError:
            waited = f"waited for {waits:g} seconds"
            return Failure("unavailable", f"The code {waited} behind other code of the project, and was not run.")

    async def close(self) -> None:
        """Ends all processes; code that runs, and any that comes later, is `unavailable`."""
        self._closed = True
        for worker in tuple(self._workers):
            self._end(worker)
        while self._endings:
            await asyncio.gather(*self._endings)

    async def _run(self, request: Mapping[str, Json], bounds: Bounds) -> Outcome:
        """On a process that is idle, else on a new one."""
        if (worker := self._wake()) is not None:
            # It may have ended of what another's code did to it; code acts on nothing, so that it can begin again.
            with suppress(Died):
                return await self._ask(worker, request, bounds)
        try:
            worker = await self._start()
        except Died:
            return Failure("unavailable", "The code was not run: no process could be started for it.")
        try:
            return await self._ask(worker, request, bounds)
        except Died:
            if self._closed:
                return Failure("unavailable", "The code was stopped, as the server was.")
            return Failure("error", "The code made the engine crash.")

    async def _ask(self, worker: Worker, request: Mapping[str, Json], bounds: Bounds) -> Outcome:
        try:
            answer = await worker.ask(request, timeout_seconds=bounds.seconds)
        except TimeoutError:
            self._end(worker)
            return Failure("timeout", bounds.overrun)
        except BaseException:
            self._end(worker)
            raise
        outcome, spent = read_answer(answer, bounds)
        if spent or self._closed:
            self._end(worker)
        else:
            self._idle[worker] = asyncio.get_running_loop().call_later(self._idle_seconds, self._end, worker)
        return outcome

    def _wake(self) -> Worker | None:
        """The process that was used last, of those that are idle and alive."""
        while self._idle:
            worker = next(reversed(self._idle))
            self._idle.pop(worker).cancel()
            if worker.is_alive:
                return worker
            self._end(worker)
        return None

    async def _start(self) -> Worker:
        if self._closed:
            raise Died
        worker = await Worker.start()
        self._workers.add(worker)
        if self._closed:
            self._end(worker)
            raise Died
        if not (self._warned or worker.walls >= WALLS):
            self._warned = True
            log.warning("sandbox_without_walls", missing=sorted(WALLS - worker.walls))
        return worker

    def _end(self, worker: Worker) -> None:
        """Kills the process now; what is left of it is cleared away in the background."""
        if worker not in self._workers:
            return
        self._workers.remove(worker)
        if (ending := self._idle.pop(worker, None)) is not None:
            ending.cancel()
        worker.kill()
        task = asyncio.get_running_loop().create_task(worker.stop())
        self._endings.add(task)
        task.add_done_callback(self._endings.discard)


def _to_json(values: Sequence[Json]) -> str:
    try:
        return dumps(values).decode()
    except TypeError:  # a whole number of more than 64 bits, or deep nesting: JSON, but not to this writer
        return json.dumps(values)
