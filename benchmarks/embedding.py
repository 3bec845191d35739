"""python -m benchmarks.embedding: what the built-in embedding model costs in this process, a line a figure."""

import asyncio
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import quantiles
from typing import Final

from benchmarks.processes import pss_bytes
from conduet.providers.minilm import MiniLm

SENTENCES: Final = Path("models/minilm/sentences.txt")
QUERIES = 300
QUERY_WORDS = 8
PAUSE_SECONDS = 0.01
"""Between two queries, as users leave some."""

CHUNKS: Final = {75: 192, 170: 96}
"""Words of a chunk → how many of them."""


def embed() -> Iterator[str]:
    """The lines of `main`, measured in a new process: memory counts from nothing."""
    command = [sys.executable, "-m", "benchmarks.embedding"]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    yield from ran.stdout.splitlines()


async def main() -> None:
    """Measures one thing after the other and prints each."""
    bare, begun = _megabytes(), time.perf_counter()
    import numpy as np  # what a server loads that keeps vectors, whoever makes them

    with_numpy, model = _megabytes(), MiniLm()
    await model.embed(["Where is my parcel?"], query=True)
    seconds, loaded = time.perf_counter() - begun, _megabytes() - with_numpy
    print(
        f"first query {seconds:.2f} s; memory + {loaded:.0f} MB, and numpy {np.__version__} {with_numpy - bare:.0f} MB"
    )
    print(f"query alone: {_spread(await _queries(model))}")
    for words, count in CHUNKS.items():
        texts = _texts(count, words=words)
        cpu, begun = time.process_time(), time.perf_counter()
        await model.embed(texts, query=False)
        cpu, seconds = time.process_time() - cpu, time.perf_counter() - begun
        print(f"chunks of {words} words: {count / seconds:.0f} a second, {cpu / count * 1000:.1f} CPU-ms each")
    bulk = asyncio.ensure_future(model.embed(_texts(2_000, words=170), query=False))
    print(f"query beside bulk work: {_spread(await _queries(model))}")
    bulk.cancel()
    print(f"memory afterwards + {_megabytes() - with_numpy:.0f} MB")
    model.close()


async def _queries(model: MiniLm) -> list[float]:
    """How long each query took, in seconds."""
    times: list[float] = []
    for text in _texts(QUERIES, words=QUERY_WORDS):
        await asyncio.sleep(PAUSE_SECONDS)
        begun = time.perf_counter()
        await model.embed([text], query=True)
        times.append(time.perf_counter() - begun)
    return times


def _texts(count: int, *, words: int) -> list[str]:
    """Texts that differ, the same ones each time."""
    told = SENTENCES.read_text(encoding="utf-8").split()
    chance = random.Random(words)
    return [" ".join(chance.choices(told, k=words)) for _ in range(count)]


def _megabytes() -> float:
    return pss_bytes(os.getpid()) / 1e6


def _spread(times: Sequence[float]) -> str:
    cuts = quantiles(times, n=100)
    return f"p50 {cuts[49] * 1000:.1f} ms, p95 {cuts[94] * 1000:.1f} ms"


if __name__ == "__main__":
    asyncio.run(main())
