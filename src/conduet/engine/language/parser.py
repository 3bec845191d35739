"""The grammar of the language, read by precedence climbing into a tree of nodes."""

import re
from collections.abc import Mapping
from typing import Final

from conduet.engine.language.evaluation import ExpressionError
from conduet.engine.language.filters import FILTERS
from conduet.engine.language.nodes import (
    Arithmetic,
    Both,
    Chain,
    Choice,
    Comparison,
    Default,
    Either,
    Filtered,
    ListOf,
    Literal,
    Negative,
    Node,
    Not,
    ObjectOf,
    Part,
    Path,
)
from conduet.engine.language.operators import is_number, number
from conduet.engine.language.tokens import Token, tokenize
from conduet.engine.values import Json

DEPTH: Final = 32
"""How deeply parentheses, lists, objects, arguments and `not` may nest: recursion stays far from Python's own limit."""

STEPS: Final = 64
"""How many steps a path may have, as many as JSON may have levels, and how many filters a value."""

_COMPARISONS: Final = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "not in"})
_LEVELS: Final[tuple[tuple[frozenset[str], type[Chain]], ...]] = (
    (frozenset({"or"}), Either),
    (frozenset({"and"}), Both),
    (_COMPARISONS, Comparison),
    (frozenset({"+", "-"}), Arithmetic),
    (frozenset({"*", "/", "%"}), Arithmetic),
)
_COMPARISON_LEVEL: Final = 2

