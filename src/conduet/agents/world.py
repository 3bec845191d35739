"""What an agent asks of the world beyond the `Context` of the engine."""

from collections.abc import AsyncGenerator
from typing import Protocol

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
