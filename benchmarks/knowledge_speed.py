"""python -m benchmarks.knowledge_speed [CHUNKS …]: how long a search takes, and what memory a project's index needs."""

import asyncio
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Final

import numpy as np
import sqlalchemy as sa

from benchmarks.processes import pss_bytes
from benchmarks.served import POSTGRES, postgres_url
from conduet.kit.db import Database, open_database
from conduet.knowledge.embedders import Embedders
from conduet.knowledge.index import NewChunk, Origin, model_key, pack_vectors, ready
from conduet.knowledge.index_store import PackedVectors, put_chunks, put_vectors
from conduet.knowledge.search import Search
from conduet.migrations import migrate
from conduet.migrations.schema import schema
from conduet.providers.minilm import MiniLm

WORDS_OF_A_CHUNK: Final = 120
CHUNKS_OF_A_DOCUMENT: Final = 50
SENTENCES: Final = 6
QUERIES: Final = 200
CHANGES: Final = 20
PROJECT: Final = "proj_speed"


def _words(rng: random.Random, count: int) -> str:
    """Words as in a language: the n-th is n times rarer than the first."""
    return " ".join(f"w{int(min(1 / rng.random(), 1e9) * 3) % 40_000}ord" for _ in range(count))


def fill(database: Database, chunks: int, *, model: str) -> None:
    """A project with so many chunks, each with vectors of nothing in particular."""
    rng, numbers = random.Random(7), np.random.default_rng(7)
    add_project(database)
    for number in range(chunks // CHUNKS_OF_A_DOCUMENT):
        origin = Origin(f"document {number}")
        new = ready([NewChunk(_words(rng, WORDS_OF_A_CHUNK)) for _ in range(CHUNKS_OF_A_DOCUMENT)], origin)
        ids = database.write_now(
            lambda tx, new=new, origin=origin: put_chunks(tx, PROJECT, origin.name, origin=origin, chunks=new)
        )
        rows = numbers.standard_normal((len(ids), 1 + SENTENCES, 384)).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=2, keepdims=True)
        vectors = {
            id_: PackedVectors(pack_vectors(row[:1]), pack_vectors(row[1:])) for id_, row in zip(ids, rows, strict=True)
        }
        database.write_now(lambda tx, vectors=vectors: put_vectors(tx, PROJECT, model, vectors=vectors))


def add_project(database: Database) -> None:
    """A row of its table, whatever columns that needs."""
    for name in ("account", "project"):
        table = schema().tables[name]
        values = {
            column.name: {str: "x", int: 0, bytes: b"x", bool: False, float: 0.0}[column.type.python_type]
            for column in table.c
            if not column.nullable and not column.foreign_keys
        }
        values |= {"id": PROJECT if name == "project" else "acc_speed"}
        values |= {column.name: "acc_speed" for column in table.c if column.foreign_keys and name == "project"}
        database.write_now(lambda tx, table=table, values=values: tx.execute(sa.insert(table).values(values)))


async def measure(url: str, folder: Path, chunks: int) -> None:
    """Prints lines for a project of so many chunks in that database."""
    rng, model = random.Random(8), MiniLm()
    migrate(url)
    database = open_database(url, run_dir=folder)
    fill(database, chunks, model=model_key(model))
    await database.start()
    await model.embed(["warm"], query=True)
    before, search = pss_bytes(os.getpid()), Search(database, Embedders(model).of)
    begun = time.perf_counter()
    await search.find(PROJECT, "warm")
    first = time.perf_counter() - begun
    times, cpu = list[float](), time.process_time()
    for _ in range(QUERIES):
        question = _words(rng, 8)
        begun = time.perf_counter()
        await search.find(PROJECT, question)
        times.append(1000 * (time.perf_counter() - begun))
    cpu = 1000 * (time.process_time() - cpu) / QUERIES
    grown = (pss_bytes(os.getpid()) - before) / 1e6
    spread, changed = quantiles(times, n=20), await _after_a_change(database, search)
    print(
        f"{database.dialect}, {chunks} chunks: p50 {spread[9]:.1f} ms, p95 {spread[18]:.1f} ms, {cpu:.1f} CPU-ms;"
        f" first {first:.2f} s; memory + {grown:.0f} MB; after a change {changed:.0f} ms",
        flush=True,
    )
    await search.close()
    await database.close()
    database.close_now()
    model.close()


async def _after_a_change(database: Database, search: Search) -> float:
    """How many milliseconds the first search takes that finds a document which has just come in; the median."""
    times: list[float] = []
    for number in range(CHANGES):
        origin = Origin(f"change {number}")
        new = ready([NewChunk(f"changed{number} {number}")], origin)
        await database.write(
            lambda tx, origin=origin, new=new: put_chunks(tx, PROJECT, origin.name, origin=origin, chunks=new)
        )
        begun = time.perf_counter()
        while not any(each.document_id == origin.name for each in await search.find(PROJECT, f"changed{number}")):
            pass
        times.append(1000 * (time.perf_counter() - begun))
    return median(times)


def main(sizes: list[int]) -> None:
    """Measures on SQLite, and on PostgreSQL where `scripts/with-postgres.sh` started one."""
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            asyncio.run(measure(f"sqlite:///{folder}/speed.sqlite", folder, size))
            if POSTGRES in os.environ:
                with postgres_url() as url:
                    asyncio.run(measure(url, folder, size))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
