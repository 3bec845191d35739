"""Excel workbooks: each row with the headers of its sheet."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from typing import Final, TypeAlias

from conduet.kit.loading.loader import Loader
from conduet.kit.loading.section import LoadFailed, Section
from conduet.kit.loading.source import Source
from conduet.kit.loading.table import has_headers, row_text

Cell: TypeAlias = int | float | str | bool | time | date | datetime | timedelta
# Rows above the headers: a title, a date, an empty line.
PREAMBLE: Final = 10


class Xlsx(Loader):
    """XLSX and ODS; what a formula came to when the file was saved."""

    type = "xlsx"
    extensions = (".xlsx", ".xlsm", ".ods")
    mimes = (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    )

    @classmethod
    def claims(cls, source: Source) -> bool:
        return "xl/workbook.xml" in source.members or (
            "content.xml" in source.members and b"opendocument.spreadsheet" in source.head[:200]
        )

    def sections(self, source: Source) -> Iterator[Section]:
        from python_calamine import CalamineError, CalamineWorkbook, PasswordError

        try:
            book = CalamineWorkbook.from_filelike(source.file)
            for name in book.sheet_names:
                sheet = book.get_sheet_by_name(name)
                yield from _rows(name, ([_text(cell) for cell in row] for row in sheet.iter_rows()))
        except PasswordError:
            raise LoadFailed("The workbook is protected by a password: save it without one.") from None
        except CalamineError as error:
            raise LoadFailed("The workbook is broken: open it, save it anew, and try again.") from error


def _rows(sheet: str, rows: Iterator[list[str]]) -> Iterator[Section]:
    """The rows below that of headers, which is the first one as wide as the widest of the first rows."""
    filled = (row for row in rows if any(row))
    first = list(islice(filled, PREAMBLE + 2))
    widest = max((_width(row) for row in first), default=0)
    head = next((index for index, row in enumerate(first) if _width(row) == widest), 0) if widest > 1 else 0
    for row in first[:head]:
        yield Section(row_text((), row), (sheet,))
    below = first[head:]
    headed = has_headers(below[:2])
    headers: Sequence[str] = below[0] if headed else ()
    for row in chain(below[1:] if headed else below, filled):
        if text := row_text(headers, row):
            yield Section(text, (sheet,), kind="table")


def _width(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell)


def _text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return cell.strip() if isinstance(cell, str) else str(cell)
