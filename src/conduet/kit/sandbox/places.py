"""A bounded number of places, shared out fairly among owners."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Places:
    """`total` places, of which one owner has at most `each` at a time.

    Owners who wait are served in turn, one place each, however many of one wait: what an owner does slows down nobody
    but themselves, as long as `each` is less than `total`.
    """

    def __init__(self, total: int, *, each: int) -> None:
        self._free = total
        self._each = each
        self._taken: Counter[str] = Counter()
        # In the order of their turns; an owner with nobody waiting is not in it.
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def place(self, owner: str, *, wait_seconds: float) -> AsyncGenerator[None]:
        """Has a place for the length of a block; raises `TimeoutError` when none came free in time."""
        await self._take(owner, wait_seconds)
        try:
            yield
        finally:
            self._give_back(owner)

    async def _take(self, owner: str, wait_seconds: float) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(owner, deque()).append(turn)
        self._admit()
        if turn.done():
            return
        try:
            async with asyncio.timeout(wait_seconds):
                await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                # The place came in the very moment in which the waiting ended.
                self._give_back(owner)
            else:
                turn.cancel()
                self._forget(owner, turn)
            raise

    def _give_back(self, owner: str) -> None:
        self._free += 1
        self._taken[owner] -= 1
        if not self._taken[owner]:
            del self._taken[owner]
        self._admit()

    def _admit(self) -> None:
        """Gives the free places to those whose turn it is."""
        while self._free:
            owner = next((owner for owner in self._waiting if self._taken[owner] < self._each), None)
            if owner is None:
                return
            turn = self._waiting[owner].popleft()
            line = self._waiting.pop(owner)
            if line:
                self._waiting[owner] = line
            if turn.cancelled():
                continue
            self._free -= 1
            self._taken[owner] += 1
            turn.set_result(None)

    def _forget(self, owner: str, turn: asyncio.Future[None]) -> None:
        line = self._waiting.get(owner, deque())
        if turn in line:
            line.remove(turn)
        if not line:
            self._waiting.pop(owner, None)
