"""Fetching mail from a real IMAP server: `pymap` with TLS, STARTTLS and an account; and from servers that misbehave."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from conduet.kit.http import AllowPrivate, OutgoingError
from conduet.kit.http.guard import Guard
from conduet.kit.http.imap import AT_ONCE, MAIL_BYTES, Keep, Mailbox, check_mailbox, fetch_mail
from tests.kit.http.certificates import contexts
from tests.kit.http.conftest import Names
from tests.kit.http.post_office import PASSWORD, USER, PostOffice, post_office

NAMES = Names(mail_example=[["127.0.0.1"]])
SINCE = datetime.now(UTC) - timedelta(hours=1)
Security = Literal["starttls", "tls", "none"]
Trust = tuple[ssl.SSLContext, ssl.SSLContext]


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    return contexts(tmp_path, "mail.example")


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with post_office() as found:
        yield found


def mailbox(port: int, security: Security = "none", **more: Any) -> Mailbox:
    return replace(Mailbox("mail.example", port, security, USER, PASSWORD), **more)


def guard(port: int) -> Guard:
    return Guard(AllowPrivate.parse(f"mail.example:{port}"), NAMES)


async def fetch(
    box: Mailbox, *, tls: ssl.SSLContext | None = None, keep: Keep | None = None, timeout_seconds: float = 30
) -> list[bytes]:
    found: list[bytes] = []

    async def take(content: bytes) -> None:
        await asyncio.sleep(0)
        found.append(content)

    await fetch_mail(guard(box.port), box, since=SINCE, keep=keep or take, timeout_seconds=timeout_seconds, tls=tls)
    return found


async def refused(box: Mailbox, **more: Any) -> tuple[str, str]:
    with pytest.raises(OutgoingError) as raised:
        await fetch(box, **more)
    assert PASSWORD not in raised.value.message
    return raised.value.code, raised.value.message


def mail(number: int, body: str = "Hello") -> bytes:
    return f"From: ada@example.com\r\nMessage-ID: <m{number}@example.com>\r\n\r\n{body}\r\n".encode()


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
async def test_new_mail_is_given_once_and_read_afterwards(trust: Trust, security: Security) -> None:
    async with post_office(security, trust[0]) as office:
        box = mailbox(office.port, security)
        await office.put(mail(1), mail(2))
        assert await fetch(box, tls=trust[1]) == [mail(1), mail(2)]
        assert await office.unread() == 0
        assert await fetch(box, tls=trust[1]) == []
        await check_mailbox(guard(box.port), box, timeout_seconds=30, tls=trust[1])


async def test_what_lay_there_before_stays_unread(office: PostOffice) -> None:
    await office.put(mail(1), at=SINCE - timedelta(minutes=1))
    await office.put(mail(2), at=SINCE - timedelta(days=30))
    await office.put(mail(3), at=SINCE + timedelta(minutes=1))
    assert await fetch(mailbox(office.port)) == [mail(3)]
    assert await office.unread() == 2


async def test_what_could_not_be_kept_stays_unread_and_comes_again(office: PostOffice) -> None:
    kept: list[bytes] = []

    async def keep(content: bytes) -> None:
        await asyncio.sleep(0)
        if content == mail(2):
            raise KeyError("no disk")
        kept.append(content)

    await office.put(mail(1), mail(2), mail(3))
    with pytest.raises(KeyError, match="no disk"):
        await fetch(mailbox(office.port), keep=keep)
    assert (kept, await office.unread()) == ([mail(1)], 2)
    assert await fetch(mailbox(office.port)) == [mail(2), mail(3)]


async def test_of_a_large_mail_the_beginning_is_fetched_and_of_many_the_first(office: PostOffice) -> None:
    large = mail(1, "x" * (MAIL_BYTES + 1000))
    await office.put(large, mail(2, "y" * 2_000_000), *(mail(number) for number in range(3, AT_ONCE + 3)))
    first, second, *others = await fetch(mailbox(office.port))
    assert first == large[:MAIL_BYTES]
    assert second == mail(2, "y" * 2_000_000)
    assert len(others) == AT_ONCE - 2
    assert await fetch(mailbox(office.port)) == [mail(AT_ONCE + 1), mail(AT_ONCE + 2)]


async def test_a_wrong_password_and_a_folder_that_there_is_not_are_told_in_the_servers_words(
    office: PostOffice,
) -> None:
    code, message = await refused(mailbox(office.port, password="wrong"))
    assert code == "MAILBOX_REFUSED"
    assert message.startswith("mail.example does not let help@shop.example in: [AUTHENTICATIONFAILED]")
    code, message = await refused(mailbox(office.port, folder="Support"))
    assert (code, message) == (
        "MAILBOX_REFUSED",
        "mail.example does not open Support: [NONEXISTENT] Mailbox does not exist.",
    )


async def test_letters_beyond_ascii_sign_in_another_way(office: PostOffice) -> None:
    code, message = await refused(mailbox(office.port, password="Schlüßel"))
    assert code == "MAILBOX_REFUSED"
    assert "AUTHENTICATIONFAILED" in message


async def test_nobody_is_signed_in_where_others_can_read_or_the_certificate_is_anothers(trust: Trust) -> None:
    async with post_office("tls", trust[0]) as office:
        assert (await refused(mailbox(office.port, "tls")))[0] == "TLS_FAILED"
    async with post_office() as office:
        code, message = await refused(mailbox(office.port, "starttls"))
        assert (code, message) == ("MAILBOX_REFUSED", "mail.example offers no STARTTLS.")


async def test_an_address_that_may_not_be_called_is_not() -> None:
    closed = Guard(AllowPrivate.parse("off"), NAMES)
    with pytest.raises(OutgoingError) as raised:
        await check_mailbox(closed, mailbox(993, "tls"), timeout_seconds=5)
    assert raised.value.code == "ADDRESS_REFUSED"


BAD: dict[str, tuple[list[bytes], str]] = {
    "busy": ([b"* OK hello", b"* CAPABILITY IMAP4rev1\r\nA OK done", b"A NO [UNAVAILABLE] come later"], "MAILBOX_BUSY"),
    "gone": ([b"* BYE too much to do"], "BAD_RESPONSE"),
    "something else": ([b"220 smtp.example ESMTP"], "INTERRUPTED"),
    "read only": (
        [b"* OK hello", b"* CAPABILITY IMAP4rev1\r\nA OK done", b"A OK done", b"* 1 EXISTS\r\nA OK [READ-ONLY] look"],
        "MAILBOX_REFUSED",
    ),
    "no marks": (
        [
            b"* OK hello",
            b"* CAPABILITY IMAP4rev1\r\nA OK done",
            b"A OK done",
            b"* OK [PERMANENTFLAGS (\\Deleted)] x\r\nA OK y",
        ],
        "MAILBOX_REFUSED",
    ),
    "a flood": (
        [b"* OK hello", b"* CAPABILITY IMAP4rev1\r\nA OK done", b"* OK still here\r\n" * 100_000],
        "INTERRUPTED",
    ),
    "a lie": (
        [
            b"* OK hello",
            b"* CAPABILITY IMAP4rev1\r\nA OK done",
            b"A OK done",
            b"A OK done",
            b"* SEARCH 5\r\nA OK done",
            b'* 1 FETCH (UID 5 INTERNALDATE "26-Nov-2999 10:00:00 +0000")\r\nA OK done',
            b"* 1 FETCH (UID 5 BODY[]<0> {9999999999}\r\nabc",
        ],
        "INTERRUPTED",
    ),
    "letters that there are not": ([b"* OK hello", b"* CAPABILITY \xff\r\nA OK done"], "BAD_RESPONSE"),
    "a number that is none": (
        [b"* OK hello", b"* CAPABILITY IMAP4rev1\r\nA OK done", b"* OK {" + b"9" * 5000 + b"}"],
        "BAD_RESPONSE",
    ),
    "a day that is none": (
        [
            b"* OK hello",
            b"* CAPABILITY IMAP4rev1\r\nA OK done",
            b"A OK done",
            b"A OK done",
            b"* SEARCH 5\r\nA OK done",
            b'* 1 FETCH (UID 5 INTERNALDATE "26-Nix-2026 10:00:00 +0000")\r\nA OK done',
        ],
        "BAD_RESPONSE",
    ),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_server_that_misbehaves_harms_nobody(name: str) -> None:
    says, code = BAD[name]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        greeting, *answers = says
        writer.write(greeting + b"\r\n")
        for answer in answers:
            tag = (await reader.readline()).split(b" ")[0]
            lines = answer.split(b"\r\n")
            writer.write(b"\r\n".join(tag + line[1:] if line.startswith(b"A ") else line for line in lines) + b"\r\n")
        await reader.readline()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        assert (await refused(mailbox(server.sockets[0].getsockname()[1])))[0] == code
    finally:
        server.close()


async def test_a_server_that_drips_is_left_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        code, _ = await refused(mailbox(silent.getsockname()[1]), timeout_seconds=0.2)
    assert code == "TIMED_OUT"
