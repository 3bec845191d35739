"""Reads documents that came in: into chunks that are found by words at once, then by meaning."""

import asyncio
import hashlib
import tempfile
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from conduet.errors import NotFound
from conduet.jobs.store import Running
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.kit.http import Outgoing, OutgoingError
from conduet.knowledge import document_store as store
from conduet.knowledge.document_store import Document
from conduet.knowledge.index import NewChunk, Origin, model_key, pack_vectors, ready, texts_to_embed, title_of
from conduet.knowledge.index_store import (
    PackedVectors,
    StoredChunk,
    add_chunks,
    chunks_without_vectors,
    drop_chunks,
    put_chunks,
    put_vectors,
)
from conduet.knowledge.parsing.reader import Reader, Unreadable
from conduet.llm.embedding import Embedder
from conduet.llm.errors import NotConfigured
from conduet.webhooks.emit import emit
from conduet.webhooks.event import DOCUMENT_FAILED

BATCH: Final = 200
"""Chunks of one transaction."""

EMBED_AT_ONCE: Final = 16
PAGE_BYTES: Final = 20 * 1024 * 1024
PAGE_SECONDS: Final = 30.0


class Ingestion:
    """The job `ingest`: may begin again at any moment, and never leaves a chunk twice."""

    def __init__(self, database: Database, outgoing: Outgoing, embedder: Embedder | None) -> None:
        self._database = database
        self._outgoing = outgoing
        self._embedder = embedder
        self._reader = Reader()

    async def run(self, job: Running) -> None:
        """Reads a document. What is wrong with the document ends the job; all else is tried again."""
        try:
            found = await self._database.read(partial(store.get_document, scope=job.scope, document_id=job.key))
            with tempfile.TemporaryDirectory(prefix="conduet-") as folder:
                path = Path(folder) / "document"
                found = await self._load(job, found, path)
                if found is None:
                    return
                count = await self._put(job, found, path)
            await self._embed(job, found)
            await self._database.write(partial(_finish, job=job, found=found, count=count))
        except Unreadable as error:
            await self._database.write(partial(_fail, job=job, reason=error.message))
        except NotFound:
            # Deleted meanwhile, and the job with it.
            return

    async def _load(self, job: Running, found: Document, path: Path) -> Document | None:
        """What is to be read, in a file; nothing when it has not changed since."""
        if found.url is not None:
            return await self._fetch(job, found, path)
        number = 0
        while (piece := await self._database.read(self._piece(job, number))) is not None:
            await asyncio.to_thread(_append, path, piece)
            number += 1
        return found

    def _piece(self, job: Running, number: int) -> "partial[bytes | None]":
        return partial(store.read_piece, scope=job.scope, document_id=job.key, number=number)

    async def _fetch(self, job: Running, found: Document, path: Path) -> Document | None:
        try:
            answer = await self._outgoing.request(
                "GET", found.url or "", timeout_seconds=PAGE_SECONDS, max_bytes=PAGE_BYTES, retries=1
            )
        except OutgoingError as error:
            raise Unreadable(f"The address could not be read: {error}") from None
        if not answer.ok:
            raise Unreadable(f"The address answered with status {answer.status}: check it in a browser.")
        digest = hashlib.sha256(answer.body).hexdigest()
        moment = milliseconds(now())
        if digest == found.digest and found.status == "ready":
            await self._database.write(partial(_seen, job=job, moment=moment))
            return None
        await asyncio.to_thread(_append, path, answer.body)
        mime = answer.header("Content-Type") or "text/html"
        # Written only once it has been read: a page that was not is read again at the next look.
        return replace(found, digest=digest, crawled_at=moment, mime=mime[:200])

    async def _put(self, job: Running, found: Document, path: Path) -> int:
        """Puts the chunks into the index, the first of them in place of all there were; how many."""
        count = 0
        batch: list[NewChunk] = []
        name = found.name if found.url is None else ""
        async with aclosing(self._reader.chunks(path, name=name, mime=found.mime)) as chunks:
            async for read in chunks:
                batch.append(NewChunk(read.chunk.content, read.chunk.headings, read.chunk.page))
                if len(batch) == BATCH:
                    await self._add(job, found, batch, first=count, progress=int(read.progress * 50))
                    count, batch = count + len(batch), []
        if batch:
            await self._add(job, found, batch, first=count, progress=50)
        return count + len(batch)

    async def _add(
        self, job: Running, found: Document, batch: Sequence[NewChunk], *, first: int, progress: int
    ) -> None:
        origin = _origin(found)
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

    async def _embed(self, job: Running, found: Document) -> None:
        """Gives each chunk its vectors; without a model, words alone have to do."""
        if self._embedder is None:
            return
        project_id, model = job.scope.project_id, model_key(self._embedder)
        wanted = partial(
            chunks_without_vectors, project_id=project_id, model=model, limit=EMBED_AT_ONCE, document_id=found.id
        )
        while chunks := await self._database.read(wanted):
            try:
                vectors = await _vectors(self._embedder, chunks)
            except NotConfigured:
                return

            def work(tx: Tx, vectors: dict[str, PackedVectors] = vectors) -> None:
                job.check(tx)
                put_vectors(tx, project_id, model, vectors=vectors)

            await self._database.write(work)


def dead(tx: Tx, job: Running, reason: str) -> None:
    """What becomes of a document that could not be read however often it was tried."""
    _failed(tx, job, f"It could not be read: {reason[:300]} Upload it again, or look into the server's log.")


async def _vectors(embedder: Embedder, chunks: Sequence[StoredChunk]) -> dict[str, PackedVectors]:
    vectors: dict[str, PackedVectors] = {}
    for chunk in chunks:
        texts = texts_to_embed(title_of(chunk.document_name, chunk.headings), chunk.content)
        found = await embedder.embed(texts, query=False)
        vectors[chunk.id] = PackedVectors(pack_vectors(found[:1]), pack_vectors(found[1:]))
    return vectors


def _finish(tx: Tx, *, job: Running, found: Document, count: int) -> None:
    job.finish(tx)
    values = {"status": "ready", "progress": 100, "error": None, "chunk_count": count, "mime": found.mime}
    values |= {"digest": found.digest, "crawled_at": found.crawled_at}
    store.update_document(tx, job.scope, found.id, **values)
    store.drop_pieces(tx, job.scope, found.id)
    store.replace_older(tx, job.scope, found)


def _seen(tx: Tx, *, job: Running, moment: int) -> None:
    job.finish(tx)
    store.update_document(tx, job.scope, job.key, crawled_at=moment, error=None)


def _fail(tx: Tx, *, job: Running, reason: str) -> None:
    job.finish(tx)
    _failed(tx, job, reason)


def _failed(tx: Tx, job: Running, reason: str) -> None:
    found = store.get_document(tx, job.scope, job.key)
    if found.status == "ready":
        # A page that could be read once is still good; its next look says whether it is again.
        store.update_document(tx, job.scope, job.key, error=reason)
        return
    drop_chunks(tx, job.scope.project_id, job.key)
    store.drop_pieces(tx, job.scope, job.key)
    store.update_document(tx, job.scope, job.key, status="failed", error=reason, chunk_count=0)
    emit(tx, job.scope, DOCUMENT_FAILED, {"documentId": job.key, "name": found.name, "error": reason})


def _origin(found: Document) -> Origin:
    return Origin(found.name, found.url, found.crawled_at)


def _append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)
