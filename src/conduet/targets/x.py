"""X: https://docs.x.com/x-api/posts/manage-tweets/integrate, and its limits: https://docs.x.com/fundamentals/counting-characters.

A longer text may become a thread, each post of which answers the one before. A text is counted by weight: a link is 23,
most letters are 1, all else (CJK, emoji) is 2. By OAuth 1.0a (RFC 5849), whose four keys do not run out, or by
OAuth 2: https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code, whose access tokens are good for
two hours and are bought anew with a refresh token, each of which can be used once. Pictures are uploaded before
anything is public: https://docs.x.com/x-api/media/introduction.
"""

import hashlib
import hmac
import re
import secrets
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, ClassVar, Final, Self
from urllib.parse import quote, urlencode

from pydantic import Field, JsonValue, model_validator

from conduet.engine.channel.answer import check_accepted, given_id
from conduet.engine.channel.outbound import Line, SendFailure, SentFile
from conduet.engine.channel.target import (
    Pair,
    Picture,
    PictureFiles,
    Post,
    Publication,
    Rate,
    Revoked,
    Target,
    Tokens,
    check_published,
    unpublished,
)
from conduet.engine.channel.upload import multipart
from conduet.engine.fields import control
from conduet.engine.outside import Request, Response, Unreachable
from conduet.engine.service import bearer, find, json_request
from conduet.engine.values import Json, to_text

LINK: Final = 23
THREAD: Final = 25
"""The most posts of a thread."""
MOST_SECONDS: Final = 86_400.0

SPENT: Final = (
    "X gives no access for its refresh token any more: it was used elsewhere, or taken back. Sign in at X anew, and "
    "set the secret to the refresh token that comes of it."
)

