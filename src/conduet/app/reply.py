"""The answer on its way out: what every one of them carries, whoever wrote it."""

from collections.abc import Awaitable, Callable

from starlette.types import Message, Send

from conduet.kit.clock import milliseconds, now
from conduet.kit.exchange import Exchange, Window
from conduet.limits.wide import PER_ADDRESS

Header = tuple[bytes, bytes]

# What differs by origin says so, to caches that do not listen to the rest.
ALWAYS: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"vary", b"Origin"),
)
NO_STORE: Header = (b"cache-control", b"no-store")
PAGE_POLICY: Header = (
    b"content-security-policy",
    b"default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
)
STRICT_TRANSPORT: Header = (b"strict-transport-security", b"max-age=31536000")
EXPOSED = (
    b"X-Request-Id, X-Turn-Id, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, "
    b"Retry-After, ETag, Link, Idempotent-Replayed"
)


class Reply:
    """Wraps the server's `send`; `status` is 0 until the response has begun.

    With `head` the body stays here; with `https` browsers are told to keep to it. `origin` is one that may read the
    answer. `count` is called before anything is sent of a request that nobody has counted so far; it may refuse it.
    """

    __slots__ = ("_ended", "_exchange", "_head", "_https", "_send", "count", "origin", "status")

    def __init__(self, send: Send, exchange: Exchange, *, head: bool, https: bool) -> None:
        self._send = send
        self._exchange = exchange
        self._head = head
        self._https = https
        self._ended = False
        self.origin: bytes | None = None
        self.count: Callable[[], Awaitable[None]] | None = None
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if self._exchange.window is None and self.count is not None:
                await self.count()
            self.status = message["status"]
            await self._send({**message, "headers": self._headers(list(message.get("headers", ())))})
        elif not self._head:
            await self._send(message)
        elif not self._ended:
            self._ended = True
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    def _headers(self, headers: list[Header]) -> list[Header]:
        written = dict(headers)
        window = self._exchange.window or _uncounted()
        headers += ALWAYS
        headers += (
            (b"x-request-id", self._exchange.request_id.encode()),
            (b"x-ratelimit-limit", b"%d" % window.limit),
            (b"x-ratelimit-remaining", b"%d" % window.remaining),
            (b"x-ratelimit-reset", b"%d" % window.reset_at),
        )
        if b"cache-control" not in written:
            headers.append(NO_STORE)
        if written.get(b"content-type", b"").startswith(b"text/html") and b"content-security-policy" not in written:
            headers.append(PAGE_POLICY)
        if self.origin:
            headers += ((b"access-control-allow-origin", self.origin), (b"access-control-expose-headers", EXPOSED))
        if self._https:
            headers.append(STRICT_TRANSPORT)
        for name, value in self._exchange.headers.items():
            headers.append((name.lower().encode(), value.encode("latin-1")))
        return headers


def _uncounted() -> Window:
    """The window of a request that nobody counts: a preflight, a probe, a page."""
    length = PER_ADDRESS.seconds * 1000
    return Window(PER_ADDRESS.count, PER_ADDRESS.count, (milliseconds(now()) // length + 1) * length)
