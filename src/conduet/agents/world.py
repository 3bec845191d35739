"""What agents and the steps that speak through a model ask of the world."""

from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING, Final, Protocol, cast

from conduet.engine.turn import Turn
from conduet.llm.errors import NotConfigured
from conduet.llm.message import ModelRequest
from conduet.llm.models import Told
from conduet.llm.name import Chain

if TYPE_CHECKING:
    from conduet.llm.embedding import Vectors


class ModelWorld(Protocol):
    """Where models are asked; each answer is kept in the turn's journal under the place that asked."""

    def model(self, place: str, chain: Chain, request: ModelRequest, *, seconds: float) -> AsyncGenerator[Told]:
        """The answer as it is made, the `ModelAnswer` last; raises a `ModelError`, which the journal keeps too.

        `seconds` is how long the whole call may take: what takes longer raises `TimedOut`.
        """
        ...


class Passage(Protocol):
    """A piece of a document of the knowledge base."""

    @property
    def chunk_id(self) -> str: ...

    @property
    def document_id(self) -> str: ...

    @property
    def document_name(self) -> str: ...

    @property
    def url(self) -> str | None: ...

    @property
    def score(self) -> float: ...

    @property
    def content(self) -> str: ...

    @property
    def excerpt(self) -> str: ...


class World(ModelWorld, Protocol):
    """What a turn's context is, beyond what flows alone ask of it."""

    @property
    def chain(self) -> Chain:
        """The models of this server, for who names none."""
        ...

    @property
    def intent_threshold(self) -> float:
        """The score from which on an intent is meant, by the embedder there is."""
        ...

    @property
    def has_knowledge(self) -> bool:
        """Whether the project has a document in its knowledge base."""
        ...

    async def embed(self, texts: Sequence[str]) -> "Vectors":
        """The vectors of texts, in their order; raises a `ModelError`."""
        ...

    async def search(
        self, place: str, query: str, *, top_k: int = 5, min_score: float | None = None
    ) -> Sequence[Passage]:
        """The passages that fit best, best first."""
        ...


class _Unconnected:
    """The world where no model, no embedder and no knowledge base is connected."""

    chain: Chain = ()
    intent_threshold = 1.0
    has_knowledge = False

    async def model(self, place: str, chain: Chain, request: ModelRequest, *, seconds: float) -> AsyncGenerator[Told]:
        raise NotConfigured("No model is connected here.")
        yield  # pragma: no cover

    async def embed(self, texts: Sequence[str]) -> "Vectors":
        raise NotConfigured("No embedder is connected here.")

    async def search(
        self, place: str, query: str, *, top_k: int = 5, min_score: float | None = None
    ) -> Sequence[Passage]:
        return ()


class _Connected:
    """A context, with what it does not connect answered as if it were not there."""

    def __init__(self, context: object) -> None:
        self._context = context

    def __getattr__(self, name: str) -> object:
        return getattr(self._context, name, None) or getattr(_UNCONNECTED, name)


_UNCONNECTED: Final = _Unconnected()


def world_of(turn: Turn) -> World:
    """The world of a turn."""
    return cast("World", _Connected(turn.context))