FILES: Final = PictureFiles(
    types={"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WebP"}, size=5_000_000, alt=1_000
)

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
    most_images: ClassVar[int] = 4
    picture_files: ClassVar[PictureFiles | None] = FILES
    rate: ClassVar[Rate | None] = Rate(100, 900)

    access_token: Annotated[
        Secret | None,
        Field(
            description="The access token of OAuth 1.0a, or one of OAuth 2, which is good for two hours.",
            json_schema_extra=control("secret"),
        ),
    ] = None
    access_token_secret: Annotated[
        Secret | None, Field(description="OAuth 1.0a: the access token's secret.", json_schema_extra=control("secret"))
    ] = None
    api_key: Annotated[
        Secret | None, Field(description="OAuth 1.0a: the app's key.", json_schema_extra=control("secret"))
    ] = None
    api_secret: Annotated[
        Secret | None, Field(description="OAuth 1.0a: the app's secret.", json_schema_extra=control("secret"))
    ] = None
    refresh_token: Annotated[
        Secret | None,
        Field(
            description="OAuth 2: a refresh token (scope `offline.access`). Access tokens are bought with it, and it "
            "is used up by the first: from then on the one that came with the last is kept here.",
            json_schema_extra=control("secret"),
        ),
    ] = None
    client_id: Annotated[
        Secret | None, Field(description="OAuth 2: the app's client id.", json_schema_extra=control("secret"))
    ] = None
    client_secret: Annotated[
        Secret | None,
        Field(description="OAuth 2: the client secret of a confidential app.", json_schema_extra=control("secret")),
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

    @model_validator(mode="after")
    def _lets_in(self) -> Self:
        if self.refresh_token is None and self.access_token is None:
            raise ValueError("give an access token, or a refresh token with the client id that it was given to")
        if self.refresh_token is not None and self.client_id is None:
            raise ValueError("a refresh token is only good with the client id that it was given to")
        return self

    @property
    def token_line(self) -> str | None:
        if self.refresh_token is None:
            return None
        return hashlib.sha256(f"{self.type}\0{self.client_id}\0{self.refresh_token}".encode()).hexdigest()

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
        account, post = _Account(self, publication.tokens, line), publication.post
        media = [await _upload(account, picture, await FILES.file(line, picture)) for picture in post.pictures]
        pieces, first, last = self.pieces(post.text), None, None
        for number, piece in enumerate(pieces):
            try:
                last = await _post(account, piece, after=last, media=() if number else media)
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


class _Account:
    """Calls X in the name of an account."""

    def __init__(self, target: XTarget, tokens: Tokens, line: Line) -> None:
        self._target = target
        self._tokens = tokens
        self._line = line

    async def call(self, path: str, ask: Callable[[str, Mapping[str, str]], Request]) -> Response:
        """The answer to what `ask` makes of an address and headers; once more where an access token was void before."""
        url = f"{self._target.base_url.rstrip('/')}{path}"
        access = await self._access(None)
        response = await self._line.call(ask(url, self._signed(url, access)))
        if response.status == 401 and self._target.refresh_token is not None:
            access = await self._access(access)
            response = await self._line.call(ask(url, self._signed(url, access)))
        return response

    async def _access(self, refused: str | None) -> str:
        target, line_id = self._target, self._target.token_line
        if target.refresh_token is None or line_id is None:
            return target.access_token or ""
        return await self._tokens.access(line_id, target.refresh_token, self._renewed, refused=refused)

    async def _renewed(self, refresh: str) -> Pair:
        """The next pair: https://docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token."""
        target = self._target
        form = {"grant_type": "refresh_token", "refresh_token": refresh, "client_id": target.client_id or ""}
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        if target.client_secret is not None:
            keys = f"{target.client_id}:{target.client_secret}".encode()
            headers["Authorization"] = f"Basic {b64encode(keys).decode()}"
        url = f"{target.base_url.rstrip('/')}/2/oauth2/token"
        with unpublished():
            answer = await self._line.call(Request("POST", url, headers=headers, body=urlencode(form).encode()))
        told = answer.value()
        if answer.status == 400 and _is_spent(told):
            raise Revoked(SPENT)
        check_accepted("X", answer, lambda said: find(said, "error_description") or find(said, "error"))
        match told:
            case {"access_token": str(access), "refresh_token": str(following), "expires_in": int(seconds)}:
                return Pair(access, following, float(seconds))
            case _:
                raise SendFailure("X gave an access token in a way that cannot be understood.")

    def _signed(self, url: str, access: str) -> Mapping[str, str]:
        target = self._target
        if target.refresh_token or not (target.api_key and target.api_secret and target.access_token_secret):
            return bearer(access)
        fields = {
            "oauth_consumer_key": target.api_key,
            "oauth_nonce": secrets.token_hex(16),
            "oauth_signature_method": "HMAC-SHA1",
            "oauth_timestamp": str(int(time.time())),
            "oauth_token": access,
            "oauth_version": "1.0",
        }
        fields["oauth_signature"] = oauth_signature(url, fields, keys=(target.api_secret, target.access_token_secret))
        return {"Authorization": "OAuth " + ", ".join(f'{name}="{_quoted(fields[name])}"' for name in sorted(fields))}


async def _upload(account: _Account, picture: Picture, file: SentFile) -> str:
    """X's id of a picture, which it keeps for a day."""
    fields = {"media_category": "tweet_image", "media_type": file.mime_type}
    with unpublished():
        answer = await account.call(
            "/2/media/upload", lambda url, headers: multipart(url, fields, "media", file, headers)
        )
        check_accepted("X", answer, lambda told: find(told, "detail"))
        media_id = given_id("X", answer.json(), "data", "id")
        if picture.alt:
            body: dict[str, Json] = {"id": media_id, "metadata": {"alt_text": {"text": picture.alt}}}
            told = await account.call(
                "/2/media/metadata", lambda url, headers: json_request("POST", url, body=body, headers=headers)
            )
            check_accepted("X", told, lambda said: find(said, "detail"))
    return media_id


async def _post(account: _Account, text: str, *, after: str | None, media: Sequence[str]) -> str | None:
    body: dict[str, Json] = {"text": text}
    if media:
        body["media"] = {"media_ids": [*media]}
    if after:
        body["reply"] = {"in_reply_to_tweet_id": after}
    response = await account.call(
        "/2/tweets", lambda url, headers: json_request("POST", url, body=body, headers=headers)
    )
    told = to_text(find(response.value(), "detail"))
    if response.status == 403 and "duplicate" in told.lower():
        raise SendFailure(f"X has the same text already, from an earlier try or post: {told[:200]}")
    if response.status == 429:
        raise SendFailure("X takes no more posts for now.", again=True, after_seconds=_seconds(response))
    check_published("X", response, lambda answer: find(answer, "detail"))
    return to_text(find(response.json(), "data", "id")) or None


def _is_spent(told: Json) -> bool:
    """Whether it is the refresh token that is refused, and not the app: X has no code of its own for it."""
    said = to_text(find(told, "error_description")).lower()
    return find(told, "error") == "invalid_grant" or ("token" in said and "invalid" in said)


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
