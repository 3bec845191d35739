"""Rows of a table as texts that make sense by themselves."""

from collections.abc import Sequence


def row_text(headers: Sequence[str], cells: Sequence[str]) -> str:
    """`Model: City; Price: 12` — each cell with its header; empty cells are left out, those beyond the headers stand
    alone."""
    parts: list[str] = []
    for index, cell in enumerate(cells):
        value = " ".join(cell.split())
        header = " ".join(headers[index].split()) if index < len(headers) else ""
        if value:
            parts.append(f"{header}: {value}" if header and header != value else value)
    return "; ".join(parts)


def has_headers(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of the first rows is one of headers: words, all different, over something that is not."""
    if len(rows) < 2:
        return False
    first = [cell.strip() for cell in rows[0]]
    filled = [cell for cell in first if cell]
    if not filled or len(set(filled)) < len(filled) or len(filled) < len(first) / 2:
        return False
    return not any(_is_figure(cell) for cell in filled)


def _is_figure(cell: str) -> bool:
    digits = sum(character.isdigit() for character in cell)
    return digits > 0 and not any(character.isalpha() for character in cell)
