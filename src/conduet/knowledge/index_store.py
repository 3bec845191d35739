"""The SQL of the search index: chunks with their words, and vectors by model.

Every change counts the project's revision up, and gives it to the documents that changed: a search that keeps a
project in memory reads just those again.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from conduet.kit.db import Statement, Tx
from conduet.kit.ids import new_id
from conduet.kit.json import Json, dumps
from conduet.knowledge.index import Origin, ReadyChunk
from conduet.knowledge.tables import chunk, chunk_vector, indexed_document, knowledge_index

PAGE: Final = 4_000
"""Chunks that are read at once."""


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk as it was put; `document_name` is that of its origin."""

    id: str
    document_id: str
    document_name: str
    ordinal: int
    content: str
    headings: Sequence[str]
    page: int | None
    metadata: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class PackedVectors:
    """A chunk's own vector and those of its sentences, as `conduet.knowledge.index.pack_vectors` packs them."""

    whole: bytes
    sentences: bytes


@dataclass(frozen=True, slots=True)
class IndexState:
    """Which state a project's index is in; `model` is the key of the vectors that are searched, empty without any."""

    revision: int
    model: str


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document as the search knows it, as it was at `revision` of the project."""

    id: str
    revision: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class ChunkWords:
    """What is kept of a chunk in memory: its stems and, where there is one, its vector."""

    id: str
    document_id: str
    ordinal: int
    stem_count: int
    stems: bytes
    whole: bytes | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk that may be an answer, with its sentences' vectors where there are some."""

    chunk: StoredChunk
    sentences: bytes | None


_STATE = Statement(
    sa.select(knowledge_index.c.revision, knowledge_index.c.model).where(
        knowledge_index.c.project_id == sa.bindparam("project")
    )
)
_STORED = (
    chunk.c.id, chunk.c.document_id, indexed_document.c.name, chunk.c.ordinal, chunk.c.content, chunk.c.headings,
    chunk.c.page, chunk.c.facts,
)  # fmt: skip
_WITH_DOCUMENT = chunk.join(
    indexed_document,
    sa.and_(indexed_document.c.project_id == chunk.c.project_id, indexed_document.c.document_id == chunk.c.document_id),
)


def put_chunks(tx: Tx, project_id: str, document_id: str, *, origin: Origin, chunks: Sequence[ReadyChunk]) -> list[str]:
    """Puts a document into the index, in place of what was there of it; their ids, in their order.

    They are found by their words from then on, and by meaning once `put_vectors` has been called for them.
    """
    _delete(tx, project_id, document_id)
    return add_chunks(tx, project_id, document_id, origin=origin, chunks=chunks)


def add_chunks(
    tx: Tx, project_id: str, document_id: str, *, origin: Origin, chunks: Sequence[ReadyChunk], first: int = 0
) -> list[str]:
    """Adds chunks of a document, the ordinals from `first` on: a long one goes in over several transactions."""
    put_origin(tx, project_id, document_id, origin=origin)
    ids = [new_id("chk") for _ in chunks]
    rows = [
        {
            "id": id_,
            "project_id": project_id,
            "document_id": document_id,
            "ordinal": first + index,
            "content": each.chunk.content,
            "headings": dumps(list(each.chunk.headings)).decode(),
            "page": each.chunk.page,
            "facts": dumps(dict(each.chunk.metadata)).decode(),
            "stem_count": each.stem_count,
            "stems": each.stems,
        }
        for index, (id_, each) in enumerate(zip(ids, chunks, strict=True))
    ]
    if rows:
        tx.execute(sa.insert(chunk), rows)
    return ids


def put_origin(tx: Tx, project_id: str, document_id: str, *, origin: Origin) -> None:
    """Says what search tells of a document, without a word of it changed: these stay in their language."""
    values = {
        "project_id": project_id,
        "document_id": document_id,
        "revision": _count_up(tx, project_id),
        "name": origin.name,
        "url": origin.url,
        "crawled_at": origin.crawled_at,
        "facts": dumps(dict(origin.metadata)).decode(),
    }
    mine = (indexed_document.c.project_id == project_id, indexed_document.c.document_id == document_id)
    if not tx.execute(sa.update(indexed_document).where(*mine).values(values)).rowcount:
        tx.execute(sa.insert(indexed_document).values(**values, language=origin.language))


def touch_origin(tx: Tx, project_id: str, document_id: str, *, crawled_at: int) -> None:
    """Says when a page was last looked at, which left everything else of it as it was."""
    mine = (indexed_document.c.project_id == project_id, indexed_document.c.document_id == document_id)
    values = {"revision": _count_up(tx, project_id), "crawled_at": crawled_at}
    tx.execute(sa.update(indexed_document).where(*mine).values(values))


def drop_chunks(tx: Tx, project_id: str, document_id: str) -> None:
    """Takes a document out of the index, vectors and all."""
    _count_up(tx, project_id)
    _delete(tx, project_id, document_id)


