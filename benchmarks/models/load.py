"""The load on a server whose turns ask a model: a fixed number of turns, each in a conversation of its own.

python -m benchmarks.models.load --url URL [--key KEY] [--model MODEL] [--users 16] [--turns 1000] [--ramp SECONDS] WHAT

WHAT is `prepare` (puts the state on standard input in each conversation), `chat` or `stream`; figures are printed as a
line of JSON.
"""

import argparse
import asyncio
import re
import sys
import time
from dataclasses import asdict, dataclass, field
from statistics import quantiles
from typing import Final, cast
from urllib.parse import urlsplit

import orjson
import uvloop

from benchmarks.client import Connection
from benchmarks.models.provider import TOKENS, WORDS

BODY: Final = orjson.dumps({"action": {"type": "text", "payload": "And what does it cost?"}, "versionId": "production"})
LONGEST_SECONDS: Final = 180.0
_SENT_AT: Final = re.compile(rb'"at(\d+) ')
_SAID: Final = re.compile(rb'"text":"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run measured; times in milliseconds.

    `ms` is until the whole answer. Of streams: `first` until the first token, `lag` from the moment the provider sent
    it, `slowest` the rate of the slowest stream as a part of the fastest's, in tokens a second.
    """

    turns: int
    seconds: float
    ms: tuple[float, float]
    first: tuple[float, float] = (0, 0)
    lag: tuple[float, float] = (0, 0)
    slowest: float = 0

    @property
    def rate(self) -> float:
        """Turns a second."""
        return self.turns / self.seconds


@dataclass(slots=True)
class Stream(asyncio.Protocol):
    """One streamed turn on a connection of its own; `ended` is done at its last event, or when it breaks off."""

    request: bytes
    ended: "asyncio.Future[None]"
    pieces: list[bytes] = field(default_factory=list[bytes])
    begun: float = 0
    first: float = 0
    lag: float = 0
    last: float = 0
    transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.begun = time.perf_counter()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.pieces.append(data)
        if not self.first and (sent := _SENT_AT.search(data)):
            self.first, self.lag = time.perf_counter(), (time.monotonic_ns() - int(sent[1])) / 1e6
        if b"[DONE]" in data:
            self.last = time.perf_counter()
            self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()

    def check(self) -> None:
        """Raises `RuntimeError` when not every token has come, in its order."""
        said = b"".join(_SAID.findall(_unchunked(b"".join(self.pieces)))).decode()
        if not self.last or said.partition(" ")[2] != "".join(WORDS):
            raise RuntimeError(f"the stream is not whole: {b''.join(self.pieces)[-400:]!r}")

    def _end(self) -> None:
        if self.transport is not None:
            self.transport.close()
        if not self.ended.done():
            self.ended.set_result(None)


@dataclass(slots=True)
class Load:
    """Where turns are sent, and how many at once; `spread` seconds lie between the first and the last user's first."""

    url: str
    headers: dict[str, str]
    prefix: str
    users: int
    turns: int
    ramp: float = 0
    times: list[float] = field(default_factory=list[float])
    streams: list[Stream] = field(default_factory=list[Stream])
    _begun: int = 0

    async def run(self, what: str, state: bytes) -> Figures:
        """Sends all turns; raises `RuntimeError` for an answer that is not the model's."""
        begun = time.perf_counter()
        async with asyncio.timeout(LONGEST_SECONDS), asyncio.TaskGroup() as group:
            for number in range(self.users):
                group.create_task(self._user(number, what, state))
        seconds = time.perf_counter() - begun
        if not self.streams:
            return Figures(self.turns, seconds, _spread(self.times))
        for stream in self.streams:
            stream.check()
        rates = [TOKENS / (each.last - each.first) for each in self.streams]
        return Figures(
            self.turns,
            seconds,
            _spread([each.last - each.begun for each in self.streams]),
            _spread([each.first - each.begun for each in self.streams]),
            _spread([each.lag / 1000 for each in self.streams]),
            min(rates) / max(rates),
        )

    async def _user(self, number: int, what: str, state: bytes) -> None:
        await asyncio.sleep(self.ramp * number / self.users)
        connection = Connection(self.url, self.headers)
        while self._begun < self.turns:
            self._begun += 1
            path = f"/api/v1/conversations/{self.prefix}.{self._begun}"
            if what == "prepare":
                answer = await connection.send("PUT", f"{path}/state", state)
                if answer.status != 200:
                    raise RuntimeError(f"{answer.status} {answer.body[:300]!r}")
            elif what == "chat":
                begun = time.perf_counter()
                answer = await connection.post(f"{path}/interact", BODY)
                self.times.append(time.perf_counter() - begun)
                if answer.status != 200 or "".join(WORDS).encode() not in answer.body:
                    raise RuntimeError(f"the answer is not the model's: {answer.status} {answer.body[:300]!r}")
            else:
                await self._stream(f"{path}/interact/stream")
        connection.close()

    async def _stream(self, path: str) -> None:
        place, loop = urlsplit(self.url), asyncio.get_running_loop()
        lines = [f"POST {path} HTTP/1.1", f"Host: {place.netloc}", f"Content-Length: {len(BODY)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        request = "\r\n".join([*lines, "", ""]).encode() + BODY
        stream = Stream(request, loop.create_future())
        self.streams.append(stream)
        await loop.create_connection(lambda: stream, cast("str", place.hostname), cast("int", place.port))
        await stream.ended


def _spread(seconds: list[float]) -> tuple[float, float]:
    """Median and 95th percentile, in milliseconds."""
    if len(seconds) < 2:
        return 0, 0
    cuts = quantiles(seconds, n=100)
    return cuts[49] * 1000, cuts[94] * 1000


def _unchunked(response: bytes) -> bytes:
    """The body of a response in chunks."""
    rest = response.partition(b"\r\n\r\n")[2]
    body: list[bytes] = []
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size, 16)
        body.append(rest[:length])
        rest = rest[length + 2 :]
    return b"".join(body)


def main(arguments: list[str]) -> None:
    """Runs the load and prints its figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.models.load")
    parser.add_argument("what", choices=("prepare", "chat", "stream"))
    parser.add_argument("--url", required=True)
    parser.add_argument("--key", default="none")
    parser.add_argument("--model", default="mock")
    parser.add_argument("--prefix", default="user")
    parser.add_argument("--users", type=int, default=16)
    parser.add_argument("--turns", type=int, default=1000)
    parser.add_argument("--ramp", type=float, default=0)
    options = parser.parse_args(arguments)
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {options.key}",
        "X-Model": options.model,
    }
    load = Load(options.url, headers, options.prefix, options.users, options.turns, options.ramp)
    state = sys.stdin.buffer.read() if options.what == "prepare" else b""
    sys.stdout.write(orjson.dumps(asdict(uvloop.run(load.run(options.what, state)))).decode() + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
