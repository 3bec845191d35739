"""The same check for libraries that bring their own httpx2 calls (MCP's SDK): a client for them to use.

Imported by whoever needs it, as httpx2 takes 140 ms.
"""

import ssl
from collections.abc import AsyncGenerator, Iterable, Mapping
from typing import Any, cast

import httpcore2
import httpx2

from conduet.kit.http.errors import BadResponse, InvalidCall, ResponseTooLarge, Unreachable
from conduet.kit.http.guard import Guard

MAX_BYTES = 5 * 1024 * 1024
REDIRECTS = 5
KEEPS_METHOD = frozenset({307, 308})


def open_client(
    guard: Guard,
    *,
    headers: Mapping[str, str] | None = None,
    timeout_seconds: float,
    max_bytes: int = MAX_BYTES,
    auth: httpx2.Auth | None = None,
    tls: ssl.SSLContext | None = None,
) -> httpx2.AsyncClient:
    """A client that connects only where `guard` lets it, knows no proxy and follows redirects within one origin.

    `timeout_seconds` bounds each silence, since a stream may last: set a deadline around what you await. `max_bytes`
    bounds each answer. A refusal comes out as `Refused`, what else fails as httpx2's errors.
    """
    return httpx2.AsyncClient(
        transport=GuardedTransport(guard, max_bytes=max_bytes, tls=tls),
        # Compressed answers are not asked for and not taken: httpx2 would inflate without a bound.
        headers={**(headers or {}), "Accept-Encoding": "identity", "User-Agent": "Conduet"},
        timeout=timeout_seconds,
        auth=auth,
        follow_redirects=False,
        trust_env=False,
    )


class GuardedTransport(httpx2.AsyncHTTPTransport):
    """httpx2's transport over a pool whose connections the guard opens."""

    def __init__(self, guard: Guard, *, max_bytes: int, tls: ssl.SSLContext | None) -> None:
        tls = tls or httpx2.create_ssl_context(trust_env=False)
        # Given, as httpx2 would read the certificates anew, which takes a tenth of a second.
        super().__init__(verify=tls, trust_env=False)
        # httpx2 has no public way to give its pool another network; a test fails should it cease to work.
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=tls,
            max_keepalive_connections=20,
            keepalive_expiry=15.0,
            network_backend=GuardedNetwork(guard),
        )
        self._max_bytes = max_bytes

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """One answer. A 307 or 308 to the same origin (a slash at the end of the path) is followed: there the
        caller's credentials belong; any other redirect is the answer."""
        for _ in range(REDIRECTS + 1):
            response = await super().handle_async_request(request)
            following = _following(request, response)
            if following is None:
                break
            await response.aclose()
            request = following
        else:
            raise httpx2.TooManyRedirects(f"More than {REDIRECTS} redirects.", request=request)
        if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
            await response.aclose()
            raise BadResponse("The answer is compressed, which was not asked for.")
        assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101 - httpx2 types it wider
        response.stream = Bounded(response.stream, self._max_bytes)
        return response


class GuardedNetwork(httpcore2.AsyncNetworkBackend):
    """Connects to addresses that were checked, and to no socket of the machine (the base class knows of none)."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._network = cast(httpcore2.AsyncNetworkBackend, httpcore2.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        try:
            addresses = await self._guard.addresses(host, port)
        except (Unreachable, InvalidCall) as error:
            raise httpcore2.ConnectError(error.message) from None
        for address in addresses:
            try:
                return await self._network.connect_tcp(str(address), port, timeout, local_address, socket_options)
            except httpcore2.ConnectError:
                continue
        raise httpcore2.ConnectError(f"{host} could not be reached.")


class Bounded(httpx2.AsyncByteStream):
    """A body that ends with `ResponseTooLarge` at its limit."""

    def __init__(self, stream: httpx2.AsyncByteStream, limit: int) -> None:
        self._stream = stream
        self._limit = limit

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        seen = 0
        async for data in self._stream:
            seen += len(data)
            if seen > self._limit:
                raise ResponseTooLarge(f"The answer is larger than {self._limit:,} bytes.")
            yield data

    async def aclose(self) -> None:
        await self._stream.aclose()


def _following(request: httpx2.Request, response: httpx2.Response) -> httpx2.Request | None:
    location = response.headers.get("Location")
    if response.status_code not in KEEPS_METHOD or location is None:
        return None
    try:
        url = request.url.join(location)
    except httpx2.InvalidURL:
        return None
    same = (url.scheme, url.host, url.port) == (request.url.scheme, request.url.host, request.url.port)
    if not same or url.userinfo:
        return None
    return httpx2.Request(
        request.method, url, headers=request.headers, stream=request.stream, extensions=request.extensions
    )
