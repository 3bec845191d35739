"""How the index in memory follows what changes in the database, and how much of it a process keeps."""

import random
from collections.abc import AsyncIterator, Sequence

import httpx2
import numpy as np
import pytest

from conduet.kit.db import Database, open_database
from conduet.knowledge import index_store, search_memories
from conduet.knowledge.index import NewChunk, Origin, pack_vectors, ready, stems
from conduet.knowledge.index_store import PackedVectors, drop_chunks, put_chunks, put_origin, put_vectors
from conduet.knowledge.search_memories import Memories, read_memory
from conduet.knowledge.search_memory import Memory
from conduet.settings import Settings
from tests.conftest import Owned

MODEL = "test:eight - 8"
WORDS = ["lamp", "bulb", "shade", "switch", "cable", "socket", "watt", "volt"]


@pytest.fixture
async def started(settings: Settings, database: Database) -> AsyncIterator[Database]:
    """A process of its own on the server's database."""
    mine = open_database(settings.database, run_dir=settings.run_dir)
    await mine.start()
    yield mine
    await mine.close()


@pytest.fixture
async def others(owner: httpx2.AsyncClient) -> list[str]:
    """Two more projects."""
    return [(await owner.post("/api/v1/projects", json={"name": name})).json()["id"] for name in ("B", "C")]


def put(database: Database, project: str, document: str, contents: Sequence[str], *, rng: random.Random) -> None:
    """A document with vectors of nothing in particular for every other of its chunks."""
    origin = Origin(document)
    chunks = ready([NewChunk(content) for content in contents], origin)
    ids = database.write_now(lambda tx: put_chunks(tx, project, document, origin=origin, chunks=chunks))
    rows = np.array([[rng.gauss(0, 1) for _ in range(8)] for _ in ids], np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    vectors = {id_: PackedVectors(pack_vectors(row[None]), b"") for id_, row in list(zip(ids, rows, strict=True))[::2]}
    database.write_now(lambda tx: put_vectors(tx, project, MODEL, vectors=vectors))


def told(memory: Memory, query: str, vector: Sequence[float]) -> list[tuple[str, float, float]]:
    """The candidates of a question, with all that their scores are made of."""
    ranked = memory.rank(stems(query, "en"), np.array([vector], np.float32), language="en")
    found = zip(ranked.numbers, ranked.cosine.round(5), ranked.bm25.round(5), strict=True)
    return sorted(
        (memory.id_of(number), float(np.nan_to_num(cosine, nan=-9)), float(bm25)) for number, cosine, bm25 in found
    )


def test_an_index_that_followed_changes_is_the_same_as_one_read_anew(
    database: Database, project: Owned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_store, "PAGE", 7)
    rng, memory = random.Random(4), None
    for _ in range(40):
        document = f"doc_{rng.randrange(12):02}"
        match rng.randrange(6):
            case 0:
                database.write_now(lambda tx, document=document: drop_chunks(tx, project.id, document))
            case 1:
                memory = database.read_now(lambda tx, memory=memory: read_memory(tx, project.id, memory))
            case _:
                contents = [" ".join(rng.choices(WORDS, k=6)) for _ in range(rng.randrange(1, 12))]
                put(database, project.id, document, contents, rng=rng)
    memory = database.read_now(lambda tx: read_memory(tx, project.id, memory))
    anew = database.read_now(lambda tx: read_memory(tx, project.id))
    assert memory.count == anew.count > 0
    assert memory.documents == anew.documents
    for word in WORDS:
        vector = [rng.gauss(0, 1) for _ in range(8)]
        assert told(memory, f"{word} {WORDS[0]}", vector) == told(anew, f"{word} {WORDS[0]}", vector)
        assert memory.weight(stems(word, "en")[0]) == anew.weight(stems(word, "en")[0])


def test_only_documents_that_have_changed_are_read_again(
    database: Database, project: Owned, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    page_words = search_memories.page_words

    def watched(tx: object, project_id: str, documents: Sequence[str], *, model: str) -> object:
        read.extend(documents)
        return page_words(tx, project_id, documents, model=model)  # pyright: ignore[reportArgumentType]  # a transaction, whatever its type

    monkeypatch.setattr(search_memories, "page_words", watched)
    rng = random.Random(5)
    for document in ("one", "two", "three"):
        put(database, project.id, document, ["a lamp"] * 40, rng=rng)
    first = database.read_now(lambda tx: read_memory(tx, project.id))
    assert sorted(read) == ["one", "three", "two"]
    read.clear()
    put(database, project.id, "four", ["a bulb"], rng=rng)
    database.write_now(lambda tx: put_origin(tx, project.id, "two", origin=Origin("renamed")))
    database.write_now(lambda tx: drop_chunks(tx, project.id, "three"))
    second = database.read_now(lambda tx: read_memory(tx, project.id, first))
    assert sorted(read) == ["four", "two"]
    assert (second.count, second.documents["two"].origin.name) == (81, "renamed")
    assert first.count == 120


async def test_a_process_keeps_only_the_indexes_that_were_asked_last(
    database: Database, project: Owned, started: Database, others: Sequence[str]
) -> None:
    rng = random.Random(6)
    for project_id in (project.id, *others):
        put(database, project_id, "one", ["a lamp and a bulb"] * 20, rng=rng)
    one = database.read_now(lambda tx: read_memory(tx, project.id))
    memories = Memories(started, most_bytes=int(2.5 * one.size))
    first = await memories.get(project.id)
    second = await memories.get(others[0])
    assert await memories.get(project.id) is first
    await memories.get(others[1])
    assert await memories.get(project.id) is first
    assert await memories.get(others[0]) is not second


async def test_a_change_in_one_project_leaves_the_index_of_another(
    database: Database, project: Owned, started: Database, others: Sequence[str]
) -> None:
    rng, other = random.Random(7), others[0]
    put(database, project.id, "one", ["a lamp"], rng=rng)
    put(database, other, "one", ["a lamp"], rng=rng)
    memories = Memories(started)
    kept = await memories.get(project.id)
    await memories.get(other)
    put(database, other, "two", ["a bulb"], rng=rng)
    changed = await memories.get(other)
    assert changed is not None
    assert changed.count == 2
    assert await memories.get(project.id) is kept


async def test_a_large_index_goes_on_serving_while_its_changes_are_read(
    database: Database, project: Owned, started: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_memories, "LARGE", 2)
    monkeypatch.setattr(search_memories, "PATIENCE_SECONDS", 0.0)
    rng = random.Random(8)
    put(database, project.id, "one", ["a lamp", "a bulb", "a shade"], rng=rng)
    memories = Memories(started)
    kept = await memories.get(project.id)
    put(database, project.id, "two", ["a cable"], rng=rng)
    assert await memories.get(project.id) is kept
    await memories.close()
    monkeypatch.setattr(search_memories, "PATIENCE_SECONDS", 30.0)
    changed = await memories.get(project.id)
    assert changed is not None
    assert changed.count == 4
