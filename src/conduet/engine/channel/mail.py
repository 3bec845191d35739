"""What all that sends e-mail shares: a mail server's fields, how a message is written, and what a refusal means."""

import re
from email import policy
from html import escape
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from conduet.engine.channel.markdown import Style
from conduet.engine.channel.outbound import Line, SendFailure
from conduet.engine.fields import control
from conduet.engine.outside import Mail, Mailbox, Unreachable

ADDRESS: Final = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}$"
PLAIN: Final = policy.SMTP.clone(cte_type="7bit")
"""Seven bits in the content, CRLF at the ends of lines: what every mail server takes."""

INSECURE: Final = "A password is not sent over a connection that anybody can read: choose `starttls` or `tls`."
PORTS: Final = {"tls": 465, "starttls": 587, "none": 25}
BREAK: Final = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")
IMAP_PORTS: Final = {"tls": 993, "starttls": 143, "none": 143}

_PRINTED: Final = r"^[^\x00-\x1f\x7f]{1,1000}$"
_LATER: Final = re.compile(r"[:(] ?4[0-9]{2} ")

HTML: Final = Style(
    bold=("<b>", "</b>"),
    italic=("<i>", "</i>"),
    strike=("<s>", "</s>"),
    code=("<code>", "</code>"),
    block=("<pre>", "</pre>"),
    link=lambda text, url: f'<a href="{escape(url)}">{text or escape(url)}</a>',
    escape=lambda text: escape(text, quote=False),
)

HostName: TypeAlias = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9.-]{1,253}$", description="The mail server's name.", json_schema_extra=control("text")),
]


class SmtpServer(BaseModel):
    """A mail server and an account there; what sends by one has these fields among its own."""

    host: HostName
    port: Annotated[
        int | None,
        Field(ge=1, le=65535, description="Its port, if not 465, 587 or 25.", json_schema_extra=control("number")),
    ] = None
    security: Annotated[
        Literal["starttls", "tls", "none"],
        Field(
            description="How the connection is secured; `none` takes no password.", json_schema_extra=control("select")
        ),
    ] = "starttls"
    user: Annotated[str | None, Field(description="The account's name.", json_schema_extra=control("text"))] = None
    password: Annotated[
        str | None, Field(description="The account's password.", json_schema_extra=control("secret"))
    ] = None

    def mail(self, sender: str, recipients: tuple[str, ...], content: bytes) -> Mail:
        """A whole message for this server. Raises `ValueError` (`INSECURE`) where the password could be read."""
        if self.password and self.security == "none":
            raise ValueError(INSECURE)
        return Mail(
            host=self.host,
            port=self.port or PORTS[self.security],
            security=self.security,
            user=self.user,
            password=self.password,
            sender=sender,
            recipients=recipients,
            content=content,
        )


class ImapServer(BaseModel):
    """An IMAP server and an account there."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    host: HostName
    port: Annotated[
        int | None,
        Field(ge=1, le=65535, description="Its port, if not 993 or 143.", json_schema_extra=control("number")),
    ] = None
    security: Annotated[
        Literal["tls", "starttls", "none"],
        Field(
            description="How the connection is secured; `none` is for servers of your own network alone.",
            json_schema_extra=control("select"),
        ),
    ] = "tls"
    user: Annotated[str, Field(pattern=_PRINTED, description="The account's name.", json_schema_extra=control("text"))]
    password: Annotated[
        str, Field(pattern=_PRINTED, description="The account's password.", json_schema_extra=control("secret"))
    ]
    folder: Annotated[
        str,
        Field(
            pattern=r"^[\x20-\x7e]{1,200}$",
            description="The folder that new mail comes into.",
            json_schema_extra=control("text"),
        ),
    ] = "INBOX"

    @property
    def mailbox(self) -> Mailbox:
        """The folder, for who fetches from it."""
        port = self.port or IMAP_PORTS[self.security]
        return Mailbox(self.host, port, self.security, self.user, self.password, self.folder)


async def send_by(server: SmtpServer, line: Line, *, sender: str, to: tuple[str, ...], content: bytes) -> None:
    """Hands a message over. Raises `SendFailure` where it was refused, and `Unreachable` where that is not known."""
    try:
        await line.send_mail(server.mail(sender, to, content))
    except ValueError as error:
        raise SendFailure(str(error), alarm=True) from None
    except Unreachable as error:
        if error.code != "MAIL_REFUSED":
            raise
        # Of several receivers some may have got it.
        if len(to) > 1 and "does not take mail for" in error.message:
            raise Unreachable("PARTLY_SENT", f"{error.message} The others may have got it.") from None
        is_later, is_account = bool(_LATER.search(error.message)), "name and password" in error.message
        raise SendFailure(error.message, again=is_later, alarm=is_account) from None


def one_line(text: str) -> str:
    """A text for a header, which it can neither end nor, as an encoded word (RFC 2047), be read otherwise in."""
    return BREAK.sub(" ", text).replace("=?", "= ?")
