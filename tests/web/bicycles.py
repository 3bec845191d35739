"""A real MCP server whose tools a journey changes while it is served."""

import socket
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import uvicorn

from tests.kit.mcp.asking import changing


@dataclass(slots=True)
class Bicycles:
    """What the server has: `tools` as it tells of them, from the next time that it is asked."""

    place: str
    tools: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    @property
    def url(self) -> str:
        return f"http://{self.place}/mcp"


@contextmanager
def bicycles() -> Generator[Bicycles]:
    """Serves around a block."""
    listener = socket.create_server(("127.0.0.1", 0))
    found = Bicycles(f"127.0.0.1:{listener.getsockname()[1]}")
    server = uvicorn.Server(
        uvicorn.Config(changing(found.tools, []), log_config=None, timeout_graceful_shutdown=0),
    )
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        yield found
    finally:
        server.should_exit = True
        thread.join()
