"""The way to a provider's server: one POST, its answer read as it comes.

Two ways: `Direct` for a server that the operator of this machine named, `Checked` for one that a project names, which
is reached through the address check like any other outgoing call.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol

from conduet.kit.http import Outgoing, OutgoingError, errors
from conduet.llm.errors import (
    BrokenStream,
    MalformedAnswer,
    ModelError,
    RequestRejected,
    TimedOut,
    Unreachable,
    Untrusted,
)

if TYPE_CHECKING:
    from conduet.llm.session import Session

MAX_BYTES: Final = 16 * 1024 * 1024
"""The largest answer, all events together."""

MOST_SECONDS: Final = 90.0
SLOW_IMPORT: Final = "conduet.llm.session"


class Incoming(Protocol):
    """The head of an answer, its body still to come; the names of `headers` are in lower case."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def is_over(self) -> bool:
        """Whether it is known that nothing more comes."""
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """The body in pieces of any size. Raises a `ModelError` when it breaks off."""
        ...


class Opener(Protocol):
    """Who sends a request to a provider."""

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> AbstractAsyncContextManager[Incoming]:
        """The answer to a POST, whatever its status; leaving the block drops what was not read.

        Raises a `ModelError` where there is none.
        """
        ...


class Direct:
    """Connections of the server's own, to wherever its operator's settings point; kept and shared. Close it."""

    def __init__(self) -> None:
        self._session: Session | None = None
        self._is_closed = False

    @asynccontextmanager
    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> AsyncGenerator[Incoming]:
        """As `Opener` says."""
        if self._is_closed:
            raise Unreachable("The server is shutting down.")
        if self._session is None:
            # In the loop this would hold everybody up for 140 ms.
            await asyncio.to_thread(import_module, SLOW_IMPORT)
        if self._session is None:
            from conduet.llm.session import Session

            self._session = Session(max_bytes=MAX_BYTES)
        answer = await self._session.send(url, headers=headers, body=body)
        try:
            yield answer
        finally:
            answer.release()

    async def close(self) -> None:
        """Ends all connections, idle and busy; there are no new ones."""
        self._is_closed = True
        if self._session is not None:
            await self._session.close()
            self._session = None


class Checked:
    """Calls through the address check: what a project names may only be on the public internet."""

    def __init__(self, outgoing: Outgoing, *, seconds: float = MOST_SECONDS) -> None:
        self._outgoing = outgoing
        self._seconds = seconds

    @asynccontextmanager
    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> AsyncGenerator[Incoming]:
        """As `Opener` says."""
        try:
            async with self._outgoing.stream(
                "POST", url, headers=headers, body=body, timeout_seconds=self._seconds, max_bytes=MAX_BYTES, redirects=0
            ) as incoming:
                lower = {name.lower(): value for name, value in incoming.headers}
                yield _CheckedAnswer(incoming.status, lower, incoming.chunks())
        except OutgoingError as error:
            raise _translated(error) from None


class _CheckedAnswer:
    """An answer that came through the address check."""

    def __init__(self, status: int, headers: Mapping[str, str], body: AsyncIterator[bytes]) -> None:
        self.status = status
        self.headers = headers
        self.is_over = False
        self._body = body

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._body:
                yield chunk
        except OutgoingError as error:
            raise _translated(error) from None
        self.is_over = True


def _translated(error: OutgoingError) -> ModelError:
    match error:
        case errors.Unreachable():
            return Unreachable(said=error.message)
        case errors.Untrusted():
            return Untrusted(said=error.message)
        case errors.Interrupted():
            return BrokenStream(said=error.message)
        case errors.TimedOut():
            return TimedOut(said=error.message)
        case errors.BadResponse() | errors.ResponseTooLarge() | errors.BadRedirect():
            return MalformedAnswer(said=error.message)
        case _:
            return RequestRejected(error.message)
