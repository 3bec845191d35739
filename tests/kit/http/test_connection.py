"""A plain connection for mail: checked, connected, cut at its deadline."""

import asyncio
import imaplib
import smtplib
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest

from conduet.kit.http import AllowPrivate, Refused
from conduet.kit.http.connection import converse
from conduet.kit.http.errors import InvalidCall, TimedOut, Unreachable
from conduet.kit.http.guard import Guard
from conduet.kit.http.mail import Imap, Smtp
from tests.kit.http.conftest import Names

NAMES = Names(mail_example=[["127.0.0.1"]], two_example=[["127.0.0.9", "127.0.0.1"]])


@dataclass
class Mail:
    """A server that takes letters, or only pretends to go on."""

    port: int = 0
    connections: int = 0
    said: list[str] = field(default_factory=list[str])
    drips: bool = False

    @property
    def guard(self) -> Guard:
        return Guard(
            AllowPrivate.parse(f"127.0.0.1:{self.port},mail.example:{self.port},two.example:{self.port}"), NAMES
        )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while self.drips:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.02)
            writer.write(b"220 mail.example ESMTP\r\n")
            data = False
            while raw := await reader.readline():
                line = raw.decode().rstrip("\r\n")
                self.said.append(line)
                verb = line.partition(" ")[0].upper()
                if data:
                    data = line != "."
                    reply = "" if data else "250 kept\r\n"
                elif verb == "EHLO":
                    reply = "250-mail.example\r\n250 8BITMIME\r\n"
                elif verb == "DATA":
                    data, reply = True, "354 go on\r\n"
                else:
                    reply = "221 bye\r\n" if verb == "QUIT" else "250 fine\r\n"
                writer.write(reply.encode())
        except ConnectionError:
            pass
        finally:
            writer.close()


@pytest.fixture
async def mail() -> AsyncIterator[Mail]:
    mail = Mail()
    listener = await asyncio.start_server(mail.serve, "127.0.0.1", 0)
    mail.port = listener.sockets[0].getsockname()[1]
    yield mail
    mail.drips = False
    listener.close()
    await listener.wait_closed()


async def test_a_letter_goes_out_over_a_checked_connection(mail: Mail):
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@example.com", "b@example.com", "Hello"
    letter.set_content("One line.\n.\n")

    def send(connection: socket.socket) -> object:
        with Smtp(connection, "mail.example") as smtp:
            return smtp.send_message(letter)

    assert await converse(mail.guard, "mail.example", mail.port, talk=send, timeout_seconds=5) == {}
    assert mail.said[0] == "ehlo [127.0.0.1]"
    assert "Subject: Hello" in mail.said
    assert ".." in mail.said


async def test_the_next_address_is_tried_when_the_first_does_not_answer(mail: Mail):
    def where(connection: socket.socket) -> str:
        return connection.getpeername()[0]

    assert await converse(mail.guard, "two.example", mail.port, talk=where, timeout_seconds=5) == "127.0.0.1"


async def test_a_refused_connection_is_never_made(mail: Mail):
    guard = Guard(AllowPrivate(), NAMES)
    for host in ("127.0.0.1", "mail.example", "two.example"):
        with pytest.raises(Refused):
            await converse(guard, host, mail.port, talk=lambda connection: None, timeout_seconds=5)
    assert mail.connections == 0


@pytest.mark.parametrize(("host", "port"), [("a b", 25), ("mail.example", 0), ("mail.example", 70_000), ("[::1]", 25)])
async def test_what_is_no_host_or_port_is_told(mail: Mail, host: str, port: int):
    with pytest.raises(InvalidCall):
        await converse(mail.guard, host, port, talk=lambda connection: None, timeout_seconds=5)


async def test_nobody_there_is_told(mail: Mail):
    guard = Guard(AllowPrivate(everywhere=True), NAMES)
    with pytest.raises(Unreachable, match=r"^127\.0\.0\.8 could not be reached\.$"):
        await converse(guard, "127.0.0.8", mail.port, talk=lambda connection: None, timeout_seconds=5)


async def test_a_server_that_drips_is_cut_off_at_the_deadline(mail: Mail):
    mail.drips = True
    ended: list[BaseException] = []

    def send(connection: socket.socket) -> None:
        try:
            Smtp(connection, "mail.example")
        except (OSError, smtplib.SMTPException) as error:
            ended.append(error)
            raise

    started = time.monotonic()
    with pytest.raises(TimedOut):
        await converse(mail.guard, "127.0.0.1", mail.port, talk=send, timeout_seconds=0.3)
    assert time.monotonic() - started < 3
    for _ in range(100):
        if ended:
            break
        await asyncio.sleep(0.02)
    assert ended, "the thread is still there"


@pytest.mark.parametrize("error", [smtplib.SMTPResponseException(550, "no"), TimeoutError("of its own")])
async def test_what_the_talk_raises_comes_out(mail: Mail, error: Exception):
    def fail(connection: socket.socket) -> None:
        raise error

    with pytest.raises(type(error)):
        await converse(mail.guard, "127.0.0.1", mail.port, talk=fail, timeout_seconds=5)


async def test_imap_speaks_over_the_given_connection():
    near, far = socket.socketpair()
    far.sendall(b"* OK ready\r\n")

    def answer() -> bytes:
        command = far.recv(4096)
        far.sendall(b"* CAPABILITY IMAP4rev1\r\n" + command.split()[0] + b" OK done\r\n")
        return command

    answering = asyncio.create_task(asyncio.to_thread(answer))
    imap = await asyncio.to_thread(Imap, near, "mail.example")
    assert b"CAPABILITY" in await answering
    assert isinstance(imap, imaplib.IMAP4)
    assert imap.state == "NONAUTH"
    imap.shutdown()
    near.close()
    far.close()
