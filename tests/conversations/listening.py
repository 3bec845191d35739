"""Reading streams: whole through the application, or event by event from a real server."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

DONE = "[DONE]"


@dataclass(frozen=True)
class Event:
    """A Server-Sent Event; `data` is `[DONE]` or a trace."""

    id: str | None
    data: Any


@dataclass
class Stream:
    """A stream, read event by event or to its end."""

    response: httpx2.Response
    events: list[Event] = field(default_factory=list[Event])
    comments: list[str] = field(default_factory=list[str])
    _coming: AsyncIterator[Event] | None = None

    @property
    def headers(self) -> httpx2.Headers:
        return self.response.headers

    @property
    def traces(self) -> list[dict[str, Any]]:
        return [event.data for event in self.events if event.data != DONE]

    @property
    def is_done(self) -> bool:
        return [event for event in self.events if event.data == DONE] == self.events[-1:]

    async def next(self) -> Event:
        """The next event."""
        if self._coming is None:
            self._coming = self._read()
        event = await asyncio.wait_for(anext(self._coming), 20)
        self.events.append(event)
        return event

    async def rest(self) -> "Stream":
        """This stream, read to its end."""
        while True:
            try:
                await self.next()
            except StopAsyncIteration:
                return self

    async def _read(self) -> AsyncIterator[Event]:
        fields: dict[str, str] = {}
        async for text in self.response.aiter_lines():
            if text.startswith(":"):
                self.comments.append(text)
            elif text:
                name, _, value = text.partition(": ")
                assert name not in fields
                fields[name] = value
            elif fields:
                data = fields["data"]
                yield Event(fields.get("id"), data if data == DONE else json.loads(data))
                fields = {}


@dataclass(frozen=True)
class Listener:
    """A client of a real server: what a stream sends is there as soon as it is sent."""

    url: str

    @asynccontextmanager
    async def open(self, method: str, path: str, *, key: str, **more: Any) -> AsyncGenerator[Stream]:
        """A stream that is closed, and its connection dropped, at the end of the block."""
        headers = {"Authorization": f"Bearer {key}", **more.pop("headers", {})}
        async with (
            httpx2.AsyncClient(base_url=self.url, headers=headers, trust_env=False, timeout=30, verify=False) as client,
            client.stream(method, path, **more) as response,
        ):
            assert response.status_code == 200, await response.aread()
            yield Stream(response)


async def streamed(client: httpx2.AsyncClient, method: str, path: str, **more: Any) -> Stream:
    """A stream read to its end."""
    async with client.stream(method, path, **more) as response:
        assert response.status_code == 200, await response.aread()
        return await Stream(response).rest()
