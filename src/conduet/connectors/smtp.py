"""E-mail over SMTP (RFC 5321 and 8314): with TLS from the start (port 465), or after STARTTLS (port 587).

A message is made by the standard library's `email`, whose headers take no line break, and whose addresses are parsed:
what a user typed can add neither a header nor a receiver.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Annotated, ClassVar, Final

from pydantic import Field, JsonValue

from conduet.engine.channel.mail import BREAK, PLAIN, SmtpServer, one_line
from conduet.engine.connector import Connector, ConnectorAction, Credentials
from conduet.engine.fields import Value, control
from conduet.engine.use import ToolFailure, ToolUse
from conduet.engine.values import Json
from conduet.kit.ids import new_id

NOW: Final = Value("{{sys.now}}")
MOST_RECEIVERS: Final = 20
TOLD: Final = 100
"""The longest address that is repeated in what is said of it, in characters."""

NAMED: Final = re.compile(r" *(?P<name>[^<>]*)<(?P<bare>[^<>]+)> *")


class SmtpCredentials(SmtpServer, Credentials):
    """A mail server, the account there, and the address that mail comes from."""

    sender: Annotated[
        str,
        Field(
            min_length=3,
            description="The address that mail comes from: `Shop <shop@example.com>`.",
            json_schema_extra=control("text"),
        ),
    ]


class SendMail(ConnectorAction[SmtpCredentials]):
    """Send an e-mail."""

    name: ClassVar[str] = "send"
    example: ClassVar[dict[str, JsonValue]] = {
        "to": ["{{email}}"],
        "subject": "Your order {{order.id}}",
        "text": "It is on its way.",
    }

    to: Annotated[
        tuple[str, ...],
        Field(
            min_length=1,
            max_length=MOST_RECEIVERS,
            description="Whom it goes to; each sees the others.",
            json_schema_extra=control("list"),
        ),
    ]
    subject: Annotated[
        str, Field(min_length=1, max_length=500, description="The subject.", json_schema_extra=control("text"))
    ]
    text: Annotated[str, Field(min_length=1, description="What it says.", json_schema_extra=control("textarea"))]
    html: Annotated[
        str | None,
        Field(description="The same as HTML, for those who want it.", json_schema_extra=control("textarea")),
    ] = None
    reply_to: Annotated[
        str | None, Field(description="Where answers go, if not to the sender.", json_schema_extra=control("text"))
    ] = None

    async def run(self, credentials: SmtpCredentials, use: ToolUse) -> Json:
        """`{messageId}`; the server took the message, whatever becomes of it there."""
        sender = _address(credentials.sender, "the sender")
        receivers = tuple(_address(text, "a receiver") for text in self.to)
        message = EmailMessage(PLAIN)
        for name, value in self._headers(sender, receivers, use):
            message[name] = value
        message.set_content(self.text)
        if self.html:
            message.add_alternative(self.html, subtype="html")
        to = tuple(receiver.addr_spec for receiver in receivers)
        try:
            mail = credentials.mail(sender.addr_spec, to, message.as_bytes())
        except ValueError as error:
            raise ToolFailure("INSECURE", str(error)) from None
        await use.mail(mail)
        return {"messageId": str(message["Message-ID"])}

    def _headers(
        self, sender: Address, receivers: tuple[Address, ...], use: ToolUse
    ) -> Iterator[tuple[str, str | datetime | Address | tuple[Address, ...]]]:
        yield "From", sender
        yield "To", receivers
        if self.reply_to:
            yield "Reply-To", _address(self.reply_to, "the address for answers")
        yield "Subject", one_line(self.subject)
        yield "Date", datetime.fromisoformat(use.text(NOW))
        yield "Message-ID", f"<{new_id('mail')}@{sender.domain}>"


class Smtp(Connector):
    """E-mail, through a mail server of yours."""

    type: ClassVar[str] = "smtp"
    display_name: ClassVar[str] = "E-mail (SMTP)"
    credentials = SmtpCredentials
    actions = (SendMail,)


def _address(text: str, what: str) -> Address:
    """One address, with or without a name; raises `ToolFailure` for anything else, such as two or a line break."""
    from email_validator import EmailNotValidError, validate_email

    named = NAMED.fullmatch(text)
    name, bare = (named["name"].strip(' "'), named["bare"]) if named else ("", text.strip(" "))
    try:
        if BREAK.search(text) or "=?" in text:
            raise ValueError(text)
        # A mail server of one's own may know addresses that the rest of the world does not; few take more than ASCII
        # before the `@` (RFC 6531).
        found = validate_email(bare, check_deliverability=False, globally_deliverable=False, allow_smtputf8=False)
        return Address(name, addr_spec=found.ascii_email or "")
    except (EmailNotValidError, ValueError):
        # A part of a secret would not be known as one.
        told = repr(text) if len(text) <= TOLD else f"A text of {len(text)} characters"
        raise ToolFailure("WRONG_ADDRESS", f"{told}, {what}, is not an e-mail address.") from None
