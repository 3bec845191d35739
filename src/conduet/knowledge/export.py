"""Everything that a knowledge base holds, as a file."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any, Final

from conduet.accounts.principal import ProjectScope
from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.db import Database, Tx
from conduet.kit.json import dumps
from conduet.kit.page import Page, Place
from conduet.knowledge import document_store as store
from conduet.knowledge.document_store import Document
from conduet.knowledge.index_store import StoredChunk, list_chunks

LINES: Final = "application/jsonl"
PIECE: Final = 50
"""Documents that are read at once: a file of any length takes the same memory."""

CHUNKS: Final = 500


async def export_lines(database: Database, scope: ProjectScope) -> AsyncIterator[bytes]:
    """The documents as JSON Lines, most recent first; none that comes in meanwhile."""
    page = Page(PIECE)
    while True:
        found = await database.read(partial(store.list_documents, scope=scope, page=page))
        for each in found[:PIECE]:
            yield dumps({**_told(each), "chunks": await _chunks(database, scope, each.id)}) + b"\n"
        if len(found) <= PIECE:
            return
        last = found[PIECE - 1]
        page = Page(PIECE, Place(last.created_at, last.id))


async def _chunks(database: Database, scope: ProjectScope, document_id: str) -> list[Any]:
    told: list[Any] = []
    while True:

        def work(tx: Tx, first: int = len(told)) -> list[StoredChunk]:
            return list_chunks(tx, scope.project_id, document_id, first=first, limit=CHUNKS)

        found = await database.read(work)
        told += [{"content": each.content, "headings": each.headings, "page": each.page} for each in found]
        if len(found) < CHUNKS:
            return told


def _told(found: Document) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "type": found.type,
        "status": found.status,
        "url": found.url,
        "metadata": dict(found.metadata),
        "createdAt": iso(from_milliseconds(found.created_at)),
    }
