"""Server-Sent Events of what happens in a conversation beside its user's turns."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from functools import partial
from typing import Final, Literal

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from conduet.accounts.access import Access
from conduet.accounts.principal import revocation_topic
from conduet.conversations.discreet import discreet
from conduet.conversations.door import Door, Pass, Visit
from conduet.conversations.resume import HEADER
from conduet.conversations.store.events import list_events
from conduet.conversations.stream import KEEP_ALIVE_SECONDS
from conduet.errors import BadRequest, NotFound
from conduet.kit.db import Database
from conduet.kit.exchange import stopping

PAUSE_SECONDS: Final = 0.2
"""The least time between two looks: on SQLite a commit of another process wakes every listener."""

_NUMBER: Final = re.compile("[0-9]{1,15}", re.ASCII)
_READ: Final = Pass()


class Events:
    """The endpoint, for whoever comes through `door`."""

    def __init__(self, access: Access, database: Database, *, door: Door) -> None:
        self._access = access
        self._database = database
        self._door = door

    async def follow(self, request: Request) -> Response:
        """The events behind `Last-Event-ID`, or all that are kept, and those that are still to come."""
        visit = await self._door(request, _READ)
        after = _number(request.headers.get(HEADER))
        found = await self._database.read(partial(list_events, asker=visit.asker, after=after))
        if after > found.last:
            raise BadRequest.at(f"header.{HEADER}", f"There were {found.last} events so far, numbered from 1.")
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        sent = self._send(visit, after, stopping(request.scope) or asyncio.Event())
        return StreamingResponse(sent, headers=headers, media_type="text/event-stream")

    async def _send(self, visit: Visit, after: int, stops: asyncio.Event) -> AsyncIterator[bytes]:
        """Sends until the credential opens nothing any more, the conversation is another's, or the server stops."""
        stop = asyncio.create_task(stops.wait())
        try:
            async with aclosing(self._pieces(visit, after, stop)) as pieces:
                async for piece in pieces:
                    yield piece
        finally:
            stop.cancel()

    async def _pieces(self, visit: Visit, after: int, stop: "asyncio.Task[Literal[True]]") -> AsyncGenerator[bytes]:
        loop, wake = asyncio.get_running_loop(), self._database.wake
        topics = (visit.asker.scope.events, revocation_topic(visit.principal.credential_id))
        # The head goes out with it, so that a client knows that it is connected.
        yield b": connected\n\n"
        sent_at = loop.time()
        while not stop.done():
            woken = [(topic, wake.begin(topic)) for topic in topics]
            try:
                if not await self._access.still_valid(visit.principal):
                    return
                try:
                    found = await self._database.read(partial(list_events, asker=visit.asker, after=after))
                except NotFound:
                    return
                if found.events:
                    after, sent_at = found.events[-1][0], loop.time()
                    told = discreet if visit.asker.is_page else bytes
                    yield b"".join(b"id: %d\ndata: %s\n\n" % (number, told(event)) for number, event in found.events)
                    continue
                left = sent_at + KEEP_ALIVE_SECONDS - loop.time()
                if left <= 0:
                    sent_at, left = loop.time(), KEEP_ALIVE_SECONDS
                    yield b": keep-alive\n\n"
                futures = [stop, *(future for _, future in woken)]
                await asyncio.wait(futures, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for topic, future in woken:
                    wake.end(topic, future)
            await asyncio.sleep(PAUSE_SECONDS)


def _number(header: str | None) -> int:
    """The number of the last event seen."""
    if header is None:
        return 0
    if not _NUMBER.fullmatch(header):
        raise BadRequest.at(f"header.{HEADER}", "It is the `id` of an event of this conversation: a number.")
    return int(header)
