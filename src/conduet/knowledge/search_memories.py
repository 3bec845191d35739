"""Keeps the indexes of projects in memory, as many as there is room for, and in step with the database."""

import asyncio
from collections import OrderedDict
from functools import partial
from typing import Final

import structlog

from conduet.kit.db import Database, Tx
from conduet.kit.memory import give_back
from conduet.knowledge.index_store import (
    IndexState,
    find_state,
    list_documents,
    list_revisions,
    page_words,
)
from conduet.knowledge.search_memory import Memory, grown
from conduet.knowledge.segment import Segment, segment

MOST_BYTES: Final = 256 * 1024 * 1024
"""Of all projects' indexes that a process keeps; the one that was asked longest ago goes first."""

LARGE: Final = 20_000
"""Chunks from which on a search waits no longer than `PATIENCE_SECONDS` for changes: it goes on with the old index."""

ROOMY_BYTES: Final = 4 * 1024 * 1024
"""An index that grew by more than this took several times as much for a moment."""

PATIENCE_SECONDS: Final = 0.02
DOCUMENTS_AT_ONCE: Final = 200

log = structlog.get_logger()


class Memories:
    """Each project's index as it is in the database, read when it is first asked for; later only what has changed."""

    def __init__(self, database: Database, *, most_bytes: int = MOST_BYTES) -> None:
        self._database = database
        self._most_bytes = most_bytes
        self._kept: OrderedDict[str, Memory] = OrderedDict()
        self._reading: dict[str, asyncio.Task[Memory]] = {}

    async def get(self, project_id: str) -> Memory | None:
        """The project's index; None when nothing was ever put into it."""
        state = await self._database.glance(lambda tx: find_state(tx, project_id))
        if state is None:
            self._kept.pop(project_id, None)
            return None
        kept = self._kept.get(project_id)
        if kept is not None:
            self._kept.move_to_end(project_id)
            if kept.state == state:
                return kept
        if kept is not None and kept.count >= LARGE:
            reading = self._read(project_id)
            await asyncio.wait([reading], timeout=PATIENCE_SECONDS)
            return self._kept.get(project_id, kept)
        if (reading := self._reading.get(project_id)) is not None:
            # It may have begun before the change that this search is to see.
            memory = await asyncio.shield(reading)
            if memory.state.revision >= state.revision:
                return memory
        return await asyncio.shield(self._read(project_id))

    async def close(self) -> None:
        """Ends what is still being read."""
        for task in tuple(self._reading.values()):
            task.cancel()
        await asyncio.gather(*self._reading.values(), return_exceptions=True)

    def _read(self, project_id: str) -> "asyncio.Task[Memory]":
        reading = self._reading.get(project_id)
        if reading is None:
            reading = self._reading[project_id] = asyncio.create_task(self._keep(project_id))
            reading.add_done_callback(partial(self._forget, project_id))
        return reading

    def _forget(self, project_id: str, reading: "asyncio.Task[Memory]") -> None:
        del self._reading[project_id]
        if not reading.cancelled() and (error := reading.exception()):
            # Whoever waits for it is told; those who go on with the old index are not.
            log.warning("index not read", project=project_id, error=repr(error))

    async def _keep(self, project_id: str) -> Memory:
        kept = self._kept.get(project_id)
        memory = await self._database.read(lambda tx: read_memory(tx, project_id, kept))
        if memory.size > ROOMY_BYTES + (kept.size if kept else 0):
            await asyncio.to_thread(give_back)
        self._kept[project_id] = memory
        self._kept.move_to_end(project_id)
        while len(self._kept) > 1 and sum(each.size for each in self._kept.values()) > self._most_bytes:
            self._kept.popitem(last=False)
        return memory


def read_memory(tx: Tx, project_id: str, kept: Memory | None = None) -> Memory:
    """The project's index: what `kept` has of it, and the documents that have changed since.

    10 ms a thousand chunks that have changed.
    """
    state = find_state(tx, project_id) or IndexState(0, "")
    revisions = list_revisions(tx, project_id)
    if kept is None or kept.state.model != state.model:
        kept = Memory(state, {}, ())
    changed = sorted(
        id_ for id_, at in revisions.items() if id_ not in kept.documents or kept.documents[id_].revision < at
    )
    documents = {id_: document for id_, document in kept.documents.items() if id_ in revisions}
    gone = frozenset(changed) | (kept.documents.keys() - documents.keys())
    parts, new = [part.without(gone) for part in kept.parts], list[Segment]()
    dim = int(state.model.rpartition(" ")[2] or 0)
    for start in range(0, len(changed), DOCUMENTS_AT_ONCE):
        some = changed[start : start + DOCUMENTS_AT_ONCE]
        documents.update((document.id, document) for document in list_documents(tx, project_id, some))
        for page in page_words(tx, project_id, some, model=state.model):
            new.append(segment(page, dim=dim))
    return Memory(state, documents, grown(parts, new))
