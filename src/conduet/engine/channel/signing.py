"""Signatures of webhooks, compared in constant time."""

import hmac
from typing import Final

from conduet.errors import Unauthorized

WINDOW_SECONDS: Final = 300
"""How old, or how far ahead, the time of a signed request may be."""


def hex_hmac(secret: str, message: bytes, *, digest: str = "sha256") -> str:
    """The HMAC of `message` under `secret`, as hex digits."""
    return hmac.digest(secret.encode(), message, digest).hex()


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
