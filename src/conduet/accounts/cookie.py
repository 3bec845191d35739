"""The cookies of a dashboard: its session, and an errand to the identity provider."""

from dataclasses import dataclass
from typing import Final, Literal

from starlette.requests import Request
from starlette.responses import Response

from conduet.accounts.session_store import SESSION_SECONDS

ERRAND_SECONDS: Final = 5 * 60


@dataclass(frozen=True, slots=True)
class Cookie:
    """A secret that a browser keeps for `seconds`, and no script reads."""

    name: str
    seconds: int
    same_site: Literal["lax", "strict"]

    def read(self, request: Request) -> str | None:
        """What the browser sent, if anything."""
        return request.cookies.get(self._name(request))

    def put(self, request: Request, response: Response, secret: str) -> None:
        """Gives it to the browser."""
        response.set_cookie(
            self._name(request),
            secret,
            max_age=self.seconds,
            httponly=True,
            samesite=self.same_site,
            secure=request.url.scheme == "https",
        )

    def remove(self, request: Request, response: Response) -> None:
        """Makes the browser forget it."""
        secure = request.url.scheme == "https"
        response.delete_cookie(self._name(request), httponly=True, samesite=self.same_site, secure=secure)

    def _name(self, request: Request) -> str:
        # The prefix makes a browser refuse it from any other host, subdomains too (RFC 6265bis); it needs https.
        return f"__Host-{self.name}" if request.url.scheme == "https" else self.name


SESSION: Final = Cookie("conduet_session", SESSION_SECONDS, "strict")
# By it a browser proves that it was the one that went to the provider; a page of another site sends it back, so that
# it cannot be strict.
ERRAND: Final = Cookie("conduet_errand", ERRAND_SECONDS, "lax")
