"""The answer to an outgoing call, whole."""

import codecs
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import Message

from conduet.errors import BadRequest, PayloadTooLarge
from conduet.kit.http.errors import BadResponse
from conduet.kit.json import Json, parse

# Others are no encodings of text, or take quadratic time (punycode, idna).
CHARSETS = re.compile(
    r"utf-?(8|16|32)(-[bl]e|-sig)?|ascii|iso8859-\d+|cp\d+|koi8-[rtu]|mac-[a-z]+|shift_jis\w*|euc_(jp|kr)|iso2022_\w+"
    r"|gb(2312|k|18030)|big5\w*|johab|hz|tis-620"
)


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. `url` is the address that answered, after redirects; `duration_ms` counts from `sent_at`, with
    redirects and retries, to the last byte. `headers` are as they came, their names' case too."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    url: str
    sent_at: datetime
    duration_ms: float

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def text(self) -> str:
        """The body as text, in the charset it declares; UTF-8 when it declares none that is known."""
        return self.body.decode(self._charset(), errors="replace")

    def json(self) -> Json:
        """The body as JSON. Raises `BadResponse` when it is none, or nested more than 64 levels deep."""
        try:
            return parse(self.body.removeprefix(codecs.BOM_UTF8))
        except (BadRequest, PayloadTooLarge):
            raise BadResponse("The answer is not valid JSON.") from None

    def _charset(self) -> str:
        message = Message()
        message["Content-Type"] = self.header("Content-Type") or ""
        try:
            name = codecs.lookup(message.get_content_charset("utf-8")).name
        except (LookupError, ValueError):
            return "utf-8"
        return name if CHARSETS.fullmatch(name) else "utf-8"
