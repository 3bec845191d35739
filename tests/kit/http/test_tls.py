"""The name in the URL is the name that the certificate proves, whatever address it is connected to."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from conduet.kit.http import AllowPrivate, Outgoing
from conduet.kit.http.connection import converse
from conduet.kit.http.errors import Untrusted
from conduet.kit.http.guard import Guard
from conduet.kit.http.httpx import open_client
from tests.kit.http.certificates import contexts
from tests.kit.http.conftest import Names, Server

ALLOW = AllowPrivate(everywhere=True)
NAMES = Names(good_example=[["127.0.0.1"]], other_example=[["127.0.0.1"]])


@dataclass
class Secure(Server):
    trust: ssl.SSLContext | None = None


@pytest.fixture
async def secure(tmp_path: Path) -> AsyncIterator[Secure]:
    """A server that proves to be `good.example`, and who believes it."""
    presented, trust = contexts(tmp_path, "good.example")
    server = Secure([b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"], trust=trust)
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=presented)
    server.port = listener.sockets[0].getsockname()[1]
    yield server
    listener.close()
    await server.stop()
    await listener.wait_closed()


async def test_a_certificate_is_checked_against_the_name(secure: Secure):
    outgoing = Outgoing(ALLOW, resolver=NAMES, tls=secure.trust)
    answer = await outgoing.request("GET", f"https://good.example:{secure.port}/", timeout_seconds=5)
    assert answer.body == b"hello"
    with pytest.raises(Untrusted, match=r"other\.example"):
        await outgoing.request("GET", f"https://other.example:{secure.port}/", timeout_seconds=5)
    assert len(secure.requests) == 1
    await outgoing.close()


async def test_an_authority_that_nobody_knows_is_not_trusted(secure: Secure):
    outgoing = Outgoing(ALLOW, resolver=NAMES)
    with pytest.raises(Untrusted):
        await outgoing.request("GET", f"https://good.example:{secure.port}/", timeout_seconds=5, retries=3)
    assert not secure.requests
    await outgoing.close()


async def test_httpx_checks_the_name_too(secure: Secure):
    async with open_client(Guard(ALLOW, NAMES), timeout_seconds=5, tls=secure.trust) as client:
        assert (await client.get(f"https://good.example:{secure.port}/")).text == "hello"
        with pytest.raises(httpx2.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await client.get(f"https://other.example:{secure.port}/")


async def test_a_plain_connection_checks_the_name_too(secure: Secure):
    def ask(connection: object) -> bytes:
        assert isinstance(connection, ssl.SSLSocket)
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        return connection.recv(4096)

    guard = Guard(ALLOW, NAMES)
    said = await converse(guard, "good.example", secure.port, talk=ask, timeout_seconds=5, tls=secure.trust)
    assert said.startswith(b"HTTP/1.1 200")
    with pytest.raises(ssl.SSLCertVerificationError):
        await converse(guard, "other.example", secure.port, talk=ask, timeout_seconds=5, tls=secure.trust)
