"""What a person sees of HTML that anybody may have sent: in one pass, whatever is left open in it."""

import re
from html import unescape
from typing import Final

_ROWS: Final = frozenset(("br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"))
# Each alternative takes what it begins with to its end, or else to the end of all: nothing is looked at twice.
_MARK: Final = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<unseen>script|style|head|title)\b.*?(?:</(?P=unseen)\b[^>]*+(?:>|\Z)|\Z)"
    r"""|</?(?P<tag>[a-z][a-z0-9]*+)(?:[^"'>]++|"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))*+(?:>|\Z)"""
    r"|<[!?/][^>]*+(?:>|\Z)",
    re.DOTALL | re.IGNORECASE,
)


def seen(html: str) -> str:
    """The words, line by line."""
    text = unescape(_MARK.sub(_row, html))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _row(mark: re.Match[str]) -> str:
    return "\n" if (mark["tag"] or "").lower() in _ROWS else ""
