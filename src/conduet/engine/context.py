"""The whole world of a step: whatever version, state and action do not determine comes through here."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from conduet.engine.outside import Code, Computed, Mail, McpRequest, Request, Response
from conduet.engine.values import Json, Missing


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


Variables = Mapping[str, Json]
