"""What the operators of an expression mean: values are compared and combined as typed, never converted on the way."""

import math
from collections.abc import Callable, Mapping
from typing import Final, TypeGuard

from conduet.engine.language.evaluation import Evaluation, ExpressionError
from conduet.engine.values import Json, kind

_INTEGER_BOUND: Final = 2**127
_EXACT_FLOAT_BOUND: Final = 2**53


def is_number(value: Json) -> TypeGuard[int | float]:
    """A number; `true` and `false` are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def same(evaluation: Evaluation, left: Json, right: Json) -> bool:
    """`==`: the same JSON value; `1` and `1.0` are the same, `1`, `true` and `"1"` are not."""
    if isinstance(left, str) and isinstance(right, str):
        evaluation.spend(len(left) >> 6)
        return left == right
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        evaluation.spend(len(left))
        return len(left) == len(right) and all(same(evaluation, *pair) for pair in zip(left, right, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        evaluation.spend(len(left))
        return left.keys() == right.keys() and all(same(evaluation, left[key], right[key]) for key in left)
    return left == right


def contains(evaluation: Evaluation, needle: Json, container: Json) -> bool:
    """`in`: an item of a list, a key of an object, a part of a text; nothing is in `null`."""
    if isinstance(container, list):
        evaluation.spend(len(container))
        return any(same(evaluation, needle, item) for item in container)
    if container is None or (needle is None and isinstance(container, str | dict)):
        return False
    if isinstance(needle, str) and isinstance(container, str):
        evaluation.spend(len(container) + len(needle) >> 6)
        return needle in container
    if isinstance(needle, str) and isinstance(container, dict):
        return needle in container
    raise ExpressionError(f"`in` cannot look for {kind(needle)} in {kind(container)}")


_ORDERS: Final[Mapping[str, Callable[[int], bool]]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def holds(evaluation: Evaluation, sign: str, left: Json, right: Json) -> bool:
    """A comparison. Numbers and texts have an order among themselves; `null` is neither before nor after anything."""
    match sign:
        case "==":
            return same(evaluation, left, right)
        case "!=":
            return not same(evaluation, left, right)
        case "in":
            return contains(evaluation, left, right)
        case "not in":
            return not contains(evaluation, left, right)
        case _:
            return _ordered(evaluation, sign, left, right)


def _ordered(evaluation: Evaluation, sign: str, left: Json, right: Json) -> bool:
    if is_number(left) and is_number(right):
        return _ORDERS[sign]((left > right) - (left < right))
    if left is None or right is None:
        return False
    if isinstance(left, str) and isinstance(right, str):
        evaluation.spend(len(left) >> 6)
        return _ORDERS[sign]((left > right) - (left < right))
    raise ExpressionError(f"`{sign}` cannot compare {kind(left)} with {kind(right)}")


_NUMERIC: Final[Mapping[str, Callable[[int | float, int | float], int | float]]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "%": lambda left, right: left % right,
}


def combine(evaluation: Evaluation, sign: str, left: Json, right: Json) -> Json:
    """Arithmetic on numbers, and `+` on two texts or two lists, where `null` reads as the empty text."""
    if is_number(left) and is_number(right):
        return _calculate(sign, left, right)
    if sign == "+" and isinstance(left, list) and isinstance(right, list):
        evaluation.weigh((left, right))
        return left + right
    if sign == "+" and isinstance(left, str | None) and isinstance(right, str | None):
        evaluation.make(len(left or "") + len(right or ""))
        return (left or "") + (right or "")
    raise ExpressionError(f"`{sign}` cannot combine {kind(left)} with {kind(right)}")


def _calculate(sign: str, left: int | float, right: int | float) -> int | float:
    try:
        return number(_NUMERIC[sign](left, right))
    except ZeroDivisionError:
        raise ExpressionError("a number cannot be divided by zero") from None
    except OverflowError:
        raise ExpressionError("the number is too large") from None


def number(value: int | float) -> int | float:
    """A result as JSON has it: a whole one without a fraction; raises `ExpressionError` for one that is too large."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ExpressionError("the number is too large")
        return int(value) if value.is_integer() and abs(value) <= _EXACT_FLOAT_BOUND else value
    if abs(value) >= _INTEGER_BOUND:
        raise ExpressionError("the number is too large")
    return value
