"""Texts as a channel takes them: within its length, with titles of buttons that stay different."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from conduet.engine.trace import Button, CardButton

_BREAKS: Final = (re.compile(r"\n\n+"), re.compile(r"\n"), re.compile(r"(?<=[.!?…。！？])\s+"), re.compile(r"\s+"))


def in_bytes(text: str) -> int:
    """The length of a text as UTF-8, for channels that count so."""
    return len(text.encode())


def split(text: str, limit: int, *, size: Callable[[str], int] = len) -> Sequence[str]:
    """A text in pieces of at most `limit`, cut between paragraphs, else lines, sentences, words, or letters."""
    pieces: list[str] = []
    rest = text.strip()
    while size(rest) > limit:
        cut = _cut(rest, limit, size)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def titles(buttons: Sequence[Button], *, limit: int) -> Sequence[str] | None:
    """The labels, cut where they are too long; nothing when two would then look the same."""
    found = [shortened(button.label, limit) for button in buttons]
    return found if len({title.casefold() for title in found}) == len(found) and all(found) else None


def shortened(text: str, limit: int) -> str:
    """A text that ends in `…` where it is longer than the limit."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def numbered(text: str, buttons: Sequence[Button]) -> str:
    """A text with its buttons below it, numbered from 1."""
    lines = [f"{number}. {button.label}" for number, button in enumerate(buttons, 1)]
    return "\n".join(([text, ""] if text else []) + lines)


def with_links(text: str, buttons: Sequence[CardButton]) -> tuple[str, tuple[CardButton, ...]]:
    """A text with the buttons that open an address written below it, and those that are left."""
    links = [f"{button.label}: {button.url}" for button in buttons if button.url]
    return "\n".join(part for part in (text, *links) if part), tuple(button for button in buttons if not button.url)


def _cut(text: str, limit: int, size: Callable[[str], int]) -> int:
    """Where the first piece ends."""
    most = _fitting(text, limit, size)
    for pattern in _BREAKS:
        ends = [match.start() for match in pattern.finditer(text, 0, most + 1) if match.start() > most // 4]
        if ends:
            return ends[-1]
    return most


def _fitting(text: str, limit: int, size: Callable[[str], int]) -> int:
    """How many letters fit."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if size(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return low
