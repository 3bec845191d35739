"""From a host's name to its addresses, without holding up anybody else."""

import asyncio
import socket
from collections.abc import Sequence
from typing import Protocol

from conduet.kit.http.thread import in_thread

LOOKUPS = 64


class Resolver(Protocol):
    """Who knows the addresses of a name."""

    async def lookup(self, host: str) -> Sequence[str]:
        """Every address of `host`, the preferred first. Raises `OSError` when there is none."""
        ...


class SystemResolver:
    """The machine's own way (`getaddrinfo`: hosts file, DNS with its search domains).

    Those who ask for the same name share one lookup, so that a name server that does not answer holds one of the 64
    threads; a lookup cannot be called off, so it keeps its thread until it ends.
    """

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(LOOKUPS)
        self._running: dict[str, asyncio.Task[Sequence[str] | OSError]] = {}

    async def lookup(self, host: str) -> Sequence[str]:
        task = self._running.get(host)
        if task is None:
            task = self._running[host] = asyncio.create_task(self._ask(host))
            task.add_done_callback(lambda _: self._running.pop(host, None))
        found = await asyncio.shield(task)
        if isinstance(found, OSError):
            raise found
        return found

    async def _ask(self, host: str) -> Sequence[str] | OSError:
        """An error is returned, as all who asked may have left by then."""
        async with self._slots:
            try:
                found = await in_thread(lambda: socket.getaddrinfo(host, None, type=socket.SOCK_STREAM), name="lookup")
            except OSError as error:
                return error
        return tuple(dict.fromkeys(str(address[0]) for *_, address in found))
