"""The one place that speaks aiohttp: sessions that connect only where the guard lets them, errors in our words.

Imported with the first call: aiohttp takes 140 ms.
"""

import io
import socket
import ssl
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from conduet.kit.http.address import Address, Place, parse_address
from conduet.kit.http.body import ACCEPT_ENCODING
from conduet.kit.http.call import Call
from conduet.kit.http.errors import BadResponse, Interrupted, Unreachable, Untrusted
from conduet.kit.http.guard import Guard

CONNECTIONS = 512
CONNECTIONS_A_HOST = 64  # a host that answers slowly takes these, and nobody else's
IDLE_SECONDS = 15.0
HEADER_LINE = 16 * 1024
HEADER_COUNT = 128
UNTAKEN_MS = 30_000
AddrInfo: TypeAlias = tuple[int, int, int, str, tuple[Any, ...]]  # as `getaddrinfo` gives them

LARGE_BODY = 512 * 1024  # aiohttp warns of larger `bytes`, as it would write them at once


def open_session(guard: Guard, tls: ssl.SSLContext | None) -> aiohttp.ClientSession:
    """A session with a pool of its own: no proxy or `.netrc` of the environment, no cookies, no redirects."""
    door = Door(guard)
    connector = aiohttp.TCPConnector(
        resolver=door,
        socket_factory=door.open_socket,
        use_dns_cache=False,
        ssl=tls or True,
        limit=CONNECTIONS,
        limit_per_host=CONNECTIONS_A_HOST,
        keepalive_timeout=IDLE_SECONDS,
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(),
        auto_decompress=False,
        trust_env=False,
        headers={"Accept-Encoding": ACCEPT_ENCODING},
        skip_auto_headers=("Content-Type", "User-Agent"),
        max_line_size=HEADER_LINE,
        max_field_size=HEADER_LINE,
        max_headers=HEADER_COUNT,
    )


class Door(AbstractResolver):
    """Where aiohttp asks for addresses, and again for each socket: the address connected to is one that was checked.

    aiohttp does not ask a resolver about an address in a URL (`check_literal` is for those), only for its socket.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._named: set[tuple[Address, int]] = set()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        addresses = await self._guard.addresses(host, port)
        self._named.update((address, port) for address in addresses if not self._passes(address, port))
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=socket.AF_INET if address.version == 4 else socket.AF_INET6,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Holds nothing open."""

    def open_socket(self, info: AddrInfo) -> socket.socket:
        """The socket for one address. Raises `Refused`: an address that is neither open nor was let in by its name."""
        family, kind, proto, _, (host, port, *_) = info
        address = parse_address(str(host))
        if (address, port) not in self._named:
            self._guard.check(address, Place(str(address), int(port)))
        opened = socket.socket(family, kind, proto)
        # A connection is closed only when the other side has taken what was written: one that never does would stay.
        with suppress(AttributeError):  # not every system has it
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNTAKEN_MS)
        return opened

    def _passes(self, address: Address, port: int) -> bool:
        return self._guard.allow.admits(address, Place(str(address), port))


async def send(session: aiohttp.ClientSession, call: Call) -> aiohttp.ClientResponse:
    """The head of the answer, its body still to come. Raises the `OutgoingError` that fits."""
    body = io.BytesIO(call.body) if call.body and len(call.body) > LARGE_BODY else call.body
    with _in_our_words(call.url.host or ""):
        answer = await session.request(call.method, call.url, headers=call.headers, data=body, allow_redirects=False)
    if answer.status < 200:
        answer.close()
        raise BadResponse(f"{call.url.host} switches to another protocol, which was not asked for.")
    return answer


async def wire_bytes(answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """The body as it comes off the wire."""
    with _in_our_words(answer.url.host or ""):
        async for data in answer.content.iter_any():
            yield data


@contextmanager
def _in_our_words(host: str) -> Generator[None]:
    """aiohttp's errors name resolved addresses: none of their text, and no chain to them, goes further."""
    try:
        yield
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientConnectorSSLError):
        raise Untrusted(f"No secure connection to {host}: its certificate or its TLS is not good.") from None
    except aiohttp.ClientConnectorError:
        raise Unreachable(f"{host} could not be reached.") from None
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
        raise Interrupted(f"{host} closed the connection before it had answered.") from None
    except aiohttp.ClientPayloadError:
        raise Interrupted(f"The answer of {host} broke off.") from None
    except (aiohttp.ClientError, aiohttp.http.HttpProcessingError):
        raise BadResponse(f"The answer of {host} is not valid HTTP, or its headers are too large.") from None
