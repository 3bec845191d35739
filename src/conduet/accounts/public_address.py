"""Where browsers find this server: what passkeys are bound to, and where identity providers send people back."""

from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

from conduet.accounts.origin import parse_origin
from conduet.errors import BadRequest

SETTING: Final = "CONDUET_PUBLIC_URL"


class PublicAddress:
    """The origin of the dashboard: as the operator `told`, else as the request was sent to it.

    Raises `ValueError` for one that is no origin.
    """

    def __init__(self, told: str | None) -> None:
        self._told = parse_origin(told.removesuffix("/")) if told else None
        if told and self._told is None:
            raise ValueError(f"{SETTING} has to be a scheme and a host, without a path: https://conduet.example")

    def origin(self, request: Request) -> str:
        """`https://conduet.example`. Raises `BadRequest` where the request names no host.

        The scheme is the browser's: https behind a trusted proxy that says so. Whoever lies about the host only
        deceives themselves: a browser signs the origin that its person sees, and for a passkey of that name alone.
        """
        found = self._told or parse_origin(f"{request.url.scheme}://{request.headers.get('host', '')}")
        if found is None:
            raise BadRequest.at("header.Host", "A host is needed.")
        return found

    def host(self, request: Request) -> str:
        """The host without its port: what passkeys call the relying party. Raises as `origin` does."""
        return urlsplit(self.origin(request)).hostname or ""
