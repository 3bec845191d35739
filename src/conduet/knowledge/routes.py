"""The API of the knowledge base, by a project's secret key and under its management."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, BinaryIO, Final, cast

from fastapi import Path, Request, Response
from starlette.datastructures import UploadFile
from starlette.responses import StreamingResponse

from conduet.accounts.access import Access
from conduet.accounts.audit_store import Deed, audited
from conduet.accounts.principal import Principal, ProjectScope
from conduet.errors import BadRequest, PayloadTooLarge, UnsupportedMedia
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.kit.ids import new_id
from conduet.kit.json import Json, parse
from conduet.kit.page import Page, Place, cut, link, read_page
from conduet.kit.router import Router
from conduet.kit.schema import parsed
from conduet.knowledge import described
from conduet.knowledge import document_store as store
from conduet.knowledge import source_store as sources
from conduet.knowledge.document_store import PIECE_BYTES, Document, Selection
from conduet.knowledge.embedding import Progress, find_progress
from conduet.knowledge.export import LINES, export_lines
from conduet.knowledge.gaps import find_gaps
from conduet.knowledge.index_store import list_chunks
from conduet.knowledge.schemas import (
    TAKEN,
    Facts,
    NewPage,
    NewText,
    Query,
    ShownChunk,
    ShownDocument,
    ShownDocuments,
    ShownEmbedding,
    ShownGap,
    ShownPassage,
    Taken,
    WholeDocument,
)
from conduet.knowledge.search import Search

MB: Final = 1024 * 1024
TEXT_BYTES: Final = 20 * MB
FILE_BYTES: Final = 50 * MB
SHOWN_CHUNKS: Final = 1_000

JSON: Final = "application/json"
FORM: Final = "multipart/form-data"
OWN: Final = "/knowledge-base"
MANAGED: Final = "/projects/{projectId}/knowledge-base"

DocId = Annotated[str, Path(alias="docId", examples=[TAKEN["id"]])]
ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]
Asking = Callable[[Request], Awaitable[Principal]]


def knowledge_routes(access: Access, database: Database, search: Search) -> Router:
    """`/knowledge-base` and `/projects/{projectId}/knowledge-base`, and what lies below."""
    router = Router(tags=["Knowledge base"])

    async def by_project(request: Request) -> Principal:
        return await access.by_project(request, request.path_params["projectId"])

    for path, asking in ((OWN, access.by_key), (MANAGED, by_project)):
        _add(router, path, _Knowledge(asking, database, search))
    return router


def _add(router: Router, path: str, knowledge: "_Knowledge") -> None:
    managed = path == MANAGED
    add = router.add_api_route
    add(path, knowledge.list, **described.listing(managed=managed))
    add(path, knowledge.add_text, **described.adding(managed=managed))
    add(f"{path}/upload", knowledge.upload, **described.uploading(managed=managed))
    add(f"{path}/search", knowledge.search, **described.searching(managed=managed))
    # Before `{docId}`, which would take their paths too.
    add(f"{path}/gaps", knowledge.list_gaps, **described.gaps(managed=managed))
    add(f"{path}/export", knowledge.export, **described.exporting(managed=managed))
    add(path + "/{docId}", knowledge.get, **described.getting(managed=managed))
    add(path + "/{docId}", knowledge.delete, **described.deleting(managed=managed))


class _Knowledge:
    def __init__(self, asking: Asking, database: Database, search: Search) -> None:
        self._asking = asking
        self._database = database
        self._search = search

    async def list(self, request: Request) -> Response:
        scope = (await self._asking(request)).scope
        query = request.query_params
        page = read_page(request) if "limit" in query or "cursor" in query else None
        selection = Selection(_status(query.get("status")), query.get("sourceId"), query.get("name"))

        def work(tx: Tx) -> tuple[Sequence[Document], int, Progress | None]:
            found = store.list_documents(tx, scope, selection, page)
            return found, store.count_documents(tx, scope, selection), find_progress(tx, scope)

        found, total, made = await self._database.read(work)
        shown, following = cut(found, page or Page(len(found)), lambda each: Place(each.created_at, each.id))
        embedding = made and ShownEmbedding(model=made.model, progress=made.per_cent)
        body = ShownDocuments(documents=[ShownDocument.of(e) for e in shown], total=total, embedding=embedding)
        return Response(body.model_dump_json(by_alias=True), headers=link(request, following), media_type=JSON)

    async def add_text(self, request: Request) -> Taken:
        scope = (await self._asking(request)).scope
        _check_json(request)
        body = await request.body()
        new = parsed(NewText, await asyncio.to_thread(parse, body))
        content = new.content.encode()
        if len(content) > TEXT_BYTES:
            raise PayloadTooLarge(f"A text has at most {TEXT_BYTES // MB} MB; split it, or upload it as a file.")
        pieces = [content[at : at + PIECE_BYTES] for at in range(0, len(content), PIECE_BYTES)]
        made = _document(new.name, "text", size=len(content), mime="text/markdown", metadata=new.metadata)
        return Taken.of(await self._database.write(partial(store.add_document, scope=scope, new=made, pieces=pieces)))

    async def upload(self, request: Request) -> Taken:
        scope = (await self._asking(request)).scope
        if request.headers.get("content-type", "").lower().startswith(FORM):
            return await self._upload_file(request, scope)
        _check_json(request)
        new = parsed(NewPage, parse(await request.body()))
        made = _document(new.name, "url", metadata=new.metadata)
        made = replace(made, url=new.url, source_id=made.id, source=new.source)
        return Taken.of(await self._database.write(partial(store.add_document, scope=scope, new=made)))

    async def _upload_file(self, request: Request, scope: ProjectScope) -> Taken:
        # What is larger than a megabyte goes to the disk while it comes.
        async with request.form(max_files=1, max_fields=10) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile) or not file.filename:
                raise BadRequest.at("file", "Send a file with a name in the field `file` of multipart/form-data.")
            size = file.size or 0
            if size > FILE_BYTES:
                raise PayloadTooLarge(f"A file has at most {FILE_BYTES // MB} MB.")
            name = file.filename.replace("\\", "/").rpartition("/")[2].replace("\0", "")[:300] or "file"
            _, dot, ending = name.rpartition(".")
            kind = ending.lower()[:20] if dot and ending else "file"
            metadata = _metadata(form.get("metadata"))
            made = _document(name, kind, size=size, mime=(file.content_type or "")[:200], metadata=metadata)
            pieces = _pieces(file.file)
            return Taken.of(
                await self._database.write(partial(store.add_document, scope=scope, new=made, pieces=pieces))
            )

    async def search(self, request: Request) -> "list[ShownPassage]":
        scope = (await self._asking(request)).scope
        asked = parsed(Query, parse(await request.body()))
        found = await self._search.find(
            scope.project_id,
            asked.query,
            top_k=asked.top_k,
            min_score=asked.min_score,
            documents=asked.filter.documents,
            metadata=cast(dict[str, Json], asked.filter.metadata),
        )
        return [ShownPassage.of(each) for each in found]

    async def list_gaps(self, request: Request) -> "list[ShownGap]":
        scope = (await self._asking(request)).scope
        return [ShownGap.of(each) for each in await find_gaps(self._database, self._search, scope)]

    async def export(self, request: Request) -> Response:
        scope = (await self._asking(request)).scope
        headers = {"Content-Disposition": 'attachment; filename="knowledge-base.jsonl"'}
        return StreamingResponse(export_lines(self._database, scope), headers=headers, media_type=LINES)

    async def get(self, request: Request, doc_id: DocId) -> WholeDocument:
        scope = (await self._asking(request)).scope
        first = _first(request.query_params.get("firstChunk", "0"))

        def work(tx: Tx) -> WholeDocument:
            shown = ShownDocument.of(store.get_document(tx, scope, doc_id)).model_dump()
            found = list_chunks(tx, scope.project_id, doc_id, first=first, limit=SHOWN_CHUNKS)
            return WholeDocument(**shown, chunks=[ShownChunk.of(each) for each in found])

        return await self._database.read(work)

    async def delete(self, request: Request, doc_id: DocId) -> Response:
        principal = await self._asking(request)

        def work(tx: Tx) -> Deed:
            removed = store.get_document(tx, principal.scope, doc_id)
            sources.remove(tx, principal.scope, doc_id)
            return Deed("document.removed", doc_id, {"name": removed.name})

        await self._database.write(audited(principal, work, lambda deed: deed))
        return Response(status_code=204)


def _document(name: str, kind: str, *, size: int = 0, mime: str = "", metadata: Mapping[str, Any]) -> Document:
    made = milliseconds(now())
    return Document(new_id("doc"), name, kind, size=size, mime=mime, metadata=metadata, created_at=made)


def _metadata(field: UploadFile | str | None) -> Mapping[str, Any]:
    if field is None or field == "":
        return {}
    if not isinstance(field, str):
        raise BadRequest.at("metadata", "JSON in a field of the form, no file.")
    return parsed(Facts, {"metadata": parse(field.encode())}).metadata


def _first(said: str) -> int:
    if not said.isascii() or not said.isdigit() or len(said) > 9:
        raise BadRequest.at("query.firstChunk", "The number of a chunk, from 0 on.")
    return int(said)


def _status(said: str | None) -> str | None:
    if said not in (None, "processing", "ready", "failed"):
        raise BadRequest.at("query.status", "`processing`, `ready` or `failed`.")
    return said


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE_BYTES):
        yield piece


def _check_json(request: Request) -> None:
    said = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if said != JSON:
        raise UnsupportedMedia(f"This endpoint reads {JSON}, not {said[:100]}.")
