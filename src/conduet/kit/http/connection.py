"""The same check for what is not HTTP (SMTP, IMAP): resolve, check, connect to what was checked, within a deadline."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import TypeVar

from conduet.kit.http.address import Address
from conduet.kit.http.errors import TimedOut, Unreachable
from conduet.kit.http.guard import Guard
from conduet.kit.http.thread import in_thread

T = TypeVar("T")


async def converse(
    guard: Guard,
    host: str,
    port: int,
    *,
    talk: Callable[[socket.socket], T],
    timeout_seconds: float,
    tls: ssl.SSLContext | None = None,
) -> T:
    """What `talk` returns or raises, called in a thread with a blocking socket that is connected to `host`.

    With `tls` the socket speaks it from the start, and `host` is the name that the certificate has to prove. The
    deadline counts from the lookup to the return of `talk`: when it passes, the connection is cut under the thread,
    however busily the other side drips. Raises `Refused`, `Unreachable`, `TimedOut`, `InvalidCall`.
    """
    deadline = asyncio.timeout(timeout_seconds)
    try:
        async with deadline:
            plain = await _connect(guard, host, port)
            # A second handle on the connection: TLS takes the first away.
            knife = plain.dup()
            try:
                return await in_thread(lambda: _talk(plain, host, talk, tls), name="converse")
            finally:
                with suppress(OSError):
                    knife.shutdown(socket.SHUT_RDWR)
                knife.close()
    except TimeoutError:
        if not deadline.expired():
            raise
        raise TimedOut(f"{host} did not finish within {timeout_seconds:g} seconds.") from None


async def _connect(guard: Guard, host: str, port: int) -> socket.socket:
    """The first of the addresses that answers."""
    for address in await guard.addresses(host, port):
        with ExitStack() as closing:
            connection = closing.enter_context(_socket(address))
            with suppress(OSError):
                await asyncio.get_running_loop().sock_connect(connection, (str(address), port))
                connection.setblocking(True)
                closing.pop_all()
                return connection
    raise Unreachable(f"{host} could not be reached.")


def _socket(address: Address) -> socket.socket:
    connection = socket.socket(socket.AF_INET if address.version == 4 else socket.AF_INET6, socket.SOCK_STREAM)
    connection.setblocking(False)
    return connection


def _talk(plain: socket.socket, host: str, talk: Callable[[socket.socket], T], tls: ssl.SSLContext | None) -> T:
    with plain if tls is None else tls.wrap_socket(plain, server_hostname=host) as connection:
        return talk(connection)
