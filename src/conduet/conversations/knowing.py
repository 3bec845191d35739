"""The knowledge bases of projects, as turns search them."""

from collections.abc import Mapping, Sequence

from conduet.engine.context import Passage
from conduet.engine.outside import Unreachable
from conduet.errors import Unavailable
from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.db import Database
from conduet.kit.json import Json
from conduet.knowledge.doubt import telling
from conduet.knowledge.index_store import find_state
from conduet.knowledge.search import Search


class ProjectKnowledge:
    """Asks one `search` for all projects."""

    def __init__(self, database: Database, search: Search) -> None:
        self._database = database
        self._search = search

    async def has_any(self, project_id: str) -> bool:
        """Whether anything was ever put into the project's knowledge base."""
        return await self._database.glance(lambda tx: find_state(tx, project_id)) is not None

    async def find(
        self,
        project_id: str,
        query: str,
        *,
        top_k: int = 5,
        min_score: float | None = None,
        metadata: Mapping[str, Json] | None = None,
    ) -> Sequence[Passage]:
        """The passages that fit best, best first; raises `Unreachable`."""
        try:
            found = await self._search.look(project_id, query, top_k=top_k, min_score=min_score, metadata=metadata)
        except Unavailable as error:
            raise Unreachable("UNAVAILABLE", error.message) from None
        return [
            Passage(
                each.chunk_id,
                each.document_id,
                each.document_name,
                each.url,
                each.score,
                each.content,
                each.excerpt,
                each.heading,
                each.page,
                iso(from_milliseconds(each.crawled_at)) if each.crawled_at is not None else None,
                telling(found.unknown_words),
            )
            for each in found.passages
        ]
