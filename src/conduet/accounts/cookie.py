"""The cookie of a dashboard session."""

from starlette.requests import Request
from starlette.responses import Response

from conduet.accounts.session_store import SESSION_SECONDS

# The prefix makes a browser refuse the cookie from any other host, subdomains too (RFC 6265bis); it needs https.
_SECURE, _PLAIN = "__Host-conduet_session", "conduet_session"


def _name(request: Request) -> str:
    return _SECURE if request.url.scheme == "https" else _PLAIN


def read_session(request: Request) -> str | None:
    """The session's secret that the browser sent, if any."""
    return request.cookies.get(_name(request))


def set_session(request: Request, response: Response, secret: str) -> None:
    """Gives the browser its session."""
    response.set_cookie(
        _name(request),
        secret,
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def remove_session(request: Request, response: Response) -> None:
    """Makes the browser forget its session."""
    response.delete_cookie(_name(request), httponly=True, samesite="strict", secure=request.url.scheme == "https")


_SECURE_ERRAND, _PLAIN_ERRAND = "__Host-conduet_errand", "conduet_errand"
ERRAND_SECONDS = 5 * 60


def _errand(request: Request) -> str:
    return _SECURE_ERRAND if request.url.scheme == "https" else _PLAIN_ERRAND


def read_errand(request: Request) -> str | None:
    """By what a browser proves that it was the one that went to the identity provider."""
    return request.cookies.get(_errand(request))


def set_errand(request: Request, response: Response, secret: str) -> None:
    """Sends a browser to the identity provider; a page of another site sends it back, so that it cannot be strict."""
    response.set_cookie(
        _errand(request),
        secret,
        max_age=ERRAND_SECONDS,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def forget_errand(request: Request, response: Response) -> None:
    """It is back."""
    response.delete_cookie(_errand(request), httponly=True, samesite="lax", secure=request.url.scheme == "https")
