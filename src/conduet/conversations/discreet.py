"""What a web page is told of failures: that there was one, and its code.

How a server is set up is nobody's to know but its owner's.
"""

from collections.abc import AsyncIterator
from typing import Final

import orjson

from conduet.conversations.stream import Piece

TOLD: Final = "Something went wrong."
"""The message of every `error` trace that goes to a widget key."""

_HEAD: Final = b'{"type":"error",'
"""How the event of an `error` trace begins, as it is made and as it is stored."""


def discreet(event: bytes) -> bytes:
    """A trace as a page gets it."""
    if not event.startswith(_HEAD):
        return event
    trace = orjson.loads(event)
    return orjson.dumps({**trace, "payload": {**trace["payload"], "message": TOLD}})


def discreet_all(traces: bytes) -> bytes:
    """A JSON array of traces as a page gets it."""
    if _HEAD not in traces:
        return traces
    return b"[" + b",".join(discreet(orjson.dumps(trace)) for trace in orjson.loads(traces)) + b"]"


async def discreet_pieces(pieces: AsyncIterator[Piece]) -> AsyncIterator[Piece]:
    """The events of a stream as a page gets them."""
    async for first, events in pieces:
        yield first, [discreet(event) for event in events]
