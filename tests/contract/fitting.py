"""Whether an answer has what the contract names."""

import re
from collections.abc import Iterator
from typing import Any, cast

from tests.contract.shapes import ANY, PROCESSING, TIME

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def misfits(value: Any, shape: Any, path: str = "") -> Iterator[str]:
    """Each place where `value` lacks what `shape` has, or has another type there; more than it names may be there."""
    if isinstance(shape, dict):
        yield from _in_object(value, cast("dict[str, Any]", shape), path)
    elif isinstance(shape, list):
        yield from _in_list(value, cast("list[Any]", shape)[0], path)
    elif shape == TIME:
        if not isinstance(value, str) or not _TIME.fullmatch(value):
            yield f"{path}: {value!r} is no time in UTC"
    elif shape != ANY and not _is_kind(value, shape):
        yield f"{path}: {value!r} is not as {shape!r}"
    elif shape == PROCESSING and value != shape:
        yield f"{path}: {value!r} is not {shape!r}"


def _in_object(value: Any, shape: dict[str, Any], path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: {value!r} is no object"
        return
    held = cast("dict[str, Any]", value)
    for name, inner in shape.items():
        if name in held:
            yield from misfits(held[name], inner, f"{path}.{name}")
        else:
            yield f"{path}.{name} is missing"


def _in_list(value: Any, shape: Any, path: str) -> Iterator[str]:
    if not isinstance(value, list) or not value:
        yield f"{path}: {value!r} is no list with something in it"
        return
    for index, item in enumerate(cast("list[Any]", value)):
        yield from misfits(item, shape, f"{path}[{index}]")


def _is_kind(value: Any, shape: Any) -> bool:
    # JSON has one kind of number.
    if isinstance(shape, bool) or isinstance(value, bool):
        return isinstance(shape, bool) and isinstance(value, bool)
    return isinstance(value, (int, float) if isinstance(shape, int | float) else str)
