"""How bodies look on the wire: camelCase, strict types, unknown fields refused, mistakes told by path."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from conduet.errors import At, BadRequest
from conduet.kit.json import Json

M = TypeVar("M", bound=BaseModel)


class Wire(BaseModel):
    """A body of the API; what checks it is built with the first of them, as most are never seen by a process."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        strict=True,
        frozen=True,
        defer_build=True,
    )


def path_of(parts: Iterable[int | str]) -> str:
    """`("steps", 2, "config")` as `steps[2].config`."""
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def mistakes(errors: Sequence[Any], *, prefix: tuple[int | str, ...] = ()) -> list[At]:
    """Pydantic's errors (`ValidationError.errors()`) as mistakes by path."""
    return [At(path_of((*prefix, *error["loc"])), message_of(error)) for error in errors]


def message_of(error: Any) -> str:
    """What one of pydantic's errors says, in words where it would show a pattern for addresses."""
    if error["type"] == "string_pattern_mismatch" and error["ctx"]["pattern"].startswith("^https?://"):
        return "An address that begins with http:// or https:// is needed."
    return error["msg"].removeprefix("Value error, ")


def parsed(kind: type[M], body: Json) -> M:
    """`body` as a `kind`, for routes that read it only once they know who asks.

    Raises `BadRequest` with all mistakes by path.
    """
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        found = mistakes(error.errors())
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        told = f"{found[0].path}: {found[0].message}" if found[0].path else found[0].message
        raise BadRequest(told + more, details=found) from None
