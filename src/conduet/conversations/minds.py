"""What the turns of all projects think with: models, the embedder, and the knowledge base."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from opentelemetry.trace import Tracer

from conduet.accounts.principal import ProjectScope
from conduet.engine.context import Passage
from conduet.kit.json import Json
from conduet.llm.embedding import Embedder
from conduet.llm.models import Models
from conduet.llm.name import Chain
from conduet.llm.tracing import NOT_TRACED


class Knowledge(Protocol):
    """The knowledge bases of all projects."""

    async def has_any(self, project_id: str) -> bool:
        """Whether the project has a document that can be found."""
        ...

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
        ...


@dataclass(frozen=True, slots=True)
class Minds:
    """`chain` are the models of this server, for who names none; without `knowledge` no project has any."""

    models: Models
    chain: Chain = ()
    embedder: Embedder | None = None
    knowledge: Knowledge | None = None
    tracer: Tracer = NOT_TRACED

    async def has_knowledge(self, project: ProjectScope) -> bool:
        """Whether the project has something in its knowledge base."""
        return self.knowledge is not None and await self.knowledge.has_any(project.project_id)


NO_MINDS = Minds(Models({}))
