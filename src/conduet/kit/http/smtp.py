"""Handing a message to a mail server, over a connection that was checked, and safe before a password goes over it."""

import re
import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal

from conduet.kit.http.connection import converse
from conduet.kit.http.errors import BadResponse, Interrupted, OutgoingError, Untrusted
from conduet.kit.http.guard import Guard
from conduet.kit.http.mail import Smtp
from conduet.kit.http.thread import in_thread

AUTHENTICATED: Final = 235
BREAKS: Final = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server, how the way there is secured, and the account that sends."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    user: str | None = None
    password: str | None = field(default=None, repr=False)


class MailRefused(OutgoingError):
    """The mail server does not take the message: from that account, for these receivers, or at all."""

    code = "MAIL_REFUSED"


async def send_mail(
    guard: Guard,
    server: MailServer,
    content: bytes,
    *,
    sender: str,
    recipients: Sequence[str],
    timeout_seconds: float,
    tls: ssl.SSLContext | None = None,
) -> None:
    """Hands over `content`, a whole message with its headers (RFC 5322). `tls` replaces what is trusted.

    Without recipients it only signs in.

    With `starttls` nothing is sent to a server that does not offer it. Raises `MailRefused`, also where only some of
    the recipients are taken, `Untrusted`, `BadResponse` and `Interrupted` (it may have been taken all the same), and
    what `converse` does.
    """
    # Servers differ over where a line ends, and with that a message (CVE-2023-51764).
    lines = BREAKS.sub(b"\r\n", content)
    context = tls or await in_thread(trusted, name="certificates")

    def talk(connection: socket.socket) -> None:
        with Smtp(connection, server.host) as smtp:
            if server.security == "starttls":
                smtp.starttls(context=context)
            if server.user:
                _sign_in(smtp, server.user, server.password or "")
            refused = smtp.sendmail(sender, recipients, lines) if recipients else {}
        if refused:
            raise smtplib.SMTPRecipientsRefused(refused)

    try:
        await converse(
            guard,
            server.host,
            server.port,
            talk=talk,
            timeout_seconds=timeout_seconds,
            tls=context if server.security == "tls" else None,
        )
    except (smtplib.SMTPException, OSError) as error:
        raise _told(error, server.host) from None
    except (ValueError, LookupError, TypeError):
        # Whatever the library runs into that was told what no server tells.
        raise BadResponse(f"{server.host} does not speak as a mail server does.") from None


def _sign_in(smtp: Smtp, user: str, password: str) -> None:
    """As the library does; letters beyond ASCII, which it does not take, go by AUTH PLAIN (RFC 4616)."""
    if (user + password).isascii():
        smtp.login(user, password)
        return
    smtp.ehlo_or_helo_if_needed()
    code, said = smtp.docmd("AUTH", "PLAIN " + b64encode(f"\0{user}\0{password}".encode()).decode())
    if code != AUTHENTICATED:
        raise smtplib.SMTPAuthenticationError(code, said)


@cache
def trusted() -> ssl.SSLContext:
    """The certificates that are trusted; reading them takes a moment."""
    return ssl.create_default_context()


def _told(error: Exception, host: str) -> OutgoingError:
    """The error in our words, and then in those of the server."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return MailRefused(f"{host} does not accept the account's name and password.")
        case smtplib.SMTPRecipientsRefused():
            each = (f"{whom} ({_said(code, words)})" for whom, (code, words) in error.recipients.items())
            return MailRefused(f"{host} does not take mail for {', '.join(each)}.")
        case smtplib.SMTPServerDisconnected():
            return Interrupted(f"{host} closed the connection before it had taken the message.")
        case smtplib.SMTPResponseException():
            return MailRefused(f"{host} does not take the message: {_said(error.smtp_code, error.smtp_error)}.")
        case smtplib.SMTPNotSupportedError():
            return MailRefused(f"{host} cannot do what is asked of it: it offers no STARTTLS, or no accounts.")
        case smtplib.SMTPException():
            return MailRefused(f"{host} offers no way to sign in that is known here.")
        case ssl.SSLError():
            return Untrusted(f"No secure connection to {host}: its certificate or its TLS is not good.")
        case _:
            return Interrupted(f"The connection to {host} broke.")


def _said(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}".rstrip(" .")
