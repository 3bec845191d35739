"""How the endpoints of the knowledge base are described; each is there twice, by a key and under management."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import Response

from conduet.kit.openapi import failures, success
from conduet.kit.page import LINK, PARAMETERS
from conduet.knowledge.export import LINES
from conduet.knowledge.schemas import (
    CHUNK,
    DOCUMENT,
    EXPORTED,
    GAP,
    PASSAGE,
    TAKEN,
    NewPage,
    NewText,
    Query,
    ShownDocuments,
)

Described = dict[str, Any]

_JSON: Final = "application/json"
_PROJECT: Final[Described] = {
    "name": "projectId",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "example": "proj_demo",
}
_SELECTING: Final[Sequence[Described]] = (
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
    {
        "name": "name",
        "in": "query",
        "description": "Only documents that are called exactly this.",
        "schema": {"type": "string"},
        "example": "Returns",
    },
)
_FILE: Final[Described] = {
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
_PAGE: Final[Described] = {
    "schema": NewPage,
    "example": {
        "name": "Help",
        "url": "https://example.com/help",
        "crawl": {"mode": "site", "depth": 2, "exclude": ["/help/old/*"], "refresh": "weekly"},
    },
}
_TEXT: Final[Described] = {
    "schema": NewText,
    "example": {
        "name": "Returns",
        "type": "text",
        "content": CHUNK["content"],
        "metadata": {"audience": "customers"},
    },
}
_QUESTION: Final[Described] = {
    "schema": Query,
    "example": {
        "query": "Can I send it back?",
        "topK": 3,
        "filter": {"metadata": {"audience": ["customers", "everyone"]}},
    },
}
_TAKING: Final = {**success(TAKEN, status=201), **failures(400, 401, 404, 409, 413, 415, 429)}


def listing(*, managed: bool) -> Described:
    """Of the list of documents."""
    return {
        "methods": ["GET"],
        "summary": "List the documents, most recent first",
        "description": "All of them; with `limit` a page of them, and the next one in the header `Link`. `total` "
        "counts all that fit.",
        "responses": {
            **success({"documents": [DOCUMENT], "total": 1, "embedding": None}, headers=LINK, model=ShownDocuments),
            **failures(400, 401, 404, 429),
        },
        "openapi_extra": _extra(*PARAMETERS, *_SELECTING, managed=managed),
    }


def adding(*, managed: bool) -> Described:
    """Of a new text."""
    return {
        "methods": ["POST"],
        "status_code": 201,
        "summary": "Add a text",
        "description": "It is read at once; with the name of another document it takes its place once it is ready.",
        "responses": _TAKING,
        "openapi_extra": _extra(managed=managed, body={_JSON: _TEXT}),
    }


def uploading(*, managed: bool) -> Described:
    """Of a new file or address."""
    return {
        "methods": ["POST"],
        "status_code": 201,
        "summary": "Add a file, a page of the web, or a site",
        "description": "With the name or the address of another it takes its place once it is ready. Each page of a "
        "`sitemap` or a `site` becomes a document; what is answered is the first, and deleting it deletes all.",
        "responses": _TAKING,
        "openapi_extra": _extra(managed=managed, body={_JSON: _PAGE, "multipart/form-data": _FILE}),
    }


def searching(*, managed: bool) -> Described:
    """Of a search."""
    return {
        "methods": ["POST"],
        "summary": "Find passages, best first",
        "description": "With a `filter` only in these documents, and in those whose metadata are as told.",
        "responses": {**success([PASSAGE]), **failures(400, 401, 404, 413, 415, 429)},
        "openapi_extra": _extra(managed=managed, body={_JSON: _QUESTION}),
    }


def gaps(*, managed: bool) -> Described:
    """Of the questions without an answer."""
    return {
        "methods": ["GET"],
        "summary": "List what was asked and has no good answer",
        "description": "Questions of the last 30 days, those that are asked most first; one that a document answers by "
        "now is left out.",
        "responses": {**success([GAP]), **failures(401, 404, 429)},
        "openapi_extra": _extra(managed=managed),
    }


def exporting(*, managed: bool) -> Described:
    """Of the file with everything."""
    return {
        "methods": ["GET"],
        "summary": "Export all documents with their text",
        "description": "JSON Lines, a document a line, its text as the pieces it was cut into.",
        "response_class": Response,
        "responses": {200: {"content": {LINES: {"example": EXPORTED}}}, **failures(401, 404, 429)},
        "openapi_extra": _extra(managed=managed),
    }


def getting(*, managed: bool) -> Described:
    """Of one document."""
    first: Described = {
        "name": "firstChunk",
        "in": "query",
        "description": "The first chunk that is shown; a thousand are.",
        "schema": {"type": "integer", "minimum": 0, "default": 0},
        "example": 1000,
    }
    return {
        "methods": ["GET"],
        "summary": "Look at a document and its text",
        "responses": {**success({**DOCUMENT, "chunks": [CHUNK]}), **failures(400, 401, 404, 429)},
        "openapi_extra": _extra(first, managed=managed),
    }


def deleting(*, managed: bool) -> Described:
    """Of the end of a document."""
    return {
        "methods": ["DELETE"],
        "status_code": 204,
        "response_class": Response,
        "summary": "Delete a document and its chunks, also one that is being read",
        "description": "The first page of a crawl takes all its pages with it; another page stays away for good.",
        "responses": failures(401, 404, 429),
        "openapi_extra": _extra(managed=managed),
    }


def _extra(*parameters: Described, managed: bool, body: Described | None = None) -> Described:
    told = [*([_PROJECT] if managed else []), *parameters]
    extra: Described = {"parameters": told} if told else {}
    return {**extra, "requestBody": {"required": True, "content": body}} if body else extra
