"""What users see of turns while a thousand documents come in, beside what they see without."""

import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import orjson

from benchmarks.client import Connection
from benchmarks.flow import ACTIONS, document
from benchmarks.load import JSON, Figures, figures
from benchmarks.served import Place, make_project

USERS: Final = 8
SECONDS: Final = 20.0
DOCUMENTS: Final = 1_000
WORDS: Final = 400
THINKING_SECONDS: Final = 0.02
BASE: Final = "/api/v1/knowledge-base"


def measure(database_url: str | None = None) -> Sequence[str]:
    """A line for turns alone, one for turns beside, and how far the documents came meanwhile."""
    with tempfile.TemporaryDirectory(prefix="conduet-bench-") as name:
        place = Place(Path(name) / "data", database_url)
        server = place.serve()
        try:
            server.wait_ready()
            project = make_project(place, server.url, document())
            return asyncio.run(_measure(server.url, {**JSON, "Authorization": f"Bearer {project.key}"}))
        finally:
            server.stop()


async def _measure(url: str, headers: dict[str, str]) -> Sequence[str]:
    await _talk(url, headers, seconds=2)
    alone = await _talk(url, headers, seconds=SECONDS)
    begun = time.perf_counter()
    sending = asyncio.create_task(_send(url, headers))
    during = await _talk(url, headers, until=sending)
    sent = time.perf_counter() - begun
    before, begun = await _ready(url, headers), time.perf_counter()
    beside = await _talk(url, headers, seconds=SECONDS)
    done, seconds = await _ready(url, headers) - before, time.perf_counter() - begun
    return [
        _line("alone", alone),
        _line(f"while {DOCUMENTS} documents of {WORDS} words come in ({sent:.0f} s)", during),
        _line(f"while they are read ({done / seconds:.1f} a second)", beside),
    ]


def _line(name: str, seen: Figures) -> str:
    return f"{name}: p50 {seen.p50} ms, p95 {seen.p95} ms, p99 {seen.p99} ms, {seen.turns} turns, {seen.errors} errors"


async def _talk(
    url: str, headers: dict[str, str], *, seconds: float = 60.0, until: "asyncio.Task[None] | None" = None
) -> Figures:
    """Users who read for a moment between their turns, for so long or until something else is done."""
    end, latencies, errors = time.perf_counter() + seconds, list[float](), 0

    async def user(number: int) -> None:
        nonlocal errors
        connection = Connection(url, headers)
        while time.perf_counter() < end and not (until and until.done()):
            name = f"user.{number}.{time.time_ns():x}"
            for action in ACTIONS:
                begun = time.perf_counter()
                body = orjson.dumps({"action": action, "versionId": "production"})
                answer = await connection.post(f"/api/v1/conversations/{name}/interact", body)
                latencies.append(time.perf_counter() - begun)
                errors += answer.status != 200
                await asyncio.sleep(THINKING_SECONDS)
        connection.close()

    async with asyncio.TaskGroup() as group:
        for number in range(USERS):
            group.create_task(user(number))
    return figures(latencies, errors=errors, seconds=seconds)


async def _send(url: str, headers: dict[str, str]) -> None:
    rng, connection = random.Random(3), Connection(url, headers)
    for number in range(DOCUMENTS):
        sentences = (
            " ".join(f"word{int(rng.paretovariate(1)) % 20_000}" for _ in range(12)) for _ in range(WORDS // 12)
        )
        text = f"# Document {number}\n\n" + ". ".join(sentences) + "."
        body = orjson.dumps({"name": f"Document {number}", "type": "text", "content": text})
        answer = await connection.post(BASE, body)
        if answer.status != 201:
            raise RuntimeError(answer.body.decode())
    connection.close()


async def _ready(url: str, headers: dict[str, str]) -> int:
    connection = Connection(url, headers)
    answer = await connection.send("GET", f"{BASE}?status=ready&limit=1")
    connection.close()
    return orjson.loads(answer.body)["total"]


if __name__ == "__main__":
    print(*measure(), sep="\n")
