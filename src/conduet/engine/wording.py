"""How what people say is compared, and how a long text is cut."""

import json
import unicodedata
from collections.abc import Iterator
from typing import Final

PIECE_BYTES: Final = 60 * 1024
"""The longest `text` trace's message as JSON; the rest of the 64 KB is for what stands around it."""

_MOST: Final = PIECE_BYTES - len('""')
"""How many characters fit at the most: those that take a byte each."""
_SAFE: Final = _MOST // len(r"\u0000")
"""How many characters fit whatever they are."""


class _Punctuation(dict[int, str | None]):
    """A translation table that leaves out the characters of Unicode's punctuation classes."""

    def __missing__(self, code: int) -> str | None:
        kept = None if unicodedata.category(chr(code)).startswith("P") else chr(code)
        self[code] = kept
        return kept


_TABLE: Final = _Punctuation()


def fold(text: str) -> str:
    """`text` for comparing: compatibility forms, case, punctuation and runs of white space levelled.

    A text that is nothing but punctuation keeps it, so that `?` and `!` stay two things.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = " ".join(plain.translate(_TABLE).split()) or " ".join(plain.split())
    # Folded case need not be in normal form, nor what stands beside each other once punctuation is gone.
    return unicodedata.normalize("NFKC", words)


def pieces(text: str) -> Iterator[str]:
    """`text` in pieces that each fit a trace, cut behind white space where there is some; joined they are `text`."""
    while len(text) > _MOST or (len(text) > _SAFE and _size(text) > PIECE_BYTES):
        end = _fitting(text)
        blank = max(text.rfind(" ", end // 2, end), text.rfind("\n", end // 2, end))
        end = blank + 1 if blank >= 0 else end
        yield text[:end]
        text = text[end:]
    yield text


def _fitting(text: str) -> int:
    """How many characters fit into a piece."""
    low, tried = _SAFE, min(len(text), _MOST)
    high = tried
    while low < high:
        low, high = (tried, high) if _size(text[:tried]) <= PIECE_BYTES else (low, tried - 1)
        tried = (low + high + 1) // 2
    return low


def _size(text: str) -> int:
    """The bytes that the text takes as JSON."""
    return len(json.dumps(text, ensure_ascii=False).encode())
