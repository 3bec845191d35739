"""Signatures of webhooks, compared in constant time."""

import hmac
from typing import Final

from conduet.engine.channel.inbound import Inbound
from conduet.errors import Unauthorized

DELIVERY: Final = "X-Conduet-Delivery"
TIMESTAMP: Final = "X-Conduet-Timestamp"
SIGNATURE: Final = "X-Conduet-Signature"
"""Our own headers: what a delivery is known by, when it was sent, and what proves it."""

WINDOW_SECONDS: Final = 300
"""How old, or how far ahead, the time of a signed request may be."""


def hex_hmac(secret: str, message: bytes, *, digest: str = "sha256") -> str:
    """The HMAC of `message` under `secret`, as hex digits."""
    return hmac.digest(secret.encode(), message, digest).hex()


def own_signature(secret: str, timestamp: str, body: bytes) -> str:
    """What `X-Conduet-Signature` says of a body that is sent at `timestamp`, in seconds since 1970."""
    return f"sha256={hex_hmac(secret, timestamp.encode('latin-1', 'replace') + b'.' + body)}"


def check_own(request: Inbound, secret: str) -> None:
    """Raises `Unauthorized` unless the request is signed so, just now."""
    timestamp = request.header(TIMESTAMP.lower())
    check_equal(request.header(SIGNATURE.lower()), own_signature(secret, timestamp, request.body))
    check_recent(timestamp, now_seconds=request.at.timestamp())


def check_equal(shown: str, wanted: str) -> None:
    """Raises `Unauthorized` unless both are the same."""
    if not hmac.compare_digest(shown.encode(), wanted.encode()):
        raise refusal()


def check_recent(timestamp: str, *, now_seconds: float) -> None:
    """Raises `Unauthorized` for a time, in seconds since 1970, that is not about now: a replay."""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        raise refusal()
    if abs(now_seconds - int(timestamp)) > WINDOW_SECONDS:
        raise Unauthorized("The signature is too old, or of a clock that is wrong.")


def refusal() -> Unauthorized:
    """The error for a request without the right signature."""
    return Unauthorized("The signature is missing or wrong.")
