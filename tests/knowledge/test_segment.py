"""What is kept of vectors in memory: near enough to them, and what is nearest by their signs."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from conduet.knowledge import search_memory
from conduet.knowledge.index import pack_stems, pack_vectors
from conduet.knowledge.index_store import ChunkWords, IndexState
from conduet.knowledge.search_memory import Memory, grown
from conduet.knowledge.segment import segment

if TYPE_CHECKING:
    from conduet.llm.embedding import Vectors

DIM = 96


def words(count: int, *, seed: int) -> "tuple[list[ChunkWords], Vectors]":
    """Chunks of one document with vectors of nothing in particular, and those vectors."""
    rows = np.random.default_rng(seed).standard_normal((count, DIM)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    made = [
        ChunkWords(f"chk_{place}", f"doc_{seed}", place, 1, pack_stems(["lamp"]), pack_vectors(row[None]))
        for place, row in enumerate(rows)
    ]
    return made, rows


def test_cosines_are_off_by_less_than_three_thousandths() -> None:
    chunks, rows = words(200, seed=1)
    vectors = segment(chunks, dim=DIM).vectors
    assert vectors is not None
    query = rows[7:8]
    assert np.abs(vectors.cosines(np.arange(200), query) - rows @ query[0]).max() < 0.003


def test_a_chunk_without_a_vector_has_no_cosine_and_is_the_furthest() -> None:
    chunks, rows = words(3, seed=2)
    chunks[1] = ChunkWords("chk_x", "doc_2", 1, 1, pack_stems(["lamp"]), None)
    vectors = segment(chunks, dim=DIM).vectors
    assert vectors is not None
    assert np.isnan(vectors.cosines(np.arange(3), rows[:1])).tolist() == [False, True, False]
    differing = vectors.differing(rows[:1])
    assert differing[0] == 0
    assert differing[1] == np.iinfo(np.uint16).max


def test_the_nearest_is_found_when_few_are_compared_by_more_than_their_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_memory, "NEAR_BY_SIGNS", 40)
    monkeypatch.setattr(search_memory, "BEST_BY_WORDS", 1)
    chunks, rows = words(1_000, seed=3)
    parts = grown([], [segment(chunks[:700], dim=DIM), segment(chunks[700:], dim=DIM)])
    memory = Memory(IndexState(1, f"m - {DIM}"), {}, parts)
    noise = np.random.default_rng(4).standard_normal((1_000, DIM)).astype(np.float32) / 12
    found = 0
    for number in range(0, 1_000, 20):
        query = (rows[number] + noise[number])[None]
        ranked = memory.rank([], query / np.linalg.norm(query), language="en")
        best = ranked.numbers[int(np.nanargmax(ranked.cosine))]
        found += memory.id_of(best) == f"chk_{number}"
        assert len(ranked.numbers) < 200
    assert found == 50
