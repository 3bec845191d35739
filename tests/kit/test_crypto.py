"""Secrets at rest."""

import multiprocessing
import stat
from base64 import b64encode, urlsafe_b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.kit.crypto import KEY_FILE, KeyRing, UndecryptableError

OLD, NEW = bytes(range(32)), bytes(range(32, 64))


def text(key: bytes) -> str:
    return b64encode(key).decode()


@given(st.text(), st.text(), st.text())
def test_what_was_encrypted_is_decrypted_for_its_row_and_field(plain: str, row: str, field: str) -> None:
    ring = KeyRing([NEW])
    assert ring.decrypt(ring.encrypt(plain, row=row, field=field), row=row, field=field) == plain


def test_the_same_text_never_looks_the_same_twice_and_never_shows() -> None:
    ring = KeyRing([NEW])
    stored = {ring.encrypt("sk-live-123", row="proj_a", field="value") for _ in range(100)}
    assert len(stored) == 100
    assert not any(b"sk-live" in value for value in stored)


@pytest.mark.parametrize(
    ("row", "field"), [("proj_b", "value"), ("proj_a", "other"), ("proj_av", "alue"), ("", "proj_avalue")]
)
def test_a_value_moved_to_another_row_or_field_is_refused(row: str, field: str) -> None:
    ring = KeyRing([NEW])
    stored = ring.encrypt("secret", row="proj_a", field="value")
    with pytest.raises(UndecryptableError, match="changed or moved"):
        ring.decrypt(stored, row=row, field=field)


def test_no_single_changed_byte_goes_unseen() -> None:
    ring = KeyRing([NEW])
    stored = ring.encrypt("secret", row="proj_a", field="value")
    for position in range(len(stored)):
        changed = bytearray(stored)
        changed[position] ^= 1
        with pytest.raises(UndecryptableError):
            ring.decrypt(bytes(changed), row="proj_a", field="value")


@given(st.binary(max_size=40))
def test_garbage_is_told_and_not_read(stored: bytes) -> None:
    with pytest.raises(UndecryptableError):
        KeyRing([NEW]).decrypt(stored, row="proj_a", field="value")


def test_the_first_key_encrypts_and_every_key_decrypts(tmp_path: Path) -> None:
    before = KeyRing.open(text(OLD), tmp_path)
    stored = before.encrypt("secret", row="r", field="f")
    rotating = KeyRing.open(f"{text(NEW)}, {text(OLD)}", tmp_path)
    assert rotating.decrypt(stored, row="r", field="f") == "secret"
    assert not rotating.is_current(stored)
    again = rotating.encrypt("secret", row="r", field="f")
    assert rotating.is_current(again)
    after = KeyRing.open(text(NEW), tmp_path)
    assert after.decrypt(again, row="r", field="f") == "secret"
    with pytest.raises(UndecryptableError, match="another secret key"):
        after.decrypt(stored, row="r", field="f")


def test_the_key_file_is_made_once_and_readable_by_nobody_else(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    stored = KeyRing.open(None, folder).encrypt("secret", row="r", field="f")
    assert KeyRing.open(None, folder).decrypt(stored, row="r", field="f") == "secret"
    assert stat.S_IMODE((folder / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == [KEY_FILE]


def test_a_key_of_the_environment_makes_no_file_and_still_reads_what_the_file_encrypted(tmp_path: Path) -> None:
    KeyRing.open(text(NEW), tmp_path)
    assert list(tmp_path.iterdir()) == []
    stored = KeyRing.open(None, tmp_path).encrypt("secret", row="r", field="f")
    moved = KeyRing.open(text(NEW), tmp_path)
    assert moved.decrypt(stored, row="r", field="f") == "secret"
    assert not moved.is_current(stored)


def _encrypt(folder: Path) -> bytes:
    return KeyRing.open(None, folder).encrypt("secret", row="r", field="f")


def test_processes_that_make_the_key_file_at_once_end_up_with_one_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        for attempt in range(5):
            folder = tmp_path / str(attempt)
            stored = pool.map(_encrypt, [folder] * 8, chunksize=1)
            ring = KeyRing.open(None, folder)
            assert {ring.decrypt(value, row="r", field="f") for value in stored} == {"secret"}
            assert [path.name for path in folder.iterdir()] == [KEY_FILE]


def test_url_safe_and_unpadded_keys_are_read_too(tmp_path: Path) -> None:
    key = b"\xfb\xff\xbe" * 10 + b"\xfe\xff"
    stored = KeyRing.open(text(key), tmp_path).encrypt("secret", row="r", field="f")
    other = urlsafe_b64encode(key).decode().rstrip("=")
    assert other != text(key)
    assert KeyRing.open(other, tmp_path).decrypt(stored, row="r", field="f") == "secret"


@pytest.mark.parametrize("wrong", ["no key", "ü", "AAAA", text(bytes(31)), text(bytes(33)), f"{text(NEW)},", "=" * 44])
def test_a_malformed_key_is_told_with_what_would_be_right(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="CONDUET_SECRET_KEY has to be 32 bytes in base64"):
        KeyRing.open(wrong, tmp_path)


@pytest.mark.parametrize("keys", [[], [b"short"], [NEW, bytes(16)]])
def test_a_ring_takes_only_whole_keys(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        KeyRing(keys)


def test_a_damaged_key_file_is_told_by_its_name_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_bytes(b"\xff half a key")
    with pytest.raises(ValueError, match=r"secret\.key has to be 32 bytes"):
        KeyRing.open(None, tmp_path)
    assert (tmp_path / KEY_FILE).read_bytes() == b"\xff half a key"


def test_a_ring_shows_no_key() -> None:
    assert text(NEW) not in repr(KeyRing([NEW]))
