"""A mail that came (RFC 5322), read as far as it is worth it: anybody may send one, and make it as they like."""

import codecs
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import EmailPolicy
from typing import Any, Final, cast

from conduet.engine.channel.seen import seen
from conduet.errors import BadRequest

LINES: Final = 200_000
PARTS: Final = 200
MULTIPARTS: Final = 30
"""What is nested deeper nobody wrote, and takes long to take apart."""
HEADER: Final = 8_000
SHORT_HEADER: Final = 1_000
"""How much is read of a header that has a grammar: taking that apart takes long."""
HEADERS: Final = 2_000
TEXT: Final = 300_000

_LONG: Final = frozenset(("subject", "references", "in-reply-to"))
_SLOW: Final = frozenset(("punycode", "idna"))
"""What decodes names of hosts, in a time that grows as the square of their length."""
_IDENTITY: Final = ("date", "from", "to", "subject")

_NOBODY: Final = frozenset(
    (
        "mailer-daemon",
        "postmaster",
        "noreply",
        "no-reply",
        "no_reply",
        "donotreply",
        "do-not-reply",
        "bounce",
        "bounces",
    )
)
_SIGNS: Final = ("list-id", "list-unsubscribe", "feedback-id", "x-autoreply", "x-autorespond", "x-auto-reply", "x-loop")


class Letter:
    """A mail. Raises `BadRequest` for what is none, or is made to be hard to read."""

    def __init__(self, content: bytes) -> None:
        lines = content.split(b"\n", LINES)
        content = b"\n".join(lines[:LINES])
        try:
            self._message = _parsed(content)
            self._headers: dict[str, str] = {}
            for name, value in self._message.raw_items():
                self._headers.setdefault(name.lower(), str(value))
            self._text = _text_of(self._message)
            self._files = [*_names_of(self._message)]
        except _TooMuch:
            raise BadRequest.at("", "The message has too many parts or headers.") from None
        self._body = content.replace(b"\r\n", b"\n").partition(b"\n\n")[2]

    def header(self, name: str) -> str:
        """A header on one line, without characters that nobody sees; empty where there is none."""
        if name.lower() not in self._headers:
            return ""
        try:
            value = str(self._message.policy.header_fetch_parse(name, self._headers[name.lower()]))
        except Exception:  # noqa: BLE001 - of what is no header, the library raises just anything
            value = self._headers[name.lower()]
        return plain(" ".join(value.split()))

    @property
    def text(self) -> str:
        """What the text part says, else what is seen of the HTML."""
        return self._text

    @property
    def files(self) -> Sequence[str]:
        """The names of what is attached."""
        return self._files

    @property
    def number(self) -> str:
        """`Message-ID`, else a hash of what stays the same whichever way the mail comes."""
        if number := self.header("Message-ID"):
            return number
        told = "\0".join(self._headers.get(name, "") for name in _IDENTITY)
        return hashlib.sha256(told.encode(errors="replace") + b"\0" + self._body).hexdigest()

    @property
    def is_automatic(self) -> bool:
        """Whether a machine wrote it, or it went to many: nobody waits for an answer, and a machine might answer it."""
        return (
            self.header("Auto-Submitted").lower() not in ("", "no")
            or self.header("Precedence").lower() in ("bulk", "junk", "list", "auto_reply")
            or self.header("Return-Path") == "<>"
            or self.header("Content-Type").lower().startswith("multipart/report")
            or any(word in self.header("X-Auto-Response-Suppress").lower() for word in ("all", "autoreply"))
            or any(sign in self._headers for sign in _SIGNS)
        )


def is_nobody(address: str) -> bool:
    """Whether nobody reads what is sent there."""
    return address.partition("@")[0].partition("+")[0].lower() in _NOBODY


def plain(text: str) -> str:
    """A text that can be stored and shown: no NUL, no halves of characters."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


class _TooMuch(Exception):
    """More of something than anybody writes."""


@dataclass(slots=True)
class _Left:
    """How much more of each there may be."""

    parts: int = PARTS
    headers: int = HEADERS
    multiparts: int = MULTIPARTS

    def take(self, *, parts: int = 0, headers: int = 0, multiparts: int = 0) -> None:
        self.parts -= parts
        self.headers -= headers
        self.multiparts -= multiparts
        if min(self.parts, self.headers, self.multiparts) < 0:
            raise _TooMuch


class _Short(EmailPolicy):
    """Headers are cut where they are parsed, and counted: some take a time that grows as the square of their length."""

    left: _Left = _Left()

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        self.left.take(headers=1)
        most = HEADER if sourcelines[0].partition(":")[0].strip().lower() in _LONG else SHORT_HEADER
        kept, size = list[str](), 0
        for line in sourcelines:
            kept.append(line[: most - size])
            size += len(line)
            if size >= most:
                break
        name, value = super().header_source_parse(kept)
        if name.lower() == "content-type" and value.lower().startswith("multipart"):
            self.left.take(multiparts=1)
        return name, value


def _parsed(content: bytes) -> EmailMessage:
    left = _Left()

    def new(policy: EmailPolicy) -> EmailMessage:
        left.take(parts=1)
        return EmailMessage(policy)

    told: dict[str, Any] = {"utf8": True, "left": left, "message_factory": new}
    return cast("EmailMessage", BytesParser(policy=_Short(**told)).parsebytes(content))


def _text_of(message: EmailMessage) -> str:
    body: Any = message.get_body(("plain", "html"))
    if body is None or body.is_multipart():
        return ""
    text = _decoded(body.get_payload(decode=True) or b"", body.get_content_charset("ascii"))
    text = plain(text[:TEXT].replace("\r\n", "\n"))
    return seen(text) if body.get_content_subtype() == "html" else text


def _decoded(content: bytes, charset: str) -> str:
    """The words, as far as they can be read where the charset is none, or none for words."""
    content = content[: 4 * TEXT]
    try:
        name = codecs.lookup(charset).name
        return content.decode("utf-8" if name in _SLOW else name, "replace")
    except (LookupError, ValueError):
        return content.decode(errors="replace")


def _names_of(message: EmailMessage) -> Iterator[str]:
    for part in message.iter_attachments():
        if name := part.get_filename():
            yield plain(" ".join(str(name).split()))[:200]
