"""Secrets at rest: AES-256-GCM under a ring of keys, each value bound to its row and field."""

import hashlib
import os
import secrets
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
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
    """Keys of 32 bytes: the first encrypts, all decrypt.

    One that was read from a key `file` looks there again for a key that it does not know: another process may have
    rotated it.
    """

    def __init__(self, keys: Sequence[bytes], *, file: Path | None = None) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError(f"a key ring needs keys of {KEY_BYTES} bytes")
        self._keys = {_key_id(key): key for key in keys}
        self._first = _key_id(keys[0])
        self._file = file

    @classmethod
    def open(cls, secret_key: str | None, directory: Path) -> "KeyRing":
        """The ring of `CONDUET_SECRET_KEY`, else of the key file in `directory`, which is made when it is missing.

        With a `secret_key` a key file that is there still decrypts what it encrypted before. Raises `ValueError` with
        what is wrong, and `OSError` when the file cannot be read or made.
        """
        path = directory / KEY_FILE
        if secret_key:
            keys = _decode_list(secret_key, source="CONDUET_SECRET_KEY")
            return cls([*keys, *_read(path)] if path.exists() else keys)
        if not path.exists():
            _make(path)
        return cls(_read(path), file=path)

    @classmethod
    def rotate(cls, directory: Path) -> "KeyRing":
        """The ring of the key file in `directory` with a new key that encrypts; the former ones go on decrypting.

        They stay, because a server that runs meanwhile encrypts with the one it began with until it is started anew.
        """
        path = directory / KEY_FILE
        keys = [secrets.token_bytes(KEY_BYTES), *_read(path)]
        _write(path, keys)
        return cls(keys, file=path)

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
        key = self._find(head.removeprefix(_FORMAT))
        if key is None or not head.startswith(_FORMAT):
            raise UndecryptableError(
                f"{field} of {row} was encrypted with another secret key: add it to CONDUET_SECRET_KEY, after a comma"
            )
        try:
            return AESGCM(key).decrypt(nonce, sealed, _bound(head, row=row, field=field)).decode()
        except (InvalidTag, ValueError):
            raise UndecryptableError(f"{field} of {row} was changed or moved after it was encrypted") from None

    def _find(self, key_id: bytes) -> bytes | None:
        if key_id not in self._keys and self._file is not None and self._file.exists():
            self._keys.update((_key_id(key), key) for key in _read(self._file))
        return self._keys.get(key_id)

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


def _decode_list(text: str, *, source: str) -> list[bytes]:
    return [_decode(part.strip(), source=source) for part in text.split(",")]


def _read(path: Path) -> list[bytes]:
    return _decode_list(path.read_text("utf-8", errors="replace"), source=str(path))


def _make(path: Path) -> None:
    """A new key file; when two processes make it at once, both use the first one's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _draft(path, [secrets.token_bytes(KEY_BYTES)]) as draft, suppress(FileExistsError):
        os.link(draft, path)


def _write(path: Path, keys: Sequence[bytes]) -> None:
    """The key file anew, whole or not at all."""
    with _draft(path, keys) as draft:
        draft.replace(path)


@contextmanager
def _draft(path: Path, keys: Sequence[bytes]) -> Generator[Path]:
    """A file beside `path` with the keys in it, synced, to be put in its place; the folder is synced afterwards."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(b",".join(map(b64encode, keys)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
