"""Taking what is new out of a mailbox, over a connection that was checked: a mail counts as read once it is kept."""

import asyncio
import imaplib
import re
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, TypeAlias, cast

from conduet.kit.http.address import Kind, kind_of, parse_address
from conduet.kit.http.connection import converse
from conduet.kit.http.errors import BadResponse, Interrupted, OutgoingError, Untrusted
from conduet.kit.http.guard import Guard
from conduet.kit.http.mail import Imap
from conduet.kit.http.smtp import trusted
from conduet.kit.http.thread import in_thread

MAIL_BYTES: Final = 15 * 1024 * 1024
"""How much of a mail is fetched: a file of 10 MB, as it is packed, and the words before it."""

AT_ONCE: Final = 50
"""How many mails are fetched in a visit."""

LISTED: Final = 2000
"""Of how many unread mails it is asked when they came, the last ones."""

DATE_BYTES: Final = 500
"""How long a line is read that tells when a mail came: one that is made for it takes long."""

KEEP_SECONDS: Final = 60.0
LINES_BYTES: Final = 4 * 1024 * 1024
"""What a server may say to one command beside a mail."""

Keep: TypeAlias = Callable[[bytes], Awaitable[None]]

_LATER: Final = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\b|too many", re.IGNORECASE)
_DATE: Final = re.compile(
    rb'UID (\d{1,10})\b.{0,200}?INTERNALDATE ("[^"]{1,40}")|INTERNALDATE ("[^"]{1,40}").{0,200}?UID (\d{1,10})'
)
_NUMBER: Final = re.compile(rb"[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A folder of an account on a mail server, and how the way there is secured."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"


class MailboxRefused(OutgoingError):
    """The mail server does not let us into the mailbox, or not mark what was read: somebody has to mend that."""

    code = "MAILBOX_REFUSED"


class MailboxBusy(OutgoingError):
    """The mail server does not let anybody in just now, by its own words."""

    code = "MAILBOX_BUSY"


class _NotKept(Exception):
    """What `keep` raised, which says nothing of the server."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


async def fetch_mail(
    guard: Guard,
    mailbox: Mailbox,
    *,
    since: datetime,
    keep: Keep,
    timeout_seconds: float,
    tls: ssl.SSLContext | None = None,
) -> None:
    """Gives `keep` each unread mail that has come after `since`, whole or its first 15 MB, and then marks it as read.

    At most 50, the oldest first. What `keep` raises ends the visit, the mail stays unread and comes again, as it does
    when the process ends in between; so does a number of the mailbox (UID) mean nothing beyond a visit, and its
    UIDVALIDITY nothing at all. Raises `MailboxRefused`, `MailboxBusy`, `Interrupted`, `Untrusted`, `BadResponse`, and
    what `converse` does.
    """
    loop = asyncio.get_running_loop()

    def kept(content: bytes) -> None:
        try:
            asyncio.run_coroutine_threadsafe(_kept(keep, content), loop).result(KEEP_SECONDS)
        except Exception as error:
            raise _NotKept(error) from error

    try:
        await _visit(guard, mailbox, lambda imap: _fetch(imap, mailbox.host, since, kept), timeout_seconds, tls)
    except _NotKept as failed:
        raise failed.error from None


async def check_mailbox(
    guard: Guard, mailbox: Mailbox, *, timeout_seconds: float, tls: ssl.SSLContext | None = None
) -> None:
    """Signs in and opens the folder, as `fetch_mail` does, and raises what that does."""
    await _visit(guard, mailbox, lambda _: None, timeout_seconds, tls)


async def _kept(keep: Keep, content: bytes) -> None:
    await keep(content)


async def _visit(
    guard: Guard, mailbox: Mailbox, work: Callable[[Imap], None], timeout_seconds: float, tls: ssl.SSLContext | None
) -> None:
    context = tls or await in_thread(trusted, name="certificates")

    def talk(connection: socket.socket) -> None:
        if mailbox.security == "none" and kind_of(parse_address(connection.getpeername()[0])) is Kind.PUBLIC:
            raise MailboxRefused(f"{mailbox.host} is no server of the own network: choose `tls` or `starttls`.")
        imap = Imap(connection, mailbox.host)
        try:
            if mailbox.security == "starttls":
                imap.starttls(ssl_context=context)
            _sign_in(imap, mailbox)
            _open(imap, mailbox)
            work(imap)
        finally:
            # What the server makes of a goodbye is no matter.
            with suppress(imaplib.IMAP4.error, OSError):
                imap.logout()
            with suppress(OSError):
                imap.shutdown()

    try:
        await converse(
            guard,
            mailbox.host,
            mailbox.port,
            talk=talk,
            timeout_seconds=timeout_seconds,
            tls=context if mailbox.security == "tls" else None,
        )
    except (imaplib.IMAP4.error, OSError) as error:
        raise _told(error, mailbox.host) from None
    except (ValueError, LookupError, ArithmeticError, TypeError, AttributeError):
        # Whatever the library runs into that was told what no server tells.
        raise _told(imaplib.IMAP4.error(), mailbox.host) from None


def _sign_in(imap: Imap, mailbox: Mailbox) -> None:
    """LOGIN; a name or password that it cannot carry goes by AUTHENTICATE PLAIN (RFC 4616)."""
    is_plain = (mailbox.user + mailbox.password).isascii() and "LOGINDISABLED" not in imap.capabilities
    try:
        if is_plain:
            imap.login(_quoted(mailbox.user), mailbox.password)
        else:
            shown = f"\0{mailbox.user}\0{mailbox.password}".encode()
            imap.authenticate("PLAIN", lambda _: shown)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        said = _words(error.args[0] if error.args else "")
        kind = MailboxBusy if _LATER.search(said) else MailboxRefused
        raise kind(f"{mailbox.host} does not let {mailbox.user} in: {said or 'no reason told'}.") from None


def _open(imap: Imap, mailbox: Mailbox) -> None:
    """Selects the folder, if it lets mails be marked as read: else each would come again and again."""
    try:
        status, said = imap.select(_quoted(mailbox.folder))
    except imaplib.IMAP4.readonly:
        raise MailboxRefused(f"{mailbox.host} lets nothing in {mailbox.folder} be marked as read.") from None
    if status != "OK":
        kind = MailboxBusy if _LATER.search(_words(said[-1])) else MailboxRefused
        raise kind(f"{mailbox.host} does not open {mailbox.folder}: {_words(said[-1])}.")
    flags = imap.untagged_responses.get("PERMANENTFLAGS")
    if flags and isinstance(flags[-1], bytes) and b"\\seen" not in flags[-1].lower():
        raise MailboxRefused(f"{mailbox.host} lets nothing in {mailbox.folder} be marked as read.")


def _fetch(imap: Imap, host: str, since: datetime, kept: Callable[[bytes], None]) -> None:
    for uid in _new(imap, since):
        content = _content(imap, uid)
        if content is None:
            continue
        kept(content)
        status, said = _asked(imap, "STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
        if status != "OK":
            raise MailboxRefused(f"{host} does not let a mail be marked as read: {_words(said[-1])}.")


def _new(imap: Imap, since: datetime) -> Sequence[str]:
    """The numbers of the first unread mails that came after `since`."""
    # The search knows days alone, and those of the server's zone.
    day = (since.astimezone(UTC) - timedelta(days=1)).timetuple()
    _, found = _asked(imap, "SEARCH", "UNSEEN", "SINCE", f"{day.tm_mday}-{_MONTHS[day.tm_mon - 1]}-{day.tm_year}")
    numbers = sorted({int(each) for line in found if isinstance(line, bytes) for each in _NUMBER.findall(line)})
    if not numbers:
        return ()
    _, told = _asked(imap, "FETCH", ",".join(map(str, numbers[-LISTED:])), "(INTERNALDATE)")
    came = dict(_dates(told))
    return [str(uid) for uid in numbers if came.get(uid, 0.0) > since.timestamp()][:AT_ONCE]


def _dates(told: Sequence[Any]) -> Iterator[tuple[int, float]]:
    """When mails came, in seconds since 1970, by their numbers."""
    for line in told:
        match = _DATE.search(line[:DATE_BYTES]) if isinstance(line, bytes) else None
        if match is None:
            continue
        at = imaplib.Internaldate2tuple(b"INTERNALDATE " + (match[2] or match[3]))
        if at is not None:
            yield int(match[1] or match[4]), time.mktime(at)


def _content(imap: Imap, uid: str) -> bytes | None:
    """The beginning of a mail, which stays unread by that; `None` when it is gone."""
    _, told = _asked(imap, "FETCH", uid, f"(BODY.PEEK[]<0.{MAIL_BYTES}>)", more=2 * MAIL_BYTES)
    for each in told:
        if isinstance(each, tuple):
            head, content = cast("tuple[bytes, bytes]", each)
            if b"BODY[" in head.upper():
                return content[:MAIL_BYTES]
        if isinstance(each, bytes) and b"BODY[" in each.upper():
            # An empty one is told as a quoted string.
            return b""
    return None


def _asked(imap: Imap, command: str, *parts: str, more: int = 0) -> tuple[str, Sequence[Any]]:
    imap.left = LINES_BYTES + more
    status, said = imap.uid(command, *parts)
    if status != "OK" and command != "STORE":
        raise imap.abort(_words(said[-1]))
    return status, said


def _told(error: Exception, host: str) -> OutgoingError:
    """The error in our words."""
    match error:
        case imaplib.IMAP4.abort():
            if "TLS not supported" in str(error):
                return MailboxRefused(f"{host} offers no STARTTLS.")
            return Interrupted(f"{host} broke off: {_words(error.args[0] if error.args else '') or 'no reason told'}.")
        case imaplib.IMAP4.error():
            return BadResponse(f"{host} does not speak as an IMAP server does.")
        case ssl.SSLError():
            return Untrusted(f"No secure connection to {host}: its certificate or its TLS is not good.")
        case _:
            return Interrupted(f"The connection to {host} broke.")


def _words(said: object) -> str:
    """What the server said, on one line."""
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said or "")
    return " ".join(text.split())[:300].rstrip(" .")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
