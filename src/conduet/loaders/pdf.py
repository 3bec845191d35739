"""PDF: paragraphs, headings by the size of their letters, and tables by their columns, page by page."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeAlias
from unicodedata import bidirectional

from conduet.kit.loading.loader import Loader
from conduet.kit.loading.outline import Outline
from conduet.kit.loading.section import LoadFailed, Section
from conduet.kit.loading.source import Source
from conduet.kit.loading.table import has_headers, row_text

if TYPE_CHECKING:
    from pypdfium2 import PdfPage  # pyright: ignore[reportMissingTypeStubs]  # pypdfium2 has no types

# Letters this much larger than most are a heading's; a gap of so many letter sizes parts columns and paragraphs.
HEADING_SIZE: Final = 1.15
COLUMN_GAP: Final = 1.2
PARAGRAPH_GAP: Final = 0.9
HEADING_CHARACTERS: Final = 150
TABLE_ROWS: Final = 2
# From so many lines of so many characters in each column on, it is no table but text.
COLUMN_LINES: Final = 4
COLUMN_CHARACTERS: Final = 25
# Fewer letters a page than this on average, with no page that has more: a scan with stamps and page numbers.
SCANNED_CHARACTERS: Final = 10
_LEFTWARD: Final = frozenset(("R", "AL", "NSM"))
# That of the fonts Symbol and Wingdings, which has no character of its own, and those that have.
_BULLET: Final = re.compile("^[\uf0a7\uf0b7•▪◦‣] *")
MOST_PAGES: Final = 10_000
PAGE_CHARACTERS: Final = 200_000


_Letter: TypeAlias = tuple[str, float]
"""A character, and where its left edge is."""


@dataclass
class _Line:
    """A line of a page, as cells (one, but in tables) with where each begins; `top` and `bottom` grow upwards."""

    cells: list[str] = field(default_factory=list[str])
    size: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    left: float = 0.0

    @property
    def text(self) -> str:
        return " ".join(self.cells)


class Pdf(Loader):
    """PDF with text in it; what is only a picture of text is not read."""

    type = "pdf"
    extensions = (".pdf",)
    mimes = ("application/pdf",)

    @classmethod
    def claims(cls, source: Source) -> bool:
        return b"%PDF-" in source.head[:1024]

    def sections(self, source: Source) -> Iterator[Section]:
        from pypdfium2 import PdfDocument, PdfiumError  # pyright: ignore[reportMissingTypeStubs]  # pypdfium2 has no types

        try:
            document = PdfDocument(source.file)
        except PdfiumError as error:
            if "password" in str(error).lower():
                raise LoadFailed("The PDF is protected by a password: save it without one.") from None
            raise LoadFailed("The PDF is broken: open it, save it anew, and try again.") from None
        with closing(document):
            if len(document) > MOST_PAGES:
                raise LoadFailed(f"The PDF has more than {MOST_PAGES:,} pages: split it.")
            outline = Outline()
            letters = 0
            for index in range(len(document)):
                with closing(document[index]) as page:
                    lines = _lines(page)
                letters += sum(len(line.text) for line in lines)
                yield from _page(lines, outline, index + 1)
            yield from outline.end()
            if letters < SCANNED_CHARACTERS * len(document):
                raise LoadFailed(
                    "The PDF holds pictures of its pages, not their text: run it through text recognition (OCR) and"
                    " upload what comes out."
                )


def _page(lines: Sequence[_Line], outline: Outline, page: int) -> Iterator[Section]:
    body = _body_size(lines)
    index = 0
    while index < len(lines):
        line = lines[index]
        rows = _table(lines[index:])
        if _are_columns(rows):
            for column in zip(*(row.cells for row in rows), strict=True):
                yield Section("\n".join(column), outline.path, page)
            index += len(rows)
        elif len(rows) >= TABLE_ROWS:
            for row in _rows(rows):
                yield Section(row, outline.path, page, "table")
            index += len(rows)
        elif line.size >= body * HEADING_SIZE and len(line.text) <= HEADING_CHARACTERS and len(lines) > 1:
            heading = _run(lines[index:], body, same=line.size)
            yield from outline.enter(_level(line.size / body), " ".join(part.text for part in heading), page=page)
            index += len(heading)
        else:
            paragraph = _run(lines[index:], body, same=None)
            yield Section("\n".join(part.text for part in paragraph), outline.path, page)
            index += len(paragraph)


def _body_size(lines: Sequence[_Line]) -> float:
    """The size of most letters of a page."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] or 1.0 if sizes else 1.0


