"""Markdown in the signs of a channel, or in none."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


def bare_link(text: str, url: str) -> str:
    """A link as its text and its address."""
    return url if text in ("", url) else f"{text} ({url})"


def _same(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Style:
    """What goes before and after words of a kind, how a link is written, and what has to be escaped."""

    bold: tuple[str, str] = ("", "")
    italic: tuple[str, str] = ("", "")
    strike: tuple[str, str] = ("", "")
    code: tuple[str, str] = ("", "")
    block: tuple[str, str] = ("", "")
    link: Callable[[str, str], str] = bare_link
    escape: Callable[[str], str] = _same


PLAIN = Style()


def rendered(text: str, style: Style = PLAIN) -> str:
    """A text in markdown, in that style; HTML in it is text."""
    return _Writer(style).blocks(_parser().parse(text)).strip()


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"])


class _Writer:
    def __init__(self, style: Style) -> None:
        self._style = style
        self._lists: list[int | None] = []
        self._cells: list[str] = []

    def blocks(self, tokens: "Sequence[Token]") -> str:
        return "".join(piece for index, token in enumerate(tokens) for piece in self._block(token, tokens, index))

    def _block(self, token: "Token", tokens: "Sequence[Token]", index: int) -> Iterator[str]:
        style = self._style
        match token.type:
            case "inline":
                yield from self._inline_block(token, tokens[index - 1].type)
            case "paragraph_close":
                yield "\n" if token.hidden or self._lists else "\n\n"
            case "heading_close" | "blockquote_close":
                yield "\n\n"
            case "fence" | "code_block":
                yield f"{style.block[0]}{style.escape(token.content.rstrip())}{style.block[1]}\n\n"
            case "hr":
                yield "———\n\n"
            case "tr_close":
                yield " | ".join(self._cells) + "\n"
                self._cells = []
            case "table_close":
                yield "\n"
            case _:
                yield self._listed(token)

    def _listed(self, token: "Token") -> str:
        match token.type:
            case "bullet_list_open":
                self._lists.append(None)
            case "ordered_list_open":
                self._lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
                return "" if self._lists else "\n"
            case "list_item_open":
                return self._mark()
            case _:
                pass
        return ""

    def _inline_block(self, token: "Token", opened: str) -> Iterator[str]:
        words = self._words(token.children or [])
        if opened in ("th_open", "td_open"):
            self._cells.append(words)
        elif opened == "heading_open":
            yield f"{self._style.bold[0]}{words}{self._style.bold[1]}"
        else:
            yield words

    def _mark(self) -> str:
        indent = "  " * (len(self._lists) - 1)
        number = self._lists[-1]
        if number is None:
            return f"{indent}• "
        self._lists[-1] = number + 1
        return f"{indent}{number}. "

    def _words(self, tokens: "Sequence[Token]") -> str:
        style, pieces, links = self._style, list[str](), list[tuple[int, str]]()
        signs: dict[str, tuple[str, str]] = {"strong": style.bold, "em": style.italic, "s": style.strike}
        for token in tokens:
            name, _, side = token.type.rpartition("_")
            if name in signs:
                pieces.append(signs[name][0 if side == "open" else 1])
            elif token.type == "link_open":
                links.append((len(pieces), _text(token.attrGet("href"))))
            elif token.type == "link_close":
                start, url = links.pop()
                pieces[start:] = [style.link("".join(pieces[start:]), url)]
            elif token.type == "code_inline":
                pieces.append(f"{style.code[0]}{style.escape(token.content)}{style.code[1]}")
            elif token.type in ("softbreak", "hardbreak"):
                pieces.append("\n")
            elif token.type == "image":
                pieces.append(style.link(style.escape(token.content), _text(token.attrGet("src"))))
            else:
                pieces.append(style.escape(token.content))
        return "".join(pieces)


def _text(value: Any) -> str:
    return str(value or "")
