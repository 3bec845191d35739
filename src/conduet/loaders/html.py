"""Web pages: the main text, without menus, banners and footers."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from conduet.kit.loading.loader import Loader
from conduet.kit.loading.outline import Outline
from conduet.kit.loading.section import Section
from conduet.kit.loading.source import Source
from conduet.kit.loading.table import has_headers, row_text

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_LEFT_OUT: Final = (
    "script,style,noscript,template,svg,canvas,iframe,object,nav,aside,form,button,select,input,textarea,dialog,head,"
    "[hidden],[aria-hidden=true],[role=navigation],[role=banner],[role=contentinfo],[role=search],[role=dialog],"
    "[role=complementary],[class*=cookie],[id*=cookie],[class*=breadcrumb],[class~=sidebar],[class~=navbar],"
    "[class~=menu]"
)
_FRAME: Final = "header,footer"
_MAIN: Final = ("main", "[role=main]", "article")
# A `main` with less than this share of the page's text is not what the page is about.
MAIN_SHARE: Final = 0.3
_CHARSET: Final = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_BLOCKS: Final = frozenset(
    re.findall(
        "[a-z0-9]+",
        "address article blockquote body center dd details div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5"
        " h6 header hr html li main ol p pre section summary table ul",
    )
)
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


class Html(Loader):
    """HTML and XHTML."""

    type = "html"
    extensions = (".html", ".htm", ".xhtml")
    mimes = ("text/html", "application/xhtml+xml")

    def sections(self, source: Source) -> Iterator[Section]:
        from selectolax.lexbor import LexborHTMLParser

        if (declared := _CHARSET.search(source.head[:4096])) and source.declared is None:
            source.declared = declared[1].decode("ascii").lower()
        tree = LexborHTMLParser(source.text())
        title = " ".join(node.text().split()) if (node := tree.css_first("title")) else ""
        root = tree.body or tree.root
        if root is None:
            return
        outline = Outline()
        main = _main(root)
        if title and main.css_first("h1") is None:
            yield from outline.enter(1, title)
        yield from _Walk(outline).block(main)
        yield from outline.end()


def _main(root: "LexborNode") -> "LexborNode":
    """The part of the page that is about something; takes out of it what is not."""
    for node in root.css(_LEFT_OUT):
        node.decompose()
    whole = len(root.text())
    for selector in _MAIN:
        found = root.css(selector)
        if len(found) == 1 and len(found[0].text()) >= MAIN_SHARE * whole:
            return found[0]
    for node in root.css(_FRAME):
        # The header of an article holds its title.
        if node.css_first("h1") is None:
            node.decompose()
    return root


class _Walk:
    """From block to block, with the text between them."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline

    def block(self, node: "LexborNode") -> Iterator[Section]:
        words: list[str] = []
        for child in node.iter(include_text=True):
            tag = child.tag or ""
            if tag in _BLOCKS or (tag != "-text" and _holds_block(child)):
                yield from self._text(words)
                words = []
                yield from self._inner(child, tag)
            elif tag == "br":
                words.append("\n")
            else:
                words.append(_inline(child))
        yield from self._text(words)

    def _inner(self, node: "LexborNode", tag: str) -> Iterator[Section]:
        if tag in _HEADINGS:
            yield from self._outline.enter(int(tag[1]), node.text())
        elif tag == "table" and node.css_first("table table") is None and len(node.css("tr")) > 1:
            for row in _rows(node):
                yield Section(row, self._outline.path, kind="table")
        elif tag == "pre":
            if text := node.text().strip("\n").rstrip():
                yield Section(text, self._outline.path, kind="code")
        elif tag == "li" and not _holds_block(node):
            if text := _clean(node.text()):
                yield Section(f"- {text}", self._outline.path, kind="list")
        else:
            yield from self.block(node)

    def _text(self, words: list[str]) -> Iterator[Section]:
        if text := _clean("".join(words)):
            yield Section(text, self._outline.path)


def _holds_block(node: "LexborNode") -> bool:
    return any((inner.tag or "") in _BLOCKS for inner in node.iter()) or any(
        _holds_block(inner) for inner in node.iter()
    )


def _inline(node: "LexborNode") -> str:
    return node.text(separator="") if node.tag != "br" else "\n"


def _clean(text: str) -> str:
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def _rows(table: "LexborNode") -> Iterator[str]:
    rows = [[" ".join(cell.text(separator=" ").split()) for cell in row.css("th,td")] for row in table.css("tr")]
    first = table.css_first("tr")
    marked = first is not None and first.css_first("th") is not None and first.css_first("td") is None
    rows = [row for row in rows if any(row)]
    headed = marked or has_headers(rows)
    for row in rows[1:] if headed else rows:
        if text := row_text(rows[0] if headed else (), row):
            yield text
