"""Secrets at rest: AES-256-GCM under a ring of keys, each value bound to its row and field."""

import hashlib
import os
import secrets
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from conduet.kit.json import dumps

KEY_BYTES = 32
KEY_FILE = "secret.key"

# A stored value: the format's number, the key's id, the nonce, then the ciphertext with its tag.
_FORMAT = b"\x01"
_KEY_ID_BYTES = 8
_NONCE_BYTES = 12
_HEAD = len(_FORMAT) + _KEY_ID_BYTES


class UndecryptableError(Exception):
    """A stored secret cannot be read: its key is not in the ring, or it was changed or moved to another row."""


class KeyRing:
    """Keys of 32 bytes: the first encrypts, all decrypt."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError(f"a key ring needs keys of {KEY_BYTES} bytes")
        self._keys = {_key_id(key): key for key in keys}
        self._first = _key_id(keys[0])

    @classmethod
    def open(cls, secret_key: str | None, directory: Path) -> "KeyRing":
        """The ring of `CONDUET_SECRET_KEY`, else of the key file in `directory`, which is made when it is missing.

        With a `secret_key` a key file that is there still decrypts what it encrypted before. Raises `ValueError` with
        what is wrong, and `OSError` when the file cannot be read or made.
        """
        path = directory / KEY_FILE
        if secret_key:
            keys = [_decode(text.strip(), source="CONDUET_SECRET_KEY") for text in secret_key.split(",")]
            return cls([*keys, _read(path)] if path.exists() else keys)
        if not path.exists():
            _make(path)
        return cls([_read(path)])

    def encrypt(self, plain: str, *, row: str, field: str) -> bytes:
        """`plain` as bytes to store in `field` of `row` (an id that is unique among such rows)."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        head, nonce = _FORMAT + self._first, secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(self._keys[self._first]).encrypt(nonce, plain.encode(), _bound(head, row=row, field=field))
        return head + nonce + sealed

    def decrypt(self, stored: bytes, *, row: str, field: str) -> str:
        """What `encrypt` was given for the same row and field. Raises `UndecryptableError`."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        head, nonce, sealed = stored[:_HEAD], stored[_HEAD : _HEAD + _NONCE_BYTES], stored[_HEAD + _NONCE_BYTES :]
        key = self._keys.get(head.removeprefix(_FORMAT))
        if key is None or not head.startswith(_FORMAT):
            raise UndecryptableError(
                f"{field} of {row} was encrypted with another secret key: add it to CONDUET_SECRET_KEY, after a comma"
            )
        try:
            return AESGCM(key).decrypt(nonce, sealed, _bound(head, row=row, field=field)).decode()
        except (InvalidTag, ValueError):
            raise UndecryptableError(f"{field} of {row} was changed or moved after it was encrypted") from None

    def is_current(self, stored: bytes) -> bool:
        """Whether the first key encrypted it, so that rotation may leave it alone."""
        return stored.startswith(_FORMAT + self._first)


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"conduet key id\0" + key).digest()[:_KEY_ID_BYTES]


def _bound(head: bytes, *, row: str, field: str) -> bytes:
    return head + dumps([row, field])


def _decode(text: str, *, source: str) -> bytes:
    """A key of 32 bytes in base64, the alphabet of URLs too, padded or not."""
    try:
        key = b64decode(text.rstrip("=").translate({ord("-"): "+", ord("_"): "/"}) + "=", validate=True)
    except (Base64Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"{source} has to be {KEY_BYTES} bytes in base64, as `openssl rand -base64 32` prints them")
    return key


def _read(path: Path) -> bytes:
    return _decode(path.read_text("utf-8", errors="replace").strip(), source=str(path))


def _make(path: Path) -> None:
    """A new key file, whole or not at all; when two processes make it at once, both use the first one's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
