"""A deadline for awaits alone: what happens between two of them is not cut off."""

import asyncio
from types import TracebackType


class Deadline:
    """Ends what is awaited in a `with` of it when its time has come, with a `TimeoutError`; it can be entered again.

    `asyncio.timeout` cannot stand around a `yield`: it would cancel whoever consumes the generator. One around each
    await costs as much as all else that is done with a token; this has one timer for all of them.
    """

    def __init__(self, seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[object] | None = None
        self._already = 0
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

    def __enter__(self) -> None:
        if self.is_over:
            raise TimeoutError
        task = self._task = asyncio.current_task(self._loop)
        assert task is not None  # noqa: S101 - whoever awaits is a task
        self._already = task.cancelling()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        task, self._task = self._task, None
        if self._is_cancelling and task is not None:
            self._is_cancelling = False
            if task.uncancel() <= self._already and kind is asyncio.CancelledError:
                raise TimeoutError from error

    def _end(self) -> None:
        self.is_over = True
        if self._task is not None:
            self._is_cancelling = True
            self._task.cancel()
