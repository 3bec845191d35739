"""Decompression: the same bytes however they are cut, and an end in sight."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.kit.http.body import PIECE, Body
from conduet.kit.http.errors import BadResponse


def raw(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS = {"gzip": gzip.compress, "deflate": zlib.compress, "": bytes, "identity": bytes}


def unpack(encoding: str, packed: bytes, size: int) -> list[bytes]:
    body = Body(encoding)
    pieces = [piece for at in range(0, len(packed), size) for piece in body.feed(packed[at : at + size])]
    return [*pieces, *body.end()]


contents = st.tuples(st.binary(max_size=200), st.integers(1, 2000))


@given(st.sampled_from(sorted(PACKERS)), contents, st.integers(1, 5000))
def test_what_was_packed_comes_out_however_it_is_cut(encoding: str, content: tuple[bytes, int], size: int):
    data = content[0] * content[1]
    pieces = unpack(encoding, PACKERS[encoding](data), size)
    assert b"".join(pieces) == data
    assert all(len(piece) <= max(PIECE, size) for piece in pieces)


@given(contents, st.integers(1, 5000))
def test_deflate_without_its_header_is_understood(content: tuple[bytes, int], size: int):
    data = content[0] * content[1]
    packed = raw(data)
    if packed[0] & 0x0F != 8:
        assert b"".join(unpack("deflate", packed, size)) == data


def test_the_last_bytes_are_not_left_behind():
    """Without a trailer all is consumed while a repetition is still being written out."""
    for size in range(PIECE, PIECE + 260):
        assert b"".join(unpack("deflate", raw(bytes(size)), 1000)) == bytes(size)


@given(st.lists(st.binary(max_size=500), min_size=1, max_size=20), st.integers(1, 300))
def test_gzip_streams_may_follow_one_another(parts: list[bytes], size: int):
    assert b"".join(unpack("gzip", b"".join(map(gzip.compress, parts)), size)) == b"".join(parts)


@given(st.sampled_from(["gzip", "deflate"]), st.binary(max_size=300))
def test_any_bytes_come_out_or_are_told_to_be_damaged(encoding: str, packed: bytes):
    try:
        unpack(encoding, packed, 7)
    except BadResponse:
        return


@given(st.sampled_from(["gzip", "deflate"]), st.binary(min_size=1, max_size=300), st.data())
def test_a_body_that_lacks_its_end_is_told(encoding: str, data: bytes, draw: st.DataObject):
    packed = PACKERS[encoding](data)
    cut = draw.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(BadResponse):
        unpack(encoding, packed[:cut], 7)


def test_something_behind_zlib_s_end_is_damage():
    with pytest.raises(BadResponse):
        unpack("deflate", zlib.compress(b"hello") + b"x", 100)


def test_nothing_at_all_is_an_empty_body():
    assert unpack("gzip", b"", 1) == []
