"""One evaluation of an expression: what it may read, and what it may use up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from conduet.engine.values import RESULT_BYTES, Json, json_bytes

FUEL: Final = 50_000
"""What one evaluation may use: a unit is 64 characters or one item that an operator or filter goes through."""

TOO_LARGE: Final = f"the result is larger than {RESULT_BYTES // 1024} KB"


class ExpressionError(ValueError):
    """An expression that is not in the language, or that has no value; `message` is for people."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(slots=True)
class Evaluation:
    """The variables of one evaluation, the project's time zone, the paths that led nowhere, and the fuel that is left.

    An expression has no loops: each part of it is evaluated once at most, so that fuel is only spent by what goes
    through a whole text, list or object.
    """

    names: Mapping[str, Json]
    zone: str = "UTC"
    missing: list[str] = field(default_factory=list[str])
    fuel: int = FUEL

    def spend(self, units: int) -> None:
        """Takes fuel; raises `ExpressionError` when there is too little left."""
        self.fuel -= units
        if self.fuel < 0:
            raise ExpressionError("there is too much to do")

    def weigh(self, values: Iterable[Json]) -> None:
        """Takes the fuel for a new list or object that holds these values, as `make` does."""
        size = 0
        for value in values:
            size += _weight(value)
            if size > RESULT_BYTES:
                break
        self.make(size)

    def make(self, size: int) -> None:
        """Takes the fuel for a new value of `size` characters; raises `ExpressionError` when it would be too large."""
        if size > RESULT_BYTES:
            self.fuel -= size >> 6  # so that trying again and again ends too
            raise ExpressionError(TOO_LARGE)
        self.spend(size >> 6)


def _weight(value: Json) -> int:
    """About how many characters a value takes as JSON within a list or object."""
    if isinstance(value, str):
        return len(value) + 3
    return json_bytes(value) + 1 if isinstance(value, list | dict) else 8
