"""The API of the knowledge base, by a project's secret key and under its management."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, BinaryIO, Final, cast

from fastapi import APIRouter, Path, Request, Response
from starlette.datastructures import UploadFile

from conduet.accounts.access import Access
from conduet.accounts.principal import ProjectScope
from conduet.errors import BadRequest, PayloadTooLarge, UnsupportedMedia
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.kit.ids import new_id
from conduet.kit.json import Json, parse
from conduet.kit.openapi import failures, success
from conduet.kit.page import LINK, PARAMETERS, Page, Place, cut, link, read_page
from conduet.kit.schema import parsed
from conduet.knowledge import document_store as store
from conduet.knowledge import source_store as sources
from conduet.knowledge.document_store import PIECE_BYTES, Document, Selection
from conduet.knowledge.index_store import list_chunks
from conduet.knowledge.schemas import (
    CHUNK,
    DOCUMENT,
    PASSAGE,
    TAKEN,
    Facts,
    NewPage,
    NewText,
    Query,
    ShownChunk,
    ShownDocument,
    ShownDocuments,
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
Scoped = Callable[[Request], Awaitable[ProjectScope]]


def knowledge_routes(access: Access, database: Database, search: Search) -> APIRouter:
    """`/knowledge-base` and `/projects/{projectId}/knowledge-base`, and what lies below."""
    router = APIRouter(tags=["Knowledge base"])

    async def by_key(request: Request) -> ProjectScope:
        return (await access.by_key(request)).scope

    async def by_project(request: Request) -> ProjectScope:
        return (await access.by_project(request, request.path_params["projectId"])).scope

    for path, scoped in ((OWN, by_key), (MANAGED, by_project)):
        _add(router, path, _Knowledge(scoped, database, search))
    return router


def _body(**content: Any) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": content}}


_PROJECT: Final[Sequence[dict[str, Any]]] = (
    {"name": "projectId", "in": "path", "required": True, "schema": {"type": "string"}, "example": "proj_demo"},
)
_LISTING: Final[Sequence[dict[str, Any]]] = (
    *PARAMETERS,
    {
        "name": "status",
        "in": "query",
        "schema": {"type": "string", "enum": ["processing", "ready", "failed"]},
        "example": "failed",
    },
    {
        "name": "sourceId",
        "in": "query",
        "description": "Only the pages of this crawl.",
        "schema": {"type": "string"},
        "example": TAKEN["id"],
    },
    {"name": "name", "in": "query", "schema": {"type": "string"}, "example": "Returns"},
)
_FILE: Final[dict[str, Any]] = {
    "schema": {
        "type": "object",
        "properties": {
            "file": {"type": "string", "format": "binary"},
            "metadata": {"type": "string", "description": "JSON: names to texts, numbers, yes or no."},
        },
        "required": ["file"],
    },
    "example": {"file": "returns.pdf", "metadata": '{"audience": "customers"}'},
}


def _add(router: APIRouter, path: str, knowledge: "_Knowledge") -> None:
    extra: dict[str, Any] = {"parameters": [*_PROJECT]} if path == MANAGED else {}
    _add_all(router, path, knowledge, extra=extra)
    _add_one(router, path + "/{docId}", knowledge, extra=extra)


def _add_all(router: APIRouter, path: str, knowledge: "_Knowledge", *, extra: dict[str, Any]) -> None:
    add = router.add_api_route
    text = {
        "schema": NewText.model_json_schema(),
        "example": {"name": "Returns", "type": "text", "content": CHUNK["content"]},
    }
    page = {
        "schema": NewPage.model_json_schema(),
        "example": {
            "name": "Help",
            "url": "https://example.com/help",
            "crawl": {"mode": "site", "depth": 2, "exclude": ["/help/old/*"], "refresh": "weekly"},
        },
    }
    add(
        path,
        knowledge.list,
        methods=["GET"],
        summary="List the documents, most recent first",
        description="All of them; with `limit` a page of them, and the next one in the header `Link`. `total` counts "
        "all that fit.",
        responses={
            **success({"documents": [DOCUMENT], "total": 1}, headers=LINK, model=ShownDocuments),
            **failures(400, 401, 404, 429),
        },
        openapi_extra={"parameters": [*extra.get("parameters", ()), *_LISTING]},
    )
    add(
        path,
        knowledge.add_text,
        methods=["POST"],
        status_code=201,
        summary="Add a text",
        description="It is read at once; with the name of another document it takes its place once it is ready.",
        responses={**success(TAKEN, status=201), **failures(400, 401, 404, 409, 413, 415, 429)},
        openapi_extra={**extra, **_body(**{JSON: text})},
    )
    add(
        f"{path}/upload",
        knowledge.upload,
        methods=["POST"],
        status_code=201,
        summary="Add a file, a page of the web, or a site",
        description="With the name or the address of another it takes its place once it is ready. Each page of a "
        "`sitemap` or a `site` becomes a document; what is answered is the first, and deleting it deletes all.",
        responses={**success(TAKEN, status=201), **failures(400, 401, 404, 409, 413, 415, 429)},
        openapi_extra={**extra, **_body(**{JSON: page, FORM: _FILE})},
    )
    add(
        f"{path}/search",
        knowledge.search,
        methods=["POST"],
        summary="Find passages, best first",
        responses={**success([PASSAGE]), **failures(400, 401, 404, 413, 415, 429)},
        openapi_extra={
            **extra,
            **_body(
                **{
                    JSON: {
                        "schema": Query.model_json_schema(),
                        "example": {
                            "query": "Can I send it back?",
                            "topK": 3,
                            "filter": {"metadata": {"audience": ["customers", "everyone"]}},
                        },
                    }
                }
            ),
        },
    )


def _add_one(router: APIRouter, path: str, knowledge: "_Knowledge", *, extra: dict[str, Any]) -> None:
    add = router.add_api_route
    add(
        path,
        knowledge.get,
        methods=["GET"],
        summary="Look at a document and its text",
        responses={**success({**DOCUMENT, "chunks": [CHUNK]}), **failures(401, 404, 429)},
        openapi_extra=extra,
    )
    add(
        path,
        knowledge.delete,
        methods=["DELETE"],
        status_code=204,
        response_class=Response,
        summary="Delete a document and its chunks, also one that is being read",
        responses=failures(401, 404, 429),
        openapi_extra=extra,
    )


class _Knowledge:
    def __init__(self, scoped: Scoped, database: Database, search: Search) -> None:
        self._scoped = scoped
        self._database = database
        self._search = search

    async def list(self, request: Request) -> Response:
        scope = await self._scoped(request)
        query = request.query_params
        page = read_page(request) if "limit" in query or "cursor" in query else None
        selection = Selection(_status(query.get("status")), query.get("sourceId"), query.get("name"))

        def work(tx: Tx) -> tuple[Sequence[Document], int]:
            found = store.list_documents(tx, scope, selection, page)
            return found, store.count_documents(tx, scope, selection)

        found, total = await self._database.read(work)
        shown, following = cut(found, page or Page(len(found)), lambda each: Place(each.created_at, each.id))
        body = ShownDocuments(documents=[ShownDocument.of(each) for each in shown], total=total)
        return Response(body.model_dump_json(by_alias=True), headers=link(request, following), media_type=JSON)

    async def add_text(self, request: Request) -> Taken:
        scope = await self._scoped(request)
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
        scope = await self._scoped(request)
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
        scope = await self._scoped(request)
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

    async def get(self, request: Request, doc_id: DocId) -> WholeDocument:
        scope = await self._scoped(request)

        def work(tx: Tx) -> WholeDocument:
            shown = ShownDocument.of(store.get_document(tx, scope, doc_id)).model_dump()
            found = list_chunks(tx, scope.project_id, doc_id, limit=SHOWN_CHUNKS)
            chunks = [ShownChunk(id=e.id, content=e.content, headings=[*e.headings], page=e.page) for e in found]
            return WholeDocument(**shown, chunks=chunks)

        return await self._database.read(work)

    async def delete(self, request: Request, doc_id: DocId) -> Response:
        scope = await self._scoped(request)
        await self._database.write(partial(sources.remove, scope=scope, document_id=doc_id))
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
