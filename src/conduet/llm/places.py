"""Places for calls that run at once, given out in turn to those who wait."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress


class Places:
    """So many calls at once; who comes when all places are taken waits.

    A place that becomes free goes to the next project in turn, and in it to the one who waits longest: a project with
    a thousand calls in line holds up another's first call by one.
    """

    def __init__(self, count: int) -> None:
        self._free = count
        self._lines: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._lines.values()))

    async def take(self, project: str) -> None:
        """A place, once there is one; `give_back` it."""
        if self._free > 0:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._lines.setdefault(project, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back()
            else:
                self._leave(project, turn)
            raise

    def give_back(self) -> None:
        """The place goes to the next in turn, or is free."""
        while self._lines:
            project, line = self._lines.popitem(last=False)
            turn = line.popleft()
            if line:
                self._lines[project] = line
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    @asynccontextmanager
    async def one(self, project: str) -> AsyncGenerator[None]:
        """A place for the length of a block."""
        await self.take(project)
        try:
            yield
        finally:
            self.give_back()

    def _leave(self, project: str, turn: "asyncio.Future[None]") -> None:
        line = self._lines.get(project)
        if line is not None:
            with suppress(ValueError):
                line.remove(turn)
            if not line:
                del self._lines[project]
