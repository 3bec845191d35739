"""The filters of the language: `value|filter(arguments)`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from conduet.engine.language.dates import date
from conduet.engine.language.evaluation import Evaluation, ExpressionError
from conduet.engine.language.nodes import FilterFunction
from conduet.engine.language.operators import number
from conduet.engine.values import Json, json_bytes, kind, to_json, to_number, to_text

_DIGITS: Final = 15
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a filter does, with how many arguments."""

    function: FilterFunction
    least: int = 0
    most: int = 0


def _text(evaluation: Evaluation, name: str, value: Json) -> str:
    """The text that a filter works on; numbers and `true` are read as they would be shown."""
    if isinstance(value, list | dict):
        raise ExpressionError(f"`{name}` needs text, not {kind(value)}")
    text = to_text(value)
    evaluation.make(len(text))
    return text


def _on_text(name: str, change: Callable[[str], str], *, slowness: int = 1) -> FilterFunction:
    """A filter that goes through a text; `null` stays `null`, so that `default` may follow.

    `slowness` is what a character costs, in the time that it takes to copy one.
    """

    def changed(evaluation: Evaluation, value: Json) -> Json:
        if value is None:
            return None
        text = _text(evaluation, name, value)
        evaluation.spend((slowness - 1) * len(text) >> 6)
        return change(text)

    return changed


def _title(text: str) -> str:
    """Each word with a capital, `it's` as one word."""
    return _WORD.sub(lambda word: word[0][0].upper() + word[0][1:].lower(), text)


def _length(evaluation: Evaluation, value: Json) -> Json:
    if value is None:
        return 0
    if isinstance(value, str | list | dict):
        return len(value)
    raise ExpressionError(f"`length` needs text, a list or an object, not {kind(value)}")


def _end(name: str, index: int) -> FilterFunction:
    """The item or character at one end; `null` where there is none."""

    def end(evaluation: Evaluation, value: Json) -> Json:
        if isinstance(value, str | list):
            return value[index] if value else None
        if value is None:
            return None
        raise ExpressionError(f"`{name}` needs a list or text, not {kind(value)}")

    return end


def _join(evaluation: Evaluation, value: Json, separator: Json = "") -> Json:
    if value is None:
        return None
    if not isinstance(value, list):
        raise ExpressionError(f"`join` needs a list, not {kind(value)}")
    between = _text(evaluation, "join", separator)
    evaluation.spend(len(value))
    evaluation.make(len(between) * len(value))
    texts = [to_text(item) for item in value]
    evaluation.make(len(between) * len(value) + sum(map(len, texts)))
    return between.join(texts)


def _round(evaluation: Evaluation, value: Json, digits: Json = 0) -> Json:
    """The number, or the number a text spells, to so many decimal places, halves away from zero."""
    if value is None:
        return None
    given = to_number(value)
    if given is None:
        raise ExpressionError(f"`round` needs a number, not {kind(value)}")
    places = to_number(digits)
    if not isinstance(places, int) or abs(places) > _DIGITS:
        raise ExpressionError(f"`round` takes a whole number of decimal places, at most {_DIGITS}")
    try:
        rounded = Decimal(str(given)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    except InvalidOperation:  # more digits than the 28 of a decimal: nothing to round
        return number(given)
    return number(int(rounded) if rounded == int(rounded) else float(rounded))


def _replace(evaluation: Evaluation, value: Json, old: Json, new: Json) -> Json:
    if value is None:
        return None
    text, before, after = (_text(evaluation, "replace", part) for part in (value, old, new))
    if not before:
        return text
    evaluation.make(len(text) + text.count(before) * (len(after) - len(before)))
    return text.replace(before, after)


def _json(evaluation: Evaluation, value: Json) -> Json:
    evaluation.make(json_bytes(value))
    return to_json(value)


def _urlencode(evaluation: Evaluation, value: Json) -> Json:
    """Percent-encoded text, `/` too; an object becomes `name=value&…`, a list in it several of them."""
    if value is None:
        return None
    if not isinstance(value, dict):
        return _quoted(evaluation, value)
    pairs = [(name, item) for name, many in value.items() for item in (many if isinstance(many, list) else [many])]
    evaluation.spend(len(pairs))
    encoded = [f"{_quoted(evaluation, name)}={_quoted(evaluation, item)}" for name, item in pairs]
    evaluation.make(sum(map(len, encoded)) + len(encoded))
    return "&".join(encoded)


def _quoted(evaluation: Evaluation, value: Json) -> str:
    text = _text(evaluation, "urlencode", value)
    evaluation.spend(len(text) >> 3)
    quoted = quote(text, safe="", errors="replace")
    evaluation.make(len(quoted))
    return quoted


FILTERS: Final[Mapping[str, Filter]] = MappingProxyType(
    {
        "upper": Filter(_on_text("upper", str.upper)),
        "lower": Filter(_on_text("lower", str.lower)),
        "trim": Filter(_on_text("trim", str.strip)),
        "title": Filter(_on_text("title", _title, slowness=16)),
        "length": Filter(_length),
        "first": Filter(_end("first", 0)),
        "last": Filter(_end("last", -1)),
        "join": Filter(_join, most=1),
        "round": Filter(_round, most=1),
        "replace": Filter(_replace, least=2, most=2),
        "date": Filter(date, most=1),
        "json": Filter(_json),
        "urlencode": Filter(_urlencode),
    }
)
"""Every filter by its name, but `default`, which is part of the grammar."""
