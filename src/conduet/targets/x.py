"""X: https://docs.x.com/x-api/posts/manage-tweets/integrate, and its limits: https://docs.x.com/fundamentals/counting-characters.

A longer text may become a thread, each post of which answers the one before. A text is counted by weight: a link is 23,
most letters are 1, all else (CJK, emoji) is 2. With an OAuth 2 user token
alone, or by OAuth 1.0a (RFC 5849), whose four keys do not run out.
"""

import hashlib
import hmac
import re
import secrets
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, ClassVar, Final
from urllib.parse import quote

from pydantic import Field, JsonValue

from conduet.engine.channel.outbound import Line, SendFailure
from conduet.engine.channel.target import Post, Publication, Rate, Target, check_published
from conduet.engine.fields import control
from conduet.engine.outside import Response, Unreachable
from conduet.engine.service import bearer, find, json_request
from conduet.engine.values import Json, to_text

LINK: Final = 23
THREAD: Final = 25
"""The most posts of a thread."""
MOST_SECONDS: Final = 86_400.0

_WORD: Final = re.compile(r"\s*\S+\s*")
_LINK: Final = re.compile(r"https?://[^\s<>\"]+")
_BASE: Final = "[\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u25aa-\u27bf\u2934-\u2b55\U0001f000-\U0001faff]"
_MODIFIED: Final = f"{_BASE}[\ufe0f\U0001f3fb-\U0001f3ff]*"
_EMOJI: Final = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_MODIFIED}(?:\u200d{_MODIFIED})*")
_LIGHT: Final = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))

Secret = Annotated[str, Field(min_length=1, max_length=1024)]


class XTarget(Target):
    """An account on X."""

    type: ClassVar[str] = "x"
    example: ClassVar[dict[str, JsonValue]] = {
        "apiKey": "{{secrets.X_API_KEY}}",
        "apiSecret": "{{secrets.X_API_SECRET}}",
        "accessToken": "{{secrets.X_TOKEN}}",
        "accessTokenSecret": "{{secrets.X_TOKEN_SECRET}}",
    }
    longest: ClassVar[int] = 280
    rate: ClassVar[Rate | None] = Rate(100, 900)

    access_token: Annotated[
        Secret,
        Field(
            description="An OAuth 2 user token, or the access token of OAuth 1.0a.", json_schema_extra=control("secret")
        ),
    ]
    access_token_secret: Annotated[
        Secret | None, Field(description="OAuth 1.0a: the access token's secret.", json_schema_extra=control("secret"))
    ] = None
    api_key: Annotated[
        Secret | None, Field(description="OAuth 1.0a: the app's key.", json_schema_extra=control("secret"))
    ] = None
    api_secret: Annotated[
        Secret | None, Field(description="OAuth 1.0a: the app's secret.", json_schema_extra=control("secret"))
    ] = None
    thread: Annotated[
        bool,
        Field(description="Whether a text that is too long becomes a thread.", json_schema_extra=control("switch")),
    ] = False
    base_url: Annotated[
        str,
        Field(
            pattern=r"^https?://",
            max_length=500,
            description="Where the API is, if not at its vendor's.",
            json_schema_extra=control("text"),
        ),
    ] = "https://api.x.com"

    def length(self, text: str) -> int:
        rest, links = _LINK.subn("", text)
        rest, emoji = _EMOJI.subn("", rest)
        return links * LINK + emoji * 2 + sum(_weight(ord(letter)) for letter in rest)

    def most(self) -> int:
        return self.longest * THREAD if self.thread else self.longest

    def problems(self, post: Post) -> Iterator[str]:
        yield from super().problems(post)
        fits = self.thread and self.length(post.text) <= self.most()
        if fits and (count := len(self.pieces(post.text))) > THREAD:
            yield f"The thread would have {count} posts; at most {THREAD} are taken."

    def pieces(self, text: str) -> Sequence[str]:
        """The posts of a text: cut between words, where there are any."""
        if not self.thread or self.length(text) <= self.longest:
            return (text,)
        found = [""]
        for word in _WORD.findall(text):
            # A word that is too long for a post of its own is cut anywhere.
            parts = [word] if self.length(word.rstrip()) <= self.longest else [*word]
            for part in parts:
                if self.length((found[-1] + part).rstrip()) > self.longest:
                    found.append("")
                found[-1] += part
        return [piece.strip() for piece in found if piece.strip()]

    async def publish(self, publication: Publication, line: Line) -> str | None:
        pieces, first, last = self.pieces(publication.post.text), None, None
        for number, piece in enumerate(pieces):
            try:
                last = await self._post(piece, line, after=last)
            except (SendFailure, Unreachable) as error:
                if not number:
                    raise
                told = (
                    f"{number} of {len(pieces)} posts of the thread are public (the first is {first}): {error.message}"
                )
                raise Unreachable("PARTLY_SENT", told) from None
            if last is None and len(pieces) > 1:
                raise Unreachable("BAD_RESPONSE", "X told no id of a post: the thread ends with it.")
            first = first or last
        return first

    async def _post(self, text: str, line: Line, *, after: str | None) -> str | None:
        url = f"{self.base_url.rstrip('/')}/2/tweets"
        body: dict[str, Json] = {"text": text}
        if after:
            body["reply"] = {"in_reply_to_tweet_id": after}
        request = json_request("POST", url, body=body, headers=self._signed(url))
        response = await line.call(request)
        told = to_text(find(response.value(), "detail"))
        if response.status == 403 and "duplicate" in told.lower():
            raise SendFailure(f"X has the same text already, from an earlier try or post: {told[:200]}")
        if response.status == 429:
            raise SendFailure("X takes no more posts for now.", again=True, after_seconds=_seconds(response))
        check_published("X", response, lambda answer: find(answer, "detail"))
        return to_text(find(response.json(), "data", "id")) or None

    def _signed(self, url: str) -> Mapping[str, str]:
        if not (self.api_key and self.api_secret and self.access_token_secret):
            return bearer(self.access_token)
        fields = {
            "oauth_consumer_key": self.api_key,
            "oauth_nonce": secrets.token_hex(16),
            "oauth_signature_method": "HMAC-SHA1",
            "oauth_timestamp": str(int(time.time())),
            "oauth_token": self.access_token,
            "oauth_version": "1.0",
        }
        fields["oauth_signature"] = oauth_signature(url, fields, keys=(self.api_secret, self.access_token_secret))
        return {"Authorization": "OAuth " + ", ".join(f'{name}="{_quoted(fields[name])}"' for name in sorted(fields))}


def oauth_signature(url: str, fields: Mapping[str, str], *, keys: tuple[str, str]) -> str:
    """The HMAC-SHA1 signature of a `POST` (RFC 5849, section 3.4); a body of JSON is no part of it."""
    pairs = "&".join(sorted(f"{_quoted(name)}={_quoted(value)}" for name, value in fields.items()))
    base = "&".join(("POST", _quoted(url), _quoted(pairs)))
    key = "&".join(_quoted(key) for key in keys)
    return b64encode(hmac.digest(key.encode(), base.encode(), hashlib.sha1)).decode()


def _quoted(text: str) -> str:
    return quote(text, safe="~")


def _weight(code: int) -> int:
    return 1 if any(first <= code <= last for first, last in _LIGHT) else 2


def _seconds(response: Response) -> float | None:
    """How long to wait, from the moment that a 429 names."""
    try:
        left = float(response.headers.get("x-rate-limit-reset", "")) - time.time()
    except ValueError:
        return None
    return min(max(left, 1.0), MOST_SECONDS)