_CONSTANTS: Final[Mapping[str, Json]] = {
    "true": True,
    "false": False,
    "null": None,
    "none": None,
    "True": True,
    "False": False,
    "None": None,
}
_RESERVED: Final = frozenset({"and", "or", "not", "in", "is", "if", "else"})
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([\\\"'/bfnrt]))")
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def parse(source: str) -> tuple[Node, frozenset[str]]:
    """The tree of an expression and the paths it reads; raises `ExpressionError` for what is not in the language."""
    parser = _Parser(tokenize(source), source)
    node = parser.expression()
    parser.finish()
    return node, frozenset(parser.paths)


class _Parser:
    def __init__(self, tokens: list[Token], source: str) -> None:
        self.tokens = tokens
        self.source = source
        self.position = 0
        self.depth = 0
        self.paths: set[str] = set()

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def take(self) -> Token:
        token = self.token
        self.position += 1
        return token

    def accept(self, value: str) -> bool:
        """Goes past the next token when it is this sign or word."""
        if self.token.value != value:
            return False
        self.position += 1
        return True

    def expect(self, value: str) -> None:
        if not self.accept(value):
            raise self.unexpected(f"`{value}`")

    def unexpected(self, wanted: str) -> ExpressionError:
        token = self.token
        if token.kind == "end":
            return ExpressionError(f"{wanted} is missing at the end" if self.position else "the expression is empty")
        return ExpressionError(f"{wanted} is expected, not `{token.value[:40]}` (character {token.start + 1})")

    def finish(self) -> None:
        if self.token.value == "is":
            raise ExpressionError("there are no `is` tests: compare with `==`, or write `x == null`")
        if self.token.kind != "end":
            raise self.unexpected("an operator")

    def expression(self) -> Node:
        """`x if condition else y`, or what binds tighter."""
        value = self.chain(0)
        choices: list[tuple[Node, Node]] = []
        while self.accept("if"):
            choices.append((value, self.chain(0)))
            self.expect("else")
            value = self.chain(0)
        return Choice(tuple(choices), value) if choices else value

    def chain(self, loosest: int) -> Node:
        """An operand and the operators that follow it, from those that bind tightest down to this level."""
        node = self.operand()
        for level in range(len(_LEVELS) - 1, loosest - 1, -1):
            signs, chain = _LEVELS[level]
            rest: list[tuple[str, Node]] = []
            while (sign := self.operator(signs)) is not None:
                rest.append((sign, self.chain(level + 1)))
            if rest:
                node = chain(node, tuple(rest))
        return node

    def operator(self, signs: frozenset[str]) -> str | None:
        sign = self.token.value
        if sign == "not" and self.tokens[self.position + 1].value == "in":
            sign = "not in"
        if sign not in signs:
            return None
        self.position += 2 if sign == "not in" else 1
        return sign

    def operand(self) -> Node:
        self.depth += 1
        if self.depth > DEPTH:
            raise ExpressionError(f"the expression is nested deeper than {DEPTH} levels")
        node = Not(self.chain(_COMPARISON_LEVEL)) if self.accept("not") else self.signed()
        filters = 0
        while self.accept("|"):
            node = self.filtered(node)
            filters += 1
            if filters > STEPS:
                raise ExpressionError(f"a value has at most {STEPS} filters")
        self.depth -= 1
        return node

    def signed(self) -> Node:
        """Minus signs bind tighter than a filter, and a number has its sign at once."""
        signs = 0
        while self.accept("-"):
            signs += 1
        node = self.stepped()
        for _ in range(min(signs, 2 - signs % 2)):
            literal = node.literal if isinstance(node, Literal) else None
            node = Literal(number(-literal)) if is_number(literal) else Negative(node)
        return node

    def filtered(self, operand: Node) -> Node:
        name = self.name("a filter's name")
        arguments = self.sequence(")") if self.accept("(") else ()
        known = FILTERS.get(name)
        if known is None and name != "default":
            raise ExpressionError(
                f"there is no filter `{name[:40]}`; there are {', '.join(sorted((*FILTERS, 'default')))}"
            )
        least, most = (known.least, known.most) if known else (0, 2)
        if not least <= len(arguments) <= most:
            raise ExpressionError(f"`{name}` takes {_count(least, most)}, not {len(arguments)}")
        return Filtered(known.function, operand, arguments) if known else Default(operand, arguments)

    def name(self, wanted: str) -> str:
        if self.token.kind != "name":
            raise self.unexpected(wanted)
        return self.take().value

    def sequence(self, end: str) -> tuple[Node, ...]:
        """Expressions with commas between them, up to the sign that ends them."""
        items: list[Node] = []
        while not self.accept(end):
            if items and not self.accept(","):
                raise self.unexpected(f"`,` or `{end}`")
            items.append(self.expression())
        return tuple(items)

    def stepped(self) -> Node:
        """A value and the steps into it: `.name`, `[0]`, `["key"]`, `[key]`."""
        start = self.token.start
        node = self.primary()
        for _ in range(STEPS):
            if self.token.value == "(":
                raise ExpressionError("nothing can be called: there are only filters, as in `name|upper`")
            if self.accept("."):
                key: Node = Literal(self.name("a name"))
            elif self.accept("["):
                key = self.expression()
                self.expect("]")
            else:
                break
            node = self.step(node, key, self.source[start : self.tokens[self.position - 1].end])
        else:
            raise ExpressionError(f"a path has at most {STEPS} steps")
        if isinstance(node, Path):
            self.paths.add(node.text)
        return node

    def step(self, whole: Node, key: Node, text: str) -> Node:
        step = key.literal if isinstance(key, Literal) else None
        if isinstance(whole, Path):
            if isinstance(step, str | int) and not isinstance(step, bool):
                return whole.to(step)
            self.paths.add(whole.text)
        return Part(text, whole, key)

    def primary(self) -> Node:
        token = self.token
        if token.kind == "end" or token.value in _RESERVED:
            raise self.unexpected("a value")
        self.position += 1
        match token.kind, token.value:
            case "number", digits:
                return Literal(_number(digits))
            case "text", quoted:
                return Literal(_unquoted(quoted))
            case "name", name:
                return Literal(_CONSTANTS[name]) if name in _CONSTANTS else Path(name, name)
            case _, "(":
                node = self.expression()
                self.expect(")")
                return node
            case _, "[":
                return ListOf(self.sequence("]"))
            case _, "{":
                return ObjectOf(self.fields())
            case _:
                self.position -= 1
                raise self.unexpected("a value")

    def fields(self) -> tuple[tuple[str, Node], ...]:
        fields: list[tuple[str, Node]] = []
        while not self.accept("}"):
            if fields and not self.accept(","):
                raise self.unexpected("`,` or `}`")
            if self.token.kind != "text":
                raise self.unexpected("a key in quotes")
            key = _unquoted(self.take().value)
            self.expect(":")
            fields.append((key, self.expression()))
        return tuple(fields)


def _count(least: int, most: int) -> str:
    if most == 0:
        return "no argument"
    return f"{most} argument{'s' if most > 1 else ''}" if least == most else f"at most {most}"


def _number(digits: str) -> int | float:
    if not digits.isdigit():
        return number(float(digits))
    if len(digits) > 40:
        raise ExpressionError("the number is too large")
    return number(int(digits))


def _unquoted(quoted: str) -> str:
    """The text between the quotes, with JSON's escapes and that of the single quote; any other backslash is itself."""
    text = _ESCAPE.sub(_escaped, quoted[1:-1])
    try:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise ExpressionError("half a surrogate pair is no text") from None
    if "\0" in text:
        raise ExpressionError("a text holds no NUL")
    return text


def _escaped(escape: re.Match[str]) -> str:
    code, letter = escape.groups()
    return chr(int(code, 16)) if code else _ESCAPES.get(letter, letter)
