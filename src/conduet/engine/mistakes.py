"""Mistakes of a document's shape, by path and in words for people."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from conduet.errors import At, BadRequest
from conduet.kit.schema import path_of


def below(path: str, *parts: int | str) -> str:
    """`path` and what lies below it: `workflows[0]`, `steps`, `2` as `workflows[0].steps[2]`."""
    return path_of((path, *parts) if path else parts)


def mistakes_of(error: ValidationError, raw: object, path: str = "") -> list[At]:
    """Pydantic's errors about `raw`, which lies at `path`; of the alternatives of one field, the first is told."""
    found: dict[str, At] = {}
    for detail in error.errors(include_url=False, include_context=False):
        where = below(path, *_inside(detail["loc"], raw))
        message = "A field is missing here" if detail["type"] == "missing" else detail["msg"]
        found.setdefault(where, At(where, f"{message.replace('a valid tuple', 'a list')}."))
    return [*found.values()]


def repeated(parts: Iterable[BaseModel], key: str, path: str) -> Iterator[At]:
    """Each of `parts` whose `key` another one before it has."""
    seen: set[str] = set()
    for index, part in enumerate(parts):
        value: str = getattr(part, key)
        if value in seen:
            yield At(f"{path}[{index}].{key}", f"{value!r} is there twice; each needs its own.")
        seen.add(value)


def refused(mistakes: Sequence[At]) -> BadRequest:
    """The error that tells all of them, the first one in its message."""
    first = mistakes[0]
    told = f"{first.path}: {first.message}" if first.path else first.message
    more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
    return BadRequest(f"The document is not valid: {told}{more}", details=mistakes)


def _inside(loc: tuple[int | str, ...], raw: Any) -> Iterator[int | str]:
    """The parts of a location that are part of the document: a location also names the alternatives of a union."""
    for number, part in enumerate(loc):
        if isinstance(part, int) and isinstance(raw, list) and part < len(cast("list[Any]", raw)):
            raw = cast("list[Any]", raw)[part]
        elif isinstance(raw, dict) and part in raw:
            raw = cast("dict[Any, Any]", raw)[part]
        elif not isinstance(raw, dict) or number < len(loc) - 1:
            continue
        yield part
