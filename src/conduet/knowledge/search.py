"""Finds the passages of a project's knowledge base that answer a question, by words and by meaning."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from conduet.kit.db import Database, Tx
from conduet.kit.json import Json
from conduet.knowledge.index import base_language, content_words, model_key, stems
from conduet.knowledge.index_store import IndexState, find_state, list_candidates, list_documents, list_words
from conduet.knowledge.search_memory import Memory, build
from conduet.knowledge.search_passages import Passage, Question, passages
from conduet.llm.embedding import Embedder
from conduet.llm.errors import ModelError

if TYPE_CHECKING:
    from conduet.llm.embedding import Vectors

MOST_BYTES: Final = 512 * 1024 * 1024
"""Of all projects' indexes that a process keeps; the one that was asked longest ago goes first."""

LARGE: Final = 20_000
"""Chunks from which on a changed index is read again behind the searches, which meanwhile go on with the old one."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, the best first; the best score is 0 when there is nothing.

    `unknown_words` are the content words of the question that stand nowhere in the knowledge base: with one of them,
    even a good score is not to be trusted as much.
    """

    passages: Sequence[Passage]
    best_score: float
    unknown_words: Sequence[str]


class Search:
    """Searches all projects' knowledge bases, each apart; one a process.

    A project's index is read when it is first asked, and again when its revision has changed, whoever changed it.
    Its vectors are compared with those of the `embedder` that made them: `embedder`, or one of `others` while a
    knowledge base is being embedded anew; by words alone when none of them did, or when it cannot run.
    """

    def __init__(
        self,
        database: Database,
        embedder: Embedder,
        *,
        others: Sequence[Embedder] = (),
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._database = database
        self._embedders = {model_key(each): each for each in (*others, embedder)}
        self._most_bytes = most_bytes
        self._memories: OrderedDict[str, Memory] = OrderedDict()
        self._loading: dict[str, asyncio.Task[Memory]] = {}

    async def find(
        self,
        project_id: str,
        query: str,
        *,
        top_k: int = 5,
        min_score: float | None = None,
        documents: Sequence[str] | None = None,
        metadata: Mapping[str, Json] | None = None,
        language: str = "en",
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
        language: str = "en",
    ) -> Found:
        """At most `top_k` passages of at least `min_score` (0 to 1), only of `documents` and of those whose metadata
        are as told (a list: one of it), where these are given.
        """
        words = content_words(query, language)
        memory = await self.memory(project_id)
        if memory is None or not memory.ids or not query.strip():
            return Found((), 0.0, tuple(dict.fromkeys(words)))
        asked = stems(query, language)
        vector = await self._embed(memory.state, query)
        language = base_language(language)
        ranked = await asyncio.to_thread(
            lambda: memory.rank(asked, vector, language=language, wanted=memory.wanted(documents, metadata))
        )
        ids = [memory.ids[number] for number in ranked.numbers]
        candidates = await self._database.read(
            lambda tx: list_candidates(tx, project_id, model=memory.state.model, ids=ids)
        )
        question = Question(asked, vector, language)
        chosen = await asyncio.to_thread(
            lambda: passages(memory, ranked, candidates, question, top_k=top_k, min_score=min_score or 0.0)
        )
        unknown = [word for word, stem in zip(words, asked, strict=True) if not memory.knows(stem)]
        return Found(chosen, chosen[0].score if chosen else 0.0, tuple(dict.fromkeys(unknown)))

    async def close(self) -> None:
        """Ends what is still being read."""
        for task in tuple(self._loading.values()):
            task.cancel()
        await asyncio.gather(*self._loading.values(), return_exceptions=True)

    async def _embed(self, state: IndexState, query: str) -> "Vectors | None":
        embedder = self._embedders.get(state.model)
        if embedder is None:
            return None
        try:
            return await embedder.embed([query], query=True)
        except ModelError:
            # Words find something too, and doctor tells what is wrong with the model.
            return None

    async def memory(self, project_id: str) -> Memory | None:
        """The project's index as it is now; None when there is none."""
        state = await self._database.glance(lambda tx: find_state(tx, project_id))
        if state is None:
            self._memories.pop(project_id, None)
            return None
        kept = self._memories.get(project_id)
        if kept is not None:
            self._memories.move_to_end(project_id)
            if kept.state == state:
                return kept
        loading = self._loading.get(project_id)
        if kept is not None and len(kept.ids) >= LARGE and kept.state.model == state.model:
            if loading is None:
                self._load(project_id)
            return kept
        if loading is not None:
            # It may have begun before the change that this search is to see.
            memory = await asyncio.shield(loading)
            if memory.state.revision >= state.revision:
                return memory
        return await asyncio.shield(self._load(project_id))

    def _load(self, project_id: str) -> "asyncio.Task[Memory]":
        loading = self._loading.get(project_id)
        if loading is None:
            loading = self._loading[project_id] = asyncio.create_task(self._read(project_id))
            loading.add_done_callback(lambda _: self._loading.pop(project_id, None))
        return loading

    async def _read(self, project_id: str) -> Memory:
        memory = await self._database.read(lambda tx: _read_memory(tx, project_id))
        self._memories[project_id] = memory
        self._memories.move_to_end(project_id)
        while len(self._memories) > 1 and sum(each.size for each in self._memories.values()) > self._most_bytes:
            self._memories.popitem(last=False)
        return memory


def _read_memory(tx: Tx, project_id: str) -> Memory:
    state = find_state(tx, project_id) or IndexState(0, "")
    documents = list_documents(tx, project_id)
    words = list_words(tx, project_id, model=state.model)
    return build(state, documents, words)
