"""Server-Sent Events: traces on their way to whoever follows a turn, from wherever they come."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from conduet.conversations.live import Live
from conduet.conversations.turn import TURN_ID

KEEP_ALIVE_SECONDS: Final = 14.0
VALID_SECONDS: Final = 2.0
"""How often an open stream asks whether its key still is valid."""

TICK_SECONDS: Final = 1.0
"""The longest that a source of pieces says nothing."""

Piece = tuple[int, Sequence[bytes]]
"""Events and the number of the first; without any it says that the source lives."""

QUIET: Final[Piece] = (0, ())


class EventStream(Response):
    """Server-Sent Events; whoever makes them is let go of within a tick of their reader's going away.

    Starlette's own response has a group of two tasks for that, which costs as much as ten events.
    """

    media_type = "text/event-stream"

    def __init__(self, events: AsyncGenerator[bytes], headers: Mapping[str, str]) -> None:
        self.status_code, self.background = 200, None
        self._events = events
        self.init_headers(headers)

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.create_task(_disconnect(receive))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            async with aclosing(self._events) as events:
                async for data in events:
                    if gone.done():
                        return
                    if data:
                        await send({"type": "http.response.body", "body": data, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def respond(
    turn_id: str, pieces: AsyncIterator[Piece], *, is_valid: Callable[[], Awaitable[bool]], headers: Mapping[str, str]
) -> EventStream:
    """The response that sends `pieces`, then `[DONE]`; it ends without when `is_valid` no longer holds."""
    told = {TURN_ID: turn_id, "Cache-Control": "no-store", "X-Accel-Buffering": "no", **headers}
    return EventStream(_send(turn_id, pieces, is_valid), told)


async def _send(
    turn_id: str, pieces: AsyncIterator[Piece], is_valid: Callable[[], Awaitable[bool]]
) -> AsyncGenerator[bytes]:
    """The bytes of the events as they come; nothing where there is only to be seen whether somebody still reads."""
    loop = asyncio.get_running_loop()
    sent_at = asked_at = loop.time()
    turn = turn_id.encode()
    async for first, events in pieces:
        if loop.time() - asked_at >= VALID_SECONDS:
            if not await is_valid():
                return
            asked_at = loop.time()
        if events:
            sent_at = loop.time()
            yield b"".join([b"id: %s/%d\ndata: %s\n\n" % (turn, first + at, event) for at, event in enumerate(events)])
        elif loop.time() - sent_at >= KEEP_ALIVE_SECONDS:
            sent_at = loop.time()
            yield b": keep-alive\n\n"
        else:
            yield b""
    yield b"data: [DONE]\n\n"


async def follow_live(live: Live, following: int = 0) -> AsyncIterator[Piece]:
    """The events of a turn of this process from number `following` on, until it is over and stored."""
    while True:
        events = live.events[following:]
        if events:
            yield following, events
            following += len(events)
        elif live.is_over:
            return
        else:
            await live.change(seconds=TICK_SECONDS)
            yield QUIET


async def follow_stored(events: Sequence[bytes], following: int = 0) -> AsyncIterator[Piece]:
    """The events of a turn that is over, from number `following` on."""
    if following < len(events):
        yield following, events[following:]
