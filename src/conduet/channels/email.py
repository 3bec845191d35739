"""E-mail: messages that your mail server passes on or that are fetched there, and answers through an SMTP server.

What comes is a whole message (RFC 5322), as it was received, in a signed `POST` or out of an IMAP mailbox; one that
comes both ways is known by its `Message-ID`. What goes answers it in its thread
(RFC 5322, section 3.6.4) and says that a machine wrote it (RFC 3834), so that no two machines write to each other.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from html import escape
from typing import Annotated, ClassVar, Final

from pydantic import ConfigDict, Field, JsonValue

from conduet.engine.channel.channel import ListeningChannel
from conduet.engine.channel.inbound import Inbound, Incoming, Received, said
from conduet.engine.channel.letter import Letter, is_nobody
from conduet.engine.channel.mail import ADDRESS, HTML, PLAIN, ImapServer, SmtpServer, one_line, send_by
from conduet.engine.channel.markdown import rendered
from conduet.engine.channel.outbound import Line, Message, Parcel, SendFailure, SentFile, TraceJson
from conduet.engine.channel.parts import Said, Shown, apart, parts_of
from conduet.engine.channel.room import Place, Room
from conduet.engine.channel.signing import check_own
from conduet.engine.channel.texts import numbered, with_links
from conduet.engine.channel.upload import MEGABYTE, Untaken, file_at
from conduet.engine.fields import control
from conduet.engine.outside import Mailbox, Unreachable
from conduet.engine.service import find
from conduet.engine.trace import CardButton
from conduet.errors import BadRequest

WORDS: Final = 30_000
FILES_BYTES: Final = 10 * MEGABYTE
"""How much the files of one message have together: mail servers take 25 MB at most, as they are sent."""
REPLIES: Final = 10
"""How many answers of the agent go to one address in an hour: not every machine says that it is one."""
THREAD: Final = 20
"""How many messages of a thread are named."""

_ADDRESS: Final = re.compile(ADDRESS.rstrip("$") + r"\Z")
_QUOTED: Final = re.compile(
    r"^(-{2,} ?Original Message ?-{2,}|_{10,}"
    r"|On .{1,200} wrote:|Am .{1,200} schrieb.{0,200}:|Le .{1,200} a écrit ?:)[ \t]*$",
    re.MULTILINE,
)
_NUMBER: Final = re.compile(r"<[^<>\s]{3,500}>")


class Server(SmtpServer):
    """A mail server and an account there."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class EmailRoom(Room):
    """Addresses of people who answer; each gets the conversation as a thread."""

    example: ClassVar[dict[str, JsonValue]] = {"to": ["team@shop.example"]}

    to: Annotated[
        list[Annotated[str, Field(pattern=ADDRESS)]],
        Field(min_length=1, max_length=20, description="Who is told.", json_schema_extra=control("list")),
    ]

    def places(self) -> Sequence[Place]:
        return [Place(address, {}) for address in dict.fromkeys(self.to)]


