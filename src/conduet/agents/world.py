"""What an agent asks of the world: as much of the engine's context as speaks through models."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Protocol

from conduet.engine.context import Passage
from conduet.engine.values import Json
from conduet.llm.message import ModelRequest
from conduet.llm.models import Told
from conduet.llm.name import Chain


class ModelWorld(Protocol):
    """Where models are asked; each answer is kept in the turn's journal under the place that asked."""

    def model(self, place: str, chain: Chain, request: ModelRequest, *, seconds: float) -> AsyncGenerator[Told]:
        """The answer as it is made, the `ModelAnswer` last; raises a `ModelError`, which the journal keeps too.

        `seconds` is how long the whole call may take: what takes longer raises `TimedOut`.
        """
        ...

    @property
    def has_knowledge(self) -> bool:
        """Whether the project has something in its knowledge base."""
        ...

    async def search(
        self,
        place: str,
        query: str,
        *,
        top_k: int = 5,
        min_score: float | None = None,
        metadata: Mapping[str, Json] | None = None,
    ) -> Sequence[Passage]:
        """The passages of the knowledge base that fit best, best first; raises `Unreachable`."""
        ...
