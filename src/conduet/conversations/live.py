"""A running turn's events in memory, as they come, for whoever follows it in this process."""

import asyncio


class Live:
    """The log of one turn; it only grows, and outlives the turn for as long as somebody follows it.

    An event is a trace as JSON; its index in `events` is its number.
    """

    __slots__ = ("_waiting", "events", "has_begun", "is_over", "turn_id", "was_followed", "whole")

    def __init__(self, turn_id: str) -> None:
        self.turn_id = turn_id
        self.events: list[bytes] = []
        self.whole: dict[int, bytes] = {}
        """The traces, by number, of which `events` has only an excerpt."""
        self.has_begun = self.is_over = False
        self.was_followed = False
        """Whether a process elsewhere has asked for it, so that there are rows to clean up."""
        self._waiting: list[asyncio.Future[None]] = []

    def begin(self) -> None:
        """The turn has been admitted: its events will come."""
        self.has_begun = True
        self._wake()

    def add(self, event: bytes) -> None:
        """Appends an event and wakes those who follow."""
        self.events.append(event)
        self._wake()

    def end(self) -> None:
        """Nothing more will come."""
        self.is_over = True
        self._wake()

    async def change(self, *, seconds: float) -> None:
        """Returns after the beginning, the next event or the end, at the latest after `seconds`."""
        if self.is_over:
            return
        loop = asyncio.get_running_loop()
        # Its own for each: who goes away cancels what it waits for.
        waiting = loop.create_future()
        self._waiting.append(waiting)
        # `asyncio.wait` and `asyncio.timeout` cost more than all else that is done with an event.
        timer = loop.call_later(seconds, _settle, waiting)
        try:
            await waiting
        finally:
            timer.cancel()

    def _wake(self) -> None:
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            for each in waiting:
                _settle(each)


def _settle(waiting: "asyncio.Future[None]") -> None:
    if not waiting.done():
        waiting.set_result(None)
