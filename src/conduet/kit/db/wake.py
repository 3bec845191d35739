"""Wake-ups: a coroutine waits for a topic, a committed transaction wakes it, here or in another process."""

import asyncio
from collections.abc import Callable


class WakeUps:
    """Who waits for what in this process.

    `on_first` is called when somebody begins to wait and nobody did: a database that has to look for foreign commits
    looks only while it is worth it.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Future[None]]] = {}
        self.on_first: Callable[[], None] | None = None

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def begin(self, topic: str) -> asyncio.Future[None]:
        """A future that the next wake-up of `topic` ends. Begin before looking, so that nothing falls between."""
        future = asyncio.get_running_loop().create_future()
        first = not self._waiting
        self._waiting.setdefault(topic, set()).add(future)
        if first and self.on_first:
            self.on_first()
        return future

    def end(self, topic: str, future: "asyncio.Future[None]") -> None:
        """Stops waiting."""
        futures = self._waiting.get(topic)
        if futures is not None:
            futures.discard(future)
            if not futures:
                del self._waiting[topic]
        future.cancel()

    async def wait(self, topic: str, future: "asyncio.Future[None]", *, seconds: float) -> None:
        """Returns when `future` is woken or after `seconds`, whichever comes first."""
        try:
            await asyncio.wait((future,), timeout=seconds)
        finally:
            self.end(topic, future)

    def wake(self, topic: str) -> None:
        """Ends the wait of all who wait for `topic`."""
        for future in self._waiting.pop(topic, ()):
            if not future.done():
                future.set_result(None)

    def wake_all(self) -> None:
        """Ends every wait: something has changed, nobody knows what."""
        for topic in tuple(self._waiting):
            self.wake(topic)
