"""Strict JSON in, JSON out."""

import re
from itertools import accumulate
from typing import TypeAlias, cast

import orjson

from conduet.errors import BadRequest, PayloadTooLarge

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

LEVELS = 64
DOCUMENT_LEVELS = 200


def parse(body: bytes, *, levels: int = LEVELS) -> Json:
    """The JSON of `body`, at most `levels` deep.

    Raises `BadRequest` for what is not strict JSON (`NaN`, a lone surrogate, a NUL in a text, nothing at all) and
    `PayloadTooLarge` for deeper nesting.
    """
    # Nesting cannot be deeper than there are brackets: most bodies need no walk.
    if body.count(b"[") + body.count(b"{") > levels and _depth(body) > levels:
        raise PayloadTooLarge(f"The JSON is nested more than {levels} levels deep.")
    try:
        value: Json = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"The body is not valid JSON: {error}.") from None
    if b"\\u0000" in body and _has_nul(value):
        raise BadRequest("The body has a NUL character in a text, which is not taken.")
    return value


def dumps(value: object) -> bytes:
    """`value` as compact UTF-8 JSON, key order kept."""
    return orjson.dumps(value)


# A text, also one that does not end: every byte is looked at once, whatever somebody sends.
_TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_ALL_BUT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
# As signed bytes: one level down, one level up.
_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")


def _depth(body: bytes) -> int:
    """How deep the brackets outside texts nest; does not recurse, so that nothing can overflow."""
    steps = _TEXT.sub(b"", body).translate(_STEPS, _ALL_BUT_BRACKETS)
    return max(accumulate(memoryview(steps).cast("b")), default=0)


def _has_nul(value: Json) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, list):
        return any(_has_nul(item) for item in value)
    if isinstance(value, dict):
        return any("\0" in key or _has_nul(item) for key, item in cast(dict[str, Json], value).items())
    return False
