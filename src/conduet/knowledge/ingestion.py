"""Reads documents that came in: into chunks that are found by words at once, then by meaning."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

from conduet.errors import NotFound
from conduet.jobs.store import Running
from conduet.kit.db import Database, Tx
from conduet.knowledge import document_store as store
from conduet.knowledge import source_store as sources
from conduet.knowledge.document_store import Document
from conduet.knowledge.embedding import Embedding
from conduet.knowledge.index import NewChunk, Origin, ReadyChunk, ready
from conduet.knowledge.index_store import add_chunks, drop_chunks, put_chunks
from conduet.knowledge.parsing.reader import Reader, Unreadable
from conduet.knowledge.source import read_known
from conduet.projects.store import get_project

_Chunks: TypeAlias = AsyncGenerator[tuple[NewChunk, float]]

BATCH: Final = 200
"""Chunks of one transaction."""


class Ingestion:
    """The job `ingest`: may begin again at any moment, and never leaves a chunk twice."""

    def __init__(self, database: Database, embedding: Embedding) -> None:
        self._database = database
        self._embedding = embedding
        self._reader = Reader()

    async def run(self, job: Running) -> None:
        """Reads a document. What is wrong with the document ends the job; all else is tried again."""
        try:
            found, language = await self._database.read(partial(_get, job=job))
            found, charset = _with_payload(found, job)
            with tempfile.TemporaryDirectory(prefix="conduet-") as folder:
                path = Path(folder) / "document"
                await self._load(job, path)
                # What answers already goes on to do so until the whole of the new text is there.
                put = self._put_at_once if found.status == "ready" else self._put
                count = await put(job, found, self._read(found, path, charset, language), language)
            await self._embedding.embed_document(job, found.id, partial(_embedded, job, found, count))
            await self._database.write(partial(_finish, job=job, found=found, count=count))
        except Unreadable as error:
            await self._database.write(partial(_fail, job=job, reason=error.message))
        except NotFound:
            # Deleted meanwhile, and the job with it.
            return

    async def _load(self, job: Running, path: Path) -> None:
        """Puts what is to be read into a file."""
        number = 0
        await asyncio.to_thread(path.touch)
        while (piece := await self._database.read(self._piece(job, number))) is not None:
            await asyncio.to_thread(_append, path, piece)
            number += 1

    def _piece(self, job: Running, number: int) -> "partial[bytes | None]":
        return partial(store.read_piece, scope=job.scope, document_id=job.key, number=number)

    async def _put(self, job: Running, found: Document, read: _Chunks, language: str) -> int:
        """Puts the chunks into the index, the first of them in place of all there were; how many."""
        count = 0
        batch: list[NewChunk] = []
        async with aclosing(read) as chunks:
            async for chunk, progress in chunks:
                batch.append(chunk)
                if len(batch) == BATCH:
                    await self._add(
                        job, found, batch, _origin(found, language), first=count, progress=int(progress * 50)
                    )
                    count, batch = count + len(batch), []
        if batch:
            await self._add(job, found, batch, _origin(found, language), first=count, progress=50)
        return count + len(batch)

    async def _put_at_once(self, job: Running, found: Document, read: _Chunks, language: str) -> int:
        """Puts all chunks in place of those there were, in one transaction; how many."""
        counted: list[ReadyChunk] = []
        async with aclosing(read) as chunks:
            async for chunk, _ in chunks:
                counted += await asyncio.to_thread(ready, [chunk], _origin(found, language))

        def work(tx: Tx) -> None:
            job.check(tx)
            put_chunks(tx, job.scope.project_id, found.id, origin=_origin(found, language), chunks=counted)
            store.update_document(tx, job.scope, found.id, chunk_count=len(counted))

        await self._database.write(work)
        return len(counted)

    async def _read(self, found: Document, path: Path, charset: str | None, language: str) -> _Chunks:
        name, mime = found.name if found.url is None else "", found.mime
        read = self._reader.chunks(path, name=name, mime=mime, language=language, charset=charset)
        async with aclosing(read) as chunks:
            async for read in chunks:
                yield NewChunk(read.chunk.content, read.chunk.headings, read.chunk.page), read.progress

    async def _add(
        self, job: Running, found: Document, batch: Sequence[NewChunk], origin: Origin, *, first: int, progress: int
    ) -> None:
        counted = await asyncio.to_thread(ready, batch, origin)
        scope = job.scope

        def work(tx: Tx) -> None:
            job.check(tx)
            if first:
                add_chunks(tx, scope.project_id, found.id, origin=origin, chunks=counted, first=first)
            else:
                put_chunks(tx, scope.project_id, found.id, origin=origin, chunks=counted)
            values = {"chunk_count": first + len(batch)}
            if found.status == "processing":
                values["progress"] = progress
            store.update_document(tx, scope, found.id, **values)

        await self._database.write(work)


def dead(tx: Tx, job: Running, reason: str) -> None:
    """What becomes of a document that could not be read however often it was tried."""
    _failed(tx, job, f"It could not be read: {reason[:300]} Upload it again, or look into the server's log.")


def _with_payload(found: Document, job: Running) -> tuple[Document, str | None]:
    """The document with what its crawl says of the page that came in, and the encoding that it was declared to have."""
    if not isinstance(job.payload, dict):
        return found, None
    said = cast(dict[str, Any], job.payload)
    found = replace(found, known=read_known(said["known"]), crawled_at=said["crawledAt"], mime=said["mime"])
    return found, said["charset"]


def _embedded(job: Running, found: Document, count: int, tx: Tx, done: int) -> None:
    """The second half of the way; the last step is that it is ready."""
    if found.status == "processing":
        store.update_document(tx, job.scope, found.id, progress=min(50 + 50 * done // max(count, 1), 99))


def _finish(tx: Tx, *, job: Running, found: Document, count: int) -> None:
    job.finish(tx)
    values: dict[str, Any] = {"error": None, "chunk_count": count, "mime": found.mime}
    values |= {"known": found.known, "crawled_at": found.crawled_at}
    if found.source is None or found.status == "ready":
        values |= {"status": "ready", "progress": 100}
    store.update_document(tx, job.scope, found.id, **values)
    store.drop_pieces(tx, job.scope, found.id)
    if found.source_id is not None:
        sources.settle(tx, job.scope, found.source_id)
    else:
        sources.replace_older(tx, job.scope, found)


def _fail(tx: Tx, *, job: Running, reason: str) -> None:
    job.finish(tx)
    _failed(tx, job, reason)


def _failed(tx: Tx, job: Running, reason: str) -> None:
    found = store.get_document(tx, job.scope, job.key)
    if found.status == "ready":
        # A page that could be read once is still good; its next look says whether it is again.
        store.update_document(tx, job.scope, job.key, error=reason)
        store.drop_pieces(tx, job.scope, job.key)
    elif found.source is not None:
        # Whether its crawl has failed, its other pages say too.
        store.drop_pieces(tx, job.scope, job.key)
        store.update_document(tx, job.scope, job.key, error=reason, chunk_count=0)
    else:
        sources.fail(tx, job.scope, found, reason)
    if found.source_id is not None:
        sources.settle(tx, job.scope, found.source_id)
    if found.status != "ready":
        drop_chunks(tx, job.scope.project_id, job.key)


def _get(tx: Tx, *, job: Running) -> tuple[Document, str]:
    """The document, and the language of its project."""
    return store.get_document(tx, job.scope, job.key), get_project(tx, job.scope).language


def _origin(found: Document, language: str) -> Origin:
    return Origin(found.name, found.url, found.crawled_at, found.metadata, language)


def _append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)
