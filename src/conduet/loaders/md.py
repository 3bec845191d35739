"""Markdown: headings, paragraphs, lists, tables and code as CommonMark reads them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from conduet.kit.loading.loader import Loader
from conduet.kit.loading.outline import Outline
from conduet.kit.loading.section import Section
from conduet.kit.loading.source import Source
from conduet.kit.loading.table import row_text

if TYPE_CHECKING:
    from markdown_it.token import Token

FENCE = "---"


class Markdown(Loader):
    """Markdown with tables; front matter is left out."""

    type = "md"
    extensions = (".md", ".markdown", ".mdx")
    mimes = ("text/markdown", "text/x-markdown")

    def sections(self, source: Source) -> Iterator[Section]:
        from markdown_it import MarkdownIt

        lines = _without_front_matter(list(source.lines()))
        tokens = MarkdownIt("commonmark").enable("table").parse("\n".join(lines))
        outline = Outline()
        index = 0
        while index < len(tokens):
            token = tokens[index]
            end = _end(tokens, index)
            block = tokens[index : end + 1]
            match token.type:
                case "heading_open":
                    yield from outline.enter(int(token.tag[1:]), _plain(block))
                case "table_open":
                    for row in _rows(block):
                        yield Section(row, outline.path, kind="table")
                case "bullet_list_open" | "ordered_list_open":
                    for item in _items(block, lines):
                        yield Section(item, outline.path, kind="list")
                case "fence" | "code_block":
                    yield from _section(token.content.rstrip(), outline, code=True)
                case _:
                    yield from _section(_plain(block), outline)
            index = end + 1
        yield from outline.end()


def _section(text: str, outline: Outline, *, code: bool = False) -> Iterator[Section]:
    if text.strip():
        yield Section(text, outline.path, kind="code" if code else "text")


def _without_front_matter(lines: list[str]) -> list[str]:
    if lines and lines[0].rstrip() == FENCE:
        for index, line in enumerate(lines[1:], 1):
            if line.rstrip() == FENCE:
                return lines[index + 1 :]
    return lines


def _end(tokens: "Sequence[Token]", start: int) -> int:
    """Where the block ends that opens at `start`."""
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].nesting
        if depth <= 0:
            return index
    return len(tokens) - 1


def _plain(block: "Sequence[Token]") -> str:
    """The text of a block as it is read: without emphasis and addresses of links."""
    parts: list[str] = []
    for token in block:
        if token.type == "inline":
            parts.append("".join(_words(token)))
        elif token.type in {"fence", "code_block"}:
            parts.append(token.content.rstrip())
    return "\n".join(parts)


def _words(inline: "Token") -> Iterator[str]:
    for child in inline.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            yield "\n"
        elif child.type in {"text", "code_inline", "image"}:
            yield child.content


def _items(block: "Sequence[Token]", lines: Sequence[str]) -> Iterator[str]:
    """The items of a list as they stand there, marks and lists inside them included."""
    level = block[0].level
    for token in block:
        if token.type == "list_item_open" and token.level == level + 1 and token.map:
            text = "\n".join(lines[slice(*token.map)]).strip()
            if text:
                yield text


def _rows(block: "Sequence[Token]") -> Iterator[str]:
    headers: list[str] = []
    row: list[str] = []
    for position, token in enumerate(block):
        if token.type == "tr_open":
            row = []
        elif token.type in {"th_open", "td_open"}:
            row.append(_plain(block[position + 1 : position + 2]))
        elif token.type == "tr_close":
            if not headers:
                headers = row
            elif text := row_text(headers, row):
                yield text
