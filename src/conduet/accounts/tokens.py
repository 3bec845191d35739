"""Secrets that open something: how they look, how they are made, and what is stored of them."""

import hashlib
import secrets
import string
from dataclasses import dataclass, field

PROJECT = "cdt_"
DEVELOPER = "cdt_acc_"
BITS = 256

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
# 62 ** 43 is the first power over 2 ** 256.
_LENGTH = 43
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Minted:
    """A new secret, shown to its owner once, and the two parts of it that are kept."""

    secret: str = field(repr=False)
    hash: bytes
    prefix: str


def mint(family: str = "") -> Minted:
    """A secret of 256 random bits in letters and digits behind `family` (`PROJECT`, `DEVELOPER` or nothing)."""
    number = secrets.randbits(BITS)
    digits: list[str] = []
    for _ in range(_LENGTH):
        number, rest = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[rest])
    secret = family + "".join(digits)
    return Minted(secret=secret, hash=digest(secret), prefix=secret[: len(family) + _SHOWN])


def digest(secret: str) -> bytes:
    """What is stored of a secret and looked up by: its SHA-256.

    A secret of 256 random bits cannot be guessed from its hash, so that a slow hash would add nothing; and as the
    look-up compares hashes, its time tells nothing about the secret.
    """
    return hashlib.sha256(secret.encode()).digest()
