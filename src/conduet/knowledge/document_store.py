"""The SQL of documents: what came in, in pieces until it has been read, and what became of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import orjson
import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.errors import Conflict, NotFound
from conduet.jobs.store import NewJob, add_job, remove_job
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Tx
from conduet.kit.json import Json, dumps
from conduet.kit.page import Page
from conduet.knowledge.crawl import Known
from conduet.knowledge.source import Source, read_known, read_source, write_known, write_source
from conduet.knowledge.tables import document, document_piece
from conduet.projects.feed_store import jobs_topic

INGEST: Final = "ingest"
CRAWL: Final = "crawl"
PIECE_BYTES: Final = 1024 * 1024
MOST_DOCUMENTS: Final = 10_000
MOST_BYTES: Final = 2 * 1024**3
"""Of one project: its documents, and what they were as they came in, together."""

FULL: Final = f"A project holds {MOST_DOCUMENTS:,} documents and {MOST_BYTES // 1024**3} GB of them: delete some first."

Status = Literal["processing", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class Document:
    """A document; `progress` in per cent, times in ms since 1970.

    A page of the web has a `source_id`: the first document of its crawl, which alone has the `source`. `known` is
    there once the page has been read.
    """

    id: str
    name: str
    type: str
    status: Status = "processing"
    progress: int = 0
    error: str | None = None
    chunk_count: int = 0
    size: int = 0
    mime: str = ""
    url: str | None = None
    metadata: Mapping[str, Json] = field(default_factory=dict[str, Json])
    source_id: str | None = None
    source: Source | None = None
    known: Known | None = None
    crawled_at: int | None = None
    created_at: int = 0

    @property
    def is_first(self) -> bool:
        """Whether it came in by itself, and is not one of the further pages of a crawl."""
        return self.source_id in (None, self.id)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which documents are listed; all where nothing is said."""

    status: str | None = None
    source_id: str | None = None
    name: str | None = None


ALL: Final = Selection()
NEW_MS: Final = 60_000
RUNNING: Final = 100
"""How many documents that are read just now are told of."""

_OF: Final = document.c
_COLUMNS: Final = (
    _OF.id, _OF.name, _OF.type, _OF.status, _OF.progress, _OF.error, _OF.chunk_count, _OF.size, _OF.mime, _OF.url,
    _OF.facts, _OF.source_id, _OF.crawl, _OF.known, _OF.crawled_at, _OF.created_at,
)  # fmt: skip
_NAMES: Final = tuple(column.name for column in _COLUMNS)


def add_document(tx: Tx, scope: ProjectScope, new: Document, pieces: Iterable[bytes] = ()) -> Document:
    """Takes a document in, and the job that reads it. Raises `Conflict` where the project has too much already."""
    if not has_room(tx, scope, new.size):
        raise Conflict(FULL)
    put_document(tx, scope, new, pieces)
    if new.source is not None:
        add_job(tx, scope, NewJob(CRAWL, new.id, every=new.source.every))
    else:
        # Those of one name take each other's place, so they go one after another.
        add_job(tx, scope, NewJob(INGEST, new.id, lane=f"document:{new.name}"))
    return new


def put_document(tx: Tx, scope: ProjectScope, new: Document, pieces: Iterable[bytes] = ()) -> None:
    """Puts a document there, and nothing that reads it."""
    values = {column.name: getattr(new, column.name) for column in _COLUMNS if hasattr(new, column.name)}
    values["facts"] = dumps(dict(new.metadata)).decode()
    values["crawl"] = new.source and write_source(new.source)
    values["known"] = new.known and write_known(new.known)
    tx.execute(sa.insert(document).values(project_id=scope.project_id, **values))
    tx.notify(jobs_topic(scope))
    put_pieces(tx, scope, new.id, pieces)


def has_room(tx: Tx, scope: ProjectScope, size: int) -> bool:
    """Whether the project may have one document more, of so many bytes."""
    totals = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(_OF.size), 0))
    count, held = tuple[int, int](tx.execute(totals.where(_OF.project_id == scope.project_id)).one())
    return count < MOST_DOCUMENTS and held + size <= MOST_BYTES


def find_document(tx: Tx, scope: ProjectScope, document_id: str, *, lock: bool = False) -> Document | None:
    """A document; with `lock` nobody else changes it until the transaction ends."""
    wanted = sa.select(*_COLUMNS).where(*_one(scope, document_id))
    row = tx.execute(wanted.with_for_update() if lock else wanted).mappings().first()
    return _read(row) if row else None


def get_document(tx: Tx, scope: ProjectScope, document_id: str) -> Document:
    """Raises `NotFound`."""
    if (found := find_document(tx, scope, document_id)) is None:
        raise _missing()
    return found


