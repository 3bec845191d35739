"""One request as it goes out, and what becomes of it when the other side sends it elsewhere."""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast
from urllib.parse import unquote

from yarl import URL

from conduet.kit.http.address import Place, parse_host
from conduet.kit.http.errors import BadRedirect, InvalidCall
from conduet.kit.http.header import problem_of

Pairs: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]]
Headers: TypeAlias = tuple[tuple[str, str], ...]

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
IDEMPOTENT = METHODS - {"POST", "PATCH"}  # RFC 9110, section 9.2.2
URL_LENGTH = 8192
UNSENDABLE = re.compile(r"[\x00-\x1f\x7f\\]")
# Scheme and authority, the user's name apart; the port in digits that are no other script's.
WEB = re.compile(
    r"https?://(?P<user>[^/?#]*@)?(?P<host>\[[^\]/?#@]*\]|[^\[\]:/?#@]+)(:[0-9]{1,5})?(?=[/?#]|$)", re.IGNORECASE
)
CLIMBING = frozenset({".", ".."})
# Some servers cut parameters off a segment, and take a backslash for a slash.
SEPARATOR = re.compile(r"(?:;[^/\\]*)?[/\\]|;[^/\\]*$")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")

# Any header may hold a secret (`X-Api-Key`), so that another origin gets only those that cannot.
HARMLESS = frozenset({"accept", "accept-language", "content-type", "traceparent", "user-agent"})
USER_AGENT = "Conduet"

SEE_OTHER = 303
REDIRECTS = frozenset({301, 302, SEE_OTHER, 307, 308})
KEEPS_METHOD = frozenset({307, 308})


@dataclass(frozen=True, slots=True)
class Call:
    """A request that can be sent: its parts are checked."""

    method: str
    url: URL
    headers: Headers
    body: bytes | None

    @property
    def place(self) -> Place:
        """Where it goes."""
        return _place(self.url)

    @property
    def is_idempotent(self) -> bool:
        """Whether sending it twice does what sending it once does."""
        return self.method in IDEMPOTENT or any(name.lower() == "idempotency-key" for name, _ in self.headers)

    def following(self, status: int, location: str | None) -> "Call | None":
        """The call that a redirect asks for; None when the answer is none. Raises `BadRedirect`.

        303 makes a GET of everything but HEAD, 301 and 302 of POST (as browsers do and RFC 9110, section 15.4,
        permits); 307 and 308 keep method and body. Another origin gets neither credentials nor any other header
        that could be one.
        """
        if status not in REDIRECTS or not location:
            return None
        url = _target(self.url, location)
        headers, method, body = self.headers, self.method, self.body
        if (status == SEE_OTHER and method != "HEAD") or (status not in KEEPS_METHOD and method == "POST"):
            method, body = "GET", None
            headers = tuple(pair for pair in headers if not pair[0].lower().startswith("content-"))
        if url.origin() != self.url.origin():
            headers = tuple(pair for pair in headers if pair[0].lower() in HARMLESS)
        return Call(method, url, headers, body)


def prepare(method: str, url: str, *, headers: Pairs, query: Pairs, body: bytes | None, trace_id: str | None) -> Call:
    """A call out of what its builder wrote. Raises `InvalidCall`, and `Refused` for an address in an odd spelling."""
    if method.upper() not in METHODS:
        raise InvalidCall(f"The method {method!r} is not one of {', '.join(sorted(METHODS))}.")
    target = parse_url(url)
    _check_path(url)
    if pairs := _pairs(query):
        # Before it is put together: that takes its time with long texts.
        _check_length(len(url) + sum(len(name) + len(value) for name, value in pairs))
        target = target.extend_query(pairs)
    checked = [check_header(name, value) for name, value in _pairs(headers)]
    given = {name.lower() for name, _ in checked}
    if "user-agent" not in given:
        checked.append(("User-Agent", USER_AGENT))
    if "traceparent" not in given:
        checked.append(("traceparent", trace_context(trace_id)))
    return Call(method.upper(), target, tuple(checked), body)


def parse_url(text: str) -> URL:
    """An http or https URL whose host is spelt plainly. Raises `InvalidCall` and `Refused`.

    Backslashes, user names and the like are turned down, not mended: parsers differ over them, which is what
    attacks live on (Orange Tsai, "A New Era of SSRF", 2017).
    """
    text = text.strip(" ")
    _check_length(len(text))
    if UNSENDABLE.search(text):
        raise InvalidCall("The URL has a line break, a control character or a backslash in it.")
    start = WEB.match(text)
    if start is None:
        raise InvalidCall("The URL has to begin with http:// or https://, a host and, if need be, a port.")
    if start["user"] is not None:
        raise InvalidCall("The URL has a user name in it: put credentials into a header.")
    try:
        url = URL(text)
        host, port = url.raw_host, url.port
    except ValueError:
        raise InvalidCall("The URL is not valid: its host or its port cannot be read.") from None
    if not host or not port:
        raise InvalidCall("The URL names no host, or port 0.")
    if start["host"].startswith("[") and ":" not in host:
        raise InvalidCall(f"{start['host']} is no host: only an IPv6 address stands in brackets.")
    plain = str(parse_host(host))
    return url if plain == host else url.with_host(plain)


def _check_path(url: str) -> None:
    """Raises `InvalidCall` where the path climbs: what was put into it could lead to another one than was meant.

    Servers decode before they climb, so that a `..` counts however it is spelt.
    """
    path = re.split("[?#]", WEB.sub("", url.strip(" "), count=1), maxsplit=1)[0]
    if any(segment in CLIMBING for segment in SEPARATOR.split(unquote(path))):
        raise InvalidCall("The URL's path has a step . or .. in it, which would lead to another path.")


def _check_length(characters: int) -> None:
    if characters > URL_LENGTH:
        raise InvalidCall(f"The URL is longer than {URL_LENGTH} characters.")


def trace_context(trace_id: str | None) -> str:
    """A W3C `traceparent` (version 00, sampled): `trace_id` (32 hex digits; a new one when None) and a new span."""
    return f"00-{trace_id or secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def _place(url: URL) -> Place:
    return Place(url.raw_host or "", url.port or 0)


def _pairs(pairs: Pairs) -> list[tuple[str, str]]:
    return list(cast(Mapping[str, str], pairs).items()) if isinstance(pairs, Mapping) else list(pairs)


def check_header(name: str, value: str) -> tuple[str, str]:
    """The header as it is sent. Raises `InvalidCall` for one that cannot be."""
    if problem := problem_of(name):
        raise InvalidCall(problem)
    if not VALUE.fullmatch(value):
        raise InvalidCall(f"The value of the header {name} has a line break or a control character in it.")
    return name, value.strip(" \t")


def _target(base: URL, location: str) -> URL:
    """Where `location` leads from `base` (RFC 3986, section 5, through the same narrow door as any URL)."""
    location = location.strip(" ")
    try:
        if UNSENDABLE.search(location):
            raise InvalidCall(location)
        if location.startswith("//"):
            return parse_url(f"{base.scheme}:{location}")
        if SCHEME.match(location):
            return parse_url(location)
        return parse_url(str(base.join(URL(location))))
    except (InvalidCall, ValueError):
        raise BadRedirect("The other side redirects to something that is not an http or https address.") from None
