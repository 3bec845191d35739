"""Mistakes of a document's shape, by path and in words for people."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, cast

from pydantic import BaseModel, ValidationError

from conduet.errors import At, BadRequest
from conduet.kit.schema import path_of

TOLD: Final = 100
"""How many mistakes are told at once: a document full of them has one cause."""


def below(path: str, *parts: int | str) -> str:
    """`path` and what lies below it: `workflows[0]`, `steps`, `2` as `workflows[0].steps[2]`."""
    return path_of((path, *parts) if path else parts)


def mistakes_of(error: ValidationError, raw: object, path: str = "") -> list[At]:
    """Pydantic's errors about `raw`, which lies at `path`; of the alternatives of one field, the first is told."""
    found: dict[tuple[int | str, ...], str] = {}
    for detail in error.errors(include_url=False, include_context=False):
        missing = detail["type"] == "missing"
        where = (*_inside(detail["loc"], raw), *detail["loc"][-1:]) if missing else (*_inside(detail["loc"], raw),)
        found.setdefault(where, message_of(detail["type"], detail["msg"]))
    # An alternative that was gone into further is the one that was meant.
    meant = [where for where in found if not any(other != where and other[: len(where)] == where for other in found)]
    return [At(below(path, *where), found[where]) for where in meant]


def repeated(parts: Iterable[BaseModel], key: str, path: str) -> Iterator[At]:
    """Each of `parts` whose `key` another one before it has."""
    seen: set[str] = set()
    for index, part in enumerate(parts):
        value: str = getattr(part, key)
        if value in seen:
            yield At(f"{path}[{index}].{key}", f"{value!r} is there twice; each needs its own.")
        seen.add(value)


def refused(mistakes: Sequence[At]) -> BadRequest:
    """The error that tells them, the first one in its message, and as many as help in its details."""
    first = mistakes[0]
    told = f"{first.path}: {first.message}" if first.path else first.message
    more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
    return BadRequest(f"The document is not valid: {told}{more}", details=mistakes[:TOLD])


def message_of(kind: str, message: str) -> str:
    """What pydantic says of a mistake of a `kind`, in the words of JSON."""
    match kind:
        case "missing":
            return "A field is missing here."
        case "union_tag_not_found":
            return "A `type` is missing here."
        case "model_type" | "dict_type" | "model_attributes_type":
            return "Input should be an object."
        case "tuple_type":
            return "Input should be a list."
        case _:
            return f"{message}."


def _inside(loc: tuple[int | str, ...], raw: Any) -> Iterator[int | str]:
    """The parts of a location that are in the document: a location also names the alternatives of a union."""
    for part in loc:
        if (isinstance(part, int) and isinstance(raw, list)) or (isinstance(raw, dict) and part in raw):
            raw = cast("Any", raw)[part]
            yield part