def list_documents(
    tx: Tx, scope: ProjectScope, selection: Selection = ALL, page: Page | None = None
) -> Sequence[Document]:
    """Documents, most recent first: all, or one more than fit on the `page`."""
    query = sa.select(*_COLUMNS).where(*_selected(scope, selection))
    query = query.order_by(_OF.created_at.desc(), _OF.id.desc())
    if page is not None:
        query = query.limit(page.limit + 1)
        if page.after is not None:
            query = query.where(sa.tuple_(_OF.created_at, _OF.id) < (page.after.at, page.after.id))
    return [_read(row) for row in tx.execute(query).mappings()]


def count_documents(tx: Tx, scope: ProjectScope, selection: Selection = ALL) -> int:
    """How many `list_documents` has in all."""
    return tx.execute(sa.select(sa.func.count()).select_from(document).where(*_selected(scope, selection))).scalar_one()


def delete_documents(tx: Tx, scope: ProjectScope, document_ids: Collection[str]) -> None:
    """The documents, what came in, and the jobs that read them; their chunks are the caller's part.

    Jobs first, as in all that reads a document, and chunks last: two that go another way could wait for each other.
    """
    for document_id in document_ids:
        for kind in (CRAWL, INGEST):
            remove_job(tx, scope, kind=kind, key=document_id)
    for table, column in ((document, _OF.id), (document_piece, document_piece.c.document_id)):
        tx.execute(sa.delete(table).where(table.c.project_id == scope.project_id, column.in_(document_ids)))
    tx.notify(jobs_topic(scope))


def update_document(tx: Tx, scope: ProjectScope, document_id: str, **values: Any) -> None:
    """Writes down how it goes. Raises `NotFound` when the document was deleted."""
    if isinstance(known := values.get("known"), Known):
        values["known"] = write_known(known)
    if (source := values.pop("source", None)) is not None:
        values["crawl"] = write_source(source)
    if not tx.execute(sa.update(document).where(*_one(scope, document_id)).values(**values)).rowcount:
        raise _missing()
    tx.notify(jobs_topic(scope))


def list_running(
    tx: Tx, scope: ProjectScope, known: Collection[str]
) -> Sequence[tuple[str, str, str, int, str | None]]:
    """Id, name, status, progress and error of the documents that are read just now, at most so many, and of `known`.

    Those that came in just now are among them, whose reading may have ended before anybody looked.
    """
    asked = sa.select(_OF.id, _OF.name, _OF.status, _OF.progress, _OF.error).where(_OF.project_id == scope.project_id)
    is_new = _OF.created_at > milliseconds(now()) - NEW_MS
    running = tx.execute(
        asked.where(is_new | (_OF.status == "processing")).order_by(_OF.id.desc()).limit(RUNNING)
    ).all()
    others = set(known) - {row.id for row in running}
    return [*map(tuple, running), *map(tuple, tx.execute(asked.where(_OF.id.in_(others))).all() if others else ())]


def put_pieces(tx: Tx, scope: ProjectScope, document_id: str, pieces: Iterable[bytes]) -> None:
    """Keeps what came in until it has been read."""
    for number, content in enumerate(pieces):
        place = {"project_id": scope.project_id, "document_id": document_id, "number": number}
        tx.execute(sa.insert(document_piece).values(content=content, **place))


def read_piece(tx: Tx, scope: ProjectScope, document_id: str, *, number: int) -> bytes | None:
    """The next part of what came in."""
    found = sa.select(document_piece.c.content).where(*_of_document(scope, document_id))
    return tx.execute(found.where(document_piece.c.number == number)).scalar()


def drop_pieces(tx: Tx, scope: ProjectScope, document_id: str) -> None:
    """Lets go of what came in."""
    tx.execute(sa.delete(document_piece).where(*_of_document(scope, document_id)))


def _selected(scope: ProjectScope, selection: Selection) -> list[sa.ColumnElement[bool]]:
    wanted = {_OF.status: selection.status, _OF.source_id: selection.source_id, _OF.name: selection.name}
    return [_OF.project_id == scope.project_id, *(column == value for column, value in wanted.items() if value)]


def _of_document(scope: ProjectScope, document_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return document_piece.c.project_id == scope.project_id, document_piece.c.document_id == document_id


def _one(scope: ProjectScope, document_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return _OF.project_id == scope.project_id, _OF.id == document_id


def _missing() -> NotFound:
    return NotFound("The knowledge base has no such document.")


def _read(row: sa.RowMapping) -> Document:
    plain: dict[str, Any] = {name: row[name] for name in _NAMES}
    facts, crawl, known = plain.pop("facts"), plain.pop("crawl"), plain.pop("known")
    return Document(
        **plain,
        metadata=orjson.loads(facts),
        source=read_source(crawl, url=plain["url"]) if crawl else None,
        known=read_known(known) if known else None,
    )
