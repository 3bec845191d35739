"""E-mail, through a mail server of yours (RFC 5321, RFC 5322), with one-click unsubscription (RFC 8058).

The `Message-ID` is the same for each try. A connection that breaks while the message goes over leaves it unknown.
"""

import re
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from html import escape
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, JsonValue

from conduet.engine.channel.markdown import Style, rendered
from conduet.engine.channel.outbound import Line, SendFailure
from conduet.engine.channel.target import Publication, Target
from conduet.engine.fields import control
from conduet.engine.outside import Mail, Unreachable

PORTS: Final = {"tls": 465, "starttls": 587, "none": 25}
ADDRESS: Final = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}$"
SUBJECT: Final = 200

_BREAK: Final = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
_LATER: Final = re.compile(r"[:(] ?4[0-9]{2} ")
_HTML: Final = Style(
    bold=("<b>", "</b>"),
    italic=("<i>", "</i>"),
    strike=("<s>", "</s>"),
    code=("<code>", "</code>"),
    block=("<pre>", "</pre>"),
    link=lambda text, url: f'<a href="{escape(url)}">{text or escape(url)}</a>',
    escape=lambda text: escape(text, quote=False),
)
# Seven bits in the content, CRLF at the ends of lines: what every mail server takes.
_PLAIN: Final = policy.SMTP.clone(cte_type="7bit")


class EmailTarget(Target):
    """E-mail to a list of receivers."""

    type: ClassVar[str] = "email"
    example: ClassVar[dict[str, JsonValue]] = {
        "host": "mail.shop.example",
        "user": "news@shop.example",
        "password": "{{secrets.SMTP_PASSWORD}}",
        "sender": "news@shop.example",
        "to": ["readers@lists.shop.example"],
        "subject": "News from the shop",
    }
    longest: ClassVar[int] = 100_000
    most_images: ClassVar[int] = 20

    host: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9.-]{1,253}$", description="The mail server's name.", json_schema_extra=control("text")
        ),
    ]
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
    sender: Annotated[
        str,
        Field(pattern=ADDRESS, description="The address that mail comes from.", json_schema_extra=control("text")),
    ]
    to: Annotated[
        list[Annotated[str, Field(pattern=ADDRESS)]],
        Field(
            min_length=1,
            max_length=50,
            description="Whom it goes to, none of whom sees the others.",
            json_schema_extra=control("list"),
        ),
    ]
    subject: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=SUBJECT,
            description="The subject, if not the text's first line.",
            json_schema_extra=control("text"),
        ),
    ] = None
    unsubscribe_url: Annotated[
        str | None,
        Field(
            pattern=r"^https://[^\s<>]{1,1000}$",
            description="Where a `POST` takes a receiver off the list (RFC 8058).",
            json_schema_extra=control("text"),
        ),
    ] = None

    async def publish(self, publication: Publication, line: Line) -> str | None:
        if self.password and self.security == "none":
            told = "A password is not sent over a connection that anybody can read: choose `starttls` or `tls`."
            raise SendFailure(told, alarm=True)
        message = self._message(publication)
        mail = Mail(
            host=self.host,
            port=self.port or PORTS[self.security],
            security=self.security,
            user=self.user,
            password=self.password,
            sender=self.sender,
            recipients=tuple(self.to),
            content=message.as_bytes(),
        )
        try:
            await line.send_mail(mail)
        except Unreachable as error:
            if error.code != "MAIL_REFUSED":
                raise
            # Of several receivers some may have got it.
            if len(self.to) > 1 and "does not take mail for" in error.message:
                raise Unreachable("PARTLY_SENT", f"{error.message} The others may have got it.") from None
            is_later, is_account = bool(_LATER.search(error.message)), "name and password" in error.message
            raise SendFailure(error.message, again=is_later, alarm=is_account) from None
        return str(message["Message-ID"])

    def _message(self, publication: Publication) -> EmailMessage:
        post = publication.post
        text = "\n\n".join((post.text, *post.images))
        first = post.text.strip().partition("\n")[0].lstrip("# ")
        message = EmailMessage(_PLAIN)
        message["From"] = Address(addr_spec=self.sender)
        message["To"] = Address(addr_spec=self.to[0] if len(self.to) == 1 else self.sender)
        # `email` reads an encoded word and writes out what it finds in it, line breaks too.
        message["Subject"] = _BREAK.sub(" ", self.subject or first)[:SUBJECT].replace("=?", "= ?")
        message["Date"] = publication.created_at
        message["Message-ID"] = f"<{publication.id}@{self.sender.rpartition('@')[2]}>"
        if self.unsubscribe_url:
            message["List-Unsubscribe"] = f"<{self.unsubscribe_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(text)
        shown = "".join(f'<p><img src="{escape(url)}" alt=""></p>' for url in post.images)
        page = f"<p>{rendered(post.text, _HTML)}</p>".replace("\n", "<br>\n") + shown
        message.add_alternative(page, subtype="html")
        return message
