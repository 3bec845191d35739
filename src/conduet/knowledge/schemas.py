"""How documents and passages look on the wire."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.schema import Wire
from conduet.knowledge.document_store import Document
from conduet.knowledge.search_passages import Passage

REFRESH_SECONDS: Final = {"never": None, "daily": 86_400, "weekly": 604_800}

TAKEN: Final[dict[str, Any]] = {
    "id": "doc_18eb6d95dcb1bb2217e2f180dd50d320",
    "name": "Returns",
    "type": "text",
    "status": "processing",
}
DOCUMENT: Final[dict[str, Any]] = {
    **TAKEN,
    "status": "ready",
    "chunkCount": 1,
    "createdAt": "2026-11-25T12:00:00.023Z",
    "progress": 100,
    "error": None,
    "url": None,
    "size": 52,
}
CHUNK: Final[dict[str, Any]] = {
    "id": "chk_18eb6d95dcb1bb2217e2f180dd50d320",
    "content": "You can send a bicycle back within 30 days.",
    "headings": ["Returns"],
    "page": None,
}
PASSAGE: Final[dict[str, Any]] = {
    "content": CHUNK["content"],
    "score": 0.81,
    "documentId": TAKEN["id"],
    "documentName": "Returns",
    "chunkId": CHUNK["id"],
    "url": None,
    "excerpt": CHUNK["content"],
    "heading": "Returns",
    "page": None,
}

Name = Annotated[str, Field(min_length=1, max_length=300)]


class NewText(Wire):
    """A document as text."""

    name: Name
    type: Literal["text"] = "text"
    content: Annotated[str, Field(min_length=1, description="At most 20 MB in UTF-8.")]


class Crawl(Wire):
    """How an address is read."""

    mode: Literal["page"] = "page"
    refresh: Literal["never", "daily", "weekly"] = "never"


class NewPage(Wire):
    """A page of the web."""

    name: Name
    url: Annotated[str, Field(max_length=2_000, pattern="^https?://[^ ]+$")]
    crawl: Crawl = Crawl()


class Query(Wire):
    """A question to the knowledge base."""

    query: Annotated[str, Field(min_length=1, max_length=4_000)]
    top_k: Annotated[int, Field(ge=1, le=50)] = 5


class Taken(Wire):
    """A document that came in."""

    id: str
    name: str
    type: str
    status: str

    @classmethod
    def of(cls, found: Document) -> "Taken":
        return cls(id=found.id, name=found.name, type=found.type, status=found.status)


class ShownDocument(Taken):
    """A document, and how far it is: `progress` in per cent."""

    chunk_count: int
    created_at: str
    progress: int
    error: str | None
    url: str | None
    size: int

    @classmethod
    def of(cls, found: Document) -> "ShownDocument":
        return cls(
            id=found.id,
            name=found.name,
            type=found.type,
            status=found.status,
            chunk_count=found.chunk_count,
            created_at=iso(from_milliseconds(found.created_at)),
            progress=found.progress,
            error=found.error,
            url=found.url,
            size=found.size,
        )


class ShownChunk(Wire):
    """A piece of a document's text."""

    id: str
    content: str
    headings: list[str]
    page: int | None


class WholeDocument(ShownDocument):
    """A document with its text, as the chunks it was cut into: the first thousand of them."""

    chunks: list[ShownChunk]


class ShownDocuments(Wire):
    """The documents of a project, most recent first."""

    documents: list[ShownDocument]
    total: int


class ShownPassage(Wire):
    """Part of a document that may answer the question; `score` from 0 to 1."""

    content: str
    score: float
    document_id: str
    document_name: str
    chunk_id: str
    url: str | None
    excerpt: str
    heading: str | None
    page: int | None

    @classmethod
    def of(cls, found: Passage) -> "ShownPassage":
        return cls(
            content=found.content,
            score=found.score,
            document_id=found.document_id,
            document_name=found.document_name,
            chunk_id=found.chunk_id,
            url=found.url,
            excerpt=found.excerpt,
            heading=found.heading,
            page=found.page,
        )
