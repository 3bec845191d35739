"""E-mail, through a mail server of yours (RFC 5321, RFC 5322), with one-click unsubscription (RFC 8058).

The `Message-ID` is the same for each try. A connection that breaks while the message goes over leaves it unknown.
"""

from email.headerregistry import Address
from email.message import EmailMessage
from html import escape
from typing import Annotated, ClassVar, Final

from pydantic import Field, JsonValue

from conduet.engine.channel.mail import ADDRESS, HTML, PLAIN, SmtpServer, one_line, send_by
from conduet.engine.channel.markdown import rendered
from conduet.engine.channel.outbound import Line
from conduet.engine.channel.target import Publication, Target
from conduet.engine.fields import control

SUBJECT: Final = 200


class EmailTarget(SmtpServer, Target):
    """E-mail to a list of receivers."""

    type: ClassVar[str] = "email"
    display_name: ClassVar[str] = "E-mail"
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
        message, to = self._message(publication), tuple(self.to)
        await send_by(self, line, sender=self.sender, to=to, content=message.as_bytes())
        return str(message["Message-ID"])

    def _message(self, publication: Publication) -> EmailMessage:
        post = publication.post
        text = "\n\n".join((post.text, *post.images))
        first = post.text.strip().partition("\n")[0].lstrip("# ")
        message = EmailMessage(PLAIN)
        message["From"] = Address(addr_spec=self.sender)
        message["To"] = Address(addr_spec=self.to[0] if len(self.to) == 1 else self.sender)
        message["Subject"] = one_line(self.subject or first)[:SUBJECT]
        message["Date"] = publication.created_at
        message["Message-ID"] = f"<{publication.id}@{self.sender.rpartition('@')[2]}>"
        if self.unsubscribe_url:
            message["List-Unsubscribe"] = f"<{self.unsubscribe_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(text)
        shown = "".join(f'<p><img src="{escape(each.url)}" alt="{escape(each.alt)}"></p>' for each in post.pictures)
        page = f"<p>{rendered(post.text, HTML)}</p>".replace("\n", "<br>\n") + shown
        message.add_alternative(page, subtype="html")
        return message
