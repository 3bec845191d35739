"""python -m benchmarks.knowledge_speed [CHUNKS …]: how long a search takes, and what memory a project's index needs."""

import asyncio
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles
from typing import Final

import numpy as np
import sqlalchemy as sa

from benchmarks.processes import pss_bytes
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


async def measure(chunks: int) -> None:
    """Prints a line for a project of so many chunks."""
    rng, model = random.Random(8), MiniLm()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/speed.sqlite"
        migrate(url)
        database = open_database(url, run_dir=Path(folder))
        fill(database, chunks, model=model_key(model))
        await database.start()
        await model.embed(["warm"], query=True)
        before, search = pss_bytes(os.getpid()), Search(database, Embedders(model).of)
        begun = time.perf_counter()
        await search.find(PROJECT, "warm")
        first = time.perf_counter() - begun
        times: list[float] = []
        for _ in range(QUERIES):
            question = _words(rng, 8)
            begun = time.perf_counter()
            await search.find(PROJECT, question)
            times.append(1000 * (time.perf_counter() - begun))
        grown = (pss_bytes(os.getpid()) - before) / 1e6
        spread = quantiles(times, n=20)
        print(
            f"{chunks} chunks: p50 {spread[9]:.1f} ms, p95 {spread[18]:.1f} ms; first {first:.2f} s;"
            f" memory + {grown:.0f} MB; database {Path(folder, 'speed.sqlite').stat().st_size / 1e6:.0f} MB",
            flush=True,
        )
        await database.close()
        database.close_now()
    model.close()


if __name__ == "__main__":
    for size in sys.argv[1:] or ("10000", "100000"):
        asyncio.run(measure(int(size)))
