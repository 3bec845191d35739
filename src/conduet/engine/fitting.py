"""Values as a conversation's variables may hold them."""

import re
from typing import Final

from conduet.engine.shape import Variable
from conduet.engine.values import Json, Mismatch, convert

VARIABLES_BYTES: Final = 256 * 1024
"""The bound of a conversation's variables together, as compact JSON."""

LEVELS: Final = 56
"""How deep a value may be nested: a state that holds it is at most 64 levels deep, as every body of the API."""

LANGUAGE: Final = "sys.language"
"""The one system variable that may be set."""

_LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")


def fitted(name: str, value: Json, declared: Variable | None) -> Json:
    """The value as a variable of that name may hold it; raises `Mismatch`, for people."""
    if name == LANGUAGE:
        if not isinstance(value, str) or not _LANGUAGE_TAG.fullmatch(value):
            raise Mismatch("expected a language tag such as `de` or `de-AT`")
        return value
    if name == "sys" or name.startswith("sys."):
        raise Mismatch(f"of the system variables only `{LANGUAGE}` can be set")
    return storable(convert(value, declared.type) if declared else value)


def storable(value: Json, levels: int = LEVELS) -> Json:
    """The value as every JSON reader takes it: integers beyond 64 bits become floats.

    Raises `Mismatch` for one that is too large for that, and for a value nested more than `levels` deep.
    """
    if isinstance(value, list | dict) and not levels:
        raise Mismatch(f"the value is nested more than {LEVELS} levels deep")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        try:
            return float(value)
        except OverflowError:
            raise Mismatch("the number is too large") from None
    if isinstance(value, list):
        return [storable(item, levels - 1) for item in value]
    if isinstance(value, dict):
        return {name: storable(item, levels - 1) for name, item in value.items()}
    return value
