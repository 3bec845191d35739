"""Who is at the other end, when proxies stand between."""

from collections.abc import Mapping

from starlette.types import Scope

from conduet.limits.address import Network, client_address, is_trusted

LOCAL = frozenset(("127.0.0.1", "::1"))
# What proxies write: a request with one of these did not begin on this machine, whoever connected.
FORWARDED = (b"forwarded", b"x-forwarded-for", b"x-real-ip", b"via")

Headers = Mapping[bytes, bytes]


class Clients:
    """Tells clients' addresses; `trusted` are the proxies whose word is taken."""

    def __init__(self, trusted: tuple[Network, ...]) -> None:
        self._trusted = trusted

    def address(self, scope: Scope) -> str:
        """The client's address; empty where there is none (a socket file)."""
        peer = _peer(scope)
        if not self._trusted:
            return peer
        forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
        return client_address(peer, forwarded.decode("latin-1"), self._trusted)

    def https(self, scope: Scope, headers: Headers) -> bool:
        """Whether the client speaks HTTPS, to us or to a trusted proxy."""
        if scope["scheme"] == "https":
            return True
        return headers.get(b"x-forwarded-proto") == b"https" and is_trusted(_peer(scope), self._trusted)


def is_local(scope: Scope, headers: Headers) -> bool:
    """Whether the request comes from this machine and not through a proxy on it."""
    return _peer(scope) in LOCAL and not any(name in headers for name in FORWARDED)


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""
