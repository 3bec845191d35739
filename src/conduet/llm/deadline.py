"""A deadline for awaits alone: what happens between two of them is not cut off."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


class Deadline:
    """Ends an await that is bound to it when its time has come.

    `asyncio.timeout` cannot stand around a `yield`: it would cancel whoever consumes the generator. One around each
    await costs as much as all else that is done with a token; this has one timer for all of them.
    """

    def __init__(self, seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[object] | None = None
        self._is_cancelling = False
        self.is_over = False
        self._timer = self._loop.call_later(seconds, self._end)

    def move(self, seconds: float) -> None:
        """Sets it anew, to so many seconds from now, unless it is over."""
        self._timer.cancel()
        if not self.is_over:
            self._timer = self._loop.call_later(seconds, self._end)

    def close(self) -> None:
        """It comes no more."""
        self._timer.cancel()

    async def bound(self, work: Awaitable[T]) -> T:
        """What `work` comes to. Raises `TimeoutError` when the time is over, before or meanwhile."""
        task = self._task = asyncio.current_task()
        assert task is not None  # noqa: S101 - whoever awaits is a task
        already = task.cancelling()
        if self.is_over:
            # The await then ends at its first pause, and is closed as any other.
            self._cancel(task)
        try:
            return await work
        except asyncio.CancelledError:
            if self._is_cancelling and task.uncancel() <= already:
                raise TimeoutError from None
            raise
        finally:
            self._task, self._is_cancelling = None, False

    def _end(self) -> None:
        self.is_over = True
        if self._task is not None:
            self._cancel(self._task)

    def _cancel(self, task: "asyncio.Task[object]") -> None:
        self._is_cancelling = True
        task.cancel()
