"""How documents and passages look on the wire."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field, JsonValue

from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.schema import Wire
from conduet.knowledge.document_store import Document
from conduet.knowledge.gaps import Gap
from conduet.knowledge.index_store import StoredChunk
from conduet.knowledge.search_passages import Passage
from conduet.knowledge.source import Source

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
    "metadata": {"audience": "customers"},
    "sourceId": None,
    "crawledAt": None,
    "crawl": None,
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
    "crawledAt": None,
    "highlights": [[13, 17]],
    "metadata": {"audience": "customers"},
}

GAP: Final[dict[str, Any]] = {
    "question": "Do you rent out cargo bikes?",
    "count": 3,
    "score": 0.21,
    "firstAskedAt": "2026-11-20T09:12:44.120Z",
    "lastAskedAt": "2026-11-25T12:00:00.023Z",
}
EXPORTED: Final = (
    '{"id":"doc_18eb6d95dcb1bb2217e2f180dd50d320","name":"Returns","type":"text","chunks":[{"content":"You can send a'
    ' bicycle back within 30 days.","headings":["Returns"],"page":null}]}\n'
)

Name = Annotated[str, Field(min_length=1, max_length=300)]


Fact = Annotated[str, Field(max_length=1_000)] | int | float | bool
Metadata = Annotated[
    dict[Annotated[str, Field(min_length=1, max_length=100)], Fact],
    Field(max_length=50, description="What searches can be narrowed by: names to texts, numbers, yes or no."),
]
Pattern = Annotated[str, Field(min_length=1, max_length=500)]
_PATTERNS: Final = "Patterns with `*` over the path of a page, or over its whole address where they have a `://`."


class NewText(Wire):
    """A document as text."""

    name: Name
    type: Literal["text"] = "text"
    content: Annotated[str, Field(min_length=1, description="At most 20 MB in UTF-8.")]
    metadata: Metadata = Field(default_factory=dict)


class Crawl(Wire):
    """How an address is read."""

    mode: Annotated[
        Literal["page", "sitemap", "site"],
        Field(description="The page alone, the pages of a sitemap, or those that it links to on the same host."),
    ] = "page"
    depth: Annotated[int, Field(ge=0, le=10, description="Of a `site`: how many links away from the page.")] = 2
    max_pages: Annotated[int, Field(ge=1, le=1_000)] = 200
    include: Annotated[list[Pattern], Field(max_length=50, description=f"Which pages alone are read. {_PATTERNS}")] = (
        Field(default_factory=list)
    )
    exclude: Annotated[list[Pattern], Field(max_length=50, description=f"Which pages are not read. {_PATTERNS}")] = (
        Field(default_factory=list)
    )
    refresh: Annotated[
        Literal["never", "daily", "weekly"], Field(description="When they are looked at again for what has changed.")
    ] = "never"

    @classmethod
    def of(cls, found: Source) -> "Crawl":
        return cls(
            mode=found.mode,
            depth=found.depth,
            max_pages=found.max_pages,
            include=[*found.include],
            exclude=[*found.exclude],
            refresh=found.refresh,
        )


class NewPage(Wire):
    """A page of the web, or the pages of a site."""

    name: Name
    url: Annotated[str, Field(max_length=2_000, pattern="^https?://[^ ]+$")]
    crawl: Crawl = Crawl()
    metadata: Metadata = Field(default_factory=dict)

    @property
    def source(self) -> Source:
        """What is read, as it is kept."""
        asked = self.crawl
        return Source(
            self.url,
            asked.mode,
            depth=asked.depth,
            max_pages=asked.max_pages,
            include=tuple(asked.include),
            exclude=tuple(asked.exclude),
            refresh=asked.refresh,
        )


class Facts(Wire):
    """What a form says of a file, in the field `metadata`."""

    metadata: Metadata = Field(default_factory=dict)


class Filter(Wire):
    """Which documents a search looks into: those that fit all that is said."""

    documents: Annotated[list[str], Field(min_length=1, max_length=200, description="Ids.")] | None = None
    metadata: Annotated[
        dict[str, Fact | Annotated[list[Fact], Field(max_length=200)]],
        Field(max_length=50, description="What their metadata have to be; of a list, one of it."),
    ] = Field(default_factory=dict)


class Query(Wire):
    """A question to the knowledge base."""

    query: Annotated[str, Field(min_length=1, max_length=4_000)]
    top_k: Annotated[int, Field(ge=1, le=50)] = 5
    min_score: Annotated[float | None, Field(ge=0, le=1)] = None
    filter: Filter = Filter()


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
    """A document, and how far it is: `progress` in per cent.

    A page of the web has a `sourceId`: the first document of its crawl, which alone tells of the `crawl`, and is ready
    once all pages have been read. `crawledAt` is when the page was last looked at.
    """

    chunk_count: int
    created_at: str
    progress: int
    error: str | None
    url: str | None
    size: int
    metadata: dict[str, JsonValue]
    source_id: str | None
    crawled_at: str | None
    crawl: Crawl | None

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
            metadata=dict(found.metadata),
            source_id=found.source_id,
            crawled_at=_time(found.crawled_at),
            crawl=Crawl.of(found.source) if found.source else None,
        )


class ShownChunk(Wire):
    """A piece of a document's text."""

    id: str
    content: str
    headings: list[str]
    page: int | None

    @classmethod
    def of(cls, found: StoredChunk) -> "ShownChunk":
        return cls(id=found.id, content=found.content, headings=[*found.headings], page=found.page)


class WholeDocument(ShownDocument):
    """A document with its text, as the chunks it was cut into: a thousand of them at a time."""

    chunks: list[ShownChunk]


class ShownEmbedding(Wire):
    """A model whose vectors are being made, and of how many per cent of the chunks; the old are searched till then."""

    model: str
    progress: int


class ShownDocuments(Wire):
    """The documents of a project, most recent first; `embedding` while another model's vectors are being made."""

    documents: list[ShownDocument]
    total: int
    embedding: ShownEmbedding | None


class ShownGap(Wire):
    """A question that was asked `count` times, and the score of the passage that answers it best, from 0 to 1."""

    question: str
    count: int
    score: float
    first_asked_at: str
    last_asked_at: str

    @classmethod
    def of(cls, found: Gap) -> "ShownGap":
        return cls(
            question=found.question,
            count=found.count,
            score=found.score,
            first_asked_at=iso(from_milliseconds(found.first_asked_at)),
            last_asked_at=iso(from_milliseconds(found.last_asked_at)),
        )


class ShownPassage(Wire):
    """Part of a document that may answer the question; `score` from 0 to 1.

    `highlights` are the words of the question in the `excerpt`, as begin and end in characters.
    """

    content: str
    score: float
    document_id: str
    document_name: str
    chunk_id: str
    url: str | None
    excerpt: str
    heading: str | None
    page: int | None
    crawled_at: str | None
    highlights: list[list[int]]
    metadata: dict[str, JsonValue]

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
            crawled_at=_time(found.crawled_at),
            highlights=[[*span] for span in found.highlights],
            metadata=dict(found.metadata),
        )


def _time(moment: int | None) -> str | None:
    return None if moment is None else iso(from_milliseconds(moment))