def put_vectors(tx: Tx, project_id: str, model: str, *, vectors: Mapping[str, PackedVectors]) -> None:
    """Keeps vectors of one model (`model_key`) by chunk; those of chunks that are gone meanwhile are left out.

    The first model of a project is the one that is searched; another begins with `use_model`.
    """
    found = _rows(tx, sa.select(chunk.c.id, chunk.c.document_id).where(*_by_id(project_id, vectors)))
    if not found:
        return
    searched = _searched_model(tx, project_id)
    tx.execute(sa.delete(chunk_vector).where(*_vectors_by_id(project_id, model, [row[0] for row in found])))
    rows = [
        {
            "project_id": project_id,
            "model": model,
            "chunk_id": id_,
            "whole": vectors[id_].whole,
            "sentences": vectors[id_].sentences,
        }
        for id_, _ in found
    ]
    tx.execute(sa.insert(chunk_vector), rows)
    if not searched:
        tx.execute(sa.update(knowledge_index).where(knowledge_index.c.project_id == project_id).values(model=model))
    if searched in ("", model):
        _touch(tx, project_id, _count_up(tx, project_id), documents={document for _, document in found})


def use_model(tx: Tx, project_id: str, model: str) -> bool:
    """Searches the vectors of `model` from now on, and lets go of the others.

    `False`, and nothing changes, while there are chunks that have none.
    """
    searched = _searched_model(tx, project_id)
    if tx.execute(sa.select(chunk.c.id).where(*_without_vector(project_id, model)).limit(1)).first():
        return False
    if searched != model:
        revision = _count_up(tx, project_id)
        tx.execute(sa.update(knowledge_index).where(knowledge_index.c.project_id == project_id).values(model=model))
        _touch(tx, project_id, revision, documents=None)
    tx.execute(sa.delete(chunk_vector).where(chunk_vector.c.project_id == project_id, chunk_vector.c.model != model))
    return True


def list_projects_without(tx: Tx, model: str) -> list[str]:
    """Projects whose index is not, or not only, of the vectors of `model`; who else changes theirs waits."""
    of, mine = chunk_vector.c, chunk_vector.c.project_id == knowledge_index.c.project_id
    # Two ranges of the primary key, where `!=` would read all of it.
    others = sa.or_(*(sa.exists().where(mine, other) for other in (of.model < model, of.model > model)))
    wanted = sa.select(knowledge_index.c.project_id).where(sa.or_(knowledge_index.c.model != model, others))
    return [row[0] for row in _rows(tx, wanted.order_by(knowledge_index.c.project_id).with_for_update())]


def count_vectors(tx: Tx, project_id: str, model: str) -> tuple[int, int]:
    """How many chunks have a vector of `model`, and how many there are."""
    of, every = chunk_vector.c, sa.select(sa.func.count()).select_from(chunk).where(chunk.c.project_id == project_id)
    embedded = sa.select(sa.func.count()).where(of.project_id == project_id, of.model == model)
    return tx.execute(embedded).scalar_one(), tx.execute(every).scalar_one()


def chunks_without_vectors(
    tx: Tx, project_id: str, model: str, document_id: str, *, limit: int = 64
) -> list[StoredChunk]:
    """Chunks of a document that `model` has no vector of yet, in the order in which they were put."""
    wanted = sa.select(*_STORED).select_from(_WITH_DOCUMENT).where(*_without_vector(project_id, model))
    rows = _rows(tx, wanted.where(chunk.c.document_id == document_id).order_by(chunk.c.id).limit(limit))
    return [_stored(row) for row in rows]


def documents_without_vectors(tx: Tx, project_id: str, model: str) -> dict[str, int]:
    """How many chunks `model` has no vector of yet, by document; only those that have such chunks."""
    wanted = sa.select(chunk.c.document_id, sa.func.count()).where(*_without_vector(project_id, model))
    rows = _rows(tx, wanted.group_by(chunk.c.document_id).order_by(chunk.c.document_id))
    return {row[0]: row[1] for row in rows}


def list_chunks(tx: Tx, project_id: str, document_id: str, *, first: int = 0, limit: int = 50) -> list[StoredChunk]:
    """Chunks of a document in their order, from the ordinal `first` on."""
    wanted = (
        sa.select(*_STORED)
        .select_from(_WITH_DOCUMENT)
        .where(chunk.c.project_id == project_id, chunk.c.document_id == document_id, chunk.c.ordinal >= first)
        .order_by(chunk.c.ordinal)
        .limit(limit)
    )
    return [_stored(row) for row in _rows(tx, wanted)]


def find_state(tx: Tx, project_id: str) -> IndexState | None:
    """The state of a project's index; None when nothing was ever put into it."""
    rows = tx.rows(_STATE, project=project_id)
    return IndexState(*rows[0]) if rows else None


def list_revisions(tx: Tx, project_id: str) -> dict[str, int]:
    """At which revision each document of a project changed last."""
    of = indexed_document.c
    return {
        row[0]: row[1] for row in _rows(tx, sa.select(of.document_id, of.revision).where(of.project_id == project_id))
    }


