"""The client of steps, tools, connectors, channels and the crawler: one call in, one answer or one plain error out."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING

from conduet.kit.clock import now
from conduet.kit.http.address import AllowPrivate, Place
from conduet.kit.http.body import Body
from conduet.kit.http.errors import BadRedirect, OutgoingError, ResponseTooLarge, TimedOut
from conduet.kit.http.guard import Guard
from conduet.kit.http.resolver import Resolver, SystemResolver
from conduet.kit.http.response import Response

if TYPE_CHECKING:
    import aiohttp

    from conduet.kit.http.call import Call, Pairs
    from conduet.kit.http.patience import Patience

MAX_BYTES = 5 * 1024 * 1024
REDIRECTS = 5
BREATH = 1024 * 1024  # bytes decompressed before others have their turn on the loop
SLOW_IMPORT = "conduet.kit.http.session"


class Incoming:
    """An answer whose body is still on its way; only inside `Outgoing.stream`."""

    def __init__(self, answer: "aiohttp.ClientResponse", *, max_bytes: int) -> None:
        self.status = answer.status
        self.headers = tuple((name, _clean(value)) for name, value in answer.headers.items())
        self.url = str(answer.url)
        self._answer = answer
        self._max_bytes = max_bytes

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body, decompressed, in pieces of at most 128 KiB.

        Raises `ResponseTooLarge`, `BadResponse`, `Interrupted`.
        """
        from conduet.kit.http.session import wire_bytes

        if self._answer.method != "HEAD":
            self._count(self._answer.content_length or 0)
        body = Body(self._answer.headers.get("Content-Encoding"))
        on_wire = told = breath = 0
        async for data in wire_bytes(self._answer):
            on_wire += len(data)
            self._count(on_wire)
            for piece in body.feed(data):
                told += len(piece)
                self._count(told)
                yield piece
            if told - breath > BREATH:
                breath = told
                await asyncio.sleep(0)
        for piece in body.end():
            self._count(told + len(piece))
            yield piece

    async def read(self) -> bytes:
        """The whole body, decompressed."""
        return b"".join([piece async for piece in self.chunks()])

    def _count(self, size: int) -> None:
        if size > self._max_bytes:
            raise ResponseTooLarge(f"The answer is larger than {self._max_bytes:,} bytes.")


class Outgoing:
    """Calls to the world: to public addresses, and to what `allow` and a call's own `admit` open beside them.

    Connections are kept and shared; those to an admitted place in a pool of that place alone, so that a call without
    the admission can never be sent over one. `tls` replaces the certificates that are trusted. Close it at the end.
    """

    def __init__(
        self, allow: AllowPrivate, *, resolver: Resolver | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.guard = Guard(allow, resolver or SystemResolver())
        self._tls = tls
        self._sessions: dict[Place | None, aiohttp.ClientSession] = {}

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: "Pairs" = (),
        query: "Pairs" = (),
        body: bytes | None = None,
        timeout_seconds: float,
        max_bytes: int = MAX_BYTES,
        retries: int = 0,
        redirects: int = REDIRECTS,
        admit: Collection[Place] = (),
        trace_id: str | None = None,
    ) -> Response:
        """The whole answer, whatever its status.

        `timeout_seconds` is the deadline of everything together: looking up, redirects, retries, reading. `max_bytes`
        bounds the body as sent and as decompressed. `retries` happen only where they are safe: before anything was
        sent, for idempotent methods (or with an `Idempotency-Key`), and when a 429 or 503 says `Retry-After` and the
        deadline leaves time for it. With `redirects=0` a redirect is the answer. `admit` opens places to this call
        alone, and comes from code, never from a document. `trace_id` is 32 hex digits for `traceparent`.

        Raises an `OutgoingError`, `Refused` among them.
        """
        sent_at, started = now(), asyncio.get_running_loop().time()
        async with self.stream(
            method,
            url,
            headers=headers,
            query=query,
            body=body,
            timeout_seconds=timeout_seconds,
            max_bytes=max_bytes,
            retries=retries,
            redirects=redirects,
            admit=admit,
            trace_id=trace_id,
        ) as incoming:
            content = await incoming.read()
        return Response(
            status=incoming.status,
            headers=incoming.headers,
            body=content,
            url=incoming.url,
            sent_at=sent_at,
            duration_ms=(asyncio.get_running_loop().time() - started) * 1000,
        )

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        url: str,
        *,
        headers: "Pairs" = (),
        query: "Pairs" = (),
        body: bytes | None = None,
        timeout_seconds: float,
        max_bytes: int = MAX_BYTES,
        retries: int = 0,
        redirects: int = REDIRECTS,
        admit: Collection[Place] = (),
        trace_id: str | None = None,
    ) -> AsyncGenerator[Incoming]:
        """As `request`, the body read by the caller inside the same deadline; what is not read is dropped."""
        if not self._sessions:
            # In the loop this would hold everybody up for 140 ms.
            await asyncio.to_thread(import_module, SLOW_IMPORT)
        from conduet.kit.http.call import prepare
        from conduet.kit.http.patience import Patience

        call = prepare(method, url, headers=headers, query=query, body=body, trace_id=trace_id)
        deadline = asyncio.timeout(timeout_seconds)
        try:
            async with deadline:
                patience = Patience(retries, deadline.when() or 0.0)
                answer = await self._follow(call, patience, redirects=redirects, admit=frozenset(admit))
                try:
                    yield Incoming(answer, max_bytes=max_bytes)
                finally:
                    answer.release()
        except TimeoutError:
            if not deadline.expired():
                raise
            raise TimedOut(f"There was no complete answer within {timeout_seconds:g} seconds.") from None

    async def close(self) -> None:
        """Ends all connections, idle and busy."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    async def _follow(
        self, call: "Call", patience: "Patience", *, redirects: int, admit: frozenset[Place]
    ) -> "aiohttp.ClientResponse":
        """The answer at the end of the redirects; each hop passes the same check."""
        for _ in range(redirects + 1):
            answer = await self._send(call, patience, admit=admit)
            try:
                following = call.following(answer.status, answer.headers.get("Location")) if redirects else None
            except OutgoingError:
                answer.release()
                raise
            if following is None:
                return answer
            answer.release()
            call = following
        raise BadRedirect(f"The other side redirects more than {redirects} times.")

    async def _send(self, call: "Call", patience: "Patience", *, admit: frozenset[Place]) -> "aiohttp.ClientResponse":
        """One hop, tried again where that is safe."""
        from conduet.kit.http.session import send

        admitted = call.place if call.place in admit else None
        (self.guard.admitting(admitted) if admitted else self.guard).check_literal(call.place)
        session = self._session(admitted)
        while True:
            try:
                answer = await send(session, call)
            except OutgoingError as error:
                pause = patience.after_error(call, error)
                if pause is None:
                    raise
            else:
                pause = patience.after_answer(call, answer.status, answer.headers)
                if pause is None:
                    return answer
                answer.release()
            await asyncio.sleep(pause)

    def _session(self, admitted: Place | None) -> "aiohttp.ClientSession":
        """The pool of public calls, or that of one admitted place."""
        from conduet.kit.http.session import open_session

        session = self._sessions.get(admitted)
        if session is None:
            guard = self.guard.admitting(admitted) if admitted else self.guard
            session = self._sessions[admitted] = open_session(guard, self._tls)
        return session


def _clean(value: str) -> str:
    """A header's value without the halves of characters that aiohttp makes of bytes that are no UTF-8."""
    return value if value.isascii() else value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
