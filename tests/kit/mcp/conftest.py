"""Real MCP servers on this machine's loopback, made with the official SDK."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import uvicorn
from mcp.server import MCPServer

from conduet.kit.http import AllowPrivate, Place
from conduet.kit.http.guard import Guard
from conduet.kit.http.resolver import SystemResolver

Serve = Callable[..., Awaitable[str]]


RESOLVER = SystemResolver()


def guard(url: str) -> Guard:
    """A guard that lets through to this server and to nothing else that is private."""
    port = int(url.rpartition(":")[2].partition("/")[0])
    return Guard(AllowPrivate(places=frozenset({Place("127.0.0.1", port)})), RESOLVER)


def bicycle_shop() -> MCPServer:
    """A server with two tools."""
    server = MCPServer("bicycles")

    @server.tool()
    def price(model: str, days: int = 1) -> dict[str, int]:
        """What a bicycle costs."""
        return {"euros": len(model) * days}

    @server.tool()
    def fail() -> str:
        """It always fails."""
        raise ValueError("no bicycles left")

    return server


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serves an ASGI application, such as `MCPServer.streamable_http_app()`, and tells the address of its `/mcp`."""
    running: list[tuple[uvicorn.Server, asyncio.Task[None]]] = []

    async def start(app: Any) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_config=None, lifespan="on", timeout_graceful_shutdown=0)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        await _started(server)
        running.append((server, task))
        return f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"

    yield start
    for server, _ in running:
        server.should_exit = True
    await asyncio.gather(*(task for _, task in running))


async def _started(server: uvicorn.Server) -> None:
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.005)
