"""A real HTTP server that stands for a vendor: it takes whatever comes, and answers as it is told."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass(slots=True)
class Outside:
    """What came to each path, in its order; `statuses` are what a path answers with, 0: nothing."""

    place: str
    came: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    statuses: dict[str, int] = field(default_factory=dict[str, int])

    def url(self, path: str) -> str:
        return f"http://{self.place}{path}"


@contextmanager
def outside() -> Generator[Outside]:
    """Serves around a block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.came.setdefault(self.path, []).append(json.loads(body))
            status = found.statuses.get(self.path, 200)
            if status == 0:
                self.close_connection = True
                return
            answer = b'{"ok": true, "ts": "1764150000.000100"}'
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is the base class's
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Outside(f"127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
