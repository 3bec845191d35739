"""What the knowledge base has on a question: as a model is shown it, and as it is cited."""

from collections.abc import Sequence
from typing import Final

from conduet.engine.context import Passage
from conduet.engine.trace import Knowledge
from conduet.engine.values import Json, to_text

PASSAGE_CHARACTERS: Final = 2_000
"""How much of one passage a model is shown."""

EXCERPT_CHARACTERS: Final = 300

NEAR: Final = 0.1
"""What has a lower score is no source: it is the best of a knowledge base that has nothing on the question."""

ONLY: Final = (
    "Answer questions of fact from the knowledge base and from what tools return, and from nothing else. Where they do "
    "not have the answer, say that you do not know it."
)
"""What a model is told where a project answers only from its sources."""


def shown(passages: Sequence[Passage]) -> list[Json]:
    """The passages as a model is shown them."""
    return [
        {
            "document": each.document_name,
            **({"url": each.url} if each.url else {}),
            **({"lookedAt": each.crawled_at} if each.crawled_at else {}),
            "score": round(each.score, 2),
            "text": _text(each),
            **({"unknownWords": [*each.unknown]} if each.unknown else {}),
        }
        for each in passages
    ]


def mocked(found: Json) -> list[Passage]:
    """The passages that a test lays in place of a search's: objects of `name`, `content`, `score` and `url`."""
    passages: list[Passage] = []
    for number, each in enumerate(found if isinstance(found, list) else [found], 1):
        told = each if isinstance(each, dict) else {"content": each}
        score, content = told.get("score"), to_text(told.get("content", ""))
        passages.append(
            Passage(
                chunk_id=to_text(told.get("chunkId", f"chunk_{number}")),
                document_id=to_text(told.get("documentId", f"doc_{number}")),
                document_name=to_text(told.get("name", "")),
                url=to_text(told.get("url", "")) or None,
                score=score if isinstance(score, float) else 1.0,
                content=content,
                excerpt=content[:EXCERPT_CHARACTERS],
            )
        )
    return passages


def told_as_sources(query: str, passages: Sequence[Passage]) -> tuple[Knowledge, ...]:
    """The trace of what an agent has found by itself; none where it has nothing to do with the query."""
    near = [each for each in passages if each.score >= NEAR]
    return (cited(query, near),) if near else ()


def cited(query: str, passages: Sequence[Passage]) -> Knowledge:
    """The trace that tells what an answer is grounded on."""
    return Knowledge(
        query,
        tuple(
            {
                "documentId": each.document_id,
                "name": each.document_name,
                "chunkId": each.chunk_id,
                "score": each.score,
                "excerpt": (each.excerpt or each.content)[:EXCERPT_CHARACTERS],
                **_place(each),
            }
            for each in passages
        ),
    )


def _place(each: Passage) -> dict[str, Json]:
    """Where in the world and in the document it stands, and how old the page is, as far as that is known."""
    told: dict[str, Json] = {"url": each.url, "page": each.page, "crawledAt": each.crawled_at}
    return {name: value for name, value in told.items() if value is not None}


def kept(passages: Sequence[Passage]) -> list[Json]:
    """The passages as a variable keeps them."""
    return [
        {
            "documentId": each.document_id,
            "name": each.document_name,
            "chunkId": each.chunk_id,
            "score": each.score,
            "content": _text(each),
            "url": each.url or "",
        }
        for each in passages
    ]


def _text(passage: Passage) -> str:
    return passage.content[:PASSAGE_CHARACTERS]
