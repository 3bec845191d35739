"""Web origins: scheme, host and port, in the one form in which a browser writes them."""

import re
from ipaddress import AddressValueError, IPv6Address
from typing import Final

_ORIGIN = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::(?P<port>[1-9][0-9]{0,4}))?",
    re.ASCII | re.IGNORECASE,
)
OWN: Final = "self"
"""Among a key's origins: pages of this very server, whatever it is called there. No key that people make has it."""

_DEFAULT_PORTS = {"http": 80, "https": 443}


def parse_origin(text: str) -> str | None:
    """`text` in lower case and without its scheme's default port; `None` when it is no origin of http or https.

    `null`, a path (a slash alone too), a user name, a wildcard, and a host outside ASCII are none (RFC 6454).
    """
    match = _ORIGIN.fullmatch(text)
    if match is None:
        return None
    scheme, host = match["scheme"].lower(), match["host"].lower()
    if host.startswith("["):
        try:
            host = f"[{IPv6Address(host[1:-1]).compressed}]"
        except AddressValueError:
            return None
    port = int(match["port"]) if match["port"] else _DEFAULT_PORTS[scheme]
    if port > 65535:
        return None
    return f"{scheme}://{host}" if port == _DEFAULT_PORTS[scheme] else f"{scheme}://{host}:{port}"
