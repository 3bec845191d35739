"""Word documents: headings by their style, lists, tables with their headers."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from conduet.kit.loading.loader import Loader
from conduet.kit.loading.outline import Outline
from conduet.kit.loading.section import LoadFailed, Section
from conduet.kit.loading.source import Source
from conduet.kit.loading.table import has_headers, row_text

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_HEADING: Final = re.compile(r"heading ([1-9])$", re.IGNORECASE)


class Docx(Loader):
    """DOCX; pictures are left out, links keep their words."""

    type = "docx"
    extensions = (".docx", ".docm")
    mimes = ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",)

    @classmethod
    def claims(cls, source: Source) -> bool:
        return "word/document.xml" in source.members

    def sections(self, source: Source) -> Iterator[Section]:
        from docx import Document
        from docx.table import Table

        try:
            document = Document(source.file)
        except (KeyError, ValueError) as error:
            raise LoadFailed("The Word file is broken: open it, save it anew, and try again.") from error
        outline = Outline()
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                for row in _rows(block):
                    yield Section(row, outline.path, kind="table")
            else:
                yield from _paragraph(block, outline)
        yield from outline.end()


def _paragraph(paragraph: "Paragraph", outline: Outline) -> Iterator[Section]:
    text = paragraph.text.strip()
    if not text:
        return
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    if (heading := _HEADING.match(style)) or style.lower() == "title":
        yield from outline.enter(int(heading[1]) + 1 if heading else 1, text)
        return
    listed = style.lower().startswith("list") or bool(paragraph._p.xpath("./w:pPr/w:numPr"))  # pyright: ignore[reportPrivateUsage]  # python-docx tells it nowhere else
    yield Section(f"- {text}" if listed else text, outline.path, kind="list" if listed else "text")


def _rows(table: "Table") -> Iterator[str]:
    """The rows of a table; a cell that reaches over several columns or rows is told once a row."""
    rows: list[list[str]] = []
    for row in table.rows:
        cells: list[str] = []
        last = None
        for cell in row.cells:
            cells.append("" if cell._tc is last else cell.text)  # pyright: ignore[reportPrivateUsage]  # python-docx tells it nowhere else
            last = cell._tc  # pyright: ignore[reportPrivateUsage]  # python-docx tells it nowhere else
        rows.append(cells)
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    headed = has_headers(rows)
    for row in rows[1:] if headed else rows:
        if text := row_text(rows[0] if headed else (), row):
            yield text
