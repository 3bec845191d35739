"""Running a turn again: how the world's answers are written down, and a world that answers from what was written."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pydantic import JsonValue, TypeAdapter, ValidationError

from conduet.engine.asked import NotHeard, heard_again
from conduet.engine.context import Context, Passage
from conduet.engine.outside import Code, Computed, Mail, McpRequest, Request, Response, Unreachable
from conduet.engine.values import MISSING, Json, Missing
from conduet.llm.errors import NotConfigured
from conduet.llm.message import ModelRequest
from conduet.llm.models import Models, Told
from conduet.llm.name import Chain

if TYPE_CHECKING:
    from conduet.llm.embedding import Embedder, Vectors

Answer: TypeAlias = Response | Computed | Unreachable | None
"""What the world outside answers; `None`: what was asked for is done."""

_RESPONSE: Final[TypeAdapter[Response]] = TypeAdapter(Response)
_COMPUTED: Final[TypeAdapter[Computed]] = TypeAdapter(Computed)
_PASSAGES: Final[TypeAdapter[list[Passage]]] = TypeAdapter(list[Passage])
KNOWLEDGE: Final = "sys.knowledge"
"""Where it is kept that the project has something in its knowledge base."""

_VALUE: Final[TypeAdapter[JsonValue]] = TypeAdapter(JsonValue)


class Parted(Exception):
    """The turn asked at a `place` that the journal does not know: it no longer goes the way that was recorded."""

    def __init__(self, place: str) -> None:
        super().__init__(f"The turn parts from the recorded one at {place}.")
        self.place = place


def write_answer(answer: Answer) -> dict[str, Json]:
    """The entry of an answer, which `ReplayContext` reads; who writes it may add fields, such as the request."""
    match answer:
        case Unreachable(code=code, message=message):
            return {"unreachable": {"code": code, "message": message}}
        case Response():
            return {"answer": _RESPONSE.dump_python(answer, mode="json")}
        case Computed():
            return {"answer": _COMPUTED.dump_python(answer, mode="json")}
        case None:
            return {"answer": None}


def write_value(value: Json) -> dict[str, Json]:
    """The entry of an answer that is JSON."""
    return {"answer": value}


def write_passages(passages: Sequence[Passage]) -> dict[str, Json]:
    """The entry of a search."""
    return {"answer": _PASSAGES.dump_python([*passages], mode="json")}


def write_mock(value: Json) -> dict[str, Json]:
    """The entry of an answer that was laid in place of the world's."""
    return {"mock": value}


class ReplayContext:
    """A `Context` that answers from `entries` (place → answer): moments as ISO 8601, numbers as they were drawn.

    Time does not pass, nothing outside is called, and a secret is `[secret NAME]`. Raises `Parted` out of `run` for a
    place without a fitting answer.
    """

    __slots__ = ("_embedder", "_entries", "_models", "_secrets", "chain", "platform", "user_id", "version_id")

    def __init__(
        self,
        entries: Mapping[str, Json],
        *,
        user_id: str,
        platform: str,
        version_id: str,
        secrets: Iterable[str] = (),
        embedder: "Embedder | None" = None,
        models: "Models | None" = None,
        chain: Chain = (),
    ) -> None:
        self._entries = entries
        self._embedder = embedder
        self._models = models
        self.chain = chain
        self._secrets = {name: f"[secret {name}]" for name in secrets}
        self.user_id = user_id
        self.platform = platform
        self.version_id = version_id

    def now(self, place: str) -> datetime:
        """The moment that was recorded there."""
        try:
            return datetime.fromisoformat(str(self._entries.get(place))).astimezone(UTC)
        except ValueError:
            raise Parted(place) from None

    def random(self, place: str) -> float:
        """The number that was drawn there."""
        drawn = self._entries.get(place)
        if not isinstance(drawn, float) or not 0 <= drawn < 1:
            raise Parted(place)
        return drawn

    async def sleep(self, place: str, *, seconds: float) -> None:
        """Returns at once, where somebody slept."""
        if place not in self._entries:
            raise Parted(place)

    async def elapse(self, place: str, *, seconds: float) -> None:
        """Returns at once where that time was over, else never."""
        if place not in self._entries:
            await asyncio.Event().wait()

    def mocked(self, place: str, names: Sequence[str]) -> Json | Missing:
        """What was laid in place of an answer there."""
        entry = self._entries.get(place)
        return entry.get("mock", MISSING) if isinstance(entry, dict) else MISSING

    async def secrets(self) -> Mapping[str, str]:
        """Names instead of secrets."""
        return self._secrets

    async def call(self, place: str, request: Request) -> Response:
        """What came back there."""
        return self._read(place, _RESPONSE)

    async def compute(self, place: str, code: Code) -> Computed:
        """What the code came to there."""
        return self._read(place, _COMPUTED)

    async def mail(self, place: str, mail: Mail) -> None:
        """Returns at once, where a message was sent."""
        self._read(place, None)

    async def mcp(self, place: str, request: McpRequest) -> Json:
        """What the server answered there."""
        return self._read(place, _VALUE)

    async def once(self, place: str, work: Callable[[Context], Awaitable[Json]]) -> Json:
        """What the work came to there."""
        return self._read(place, _VALUE)

    def converses(self, chain: Chain) -> bool:
        """What is so of the models there are."""
        return bool(chain) and (self._models is None or self._models.converse(chain))

    async def model(self, place: str, chain: Chain, request: ModelRequest, *, seconds: float) -> AsyncGenerator[Told]:
        """What the model answered there, in the pieces it came in."""
        try:
            async with aclosing(heard_again(self._entries.get(place))) as stream:
                async for told in stream:
                    yield told
        except NotHeard:
            raise Parted(place) from None

    @property
    def intent_threshold(self) -> float:
        """That of the embedder there is."""
        return self._embedder.intent_threshold if self._embedder else 1.0

    async def embed(self, texts: Sequence[str]) -> "Vectors":
        """The vectors, made again."""
        return await embedded(self._embedder, texts)

    @property
    def has_knowledge(self) -> bool:
        """Whether it had then."""
        return KNOWLEDGE in self._entries

    async def search(
        self,
        place: str,
        query: str,
        *,
        top_k: int = 5,
        min_score: float | None = None,
        metadata: Mapping[str, Json] | None = None,
    ) -> Sequence[Passage]:
        """What was found there."""
        return self._read(place, _PASSAGES)

    def _read(self, place: str, kind: TypeAdapter[Any] | None) -> Any:
        match self._entries.get(place):
            case {"unreachable": {"code": str(code), "message": str(message)}}:
                raise Unreachable(code, message)
            case {"answer": answer}:
                try:
                    return kind.validate_python(answer) if kind else None
                except ValidationError:
                    raise Parted(place) from None
            case _:
                raise Parted(place)


async def embedded(embedder: "Embedder | None", texts: Sequence[str]) -> "Vectors":
    """The vectors of texts; raises `NotConfigured` where there is no embedder."""
    if embedder is None:
        raise NotConfigured("No embedder is configured on this server.")
    return await embedder.embed(texts, query=True)
