"""The SQL of sources: the pages of a crawl, each a document, under the first of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.jobs.store import NewJob, add_job, remove_job
from conduet.kit.db import Tx
from conduet.kit.json import Json
from conduet.knowledge import document_store as store
from conduet.knowledge.crawl import Known
from conduet.knowledge.document_store import CRAWL, INGEST, Document
from conduet.knowledge.index_store import drop_chunks
from conduet.knowledge.tables import document
from conduet.webhooks.emit import emit
from conduet.webhooks.event import DOCUMENT_FAILED


def list_pages(tx: Tx, scope: ProjectScope, source_id: str) -> Sequence[Document]:
    """The documents of a crawl, the first of them too."""
    return store.list_documents(tx, scope, store.Selection(source_id=source_id))


def list_known(tx: Tx, scope: ProjectScope, source_id: str) -> Mapping[str, Known]:
    """What tells whether the pages of a crawl have changed, by address."""
    pages = list_pages(tx, scope, source_id)
    return {page.url: page.known for page in pages if page.url is not None and page.known is not None}


def find_page(tx: Tx, scope: ProjectScope, source_id: str, url: str) -> Document | None:
    """The document of a page."""
    found = sa.select(document.c.id).where(
        document.c.project_id == scope.project_id, document.c.source_id == source_id, document.c.url == url
    )
    document_id = tx.execute(found).scalar()
    return store.find_document(tx, scope, document_id) if document_id else None


def put_page(tx: Tx, scope: ProjectScope, page: Document, body: bytes, payload: Mapping[str, Json]) -> None:
    """Lets a page be read, in place of what was there of it; what there was answers until then."""
    # The job first, as in all that reads a document.
    add_job(tx, scope, NewJob(INGEST, page.id, dict(payload)))
    values = {"url": page.url, "size": len(body)}
    if store.find_document(tx, scope, page.id) is None:
        store.put_document(tx, scope, replace(page, size=len(body)))
    elif page.status == "failed":
        store.update_document(tx, scope, page.id, status="processing", progress=0, error=None, **values)
    else:
        store.update_document(tx, scope, page.id, **values)
    store.drop_pieces(tx, scope, page.id)
    size = store.PIECE_BYTES
    store.put_pieces(tx, scope, page.id, (body[at : at + size] for at in range(0, len(body), size)))


def remove(tx: Tx, scope: ProjectScope, document_id: str) -> None:
    """Deletes a document: the first of a crawl with all its pages; a page so that no crawl brings it back.

    Raises `NotFound`.
    """
    found = store.get_document(tx, scope, document_id)
    if found.is_first or found.source_id is None:
        _remove_all(tx, scope, [found])
        return
    store.delete_documents(tx, scope, [document_id])
    first = store.find_document(tx, scope, found.source_id, lock=True)
    if first is not None and first.source is not None and found.url is not None:
        source = replace(first.source, dropped=(*first.source.dropped, found.url))
        store.update_document(tx, scope, first.id, source=source)
        settle(tx, scope, first.id)
    drop_chunks(tx, scope.project_id, document_id)


def remove_page(tx: Tx, scope: ProjectScope, page: Document) -> None:
    """Deletes a page that is gone from its site."""
    store.delete_documents(tx, scope, [page.id])
    drop_chunks(tx, scope.project_id, page.id)


def _remove_all(tx: Tx, scope: ProjectScope, found: Sequence[Document]) -> None:
    """Deletes documents that came in by themselves, each with all pages of its crawl."""
    ids = [each.id for each in found]
    for first in found:
        if first.source is not None:
            # The crawl first, so that it adds no page meanwhile.
            remove_job(tx, scope, kind=CRAWL, key=first.id)
            ids += [page.id for page in list_pages(tx, scope, first.id) if page.id != first.id]
    store.delete_documents(tx, scope, ids)
    for document_id in ids:
        drop_chunks(tx, scope.project_id, document_id)


def settle(tx: Tx, scope: ProjectScope, source_id: str) -> None:
    """Lets the first document of a crawl be ready, or fail, once all its pages have been read."""
    # Its pages end at the same time in several transactions: each looks at the others behind this lock.
    first = store.find_document(tx, scope, source_id, lock=True)
    if first is None or first.source is None or first.status != "processing" or not first.source.ended_at:
        return
    others = [page for page in list_pages(tx, scope, source_id) if page.id != source_id]
    waiting = sum(page.status == "processing" for page in others) + (first.known is None and first.error is None)
    if waiting:
        store.update_document(tx, scope, source_id, progress=99 - 98 * waiting // (len(others) + 1))
    elif first.known is not None or any(page.status == "ready" for page in others):
        error = first.error or first.source.problem
        store.update_document(tx, scope, source_id, status="ready", progress=100, error=error)
        replace_older(tx, scope, first)
    else:
        fail(tx, scope, first, first.error or "")


def fail(tx: Tx, scope: ProjectScope, found: Document, reason: str) -> None:
    """Says of a document that there is nothing to read in it, and why; its chunks are the caller's part."""
    store.drop_pieces(tx, scope, found.id)
    store.update_document(tx, scope, found.id, status="failed", error=reason, chunk_count=0)
    emit(tx, scope, DOCUMENT_FAILED, {"documentId": found.id, "name": found.name, "error": reason})


def replace_older(tx: Tx, scope: ProjectScope, ready: Document) -> None:
    """Deletes what came before this one with its name, or with its address."""
    wanted = sa.select(document.c.id).where(
        document.c.project_id == scope.project_id,
        document.c.id < ready.id,
        sa.or_(document.c.source_id.is_(None), document.c.source_id == document.c.id),
        sa.or_(document.c.name == ready.name, document.c.crawl.is_not(None)),
    )
    older = [store.get_document(tx, scope, document_id) for document_id in tx.execute(wanted).scalars().all()]
    _remove_all(tx, scope, [each for each in older if each.name == ready.name or _is_of(each, ready)])


def _is_of(older: Document, ready: Document) -> bool:
    """Whether both read the same address."""
    return older.source is not None and ready.source is not None and older.source.url == ready.source.url
