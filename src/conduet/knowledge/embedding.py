"""Gives chunks their vectors: a document's as it comes in, a whole project's when another model is chosen."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

import structlog

from conduet.accounts.principal import ProjectScope
from conduet.errors import Unavailable
from conduet.jobs.store import NewJob, Running, add_job, find_payload, list_keys
from conduet.jobs.worker import Later
from conduet.kit.db import Database, Tx
from conduet.knowledge.embedders import Embedders
from conduet.knowledge.index import model_key, pack_vectors, texts_to_embed, title_of
from conduet.knowledge.index_store import (
    PackedVectors,
    StoredChunk,
    chunks_without_vectors,
    count_vectors,
    documents_without_vectors,
    list_projects_without,
    put_vectors,
    use_model,
)
from conduet.llm.embedding import Embedder
from conduet.llm.errors import ModelError, NotConfigured

EMBED: Final = "embed"
"""The job of a project, whose id is its key; its payload says which model, and the `model_key` where it is known."""

AT_ONCE: Final = 32
"""Chunks of one transaction."""

STRETCH_SECONDS: Final = 5.0
"""How long a project is worked at before other jobs have their turn."""

PAUSE_SECONDS: Final = 60.0
"""Until a model that did not answer is asked again."""

Told: TypeAlias = Callable[[Tx, int], None]
"""Is told how many chunks have their vectors by now, in the transaction that keeps them."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Progress:
    """How many per cent of a project's chunks have vectors of a model."""

    model: str
    per_cent: int


class Embedding:
    """The job `embed`, and what sets it up; may begin again at any moment.

    A project's old vectors are searched until each of its chunks has a new one, and then no more.
    """

    def __init__(self, database: Database, embedders: Embedders) -> None:
        self._database = database
        self._embedders = embedders
        self._looking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Finds the projects whose vectors are of another model than the one that is chosen now."""
        self._looking = asyncio.create_task(self._look())

    async def close(self) -> None:
        """Ends that."""
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking

    async def embed_document(self, job: Running, document_id: str, told: Told) -> None:
        """Gives each chunk of a document its vectors, within the job that reads it; `told` how many, each time.

        Where the model does not answer just now, that is left to a job of its own: words find the document meanwhile.
        """
        try:
            embedder, done = await self._embedders.chosen(), 0
            while some := await self._embed_some(job, document_id, embedder, told=partial(_add_up, told, done)):
                done += some
        except NotConfigured:
            return
        except ModelError as error:
            log.warning("no vectors yet", document=document_id, error=error.message, said=error.said)
            name, key = self._embedders.name, self._embedders.key
            await self._database.write(partial(_add, scope=job.scope, model=name, key=key))

    async def run(self, job: Running) -> None:
        """Gives each chunk of a project its vectors, a stretch at a time; with the last of them they are searched."""
        if not isinstance(job.payload, dict) or job.payload["model"] != self._embedders.name:
            # Of a process that was started with another setting, as while a new one is rolled out.
            raise Later(PAUSE_SECONDS)
        try:
            embedder = await self._embedders.chosen()
            await self._embed_project(job, embedder)
        except ModelError as error:
            log.warning("no vectors yet", project=job.key, error=error.message, said=error.said)
            raise Later(PAUSE_SECONDS) from None

    async def _embed_project(self, job: Running, embedder: Embedder) -> None:
        model, clock = model_key(embedder), asyncio.get_running_loop().time
        until = clock() + STRETCH_SECONDS
        while True:
            left = await self._database.read(partial(documents_without_vectors, project_id=job.key, model=model))
            if not left and await self._database.write(partial(_finish, job=job, model=model)):
                log.info("embedded anew", project=job.key, model=embedder.model)
                return
            for document_id in left:
                while await self._embed_some(job, document_id, embedder):
                    if clock() > until:
                        raise Later(0)

    async def _embed_some(self, job: Running, document_id: str, embedder: Embedder, *, told: Told | None = None) -> int:
        """Gives some chunks of a document their vectors; how many, and 0 when all have some."""
        project_id, model = job.scope.project_id, model_key(embedder)
        wanted = partial(
            chunks_without_vectors, project_id=project_id, model=model, document_id=document_id, limit=AT_ONCE
        )
        if not (chunks := await self._database.read(wanted)):
            return 0
        vectors = await embedded(embedder, chunks)

        def work(tx: Tx) -> None:
            job.check(tx)
            put_vectors(tx, project_id, model, vectors=vectors)
            if told is not None:
                told(tx, len(chunks))

        await self._database.write(work)
        return len(chunks)

    async def _look(self) -> None:
        while True:
            try:
                embedder = await self._embedders.chosen()
            except NotConfigured:
                return
            except ModelError as error:
                log.warning("embedding model does not answer", error=error.message, said=error.said)
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            try:
                await self._database.write(partial(_add_all, embedder=embedder), durable=False)
            except Unavailable as error:
                log.warning("database unavailable", work="embedding", error=error.message)
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            return


async def embedded(embedder: Embedder, chunks: Sequence[StoredChunk]) -> dict[str, PackedVectors]:
    """The vectors of chunks, by their ids. Raises a `ModelError`."""
    texts = [texts_to_embed(title_of(each.document_name, each.headings), each.content) for each in chunks]
    rows = await embedder.embed([text for of_chunk in texts for text in of_chunk], query=False)
    vectors: dict[str, PackedVectors] = {}
    begin = 0
    for chunk, of_chunk in zip(chunks, texts, strict=True):
        mine = rows[begin : begin + len(of_chunk)]
        vectors[chunk.id] = PackedVectors(pack_vectors(mine[:1]), pack_vectors(mine[1:]))
        begin += len(of_chunk)
    return vectors


def _add_up(told: Told, done: int, tx: Tx, more: int) -> None:
    told(tx, done + more)


def find_progress(tx: Tx, scope: ProjectScope) -> Progress | None:
    """How far the vectors of another model are; None when none are being made."""
    said = find_payload(tx, scope, kind=EMBED, key=scope.project_id)
    if not isinstance(said, dict):
        return None
    done, total = count_vectors(tx, scope.project_id, str(said["key"]))
    return Progress(str(said["model"]), 100 * done // max(total, 1))


def _add_all(tx: Tx, *, embedder: Embedder) -> None:
    # Those of a job too that another model was chosen for before it came to its end.
    for project_id in sorted({*list_projects_without(tx, model_key(embedder)), *list_keys(tx, EMBED)}):
        _add(tx, scope=ProjectScope(project_id), model=embedder.model, key=model_key(embedder))


def _add(tx: Tx, *, scope: ProjectScope, model: str, key: str) -> None:
    """Adds the job; one of the same model that is there already goes on."""
    said = find_payload(tx, scope, kind=EMBED, key=scope.project_id)
    if not isinstance(said, dict) or said["model"] != model:
        add_job(tx, scope, NewJob(EMBED, scope.project_id, payload={"model": model, "key": key}))


def _finish(tx: Tx, *, job: Running, model: str) -> bool:
    if not use_model(tx, job.key, model):
        return False
    job.finish(tx)
    return True
