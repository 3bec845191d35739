"""Handing messages to a real mail server: `aiosmtpd` with TLS, STARTTLS, accounts, and moods."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from conduet.kit.http import AllowPrivate, OutgoingError
from conduet.kit.http.guard import Guard
from conduet.kit.http.smtp import MailServer, send_mail
from tests.kit.http.certificates import contexts
from tests.kit.http.conftest import Names

CONTENT = b"From: a@shop.example\r\nTo: b@bikes.example\r\nSubject: Hello\r\n\r\n.A dot begins this line.\r\n"
PASSWORD = "do-not-tell-this"
NAMES = Names(mail_example=[["127.0.0.1"]])


@dataclass
class Office:
    """What a mail server was given, and what it does not take."""

    taken: list[Envelope] = field(default_factory=list[Envelope])
    accounts: list[str] = field(default_factory=list[str])
    refuses: dict[str, str] = field(default_factory=dict[str, str])
    reply: str = "250 kept"
    hangs: bool = False

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name for it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def auth_ODDLY(self, _server: SMTP, _args: list[str]) -> AuthResult:  # noqa: N802  # the name is the library's
        raise AssertionError("nobody knows it")

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # the name is the library's
        if self.hangs:
            await asyncio.sleep(3)
        if self.reply == "break":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        self.taken.append(envelope)
        return self.reply

    def authenticated(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, known: Any) -> AuthResult:
        assert isinstance(known, LoginPassword)
        self.accounts.append(known.login.decode())
        return AuthResult(success=known.password.decode() == PASSWORD, handled=False)


Open = Callable[..., Awaitable[MailServer]]
Security = Literal["starttls", "tls", "none"]


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def trust(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return contexts(tmp_path, "mail.example")


@pytest.fixture
async def opened(office: Office, trust: tuple[ssl.SSLContext, ssl.SSLContext]) -> AsyncIterator[Open]:
    """Opens the office: a server that presents a certificate for `mail.example`."""
    running: list[asyncio.Server] = []

    async def start(security: Security, *, offers: bool = True, without: tuple[str, ...] = ()) -> MailServer:
        def protocol() -> SMTP:
            return SMTP(
                office,
                tls_context=trust[0] if security == "starttls" and offers else None,
                auth_require_tls=security == "starttls",
                authenticator=office.authenticated,
                auth_exclude_mechanism=without,
                loop=asyncio.get_running_loop(),
            )

        tls = trust[0] if security == "tls" else None
        server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, ssl=tls)
        running.append(server)
        return MailServer("mail.example", server.sockets[0].getsockname()[1], security)

    yield start
    for server in running:
        server.close()


async def send(
    server: MailServer,
    trust: tuple[ssl.SSLContext, ssl.SSLContext],
    *,
    recipients: tuple[str, ...] = ("b@bikes.example",),
    timeout_seconds: float = 5,
    content: bytes = CONTENT,
) -> None:
    guard = Guard(AllowPrivate.parse(f"mail.example:{server.port}"), NAMES)
    await send_mail(
        guard,
        server,
        content,
        sender="a@shop.example",
        recipients=recipients,
        timeout_seconds=timeout_seconds,
        tls=trust[1],
    )


async def refused(awaited: Awaitable[None]) -> tuple[str, str]:
    with pytest.raises(OutgoingError) as raised:
        await awaited
    assert PASSWORD not in raised.value.message
    return raised.value.code, raised.value.message


Trust = tuple[ssl.SSLContext, ssl.SSLContext]


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
async def test_a_message_is_taken_as_it_is(opened: Open, office: Office, trust: Trust, security: Security) -> None:
    await send(await opened(security), trust, recipients=("b@bikes.example", "c@bikes.example"))
    (envelope,) = office.taken
    assert envelope.mail_from == "a@shop.example"
    assert envelope.rcpt_tos == ["b@bikes.example", "c@bikes.example"]
    assert envelope.content == CONTENT


@pytest.mark.parametrize("smuggled", [b"\n.\r\n", b"\n.\n", b"\r.\r", b"\r.\r\n", b"\r\n.\r\n"])
async def test_no_second_message_hides_in_a_first(opened: Open, office: Office, trust: Trust, smuggled: bytes) -> None:
    content = CONTENT + smuggled + b"MAIL FROM:<boss@shop.example>\r\nRCPT TO:<all@shop.example>\r\nDATA\r\n"
    await send(await opened("none"), trust, content=content)
    (envelope,) = office.taken
    assert isinstance(envelope.content, bytes)
    assert envelope.content.endswith(
        b"\r\n.\r\nMAIL FROM:<boss@shop.example>\r\nRCPT TO:<all@shop.example>\r\nDATA\r\n"
    )


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_an_account_signs_in_once_the_way_is_safe(
    opened: Open, office: Office, trust: Trust, security: Security
) -> None:
    server = replace(await opened(security), user="shop", password=PASSWORD)
    await send(server, trust)
    assert office.accounts == ["shop"]
    assert len(office.taken) == 1


async def test_a_wrong_password_is_told_and_not_shown(opened: Open, office: Office, trust: Trust) -> None:
    server = replace(await opened("starttls"), user="shop", password="wrong")
    assert await refused(send(server, trust)) == (
        "MAIL_REFUSED",
        "mail.example does not accept the account's name and password.",
    )
    assert not office.taken


async def test_nothing_is_said_in_the_open_to_a_server_without_starttls(
    opened: Open, office: Office, trust: Trust
) -> None:
    server = replace(await opened("starttls", offers=False), user="shop", password=PASSWORD)
    code, message = await refused(send(server, trust))
    assert code == "MAIL_REFUSED"
    assert "STARTTLS" in message
    assert not office.accounts
    assert not office.taken


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_server_that_is_not_who_it_says_gets_nothing(
    opened: Open, office: Office, trust: Trust, tmp_path: Path, security: Security
) -> None:
    server = replace(await opened(security), user="shop", password=PASSWORD)
    stranger = contexts(tmp_path, "mail.example")
    code, message = await refused(send(server, stranger))
    assert (code, message) == (
        "TLS_FAILED",
        "No secure connection to mail.example: its certificate or its TLS is not good.",
    )
    assert not office.accounts


async def test_a_receiver_who_is_not_taken_is_told(opened: Open, office: Office, trust: Trust) -> None:
    office.refuses["x@bikes.example"] = "550 5.1.1 No such user"
    server = await opened("none")
    told = await refused(send(server, trust, recipients=("x@bikes.example",)))
    assert told == ("MAIL_REFUSED", "mail.example does not take mail for x@bikes.example (550 5.1.1 No such user).")
    assert not office.taken
    told = await refused(send(server, trust, recipients=("b@bikes.example", "x@bikes.example")))
    assert told[0] == "MAIL_REFUSED"
    assert office.taken[0].rcpt_tos == ["b@bikes.example"]


@pytest.mark.parametrize("reply", ["552 Too large", "451 Try again later"])
async def test_a_message_that_is_not_taken_is_told_in_the_server_s_words(
    opened: Open, office: Office, trust: Trust, reply: str
) -> None:
    office.reply = reply
    told = await refused(send(await opened("none"), trust))
    assert told == ("MAIL_REFUSED", f"mail.example does not take the message: {reply}.")


async def test_a_break_after_the_message_is_not_known_to_have_failed(
    opened: Open, office: Office, trust: Trust
) -> None:
    office.reply = "break"
    assert (await refused(send(await opened("none"), trust)))[0] == "INTERRUPTED"


async def test_a_server_that_does_not_answer_is_left(opened: Open, office: Office, trust: Trust) -> None:
    office.hangs = True
    assert (await refused(send(await opened("none"), trust, timeout_seconds=0.3)))[0] == "TIMED_OUT"


async def test_a_server_of_another_kind_is_no_mail_server(trust: Trust) -> None:
    async def web(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    listener = await asyncio.start_server(web, "127.0.0.1", 0)
    server = MailServer("mail.example", listener.sockets[0].getsockname()[1], "none")
    assert (await refused(send(server, trust)))[0] in ("MAIL_REFUSED", "INTERRUPTED")
    listener.close()


async def test_a_server_that_hangs_up_before_it_is_safe_gets_nothing(trust: Trust) -> None:
    async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    listener = await asyncio.start_server(rude, "127.0.0.1", 0)
    server = MailServer("mail.example", listener.sockets[0].getsockname()[1], "tls")
    assert (await refused(send(server, trust)))[0] in ("INTERRUPTED", "TLS_FAILED")
    listener.close()


async def test_a_server_with_ways_to_sign_in_that_nobody_knows_is_told(opened: Open, trust: Trust) -> None:
    server = replace(await opened("starttls", without=("PLAIN", "LOGIN")), user="shop", password=PASSWORD)
    code, message = await refused(send(server, trust))
    assert (code, message) == ("MAIL_REFUSED", "mail.example offers no way to sign in that is known here.")


async def test_letters_beyond_ascii_sign_in_another_way(opened: Open, office: Office, trust: Trust) -> None:
    server = replace(await opened("starttls"), user="Schlüßel", password=PASSWORD)
    await send(server, trust)
    assert office.accounts == ["Schlüßel"]
    code, message = await refused(send(replace(server, password="falsch: ß"), trust))
    assert (code, message) == ("MAIL_REFUSED", "mail.example does not accept the account's name and password.")


async def test_a_server_that_asks_what_cannot_be_read_speaks_as_no_mail_server(trust: Trust) -> None:
    async def odd(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in (b"220 mail.example", b"250-mail.example\r\n250 AUTH CRAM-MD5", b"334 x"):
            writer.write(answer + b"\r\n")
            await reader.readline()
        writer.close()

    listener = await asyncio.start_server(odd, "127.0.0.1", 0)
    server = MailServer("mail.example", listener.sockets[0].getsockname()[1], "none", "shop", PASSWORD)
    assert (await refused(send(server, trust)))[0] == "BAD_RESPONSE"
    listener.close()


async def test_a_private_mail_server_is_refused(opened: Open, trust: Trust) -> None:
    server = await opened("none")
    with pytest.raises(OutgoingError) as raised:
        await send_mail(
            Guard(AllowPrivate(), NAMES),
            server,
            CONTENT,
            sender="a@b.example",
            recipients=["b@b.example"],
            timeout_seconds=2,
        )
    assert raised.value.code == "ADDRESS_REFUSED"
