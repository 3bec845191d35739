"""The web pages that may call the API: those that a live widget key names."""

import time
from collections.abc import Awaitable, Callable

# Only the headers that a browser reads lag behind by this; the key itself is looked up on each request.
SECONDS = 5.0
NAMES = 4096


class Origins:
    """Knows origins by asking `look_up`, and remembers an answer for `SECONDS`."""

    def __init__(self, look_up: Callable[[str], Awaitable[bool]]) -> None:
        self._look_up = look_up
        self._known: dict[bytes, tuple[float, bool]] = {}

    async def allow(self, origin: bytes) -> bool:
        """Whether pages of `origin` may read answers of the API."""
        until, allowed = self._known.get(origin, (0.0, False))
        if until < time.monotonic():
            allowed = await self._look_up(origin.decode("latin-1"))
            if len(self._known) >= NAMES:
                self._known.clear()
            self._known[origin] = (time.monotonic() + SECONDS, allowed)
        return allowed
