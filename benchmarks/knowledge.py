"""python -m benchmarks.knowledge [PAIRS …]: how well articles are found: by words, by meaning, by both.

PAIRS are files of English questions and answers as `chatterbot-corpus` has them, in place of our own sets.
"""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from math import log2
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.knowledge_articles import ENGLISH, GERMAN, SPANISH, UNANSWERABLE, Articles
from benchmarks.knowledge_pairs import pairs
from benchmarks.knowledge_speed import PROJECT, add_project
from conduet.kit.db import Database, open_database
from conduet.knowledge.embedders import Embedders
from conduet.knowledge.index import (
    NewChunk,
    Origin,
    model_key,
    pack_vectors,
    ready,
    stems,
    texts_to_embed,
    title_of,
)
from conduet.knowledge.index_store import (
    PackedVectors,
    chunks_without_vectors,
    documents_without_vectors,
    put_chunks,
    put_vectors,
)
from conduet.knowledge.search import Search
from conduet.knowledge.search_memories import read_memory
from conduet.migrations import migrate
from conduet.providers.minilm import MiniLm

DEEP: Final = 10
SETS: Final = (("en", ENGLISH), ("de", GERMAN), ("es", SPANISH))
BANDS: Final = (0.25, 0.4, 0.5)


async def fill(database: Database, articles: Articles, model: MiniLm, *, language: str) -> None:
    """An article a document, a chunk each, in `PROJECT`."""
    add_project(database)
    for number, (title, text, _) in enumerate(articles):
        origin = Origin(title, language=language)
        new = ready([NewChunk(text)], origin)
        document = f"doc_{number:03}"
        database.write_now(
            lambda tx, document=document, origin=origin, new=new: put_chunks(
                tx, PROJECT, document, origin=origin, chunks=new
            )
        )
    key, vectors = model_key(model), dict[str, PackedVectors]()
    for document in database.read_now(lambda tx: documents_without_vectors(tx, PROJECT, key)):
        wanted = partial(chunks_without_vectors, project_id=PROJECT, model=key, document_id=document)
        for chunk in database.read_now(wanted):
            texts = texts_to_embed(title_of(chunk.document_name, chunk.headings), chunk.content)
            rows = await model.embed(texts, query=False)
            vectors[chunk.id] = PackedVectors(pack_vectors(rows[:1]), pack_vectors(rows[1:]))
    database.write_now(lambda tx: put_vectors(tx, PROJECT, key, vectors=vectors))


def line(name: str, places: Sequence[int | None]) -> str:
    """R@1, R@5 and nDCG@10 of the places (from 0 on) at which the right articles stood."""
    count = len(places)
    first = sum(place == 0 for place in places) / count
    five = sum(place is not None and place < 5 for place in places) / count
    gain = sum(1 / log2(place + 2) for place in places if place is not None and place < DEEP) / count
    return f"{name}: {first:.3f} {five:.3f} {gain:.3f}"


def place_of(number: int, scores: "NDArray[np.float32]") -> int | None:
    """Where an article stands by these scores; nowhere with a score of 0."""
    order = [int(each) for each in np.argsort(-scores, kind="stable") if scores[each] > 0]
    return order.index(number) if number in order else None


async def measure(language: str, articles: Articles, model: MiniLm) -> None:
    """Prints a line a way of searching."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/quality.sqlite"
        migrate(url)
        database = open_database(url, run_dir=Path(folder))
        await fill(database, articles, model, language=language)
        await database.start()
        search = Search(database, Embedders(model).of)
        memory = database.read_now(lambda tx: read_memory(tx, PROJECT))
        articles_as_vectors = await model.embed(
            [texts_to_embed(title, text)[0] for title, text, _ in articles], query=False
        )
        asked = [(question, number) for number, (_, _, questions) in enumerate(articles) for question in questions]
        words: list[int | None] = []
        meaning: list[int | None] = []
        ours: list[int | None] = []
        best: list[tuple[float, bool]] = []
        for question, number in asked:
            vector = await model.embed([question], query=True)
            bm25 = memory.bm25(stems(question, language))
            words.append(place_of(number, bm25))
            meaning.append(place_of(number, articles_as_vectors @ vector[0] + 1))
            found = await search.find(PROJECT, question, top_k=DEEP, language=language)
            documents = [passage.document_id for passage in found]
            right = f"doc_{number:03}"
            ours.append(documents.index(right) if right in documents else None)
            best.append((found[0].score if found else 0.0, bool(found) and documents[0] == right))
        print(f"{language}: {len(articles)} articles, {len(asked)} questions; R@1, R@5, nDCG@10")
        for name, places in (("words", words), ("meaning", meaning), ("ours", ours)):
            print("  " + line(name, places))
        if articles is ENGLISH:
            await tell_bands(search, best)
        await search.close()
        await database.close()
        database.close_now()


async def tell_bands(search: Search, best: Sequence[tuple[float, bool]]) -> None:
    """Prints in which band of scores what can be answered falls, and what cannot."""
    others = [await search.look(PROJECT, question) for question in UNANSWERABLE]
    for low, high in zip((0.0, *BANDS), (*BANDS, 1.01), strict=True):
        here = [right for score, right in best if low <= score < high]
        wrong = [each for each in others if low <= each.best_score < high]
        told = sum(bool(each.unknown_words) for each in wrong)
        print(
            f"  {low:.2f}: right {sum(here)} of {len(here)}; without an answer {len(wrong)}, with unknown words {told}"
        )


async def main(files: Sequence[Path]) -> None:
    """Measures one set after the other."""
    model = MiniLm()
    for language, articles in [("en", pairs(path)) for path in files] or SETS:
        await measure(language, articles, model)
    model.close()


if __name__ == "__main__":
    asyncio.run(main([Path(name) for name in sys.argv[1:]]))
