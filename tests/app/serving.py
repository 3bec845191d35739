"""A real server on a loopback port, in a thread of its own."""

import asyncio
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn

from conduet.app.edge import Edge
from conduet.app.server import JsonHttpProtocol


@contextmanager
def serving(app: Edge, *, grace_seconds: int = 5) -> Generator[int]:
    """Serves `app` around a block, as `conduet serve` does; gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(
            app,  # pyright: ignore[reportArgumentType]  # uvicorn's own scope types
            http=JsonHttpProtocol,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=grace_seconds,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(timeout=30)


def talk(port: int, *pieces: bytes, wait_seconds: float = 5.0) -> bytes:
    """Sends bytes as they are and reads until the server closes; the answer so far when it does not."""
    with socket.create_connection(("127.0.0.1", port), timeout=wait_seconds) as connection:
        answer = b""
        try:
            for piece in pieces:
                connection.sendall(piece)
            while received := connection.recv(65_536):
                answer += received
        except (TimeoutError, ConnectionError):
            pass
        return answer
