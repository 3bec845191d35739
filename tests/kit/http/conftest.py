"""Real servers for the other side of a call, well behaved or not, on this machine's loopback."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from conduet.kit.http import AllowPrivate, Outgoing, Place, Response


@dataclass(frozen=True, slots=True)
class Request:
    """What a server was sent."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


Answer = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    """Answers by a script, its last entry for ever: bytes as they go over the wire, or a function that writes."""

    script: Sequence[Answer]
    requests: list[Request] = field(default_factory=list[Request])
    connections: int = 0
    cut: int = 0
    port: int = 0
    _open: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def place(self) -> Place:
        return Place("127.0.0.1", self.port)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                request = await _read(reader)
                answer = self.script[min(len(self.requests), len(self.script) - 1)]
                self.requests.append(request)
                if isinstance(answer, bytes):
                    writer.write(answer)
                    await writer.drain()
                else:
                    try:
                        await answer(writer)
                    except ConnectionError:
                        self.cut += 1
                    break
        writer.close()
        self._open.discard(task)

    async def stop(self) -> None:
        tasks = list(self._open)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    start, *lines = head.split("\r\n")[:-2]
    method, target, _ = start.split(" ")
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    return Request(method, target, headers, await reader.readexactly(length))


Serve = Callable[..., Awaitable[Server]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts servers; they end with the test."""
    running: list[tuple[Server, asyncio.Server]] = []

    async def start(*script: Answer, port: int = 0) -> Server:
        server = Server(script or [page(b"hello")])
        listener = await asyncio.start_server(server.serve, "127.0.0.1", port)
        server.port = listener.sockets[0].getsockname()[1]
        running.append((server, listener))
        return server

    yield start
    for server, listener in running:
        listener.close()
        await server.stop()
        await listener.wait_closed()


@pytest.fixture
async def outgoing() -> AsyncIterator[Outgoing]:
    """A client that may call nothing private but what a call admits."""
    outgoing = Outgoing(AllowPrivate())
    yield outgoing
    await outgoing.close()


class Names:
    """A resolver with names of its own: addresses, one list for each time it is asked, the last for ever."""

    def __init__(self, **names: list[list[str]]) -> None:
        self.names = {name.replace("_", "."): answers for name, answers in names.items()}
        self.asked: list[str] = []

    async def lookup(self, host: str) -> Sequence[str]:
        if host not in self.names:
            raise OSError("no such name")
        times = self.asked.count(host)
        self.asked.append(host)
        answers = self.names[host]
        return answers[min(times, len(answers) - 1)]


def page(body: bytes = b"", *headers: str, status: int = 200) -> bytes:
    """A proper answer."""
    lines = [f"HTTP/1.1 {status} Fine", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def get(outgoing: Outgoing, server: Server, path: str = "/", **more: object) -> Response:
    """A GET of a server that the call admits."""
    options: dict[str, object] = {"timeout_seconds": 5, "admit": {server.place}} | more
    return await outgoing.request("GET", server.url + path, **options)  # pyright: ignore[reportArgumentType]  # options of any kind
