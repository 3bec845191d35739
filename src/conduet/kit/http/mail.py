"""The standard library's mail clients over a socket that `converse` has connected; they never connect by themselves."""

import imaplib
import smtplib
import socket

# What a mail program calls itself instead of the machine's own name or address.
NAMELESS = "[127.0.0.1]"


class Smtp(smtplib.SMTP):
    """`smtplib.SMTP` on `connection`; the server has greeted. `host` is what STARTTLS proves."""

    def __init__(self, connection: socket.socket, host: str) -> None:
        self._given = connection
        super().__init__(host, 25, local_hostname=NAMELESS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._given


class Imap(imaplib.IMAP4):
    """`imaplib.IMAP4` on `connection`; the server has greeted. `host` is what STARTTLS proves.

    Of what the server sends at most `left` bytes are read before it is set anew; more is an `abort`.
    """

    def __init__(self, connection: socket.socket, host: str, *, left: int = 1024 * 1024) -> None:
        self._given = connection
        self.left = left
        super().__init__(host)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self._given

    def read(self, size: int) -> bytes:
        """Refused before it is read: room is made for all that is announced."""
        self._count(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._count(len(line))
        return line

    def _count(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise self.abort("more than was asked for")
