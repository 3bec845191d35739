"""A real server around the application, for what only a connection can show."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn

from conduet.app.edge import Edge
from tests.conversations.listening import Listener
from tests.kit.mcp.conftest import serve

__all__ = ["serve"]


@pytest.fixture
async def listener(server: Edge) -> AsyncIterator[Listener]:
    """The started application behind a real port, on the same event loop."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(server, lifespan="off", log_config=None, timeout_graceful_shutdown=1)
        serving = uvicorn.Server(config)
        serving.install_signal_handlers = lambda: None  # type: ignore[attr-defined,method-assign]  # it is none of the main thread's
        task = asyncio.create_task(serving.serve(sockets=[listening]))
        try:
            yield Listener(f"http://127.0.0.1:{listening.getsockname()[1]}")
        finally:
            serving.should_exit = True
            await task
