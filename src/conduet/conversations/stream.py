"""Server-Sent Events: traces on their way to whoever follows a turn, from wherever they come."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Final

from starlette.responses import StreamingResponse

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


def respond(
    turn_id: str, pieces: AsyncIterator[Piece], *, is_valid: Callable[[], Awaitable[bool]], headers: Mapping[str, str]
) -> StreamingResponse:
    """The response that sends `pieces`, then `[DONE]`; it ends without when `is_valid` no longer holds."""
    told = {TURN_ID: turn_id, "Cache-Control": "no-store", "X-Accel-Buffering": "no", **headers}
    return StreamingResponse(_send(turn_id, pieces, is_valid), headers=told, media_type="text/event-stream")


async def _send(
    turn_id: str, pieces: AsyncIterator[Piece], is_valid: Callable[[], Awaitable[bool]]
) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    sent_at = asked_at = loop.time()
    async for first, events in pieces:
        if loop.time() - asked_at >= VALID_SECONDS:
            if not await is_valid():
                return
            asked_at = loop.time()
        if events:
            sent_at = loop.time()
            yield b"".join(
                b"id: %s/%d\ndata: %s\n\n" % (turn_id.encode(), number, event)
                for number, event in enumerate(events, first)
            )
        elif loop.time() - sent_at >= KEEP_ALIVE_SECONDS:
            sent_at = loop.time()
            yield b": keep-alive\n\n"
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
