"""JSON values as a project's variables hold them: paths, text, declared types, the comparisons of a `condition`."""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from conduet.engine.patterns import compile_pattern

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
"""A JSON value. Numbers are finite, texts hold no lone surrogate: nothing that cannot be written as JSON."""

VariableType: TypeAlias = Literal["text", "number", "boolean", "list", "object"]
"""What a variable can be declared as."""

Operator: TypeAlias = Literal[
    "is",
    "isNot",
    "contains",
    "notContains",
    "startsWith",
    "endsWith",
    "greaterThan",
    "lessThan",
    "atLeast",
    "atMost",
    "isEmpty",
    "isNotEmpty",
    "matches",
]
"""What a `condition` can ask of a variable."""

Step: TypeAlias = str | int
"""One step of a path: an object's key, or an index into a list or text (negative: from its end)."""


class Missing(Enum):
    """The type of `MISSING`."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING
"""What a path leads to when there is nothing; `null` is something."""

RESULT_BYTES: Final = 256 * 1024
"""The largest value that an expression or a template makes, and the bound of a conversation's variables."""


class Mismatch(ValueError):
    """A value that does not fit a declared type; the text says so, for people."""


_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def to_json(value: Json) -> str:
    """Compact JSON. Raises `ValueError` for `NaN`, an infinity or an integer of more than 4,300 digits.

    Raises `RecursionError` when the value is nested too deeply.
    """
    return _ENCODE(value)


def to_text(value: Json) -> str:
    """A value as people read it: text as it is, `3` for `3.0`, nothing for `null`, lists and objects as compact JSON.

    Raises what `to_json` raises.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _decimal(value)
    return str(value) if isinstance(value, int) else _ENCODE(value)


def _decimal(number: float) -> str:
    """A number without an exponent, however large or small."""
    if number.is_integer():
        return str(int(number))
    shown = repr(number)
    return format(Decimal(shown), "f") if "e" in shown else shown


def text_bytes(text: str) -> int:
    """The size of a text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def json_bytes(value: Json) -> int:
    """The size of a value as compact JSON in UTF-8; raises what `to_json` raises."""
    return text_bytes(_ENCODE(value))


_PATH_STEP = re.compile(
    r"""\.?(?P<name>[^.\[\]\s]++)|\[\s*+(?:(?P<index>-?[0-9]{1,9})|"(?P<double>[^"]*+)"|'(?P<single>[^']*+)')\s*+\]"""
)


@lru_cache(maxsize=2048)
def parse_path(path: str) -> tuple[Step, ...] | None:
    """The steps of a path such as `customer.name`, `items[0].price` or `answers["first name"]`, else `None`."""
    steps: list[Step] = []
    position = 0
    while position < len(path):
        found = _PATH_STEP.match(path, position)
        if found is None or (found["name"] is not None and (position > 0) != (path[position] == ".")):
            return None
        if found["index"] is not None:
            steps.append(int(found["index"]))
        else:
            steps.append(next(part for part in found.group("name", "double", "single") if part is not None))
        position = found.end()
    return tuple(steps) if steps and path[0] != "[" else None


def follow(value: Json, step: Step) -> Json | Missing:
    """What one step of a path leads to."""
    if isinstance(value, dict):
        return value.get(step, MISSING) if isinstance(step, str) else MISSING
    if isinstance(value, list | str) and isinstance(step, int) and -len(value) <= step < len(value):
        return value[step]
    return MISSING


def resolve(path: str, names: Mapping[str, Json]) -> Json | Missing:
    """What a path leads to among `names`; `MISSING` when it leads nowhere or is no path.

    A name that is spelled like the whole path goes first.
    """
    if path in names:
        return names[path]
    steps = parse_path(path)
    if steps is None:
        return MISSING
    found: Json | Missing = names.get(str(steps[0]), MISSING)
    for step in steps[1:]:
        if found is MISSING:
            return MISSING
        found = follow(found, step)
    return found


_NUMBER = re.compile(r"\s*+-?(?:0|[1-9][0-9]*+)(?P<fraction>(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?)\s*+")


