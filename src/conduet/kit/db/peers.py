"""Processes on one database file tell each other what they have committed, each by a socket in the run folder."""

import asyncio
import os
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

SUFFIX: Final = ".sock"
LONGEST: Final = 60_000
"""Bytes of topics in one message; of more it is only told that there is something."""
TICK_NS: Final = 50_000_000

_BETWEEN: Final = "\0"


class Peers:
    """The others in `folder`; `hear` is called on the event loop with topics, and with none where all may be meant.

    A message may be lost (a full buffer, a process that is killed between its commit and the message): whoever waits
    for one looks by themselves from time to time.
    """

    def __init__(self, folder: Path, name: str, hear: Callable[[list[str]], None]) -> None:
        self._folder = folder
        self._name = f"{name}{SUFFIX}"
        self._hear = hear
        self._socket: socket.socket | None = None
        self._directory = -1
        self._loop: asyncio.AbstractEventLoop | None = None
        self._others: list[str] = []
        self._listed_at = -1

    def open(self) -> None:
        """Takes a place in the folder; where its file system has no sockets, nobody tells anybody."""
        self._directory = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        opened = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        opened.setblocking(False)
        try:
            opened.bind(self._path(self._name))
        except OSError:
            opened.close()
        else:
            self._socket = opened

    def listen(self) -> None:
        """Begins to hear, on the running event loop."""
        self._loop = asyncio.get_running_loop()
        if self._socket is not None:
            self._loop.add_reader(self._socket, self._read)

    def close(self) -> None:
        """Leaves the folder."""
        if self._socket is not None:
            if self._loop is not None:
                self._loop.remove_reader(self._socket)
            self._socket.close()
            self._socket = None
            (self._folder / self._name).unlink(missing_ok=True)
        if self._directory >= 0:
            os.close(self._directory)
            self._directory = -1

    def tell(self, topics: Iterable[str]) -> None:
        """Tells the others; from any one thread."""
        if self._socket is None or not (others := self._list()):
            return
        message = _BETWEEN.join(dict.fromkeys(topics)).encode()
        for other in others:
            # A full buffer: it has enough to read.
            with suppress(BlockingIOError):
                try:
                    self._socket.sendto(message if len(message) <= LONGEST else b"", self._path(other))
                except (ConnectionRefusedError, FileNotFoundError):
                    # Its process has ended without taking it away.
                    (self._folder / other).unlink(missing_ok=True)

    def _list(self) -> list[str]:
        """Who else is there; looked for anew when the folder has changed."""
        changed_at = os.fstat(self._directory).st_mtime_ns
        if changed_at != self._listed_at:
            found = self._folder.glob(f"*{SUFFIX}")
            self._others = [path.name for path in found if path.name != self._name]
            # What changes within one tick of the file system's clock has the same time.
            self._listed_at = changed_at if time.time_ns() - changed_at > TICK_NS else -1
        return self._others

    def _path(self, name: str) -> str:
        """Short enough for the address of a socket, wherever the folder is."""
        return f"/proc/self/fd/{self._directory}/{name}"

    def _read(self) -> None:
        """Hands on all that is there: the messages of a busy moment wake once."""
        topics: dict[str, None] = {}
        with suppress(BlockingIOError):
            while self._socket is not None:
                message = self._socket.recv(LONGEST)
                if not message:
                    self._hear([])
                else:
                    topics |= dict.fromkeys(message.decode().split(_BETWEEN))
        if topics:
            self._hear([*topics])
