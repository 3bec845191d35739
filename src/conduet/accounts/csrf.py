"""Whether a request that a browser made with its cookie was meant by the page that the person sees."""

import hashlib
import hmac

from starlette.requests import Request

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
HEADER = "X-CSRF-Token"


def csrf_token(session_secret: str) -> str:
    """The token of a session: only who knows the session's secret can make it, and it tells nothing about it."""
    return hashlib.sha256(b"conduet csrf\0" + session_secret.encode()).hexdigest()


def is_from_own_page(request: Request) -> bool:
    """Whether the browser says that a page of this very origin made the request.

    `Sec-Fetch-Site` says so wherever the browser trusts the address (https and loopback); elsewhere the host of
    `Origin` has to be the one that was asked. A request with neither comes from no browser that keeps the cookie.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    scheme, _, host = request.headers.get("origin", "").partition("://")
    return scheme in ("http", "https") and host == request.headers.get("host")


def is_meant(request: Request, *, session_secret: str, token: str | None) -> bool:
    """Whether the request comes from an own page that knows the session's token."""
    given = (token or "").encode()
    return is_from_own_page(request) and hmac.compare_digest(given, csrf_token(session_secret).encode())
