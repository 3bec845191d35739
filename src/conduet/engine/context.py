"""The whole world of a step: whatever version, state and action do not determine comes through here."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from conduet.engine.outside import Code, Computed, Mail, McpRequest, Request, Response
from conduet.engine.values import Json, Missing

if TYPE_CHECKING:
    from conduet.llm.embedding import Vectors
    from conduet.llm.message import ModelRequest
    from conduet.llm.models import Told
    from conduet.llm.name import Chain


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document of the knowledge base.

    `crawled_at` is when its page was last looked at, ISO 8601. `unknown` are the words of the question that stand
    nowhere in the knowledge base: with one of them, a good score tells less.
    """

    chunk_id: str
    document_id: str
    document_name: str
    url: str | None
    score: float
    content: str
    excerpt: str
    heading: str | None = None
    page: int | None = None
    crawled_at: str | None = None
    unknown: tuple[str, ...] = ()


class Context(Protocol):
    """What a turn may ask of the world; each answer is kept in the turn's journal under the place that asked.

    A place is written by the engine (`workflow/step#visit` and what was asked there), never an order of arrival, so
    that a replay finds the same answer at the same place or says where it parts.
    """

    @property
    def user_id(self) -> str: ...

    @property
    def platform(self) -> str: ...

    @property
    def version_id(self) -> str:
        """What the turn runs on: `development` or a version's id."""
        ...

    def now(self, place: str) -> datetime:
        """The time, aware, in UTC."""
        ...

    def random(self, place: str) -> float:
        """A number in [0, 1)."""
        ...

    async def sleep(self, place: str, *, seconds: float) -> None:
        """Lets time pass; a replay and a test do not wait."""
        ...

    async def elapse(self, place: str, *, seconds: float) -> None:
        """Returns once that time is over; a replay at once where it was over then, else never."""
        ...

    def mocked(self, place: str, names: Sequence[str]) -> Json | Missing:
        """What a test, or who chats while building, lays in place of the answer of a step or tool of these names."""
        ...

    async def secrets(self) -> Mapping[str, str]:
        """The project's secrets by name, as the environment of the turn has them; loaded once, never journalled."""
        ...

    async def call(self, place: str, request: Request) -> Response:
        """The answer to an HTTP request, known secrets replaced by `[secret NAME]`; raises `Unreachable`."""
        ...

    async def compute(self, place: str, code: Code) -> Computed:
        """What code comes to in the sandbox; whatever the code does is told in the answer."""
        ...

    async def mail(self, place: str, mail: Mail) -> None:
        """Hands a message to an SMTP server; raises `Unreachable`."""
        ...

    async def mcp(self, place: str, request: McpRequest) -> Json:
        """What an MCP server answers, known secrets replaced; raises `Unreachable`."""
        ...

    async def once(self, place: str, work: Callable[["Context"], Awaitable[Json]]) -> Json:
        """What `work` comes to, kept as one answer; what it asks of the context it is given is not kept by itself.

        For work with what must not be kept, such as a token that a service gives out. Raises the `Unreachable` that
        `work` raises; a replay does not run it.
        """
        ...

    @property
    def chain(self) -> "Chain":
        """The models of this server, for who names none."""
        ...

    def converses(self, chain: "Chain") -> bool:
        """Whether the first model of the chain can be asked a question that is no round of an agent."""
        ...

    def model(self, place: str, chain: "Chain", request: "ModelRequest", *, seconds: float) -> "AsyncGenerator[Told]":
        """The answer of a model as it is made, the `ModelAnswer` last; raises a `ModelError`, which is kept, too.

        `seconds` is how long the whole call may take.
        """
        ...

    @property
    def intent_threshold(self) -> float:
        """The score from which on an intent is meant, by the embedder there is."""
        ...

    async def embed(self, texts: Sequence[str]) -> "Vectors":
        """The vectors of texts, in their order, each of length 1; raises a `ModelError`.

        They follow from the texts alone, so they are not kept: a replay makes them again.
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
    ) -> "Sequence[Passage]":
        """The passages of the knowledge base that fit best, best first; raises `Unreachable`.

        Only of documents whose `metadata` are as told (a list: one of it). Ask through `conduet.engine.seeking`, which
        holds to what the project lets be found.
        """
        ...


Variables = Mapping[str, Json]
