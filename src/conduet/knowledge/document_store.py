"""The SQL of documents: what came in, in pieces until it has been read, and what became of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.errors import Conflict, NotFound
from conduet.jobs.store import NewJob, add_job, remove_job
from conduet.kit.db import Tx
from conduet.knowledge.index_store import drop_chunks
from conduet.knowledge.tables import document, document_piece

INGEST: Final = "ingest"
PIECE_BYTES: Final = 1024 * 1024
MOST_DOCUMENTS: Final = 10_000
MOST_BYTES: Final = 2 * 1024**3
"""Of one project: its documents, and what they were as they came in, together."""

Status = Literal["processing", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class Document:
    """A document; `progress` in per cent, times in ms since 1970, `refresh` in seconds."""

    id: str
    name: str
    type: str
    status: Status
    progress: int
    error: str | None
    chunk_count: int
    size: int
    mime: str
    url: str | None
    refresh: int | None
    digest: str | None
    crawled_at: int | None
    created_at: int


_COLUMNS: Final = tuple(column for column in document.c if column.name != "project_id")


def add_document(tx: Tx, scope: ProjectScope, new: Document, pieces: Iterable[bytes]) -> Document:
    """Takes a document in, and the job that reads it. Raises `Conflict` where the project has too much already."""
    mine = document.c.project_id == scope.project_id
    count = tx.execute(sa.select(sa.func.count()).select_from(document).where(mine)).scalar_one()
    size = tx.execute(sa.select(sa.func.coalesce(sa.func.sum(document.c.size), 0)).where(mine)).scalar_one()
    if count >= MOST_DOCUMENTS or size + new.size > MOST_BYTES:
        raise Conflict(
            f"A project holds {MOST_DOCUMENTS:,} documents and {MOST_BYTES // 1024**3} GB of them: delete some first."
        )
    values = {column.name: getattr(new, column.name) for column in _COLUMNS}
    tx.execute(sa.insert(document).values(project_id=scope.project_id, **values))
    for number, content in enumerate(pieces):
        place = {"project_id": scope.project_id, "document_id": new.id, "number": number}
        tx.execute(sa.insert(document_piece).values(content=content, **place))
    # Those of one name take each other's place, so they go one after another.
    add_job(
        tx, scope, NewJob(INGEST, new.id, lane=f"document:{new.name}" if new.refresh is None else "", every=new.refresh)
    )
    return new


def get_document(tx: Tx, scope: ProjectScope, document_id: str) -> Document:
    """Raises `NotFound`."""
    row = tx.execute(sa.select(*_COLUMNS).where(*_one(scope, document_id))).first()
    if row is None:
        raise NotFound("The knowledge base has no such document.")
    return _read(row)


def list_documents(tx: Tx, scope: ProjectScope) -> Sequence[Document]:
    """All documents, most recent first."""
    query = sa.select(*_COLUMNS).where(document.c.project_id == scope.project_id)
    return [_read(row) for row in tx.execute(query.order_by(document.c.created_at.desc(), document.c.id.desc()))]


def delete_document(tx: Tx, scope: ProjectScope, document_id: str) -> None:
    """The document, what came in, its chunks, and the job that reads it. Raises `NotFound`."""
    if not tx.execute(sa.delete(document).where(*_one(scope, document_id))).rowcount:
        raise NotFound("The knowledge base has no such document.")
    remove_job(tx, scope, kind=INGEST, key=document_id)
    drop_pieces(tx, scope, document_id)
    drop_chunks(tx, scope.project_id, document_id)


def replace_older(tx: Tx, scope: ProjectScope, ready: Document) -> None:
    """Deletes documents of the same name that came before this one."""
    older = sa.select(document.c.id).where(
        document.c.project_id == scope.project_id, document.c.name == ready.name, document.c.id < ready.id
    )
    for document_id in tx.execute(older).scalars().all():
        delete_document(tx, scope, document_id)


def update_document(tx: Tx, scope: ProjectScope, document_id: str, **values: object) -> None:
    """Writes down how it goes. Raises `NotFound` when the document was deleted."""
    if not tx.execute(sa.update(document).where(*_one(scope, document_id)).values(**values)).rowcount:
        raise NotFound("The knowledge base has no such document.")


def read_piece(tx: Tx, scope: ProjectScope, document_id: str, *, number: int) -> bytes | None:
    """The next part of what came in."""
    place = (document_piece.c.project_id == scope.project_id, document_piece.c.document_id == document_id)
    found = sa.select(document_piece.c.content).where(*place, document_piece.c.number == number)
    return tx.execute(found).scalar()


def drop_pieces(tx: Tx, scope: ProjectScope, document_id: str) -> None:
    """Lets go of what came in."""
    place = (document_piece.c.project_id == scope.project_id, document_piece.c.document_id == document_id)
    tx.execute(sa.delete(document_piece).where(*place))


def _one(scope: ProjectScope, document_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return document.c.project_id == scope.project_id, document.c.id == document_id


def _read(row: sa.Row[Any]) -> Document:
    return Document(*tuple(row))
