"""The client for libraries that want httpx2: the same check, and bounds of its own."""

import asyncio
import gzip
import os

import httpx2
import pytest

from conduet.kit.http import AllowPrivate, Refused
from conduet.kit.http.errors import BadResponse, ResponseTooLarge
from conduet.kit.http.guard import Guard
from conduet.kit.http.httpx import open_client
from tests.kit.http.conftest import Names, Serve, Server, page

NAMES = Names(inner_example=[["127.0.0.1"]], two_example=[["127.0.0.9", "127.0.0.1"]])


def client_of(*servers: Server, **more: object) -> httpx2.AsyncClient:
    places = ",".join(f"127.0.0.1:{server.port},two.example:{server.port}" for server in servers)
    options: dict[str, object] = {"timeout_seconds": 5} | more
    return open_client(Guard(AllowPrivate.parse(places), NAMES), **options)  # pyright: ignore[reportArgumentType]  # options of any kind


async def test_an_allowed_address_answers_and_the_connection_is_kept(serve: Serve):
    server = await serve()
    async with client_of(server, headers={"X-Key": "1"}) as client:
        for _ in range(2):
            assert (await client.get(server.url)).text == "hello"
    assert server.connections == 1
    assert server.requests[0].header("x-key") == "1"
    assert server.requests[0].header("accept-encoding") == "identity"


async def test_others_are_refused_without_a_connection(serve: Serve):
    """Fails, too, should httpx2 cease to connect through the pool that we give it."""
    server = await serve()
    async with client_of() as client:
        for url in (server.url, f"http://inner.example:{server.port}/", f"http://2130706433:{server.port}/"):
            with pytest.raises(Refused):
                await client.get(url)
        with pytest.raises(httpx2.ConnectError, match="could not be found"):
            await client.get("http://nowhere.example/")
    assert server.connections == 0


async def test_the_next_address_is_tried_when_the_first_does_not_answer(serve: Serve):
    server = await serve()
    async with client_of(server) as client:
        assert (await client.get(f"http://two.example:{server.port}/")).text == "hello"


async def test_nobody_there_is_httpx2_s_own_error(serve: Serve):
    async with open_client(Guard(AllowPrivate(everywhere=True), NAMES), timeout_seconds=5) as client:
        with pytest.raises(httpx2.ConnectError, match="could not be reached"):
            await client.get(f"http://127.0.0.8:{(await serve()).port}/")


async def test_the_environment_s_proxy_is_not_asked(serve: Serve, monkeypatch: pytest.MonkeyPatch):
    proxy, server = await serve(), await serve()
    for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setitem(os.environ, name, proxy.url)
    async with client_of(server) as client:
        assert (await client.get(server.url)).text == "hello"
    assert proxy.connections == 0


@pytest.mark.parametrize("status", [307, 308])
async def test_a_redirect_within_the_origin_is_followed_with_everything(serve: Serve, status: int):
    server = await serve(page(b"", "Location: /mcp/", status=status), page(b"there"))
    async with client_of(server) as client:
        answer = await client.post(f"{server.url}/mcp", json={"a": 1}, headers={"Authorization": "Bearer 1"})
    assert answer.text == "there"
    second = server.requests[1]
    assert (second.method, second.target, second.body) == ("POST", "/mcp/", b'{"a":1}')
    assert second.header("authorization") == "Bearer 1"


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/",
        "//127.0.0.2/",
        "http://u:p@127.0.0.1:{own}/",
        "http://[",
        "http://a:x/",
        "gopher://127.0.0.1/",
    ],
)
async def test_a_redirect_to_elsewhere_is_the_answer(serve: Serve, location: str):
    other, server = await serve(), await serve()
    server.script = [page(b"", "Location: " + location.format(port=other.port, own=server.port), status=307)]
    async with client_of(server, other) as client:
        answer = await client.get(server.url, headers={"Authorization": "Bearer 1"})
    assert answer.status_code == 307
    assert (other.connections, len(server.requests)) == (0, 1)


async def test_a_redirect_in_circles_ends(serve: Serve):
    server = await serve(page(b"", "Location: /", status=308))
    async with client_of(server) as client:
        with pytest.raises(httpx2.TooManyRedirects):
            await client.get(server.url)
    assert len(server.requests) == 6


async def test_an_answer_over_the_limit_is_cut_off(serve: Serve):
    async def pour(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    server = await serve(pour)
    async with client_of(server, max_bytes=1_000_000) as client:
        with pytest.raises(ResponseTooLarge):
            await client.get(server.url)


async def test_a_compressed_answer_is_not_taken(serve: Serve):
    server = await serve(page(gzip.compress(bytes(1000)), "Content-Encoding: gzip"), page(b"plain"))
    async with client_of(server) as client:
        with pytest.raises(BadResponse):
            await client.get(server.url)
        assert (await client.get(server.url)).text == "plain"


async def test_a_stream_of_events_comes_as_it_is_sent(serve: Serve):
    go_on = asyncio.Event()

    async def events(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
        await go_on.wait()
        writer.write(b"data: 2\n\n")

    server = await serve(events)
    async with client_of(server) as client, client.stream("GET", server.url) as answer:
        pieces = answer.aiter_bytes()
        assert await anext(pieces) == b"data: 1\n\n"
        go_on.set()
        assert await anext(pieces) == b"data: 2\n\n"
