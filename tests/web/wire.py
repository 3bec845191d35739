"""A connection that a test may cut."""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass(slots=True)
class Wire:
    """A port that passes on to another one."""

    port: int
    closed: bool = False
    _ends: list[socket.socket] = field(default_factory=list[socket.socket])

    def cut(self, *, closed: bool = False) -> None:
        """Cuts all that passes at the moment; `closed`: nothing passes from now on."""
        self.closed = closed
        for each in [*self._ends]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def drop(self) -> None:
        """Lets go of all that ever passed."""
        for each in self._ends:
            each.close()

    def carry(self, near: socket.socket, target: int) -> None:
        """Carries to and fro, in threads of their own."""
        if self.closed:
            near.close()
            return
        far = socket.create_connection(("127.0.0.1", target))
        self._ends += (near, far)
        for ends in ((near, far), (far, near)):
            threading.Thread(target=_carry, args=ends, daemon=True).start()


@contextmanager
def wire_to(port: int) -> Generator[Wire]:
    """A wire to that port of this machine."""
    listening = socket.create_server(("127.0.0.1", 0))
    wire = Wire(listening.getsockname()[1])

    def accept() -> None:
        with suppress(OSError):
            while True:
                wire.carry(listening.accept()[0], port)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield wire
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        wire.cut(closed=True)
        wire.drop()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
