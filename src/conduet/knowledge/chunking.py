"""Sections into chunks: about 60 to 200 words each, never across headings, the same every time."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from conduet.kit.loading.section import Kind, Section

FEWEST: Final = 60
GOAL: Final = 150
MOST: Final = 200
# Words that a paragraph cut in two says again, if the last sentence before the cut is no longer than that.
OVERLAP: Final = 40
# A word has no more characters: scripts without spaces, and encoded data, count by these.
WORD_CHARACTERS: Final = 8

_SENTENCE: Final = re.compile(r"(?<=[.!?…؟۔])[\"'”’)\]]*\s+|(?<=[。！？])|\n+")
_WORD: Final = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is found as one: `headings` from the outermost on, the `page` it begins on, from 1."""

    content: str
    headings: tuple[str, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class _Piece:
    """A section, or a part of one that is too long: `again` repeats the end of the piece before it."""

    text: str
    page: int | None
    kind: Kind
    again: str = ""


def words(text: str) -> int:
    """How long a text is, in words; a word of more than 8 characters counts as several."""
    return sum(-(-len(word) // WORD_CHARACTERS) if len(word) > 3 * WORD_CHARACTERS else 1 for word in text.split())


def chunks(sections: Iterable[Section]) -> Iterator[Chunk]:
    """The chunks of a document, in order, while its sections come; of these it keeps no more than a chunk needs.

    A chunk holds whole sections as long as they fit. A section of more than 200 words is cut between sentences, the
    last of which opens the next chunk again where it is short; rows of tables and lines of code are never repeated.
    """
    for headings, under in groupby(sections, key=lambda section: section.heading):
        yield from _packed(headings, (piece for section in under for piece in _pieces(section)))


def _packed(headings: tuple[str, ...], pieces: Iterable[_Piece]) -> Iterator[Chunk]:
    # One chunk is held back, to take what would be a crumb at the end.
    held: list[_Piece] = []
    current: list[_Piece] = []
    size = 0
    for piece in pieces:
        length = words(piece.text)
        if current and (size + length > MOST or (size >= FEWEST and size + length > GOAL)):
            if held:
                yield _chunk(headings, held)
            held, current, size = current, [], words(piece.again)
        current.append(piece)
        size += length
    if held and current and size < FEWEST and _size([*held, *current]) <= MOST:
        held, current = [*held, *current], []
    for group in (held, current):
        if group:
            yield _chunk(headings, group)


def _size(pieces: list[_Piece]) -> int:
    return words(pieces[0].again) + sum(words(piece.text) for piece in pieces)


def _chunk(headings: tuple[str, ...], pieces: list[_Piece]) -> Chunk:
    parts = [pieces[0].again] if pieces[0].again else []
    text = pieces[0].text
    for before, piece in pairwise(pieces):
        text += ("\n" if before.kind == piece.kind != "text" else "\n\n") + piece.text
    return Chunk("\n".join([*parts, text]).strip(), headings, pieces[0].page)


def _pieces(section: Section) -> Iterator[_Piece]:
    text = section.text.strip()
    if not text:
        return
    if words(text) <= MOST:
        yield _Piece(text, section.page, section.kind)
        return
    again = ""
    part: list[str] = []
    size = 0
    for sentence in _sentences(text):
        length = words(sentence)
        if part and size + length > GOAL:
            yield _Piece(_joined(part), section.page, section.kind, again)
            last = part[-1]
            again = last if section.kind in {"text", "list"} and words(last) <= OVERLAP and len(part) > 1 else ""
            part, size = [], words(again)
        part.append(sentence)
        size += length
    yield _Piece(_joined(part), section.page, section.kind, again)


def _joined(sentences: list[str]) -> str:
    return "".join(sentences).strip()


def _sentences(text: str) -> Iterator[str]:
    """The sentences with the spaces after them, each of at most 100 words."""
    start = 0
    for end in [*(match.end() for match in _SENTENCE.finditer(text)), len(text)]:
        if end > start:
            yield from _cut(text[start:end])
        start = max(start, end)


def _cut(sentence: str) -> Iterator[str]:
    if words(sentence) <= GOAL - OVERLAP:
        yield sentence
        return
    start = size = end = 0
    for match in _WORD.finditer(sentence):
        length = words(match.group())
        if size and size + length > 100:
            yield sentence[start : match.start()]
            start, size = match.start(), 0
        end = match.end()
        while end - start > 100 * WORD_CHARACTERS and length > 100:  # no spaces in it at all
            yield sentence[start : start + 100 * WORD_CHARACTERS]
            start += 100 * WORD_CHARACTERS
            length = words(sentence[start:end])
        size += length
    yield sentence[start:]
