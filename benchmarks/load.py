"""The load: users who go through the scripted conversation, a fixed number of turns, then a line of figures as JSON.

python -m benchmarks.load --url http://127.0.0.1:8000 [--key KEY] [--users 32] [--turns 8000]
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import quantiles
from typing import Any

import orjson
import uvloop

from benchmarks.client import Connection
from benchmarks.flow import ACTIONS, ANSWERS

LONGEST_SECONDS = 120.0
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run measured; latencies in milliseconds."""

    turns: int
    errors: int
    seconds: float
    turns_per_second: float
    p50: float
    p95: float
    p99: float
    slowest: float
    first_error: str | None = None


@dataclass(slots=True)
class Run:
    """One run under way: `conversations` are shared out among the users, each with a `userId` never used before."""

    url: str
    headers: dict[str, str]
    conversations: int
    latencies: list[float] = field(default_factory=list[float])
    errors: int = 0
    first_error: str | None = None
    begun: int = 0

    async def user(self) -> None:
        """Holds one conversation after the other over one connection until all are shared out."""
        connection = Connection(self.url, self.headers)
        try:
            while self.begun < self.conversations:
                self.begun += 1
                await self._conversation(connection, f"{time.time_ns():x}.{self.begun}")
        finally:
            connection.close()

    async def _conversation(self, connection: Connection, user_id: str) -> None:
        path = f"/api/v1/conversations/{user_id}/interact"
        for action, expected in zip(BODIES, ANSWERS, strict=True):
            sent = time.perf_counter()
            answer = await connection.post(path, action)
            self.latencies.append(time.perf_counter() - sent)
            if answer.status != 200 or not _says(answer.body, expected):
                self.errors += 1
                self.first_error = self.first_error or f"{answer.status} {answer.body[:400].decode(errors='replace')}"


BODIES = tuple(orjson.dumps({"action": action, "versionId": "production"}) for action in ACTIONS)


def _says(body: bytes, expected: list[Any]) -> bool:
    """Whether the traces are those of the script, their times left aside."""
    traces = orjson.loads(body)
    return [{"type": trace["type"], "payload": trace["payload"]} for trace in traces] == expected


async def run(url: str, *, key: str | None, users: int, turns: int) -> Figures:
    """Runs at most `turns` turns (whole conversations) and at most two minutes."""
    headers = JSON | ({"Authorization": f"Bearer {key}"} if key else {})
    state = Run(url, headers, turns // len(ACTIONS))
    begun = time.perf_counter()
    async with asyncio.timeout(LONGEST_SECONDS), asyncio.TaskGroup() as group:
        for _ in range(users):
            group.create_task(state.user())
    seconds = time.perf_counter() - begun
    return figures(state.latencies, errors=state.errors, seconds=seconds, first_error=state.first_error)


def figures(latencies: Sequence[float], *, errors: int, seconds: float, first_error: str | None = None) -> Figures:
    """The figures of a run from its latencies in seconds."""
    cuts = quantiles(latencies, n=100)
    return Figures(
        turns=len(latencies),
        errors=errors,
        seconds=round(seconds, 3),
        turns_per_second=round(len(latencies) / seconds, 1),
        p50=round(cuts[49] * 1000, 2),
        p95=round(cuts[94] * 1000, 2),
        p99=round(cuts[98] * 1000, 2),
        slowest=round(max(latencies) * 1000, 2),
        first_error=first_error,
    )


def main(arguments: list[str]) -> int:
    """Runs and prints; the exit code is 1 when an answer was not the script's."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("--url", required=True)
    parser.add_argument("--key")
    parser.add_argument("--users", type=int, default=32)
    parser.add_argument("--turns", type=int, default=8000)
    options = parser.parse_args(arguments)
    work = run(options.url, key=options.key, users=options.users, turns=options.turns)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        measured = runner.run(work)
    sys.stdout.write(orjson.dumps(asdict(measured)).decode() + "\n")
    return 1 if measured.errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
