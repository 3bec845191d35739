"""A connection that sends together what is written to it in one pass of the event loop."""

import asyncio
from typing import Any


class Gathered:
    """A transport whose `write` waits for the end of the pass: a response's head and body are one packet.

    uvicorn writes them one by one, and uvloop makes a system call of each, which wakes the client twice: a seventh of
    a scripted turn's CPU. Everything but writing and closing is the transport's own.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Sends `data` soon, behind what was written before it."""
        if not self._pieces:
            self._loop.call_soon(self._send)
        self._pieces.append(data)

    def close(self) -> None:
        """Closes the connection behind what was written."""
        self._send()
        self._transport.close()

    def _send(self) -> None:
        if self._pieces:
            pieces, self._pieces = self._pieces, []
            if not self._transport.is_closing():
                self._transport.write(b"".join(pieces))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
