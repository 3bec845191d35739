"""A mail that came (RFC 5322), read as far as it is worth it: anybody may send one, and make it as they like."""

import codecs
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.errors import CloseBoundaryNotFoundDefect
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import EmailPolicy
from typing import Any, Final, cast

from conduet.engine.channel.inbound import Enclosed
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
FILES: Final = 50
"""How many files are told of."""
FILE_BYTES: Final = 10 * 1024 * 1024
"""The largest file that is read."""

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
_SIGNATURES: Final = frozenset(
    ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
)
"""What mail programs enclose, and nobody sends."""
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
            self._files = _files_of(self._message)
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
    def files(self) -> Sequence[Enclosed]:
        """What is attached, as it was packed: nothing is opened."""
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


def _files_of(message: EmailMessage) -> Sequence[Enclosed]:
    """The files, in their order; of one behind which the message breaks off there is no more than a part."""
    body, leaves = message.get_body(("plain", "html")), [*_leaves(message)]
    is_cut = any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in message.defects)
    found = [part for part, is_drawn in leaves if part is not body and not is_drawn and _is_file(part)]
    return [_file(part, is_whole=not (is_cut and part is leaves[-1][0])) for part in found[:FILES]]


def _leaves(message: EmailMessage, *, in_page: bool = False) -> Iterator[tuple[EmailMessage, bool]]:
    """The parts that have none, each with whether a page of the message draws it in itself; a mail in it is one."""
    if message.get_content_maintype() != "multipart":
        is_drawn = in_page and "content-id" in message and message.get_content_disposition() != "attachment"
        yield message, is_drawn
        return
    parts = message.get_payload()
    for part in cast("list[EmailMessage]", parts) if isinstance(parts, list) else ():
        yield from _leaves(part, in_page=in_page or message.get_content_subtype() == "related")


def _is_file(part: EmailMessage) -> bool:
    if part.get_content_type() in _SIGNATURES:
        return False
    is_named = part.get_content_disposition() == "attachment" or part.get_filename() is not None
    return is_named or part.get_content_maintype() in ("image", "audio", "video")


def _file(part: EmailMessage, *, is_whole: bool) -> Enclosed:
    name = plain(" ".join(str(part.get_filename() or "").split()))[:200]
    if not is_whole:
        return Enclosed(name, b"", "The message was too large to come whole.")
    if part.get_content_maintype() == "message":
        return Enclosed(name, b"")
    packed: Any = part.get_payload()
    if len(packed) > 2 * FILE_BYTES:
        return Enclosed(name, b"", f"A file has at most {FILE_BYTES // (1024 * 1024)} MB.")
    content: Any = part.get_payload(decode=True)
    return Enclosed(name, bytes(content or b""))
