"""A lean HTTP/1.1 client: one keep-alive connection, little enough work that it leaves the CPU to the server."""

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlsplit

LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: its status, headers by lower-case name, and the whole body."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Connection:
    """A connection to `url` (`http://host:port`), opened with the first request and again after it broke."""

    url: str
    headers: dict[str, str] = field(default_factory=dict[str, str])
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: bytes, *, headers: dict[str, str] | None = None) -> Answer:
        """Sends JSON; raises `ConnectionError` or `asyncio.IncompleteReadError` when the server goes away."""
        return await self.send("POST", path, body, headers=headers)

    async def send(self, method: str, path: str, body: bytes = b"", *, headers: dict[str, str] | None = None) -> Answer:
        """One request; the answer has to tell its `Content-Length`."""
        place = urlsplit(self.url)
        if self._reader is None or self._writer is None or self._writer.is_closing():
            self._reader, self._writer = await asyncio.open_connection(place.hostname, place.port, limit=LIMIT)
        lines = [f"{method} {path} HTTP/1.1", f"Host: {place.netloc}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in {**self.headers, **(headers or {})}.items()]
        try:
            self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
            return await _answer(self._reader)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Closes the connection."""
        if self._writer:
            self._writer.close()
        self._reader = self._writer = None


async def _answer(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.lower()] = value.strip()
    return Answer(
        int(first.split(" ", 2)[1]), headers, await reader.readexactly(int(headers.get("content-length", "0")))
    )
