"""Finds the passages of a project's knowledge base that answer a question, by words and by meaning."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from conduet.kit.db import Database, Tx
from conduet.kit.json import Json
from conduet.knowledge.index import base_language, content_words, stems
from conduet.knowledge.index_store import IndexState, list_candidates
from conduet.knowledge.search_memories import MOST_BYTES, Memories
from conduet.knowledge.search_memory import Memory, Ranked
from conduet.knowledge.search_passages import Passage, Question, passages
from conduet.llm.embedding import Embedder
from conduet.llm.errors import ModelError

if TYPE_CHECKING:
    from conduet.llm.embedding import Vectors


SILENT_SECONDS: Final = 10.0
"""For which a model that did not answer is not asked again: not everybody has to wait until it is certain once more."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, the best first; the best score is 0 when there is nothing.

    `unknown_words` are the content words of the question that stand nowhere in the knowledge base: with one of them,
    even a good score is not to be trusted as much.
    """

    passages: Sequence[Passage]
    best_score: float
    unknown_words: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a search may tell: of which documents and metadata (None: of all), how many, and how good."""

    documents: Sequence[str] | None
    metadata: Mapping[str, Json] | None
    top_k: int
    min_score: float


class Search:
    """Searches all projects' knowledge bases, each apart; one a process.

    A project's index is read when it is first asked, and again when its revision has changed, whoever changed it.
    Its vectors are compared with those of the model that made them, which `embedder_of` tells by its `model_key`; by
    words alone when there is none, or when it cannot run.
    """

    def __init__(
        self,
        database: Database,
        embedder_of: Callable[[str], Embedder | None],
        *,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._database = database
        self._embedder_of = embedder_of
        self._silent_until: dict[str, float] = {}
        self._memories = Memories(database, most_bytes=most_bytes)

    async def find(
        self,
        project_id: str,
        query: str,
        *,
        top_k: int = 5,
        min_score: float | None = None,
        documents: Sequence[str] | None = None,
        metadata: Mapping[str, Json] | None = None,
        language: str | None = None,
    ) -> list[Passage]:
        """The passages of `look`."""
        found = await self.look(
            project_id,
            query,
            top_k=top_k,
            min_score=min_score,
            documents=documents,
            metadata=metadata,
            language=language,
        )
        return list(found.passages)

    async def look(
        self,
        project_id: str,
        query: str,
        *,
        top_k: int = 5,
        min_score: float | None = None,
        documents: Sequence[str] | None = None,
        metadata: Mapping[str, Json] | None = None,
        language: str | None = None,
    ) -> Found:
        """At most `top_k` passages of at least `min_score` (0 to 1), only of `documents` and of those whose metadata
        are as told (a list: one of it), where these are given. `language` is that of most documents unless given.
        """
        memory = await self._memories.get(project_id)
        language = base_language(language or (memory.language if memory else "en"))
        words, asked = content_words(query, language), stems(query, language)
        if memory is None or not memory.count or not query.strip():
            return Found((), 0.0, tuple(dict.fromkeys(words)))
        vector = await self._embed(memory.state, query)
        wanted = _Wanted(documents, metadata, top_k, min_score or 0.0)
        question, ranked = await asyncio.to_thread(_rank, memory, asked, vector, language, wanted)
        chosen = await self._database.read(partial(_choose, project_id, memory, ranked, question, wanted))
        unknown = [word for word, stem in zip(words, asked, strict=True) if not question.weights[stem]]
        return Found(chosen, chosen[0].score if chosen else 0.0, tuple(dict.fromkeys(unknown)))

    async def close(self) -> None:
        """Ends what is still being read."""
        await self._memories.close()

    async def _embed(self, state: IndexState, query: str) -> "Vectors | None":
        embedder, clock = self._embedder_of(state.model), asyncio.get_running_loop().time
        if embedder is None or clock() < self._silent_until.get(state.model, 0.0):
            return None
        try:
            return await embedder.embed([query], query=True)
        except ModelError:
            # Words find something too, and doctor tells what is wrong with the model.
            self._silent_until[state.model] = clock() + SILENT_SECONDS
            return None


def _rank(
    memory: Memory, stems: Sequence[str], vector: "Vectors | None", language: str, wanted: _Wanted
) -> tuple[Question, Ranked]:
    allowed = memory.wanted(wanted.documents, wanted.metadata)
    question = Question({stem: memory.weight(stem) for stem in sorted(set(stems))}, vector, language)
    return question, memory.rank(stems, vector, language=language, wanted=allowed)


def _choose(
    project_id: str, memory: Memory, ranked: Ranked, question: Question, wanted: _Wanted, tx: Tx
) -> list[Passage]:
    ids = [memory.id_of(number) for number in ranked.numbers]
    candidates = list_candidates(tx, project_id, model=memory.state.model, ids=ids)
    return passages(memory, ranked, candidates, question, top_k=wanted.top_k, min_score=wanted.min_score)
