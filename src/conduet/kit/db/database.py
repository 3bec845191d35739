"""What both databases offer."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TypeVar

from conduet.errors import NotFound
from conduet.kit.db.statement import Tx
from conduet.kit.db.wake import WakeUps
from conduet.kit.ids import new_id

T = TypeVar("T")
Work = Callable[[Tx], T]


def orphan() -> NotFound:
    """What is said of a row whose parent was removed while somebody was about to add it."""
    return NotFound("What this belongs to was removed meanwhile.")


class Database(ABC):
    """One database, opened by one process.

    A unit of work is a synchronous function of a `Tx` and never awaits: nothing slow can be held open in a transaction.
    The `*_now` methods are for the command line, which has no event loop; the others need `start`.
    """

    def __init__(self) -> None:
        self.worker = new_id("worker")
        self.wake = WakeUps()
        self._held: set[str] = set()

    @contextmanager
    def hold(self, holder: str) -> Generator[None]:
        """Says, for the time of a block, that this process is at what `holder` names: see `Tx.holds`."""
        self._held.add(holder)
        try:
            yield
        finally:
            self._held.discard(holder)

    def holds(self, holder: str) -> bool:
        """Whether a block of `hold` with this name runs in this process."""
        return holder in self._held

    @property
    @abstractmethod
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""

    @abstractmethod
    async def start(self) -> None:
        """Opens what the event loop needs and declares this process alive."""

    @abstractmethod
    async def close(self) -> None:
        """Finishes what was handed in, then lets go of everything."""

    @abstractmethod
    async def write(self, work: Work[T], *, durable: bool = True) -> T:
        """Runs `work` in a writing transaction and returns once it has committed.

        With `durable` at least one fsync stands before the return; without, a power cut may undo it (a crash of the
        process never does).
        """

    @abstractmethod
    async def read(self, work: Work[T]) -> T:
        """Runs `work` in a reading transaction off the event loop: one snapshot."""

    @abstractmethod
    async def glance(self, work: Work[T]) -> T:
        """Runs one or two indexed reads of a row; on SQLite on the event loop, cheaper than a hop to a thread."""

    @abstractmethod
    def write_now(self, work: Work[T]) -> T:
        """`write` without an event loop."""

    @abstractmethod
    def read_now(self, work: Work[T]) -> T:
        """`read` without an event loop."""

    @abstractmethod
    def close_now(self) -> None:
        """Lets go of what the `*_now` methods opened."""
