"""The tokens of an expression, and where the expression of a `{{ … }}` ends."""

import re
from dataclasses import dataclass
from typing import Final

from conduet.engine.language.evaluation import ExpressionError

_TOKEN: Final = re.compile(
    r"""\s*+(?:
    (?P<number>[0-9]++(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?)
    |(?P<name>[^\W\d]\w*+)
    |(?P<text>'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+")
    |(?P<sign>==|!=|<=|>=|&&|\|\||[-+*/%<>()\[\]{},:.|!])
    )""",
    re.VERBOSE | re.DOTALL,
)
_WORDS: Final = {"&&": "and", "||": "or", "!": "not"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression: a `number`, `name`, `text` (in its quotes), `sign` or the `end`.

    `start` and `end` are its place in the source, in characters.
    """

    kind: str
    value: str
    start: int
    end: int


def tokenize(source: str) -> list[Token]:
    """The tokens of an expression, the `end` last; `&& || !` are read as the words. Raises `ExpressionError`."""
    tokens: list[Token] = []
    position, length = 0, len(source.rstrip())
    while position < length:
        found = _TOKEN.match(source, position)
        if found is None:
            raise ExpressionError(_unreadable(source[position:].lstrip()))
        kind = found.lastgroup or ""
        tokens.append(Token(kind, _WORDS.get(found[kind], found[kind]), found.start(kind), found.end()))
        position = found.end()
    tokens.append(Token("end", "", length, length))
    return tokens


def _unreadable(rest: str) -> str:
    if rest[0] in "'\"":
        return f"the text that begins with {rest[:20]} has no closing quote"
    if rest[0] == "=":
        return "`=` does not compare and nothing can be assigned: write `==`"
    return f"`{rest[0]}` is not part of the language"


def closing(source: str, start: int) -> int | None:
    """Where the `}}` stands that ends the expression begun at `start`, past texts and objects within it; else `None`.

    No expression holds `{{` outside its texts, and a scan stops there: so a whole template is read in linear time,
    however many of its `{{` are never closed.
    """
    depth, position = 0, start
    while (found := _TOKEN.match(source, position)) is not None:
        position = found.end()
        if found["sign"] == "{":
            if source.startswith("{", position):
                return None
            depth += 1
        elif found["sign"] == "}":
            if depth == 0:
                return position - 1 if source.startswith("}", position) else None
            depth -= 1
    return None