def _level(ratio: float) -> int:
    return 1 if ratio >= 1.8 else 2 if ratio >= 1.4 else 3


def _run(lines: Sequence[_Line], body: float, *, same: float | None) -> list[_Line]:
    """The lines from the first on that belong together: close to each other, of one size."""
    run = [lines[0]]
    for offset, line in enumerate(lines[1:], 1):
        size = same or max(line.size, 1.0)
        if abs(line.size - run[-1].size) > 0.1 * size:
            break
        if same is None and (line.size >= body * HEADING_SIZE or len(_table(lines[offset:])) >= TABLE_ROWS):
            break
        gap = run[-1].bottom - line.top
        if gap > PARAGRAPH_GAP * size or gap < -3 * size:
            break
        run.append(line)
    return run


def _table(lines: Sequence[_Line]) -> list[_Line]:
    """The lines from the first on that have the same number of cells, more than one."""
    width = len(lines[0].cells)
    rows: list[_Line] = []
    if width < 2:
        return rows
    for line in lines:
        if len(line.cells) != width:
            break
        rows.append(line)
    return rows


def _are_columns(rows: Sequence[_Line]) -> bool:
    """Whether lines beside each other are columns of text, written line by line over the whole page."""
    if len(rows) < COLUMN_LINES:
        return False
    columns = zip(*(row.cells for row in rows), strict=True)
    return all(sum(map(len, column)) >= COLUMN_CHARACTERS * len(rows) for column in columns)


def _rows(lines: Sequence[_Line]) -> Iterator[str]:
    cells = [line.cells for line in lines]
    headed = has_headers(cells)
    for row in cells[1:] if headed else cells:
        if text := row_text(cells[0] if headed else (), row):
            yield text


def _lines(page: "PdfPage") -> list[_Line]:
    """The lines of a page in the order of its text; a line is cut into cells where a wide gap is."""
    import ctypes

    from pypdfium2 import raw  # pyright: ignore[reportMissingTypeStubs]  # pypdfium2 has no types

    with closing(page.get_textpage()) as textpage:
        count = min(raw.FPDFText_CountChars(textpage), PAGE_CHARACTERS)
        lines: list[_Line] = []
        line, cell, right = _Line(), list[_Letter](), 0.0
        edges = [ctypes.c_double() for _ in range(4)]
        pointers = [ctypes.byref(edge) for edge in edges]
        for index in range(count):
            character = chr(raw.FPDFText_GetUnicode(textpage, index))
            if character in "\r\n":
                _finish(line, cell, lines)
                line, cell = _Line(), []
                continue
            if character in "\0\ufffe\uffff":
                continue
            if character.isspace():
                cell.append((" ", right))
                continue
            raw.FPDFText_GetCharBox(textpage, index, *pointers)
            left, end, bottom, top = (edge.value for edge in edges)
            size = raw.FPDFText_GetFontSize(textpage, index) if not line.size else line.size
            # Sizes of some writers are 1, scaled by a matrix: then the height of the letter tells.
            size = size if size > 2 else max((top - bottom) * 1.4, 2.0)
            if not line.size:
                line.size, line.top, line.bottom, line.left = size, top, bottom, left
            elif left - right > COLUMN_GAP * size:
                line.cells.append(_read(cell))
                cell = []
            line.top, line.bottom = max(line.top, top), min(line.bottom, bottom)
            cell.append((character, left))
            right = end
        _finish(line, cell, lines)
    return lines


def _read(letters: Sequence[_Letter]) -> str:
    """The text in the order in which it is read: writers lay words of Arabic and Hebrew from the left, too."""
    text = ""
    for is_leftward, run in groupby(letters, lambda letter: bidirectional(letter[0]) in _LEFTWARD):
        word = [*run]
        if is_leftward and word[0][1] < word[-1][1]:
            word.reverse()
        text += "".join(letter for letter, _ in word)
    return text.strip()


def _finish(line: _Line, cell: Sequence[_Letter], lines: list[_Line]) -> None:
    if text := _read(cell):
        line.cells.append(_BULLET.sub("- ", text))
    line.cells = [" ".join(cell.split()) for cell in line.cells if cell.strip()]
    if line.cells:
        lines.append(line)