class Email(ListeningChannel):
    """E-mail to an address of yours."""

    type: ClassVar[str] = "email"
    display_name: ClassVar[str] = "E-mail"
    example: ClassVar[dict[str, JsonValue]] = {
        "address": "help@shop.example",
        "smtp": {"host": "mail.shop.example", "user": "help@shop.example", "password": "…"},
        "inboundSecret": "a-secret-that-both-sides-know",
    }
    steps: ClassVar[tuple[str, ...]] = (
        "Fill in the server that mail goes out by, and think of a secret of at least 16 characters.",
        (
            "Give an IMAP account whose mailbox is only for the agent: new mail is fetched every minute. Or have your "
            "mail server post each message for the address to {webhook}, signed with the secret: the guide has a "
            "script for Postfix."
        ),
    )

    room = EmailRoom
    most_bytes: ClassVar[int] = 15 * MEGABYTE
    replies_an_hour: ClassVar[int | None] = REPLIES

    address: Annotated[
        str,
        Field(pattern=ADDRESS, description="The address that people write to.", json_schema_extra=control("text")),
    ]
    smtp: Annotated[
        Server,
        Field(description="The server that answers are sent through.", json_schema_extra=control("secret")),
    ]
    inbound_secret: Annotated[
        str,
        Field(
            min_length=16,
            max_length=1024,
            description="What your mail server signs with, as the `webhook` channel does.",
            json_schema_extra=control("secret"),
        ),
    ]

    imap: Annotated[
        ImapServer | None,
        Field(
            description="Where new mail is fetched every minute, if your mail server posts none to the webhook.",
            json_schema_extra=control("secret"),
        ),
    ] = None

    @property
    def mailbox(self) -> Mailbox | None:
        return self.imap and self.imap.mailbox

    async def check(self, line: Line) -> str | None:
        """Signs in at both servers."""
        await send_by(self.smtp, line, sender=self.address, to=(), content=b"")
        if self.imap is not None:
            try:
                await line.check_mailbox(self.imap.mailbox)
            except Unreachable as error:
                if error.code != "MAILBOX_REFUSED":
                    raise
                raise SendFailure(error.message, alarm=True) from None
        return self.address

    def verify(self, request: Inbound) -> None:
        check_own(request, self.inbound_secret)

    def read(self, request: Inbound) -> Received:
        letter = Letter(request.body)
        if not letter.header("From"):
            raise BadRequest.at("", "It is no message: it has no `From`.")
        name, sender = parseaddr(letter.header("From"))
        sender, words = sender.lower(), _words(letter)
        is_own, is_empty = sender == self.address.lower(), not (words or letter.files)
        if not _ADDRESS.match(sender) or is_own or is_nobody(sender) or letter.is_automatic or is_empty:
            return Received()
        number = letter.number
        before: list[JsonValue] = [*_NUMBER.findall(letter.header("References"))[-THREAD:]]
        to: dict[str, JsonValue] = {
            "subject": letter.header("Subject")[:500],
            "inReplyTo": number,
            "references": before,
        }
        answers = tuple(_NUMBER.findall(f"{letter.header('In-Reply-To')} {letter.header('References')}"))[:THREAD]
        name = one_line(name)[:100]
        actions, files = (said(words),) if words else (), tuple(letter.files)
        return Received((Incoming(_short(number), sender, actions, to=to, answers=answers, name=name, files=files),))

    def write(self, traces: Sequence[TraceJson]) -> Sequence[Message]:
        parts = [*apart(parts_of(traces))]
        if not parts:
            return ()
        buttons = tuple(button for part in parts if isinstance(part, Said) for button in part.buttons if not button.url)
        texts, pages = zip(*_written(parts, buttons), strict=True)
        content: dict[str, JsonValue] = {"text": "\n\n".join(texts), "html": "\n".join(pages)}
        files = [part.url for part in parts if isinstance(part, Shown)]
        if files:
            content["files"] = [*dict.fromkeys(files)]
        return (Message(content, numbered=buttons),)

    def is_from(self, user: str, place: str) -> bool:
        """Somebody of the same domain: a list's members answer by their own addresses."""
        return user.rpartition("@")[2].lower() == place.rpartition("@")[2].lower()

    async def send(self, parcel: Parcel, line: Line) -> str | None:
        message = self._message(parcel)
        await _add_files(message, parcel, line)
        await send_by(self.smtp, line, sender=self.address, to=(parcel.user,), content=message.as_bytes())
        return str(message["Message-ID"])

    def _message(self, parcel: Parcel) -> EmailMessage:
        """The answer, with an id that is the same for each try."""
        message = EmailMessage(PLAIN)
        subject = one_line(str(find(parcel.to, "subject") or ""))
        message["From"] = Address(addr_spec=self.address)
        message["To"] = Address(addr_spec=parcel.user)
        is_answer, thread = find(parcel.to, "handoff") is None, str(find(parcel.to, "thread") or "")
        has_mark = subject.lower().startswith("re:") or not (is_answer or thread)
        message["Subject"] = subject if has_mark else f"Re: {subject}".strip()
        message["Date"] = parcel.created_at
        message["Message-ID"] = f"<{parcel.id}@{self.address.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-replied" if is_answer else "auto-generated"
        answered = one_line(str(find(parcel.to, "inReplyTo") or thread))
        if answered.startswith("<"):
            before = find(parcel.to, "references")
            known = [one_line(str(each)) for each in (before if isinstance(before, list) else [])]
            message["In-Reply-To"] = answered
            message["References"] = " ".join([*known, answered])
        return message


async def _add_files(message: EmailMessage, parcel: Parcel, line: Line) -> None:
    """Adds the words, and the files that can be had; those that were added are told by their names, not as links."""
    text, html = str(parcel.content["text"]), str(parcel.content["html"])
    told, left = parcel.content.get("files"), FILES_BYTES
    added: list[SentFile] = []
    for url in map(str, told if isinstance(told, list) else ()):
        with suppress(Untaken):
            file = await file_at(line, url)
            if len(file.content) > left:
                continue
            left -= len(file.content)
            added.append(file)
            if not line.reaches(url):
                # What is kept here may be at no address that they can reach.
                text, html = text.replace(url, file.name), html.replace(f' href="{escape(url)}"', "")
                html = html.replace(escape(url), escape(file.name))
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    for file in added:
        main, _, sub = file.mime_type.partition("/")
        # A mail in a mail is written otherwise.
        main, sub = ("application", "octet-stream") if main in ("message", "multipart") else (main, sub)
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)


def _written(parts: Sequence[Said | Shown], buttons: Sequence[CardButton]) -> Iterator[tuple[str, str]]:
    """Each part as text and as HTML; what can be chosen is numbered through the whole message."""
    for part in parts:
        if isinstance(part, Shown):
            words = part.caption or part.name or part.url
            yield "\n".join(dict.fromkeys((words, part.url))), f"<p>{HTML.link(escape(words), part.url)}</p>"
        elif text := with_links(part.text, part.buttons)[0]:
            yield rendered(text), f"<p>{rendered(text, HTML)}</p>".replace("\n", "<br>\n")
    if buttons:
        choices = numbered("", buttons)
        yield choices, f"<p>{escape(choices)}</p>".replace("\n", "<br>\n")


def _words(letter: Letter) -> str:
    """What somebody wrote, without what they quote; the subject where that is all."""
    text = letter.text
    quoted = _QUOTED.search(text)
    text = text[: quoted.start()] if quoted else text
    lines = [line for line in text.splitlines() if not line.startswith(">")]
    return ("\n".join(lines).strip() or letter.header("Subject"))[:WORDS]


def _short(number: str) -> str:
    return number if len(number) <= 512 else hashlib.sha256(number.encode()).hexdigest()
