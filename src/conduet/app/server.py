"""The HTTP protocol of the server: even what is no HTTP at all passes through the application and gets its answer."""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from conduet.app.edge import MALFORMED
from conduet.app.gathered import Gathered
from conduet.kit.exchange import STOPPING

HEAD_BYTES = 64 * 1024
HEAD_SECONDS = 20.0
# A body comes slowly from a telephone in a tunnel; one that comes slower than this is held back on purpose.
BODY_SECONDS = 20.0
BODY_BYTES = 10_000


class JsonHttpProtocol(HttpToolsProtocol):
    """uvicorn's protocol with our error body, and with bounds for how a request comes.

    Its head has `HEAD_BYTES` and `HEAD_SECONDS`; of its body come `BODY_BYTES` in any `BODY_SECONDS`, or all of it.
    uvicorn itself answers a malformed request in plain text before any application sees it, and waits for ever for a
    head of any length and for a body.
    """

    _in_head = True
    _head_bytes = 0
    _head_ends: asyncio.TimerHandle | None = None
    _in_body = False
    _body_bytes = 0
    _body_ends: asyncio.TimerHandle | None = None
    _refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # narrower than asyncio's, as uvicorn has it
        super().connection_made(cast(Any, Gathered(transport, self.loop)))
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_head()
        self._forget_body()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Lets answers that have no end know, so that nobody waits for them."""
        stopping = self.app_state.get(STOPPING)
        if stopping is not None:
            stopping.set()
        super().shutdown()

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            self._await_head()
            if self._head_bytes > HEAD_BYTES:
                self.send_400_response(f"The request line and headers are larger than {HEAD_BYTES // 1024} KB.")
        elif self._in_body:
            self._body_bytes += len(data)
            if self._body_ends is None:
                self._await_body()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._in_body = True
        if self._head_ends is not None:
            self._forget_head()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_body = False
        self._forget_body()
        super().on_message_complete()

    def _await_head(self) -> None:
        if self._head_ends is None:
            self._head_ends = self.loop.call_later(HEAD_SECONDS, self.timeout_keep_alive_handler)

    def _forget_head(self) -> None:
        self._head_bytes = 0
        if self._head_ends is not None:
            self._head_ends.cancel()
            self._head_ends = None

    def _await_body(self) -> None:
        self._body_bytes = 0
        self._body_ends = self.loop.call_later(BODY_SECONDS, self._check_body)

    def _check_body(self) -> None:
        """Goes on waiting where enough has come, and where nothing can come because nobody has read what did."""
        self._body_ends = None
        if self._body_bytes >= BODY_BYTES or self.flow.read_paused:
            self._await_body()
        elif self.cycle.response_complete:
            self.transport.close()
        else:
            self.send_400_response("The body of the request did not come in time.")

    def _forget_body(self) -> None:
        if self._body_ends is not None:
            self._body_ends.cancel()
            self._body_ends = None

    def _unsupported_upgrade_warning(self) -> None:
        """Nothing: a client may ask for HTTP/2 or a WebSocket, and goes on with what it has."""

    def send_400_response(self, msg: str) -> None:
        """Lets the application refuse what cannot be read, then ends the connection."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        self._forget_head()
        self._forget_body()
        self.pipeline.clear()
        if self.cycle and not self.cycle.response_complete:
            # Its body will never come: whoever waits for it is told that the client has gone.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            if self.cycle.response_started:
                self.transport.close()
                return
        self.cycle = self._refusal(msg)
        self._start_asgi_task(self.cycle, cast(Any, self.app))  # pyright: ignore[reportUnknownMemberType]  # uvicorn's union is partly untyped

    def _refusal(self, message: str) -> RequestResponseCycle:
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": self.asgi_version, "spec_version": "2.3"},
            "http_version": "1.1",
            "server": self.server,
            "client": self.client,
            "scheme": self.scheme,
            "method": "",
            "path": "",
            "raw_path": b"",
            "query_string": b"",
            "headers": [],
            "root_path": self.root_path,
            MALFORMED: message,
        }
        return RequestResponseCycle(
            scope=cast(Any, scope),
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=False,
            on_response=self.on_response_complete,
        )