def to_number(value: Json) -> int | float | None:
    """The number that a value is, or that a text spells as JSON does; `None` for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    if not isinstance(value, str) or (found := _NUMBER.fullmatch(value)) is None:
        return None
    if not found["fraction"]:
        try:
            return int(value)
        except ValueError:  # Python refuses integers of more than 4,300 digits
            return None
    number = float(value)
    return None if number in {float("inf"), float("-inf")} else number


def convert(value: Json, declared: VariableType) -> Json:
    """The value as its declared type has it; raises `Mismatch` where it has none, as for `null`.

    Text that spells a JSON number, `true`, `false`, a list or an object becomes one; numbers and booleans become text.
    """
    converted = _CONVERSIONS[declared](value)
    if converted is None:
        raise Mismatch(f"expected {_NOUNS[declared]}, got {kind(value)}")
    return converted


def _text(value: Json) -> Json:
    return to_text(value) if isinstance(value, str | bool | int | float) else None


def _boolean(value: Json) -> Json:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip())
    return value if isinstance(value, bool) else None


def _list(value: Json) -> Json:
    read = _read(value)
    return read if isinstance(read, list) else None


def _object(value: Json) -> Json:
    read = _read(value)
    return read if isinstance(read, dict) else None


def _read(value: Json) -> Json:
    """The strict JSON that a text spells; any other value as it is."""
    if not isinstance(value, str):
        return value
    try:
        return read_json(value)
    except ValueError:
        return None


def read_json(text: str) -> Json:
    """The strict JSON that a text spells; raises `ValueError` for anything else, half a character or a NUL included."""
    try:
        read: Json = json.loads(text)
        written = to_json(read)
        written.encode()
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
    if "\\u0000" in written:
        raise ValueError("a text of the JSON holds a NUL")
    return read


_CONVERSIONS: Final[Mapping[VariableType, Callable[[Json], Json]]] = {
    "text": _text,
    "number": to_number,
    "boolean": _boolean,
    "list": _list,
    "object": _object,
}
_NOUNS: Final[Mapping[VariableType, str]] = {
    "text": "text",
    "number": "a number",
    "boolean": "true or false",
    "list": "a list",
    "object": "an object",
}


def kind(value: Json) -> str:
    """What a value is, in words for people: `a number`, `text`, `nothing` for `null`."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "an object"


def compare(left: Json, operator: Operator, right: Json) -> bool:
    """Whether a condition holds: as numbers when both sides are or spell numbers, else as text without regard to case.

    `contains` on a list tests membership by the same rule. `matches` searches the text for a pattern of RE2's, which
    regards case unless it begins with `(?i)`. `null` reads as the empty text. Raises `PatternError` for a pattern that
    RE2 refuses.
    """
    return _TESTS[operator](left, right)


def _order(left: Json, right: Json) -> int:
    """Negative, zero or positive, as `left` comes before, with or after `right`."""
    first, second = to_number(left), to_number(right)
    if first is not None and second is not None:
        return (first > second) - (first < second)
    before, after = to_text(left).casefold(), to_text(right).casefold()
    return (before > after) - (before < after)


def _contains(left: Json, right: Json) -> bool:
    if isinstance(left, list):
        return any(_order(item, right) == 0 for item in left)
    return to_text(right).casefold() in to_text(left).casefold()


def _empty(value: Json) -> bool:
    return value is None or value in ("", [], {})


_TESTS: Final[Mapping[Operator, Callable[[Json, Json], bool]]] = {
    "is": lambda left, right: _order(left, right) == 0,
    "isNot": lambda left, right: _order(left, right) != 0,
    "contains": _contains,
    "notContains": lambda left, right: not _contains(left, right),
    "startsWith": lambda left, right: to_text(left).casefold().startswith(to_text(right).casefold()),
    "endsWith": lambda left, right: to_text(left).casefold().endswith(to_text(right).casefold()),
    "greaterThan": lambda left, right: _order(left, right) > 0,
    "lessThan": lambda left, right: _order(left, right) < 0,
    "atLeast": lambda left, right: _order(left, right) >= 0,
    "atMost": lambda left, right: _order(left, right) <= 0,
    "isEmpty": lambda left, _: _empty(left),
    "isNotEmpty": lambda left, _: not _empty(left),
    "matches": lambda left, right: compile_pattern(to_text(right)).search(to_text(left)) is not None,
}
