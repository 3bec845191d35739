"""The header `Idempotency-Key` and what makes two requests the same."""

import hashlib
import re
from typing import Final

from conduet.conversations.store.repeat import Key
from conduet.errors import BadRequest

HEADER: Final = "Idempotency-Key"
_PRINTABLE: Final = re.compile(r"[\x20-\x7e]{1,255}")


def read_key(header: str | None, *, method: str, path: str, body: bytes) -> Key | None:
    """The key of a request; `None` when it has none. Raises `BadRequest` for one that is malformed."""
    if header is None:
        return None
    if not _PRINTABLE.fullmatch(header):
        raise BadRequest.at(f"header.{HEADER}", "A key is 1 to 255 printable ASCII characters.")
    return Key(header, hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).digest())