def list_documents(tx: Tx, project_id: str, documents: Sequence[str]) -> list[IndexedDocument]:
    """Those documents, by id."""
    of = indexed_document.c
    wanted = sa.select(of.document_id, of.revision, of.name, of.url, of.crawled_at, of.facts, of.language)
    wanted = wanted.where(of.project_id == project_id, of.document_id.in_(documents))
    return [
        IndexedDocument(row[0], row[1], Origin(row[2], row[3], row[4], orjson.loads(row[5]), row[6]))
        for row in _rows(tx, wanted.order_by(of.document_id))
    ]


def page_words(tx: Tx, project_id: str, documents: Sequence[str], *, model: str) -> Iterator[list[ChunkWords]]:
    """The words and vectors of those documents, by document and ordinal, some thousands of chunks at a time."""
    of = chunk.c
    columns = (of.id, of.document_id, of.ordinal, of.stem_count, of.stems, _of_vector(chunk_vector.c.whole, model))
    wanted = sa.select(*columns).where(of.project_id == project_id).order_by(of.document_id, of.ordinal).limit(PAGE)
    left = sorted(documents)
    page = [ChunkWords(*row) for row in _rows(tx, wanted.where(of.document_id.in_(left)))]
    while page:
        yield page
        if len(page) < PAGE:
            return
        last = page[-1]
        left = left[left.index(last.document_id) :]
        rest = sa.or_(of.document_id != last.document_id, of.ordinal > last.ordinal)
        page = [ChunkWords(*row) for row in _rows(tx, wanted.where(of.document_id.in_(left), rest))]


def list_candidates(tx: Tx, project_id: str, *, model: str, ids: Sequence[str]) -> dict[str, Candidate]:
    """Chunks by id with what scoring them takes; those that are gone are not there."""
    wanted = sa.select(*_STORED).select_from(_WITH_DOCUMENT).where(*_by_id(project_id, ids))
    of = chunk_vector.c
    embedded = sa.select(of.chunk_id, of.sentences).where(*_vectors_by_id(project_id, model, ids))
    # Two queries, as SQLite would join them by reading the whole project.
    sentences = {row[0]: row[1] for row in _rows(tx, embedded)}
    return {row[0]: Candidate(_stored(row), sentences.get(row[0])) for row in _rows(tx, wanted)}


def _delete(tx: Tx, project_id: str, document_id: str) -> None:
    for table in (chunk, indexed_document):
        tx.execute(sa.delete(table).where(table.c.project_id == project_id, table.c.document_id == document_id))


def _rows(tx: Tx, wanted: sa.Executable) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in tx.execute(wanted)]


def _stored(row: tuple[Any, ...]) -> StoredChunk:
    id_, document_id, name, ordinal, content, headings, page, facts = row[:8]
    return StoredChunk(id_, document_id, name, ordinal, content, orjson.loads(headings), page, orjson.loads(facts))


def _searched_model(tx: Tx, project_id: str) -> str:
    """The key of the vectors that are searched; others that change the index wait until this transaction ends."""
    wanted = sa.select(knowledge_index.c.model).where(knowledge_index.c.project_id == project_id)
    return tx.execute(wanted.with_for_update()).scalar() or ""


def _without_vector(project_id: str, model: str) -> tuple[sa.ColumnElement[bool], ...]:
    return chunk.c.project_id == project_id, _of_vector(chunk_vector.c.chunk_id, model).is_(None)


def _of_vector(column: sa.ColumnElement[Any], model: str) -> sa.ScalarSelect[Any]:
    """A column of a chunk's vector.

    Not a join: PostgreSQL would compare each chunk with each vector while it does not know yet how many there are.
    """
    of = chunk_vector.c
    mine = (of.project_id == chunk.c.project_id, of.model == model, of.chunk_id == chunk.c.id)
    return sa.select(column).where(*mine).correlate(chunk).scalar_subquery()


def _by_id(project_id: str, ids: Collection[str]) -> tuple[sa.ColumnElement[bool], ...]:
    """Those chunks, if they are the project's; an empty text added keeps a database from reading all that are."""
    return chunk.c.id.in_(ids), chunk.c.project_id.concat("") == project_id


def _vectors_by_id(project_id: str, model: str, ids: Collection[str]) -> tuple[sa.ColumnElement[bool], ...]:
    """The same of those chunks' vectors: PostgreSQL reads all of a model while it does not know how many there are."""
    of = chunk_vector.c
    return of.chunk_id.in_(ids), of.project_id.concat("") == project_id, of.model.concat("") == model


def _count_up(tx: Tx, project_id: str) -> int:
    """The project's next revision; others that change the index wait until this transaction ends."""
    of_project = knowledge_index.c.project_id == project_id
    values = {"project_id": project_id, "revision": 0, "model": ""}
    tx.execute(insert(knowledge_index).values(values).on_conflict_do_nothing())
    count_up = sa.update(knowledge_index).where(of_project).values(revision=knowledge_index.c.revision + 1)
    return tx.execute(count_up.returning(knowledge_index.c.revision)).scalar_one()


def _touch(tx: Tx, project_id: str, revision: int, *, documents: set[str] | None) -> None:
    changed = sa.update(indexed_document).where(indexed_document.c.project_id == project_id)
    if documents is not None:
        changed = changed.where(indexed_document.c.document_id.in_(documents))
    tx.execute(changed.values(revision=revision))
