"""CSV: each row with the headers of its columns."""

import csv
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final

from conduet.kit.loading.loader import Loader
from conduet.kit.loading.section import LoadFailed, Section
from conduet.kit.loading.source import Source
from conduet.kit.loading.table import has_headers, row_text

DELIMITERS: Final = ",;\t|"
SAMPLE_LINES: Final = 50
FIELD_CHARACTERS: Final = 1024 * 1024


class Csv(Loader):
    """Rows of cells between commas, semicolons, tabs or bars: which of them, the first lines show."""

    type = "csv"
    extensions = (".csv", ".tsv", ".tab")
    mimes = ("text/csv", "application/csv", "text/tab-separated-values")

    def sections(self, source: Source) -> Iterator[Section]:
        csv.field_size_limit(FIELD_CHARACTERS)
        sample = list(islice(source.lines(), SAMPLE_LINES))
        lines = (line + "\n" for line in source.lines())
        # Excel's own word for which delimiter follows.
        if sample and sample[0].lower().startswith("sep="):
            next(lines)
            sample = sample[1:]
        rows = csv.reader(lines, delimiter=_delimiter(sample))
        try:
            yield from _told(row for row in rows if any(cell.strip() for cell in row))
        except csv.Error:
            raise LoadFailed(
                f"Near line {rows.line_num:,} a cell does not end: a quotation mark is missing or one too many."
            ) from None


def _told(rows: Iterator[list[str]]) -> Iterator[Section]:
    first = list(islice(rows, 2))
    headed = has_headers(first)
    headers = first[0] if headed else []
    for row in chain(first[1:] if headed else first, rows):
        if text := row_text(headers, row):
            yield Section(text, kind="table")


def _delimiter(sample: list[str]) -> str:
    """The one that cuts most lines into equally many cells, at least two."""

    def score(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
        often = max(set(widths), key=widths.count, default=1)
        return (widths.count(often), often) if often > 1 else (0, 0)

    try:
        return max(DELIMITERS, key=score)
    except csv.Error:
        return ","
