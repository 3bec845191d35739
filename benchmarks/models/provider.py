"""The provider that is asked: forty tokens a call as OpenAI's events, written by hand so that it costs little.

The name of the model says how they come: `mock` all at once, `paced-500-250` the first after 500 ms and then one every
250 ms. The first token is `at` with the time at which it was sent (`time.monotonic_ns`, one clock for all processes).

python -m benchmarks.models.provider PORT
"""

import asyncio
import sys
import time
from typing import Any, Final, cast

import orjson
import uvloop

TOKENS: Final = 40
WORDS: Final = tuple(f"word{number} " for number in range(1, TOKENS))
HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def _event(delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    told = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "mock", "choices": [choice]}
    return _chunk(b"data: " + orjson.dumps(told) + b"\n\n")


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


REST: Final = tuple(_event({"content": word}) for word in WORDS)
_USAGE: Final[dict[str, Any]] = {"choices": [], "usage": {"prompt_tokens": 300, "completion_tokens": TOKENS}}
END: Final = (
    _event({}, "stop") + _chunk(b"data: " + orjson.dumps(_USAGE) + b"\n\n") + _chunk(b"data: [DONE]\n\n") + _chunk(b"")
)


class Counts:
    """How many calls are under way, and how many there were at once."""

    def __init__(self) -> None:
        self.now = self.most = 0

    def begin(self) -> None:
        """A call comes."""
        self.now += 1
        self.most = max(self.most, self.now)


class Provider(asyncio.Protocol):
    """A connection; one call after the other."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._is_answering = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._end()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, blank, rest = self._received.partition(b"\r\n\r\n")
        if not blank:
            return
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        if len(rest) < length:
            return
        body, self._received = rest[:length], rest[length:]
        if head.startswith(b"GET"):
            self._tell()
        else:
            self._answer(orjson.loads(body)["model"])

    def _tell(self) -> None:
        """The most calls at once since the last time; anybody may ask."""
        told = orjson.dumps({"most": self._counts.most})
        self._counts.most = self._counts.now
        self._write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(told), told)
        )

    def _answer(self, model: str) -> None:
        self._counts.begin()
        self._is_answering = True
        if not model.startswith("paced-"):
            self._write(HEAD + _first() + b"".join(REST) + END)
            self._end()
            return
        first, each = (int(part) / 1000 for part in model.split("-")[1:])
        self._write(HEAD)
        loop = asyncio.get_running_loop()
        loop.call_later(first, self._say, loop.time() + first, each, 0)

    def _say(self, due: float, each: float, number: int) -> None:
        """Sends a token; the next is due by the clock, so that a late one holds up none."""
        if number == TOKENS:
            self._write(END)
            self._end()
            return
        self._write(REST[number - 1] if number else _first())
        due += each
        asyncio.get_running_loop().call_at(due, self._say, due, each, number + 1)

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def _end(self) -> None:
        self._counts.now -= self._is_answering
        self._is_answering = False


def _first() -> bytes:
    return _event({"content": f"at{time.monotonic_ns()} "})


async def _serve(port: int) -> None:
    counts = Counts()
    server = await asyncio.get_running_loop().create_server(lambda: Provider(counts), "127.0.0.1", port, backlog=2048)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
