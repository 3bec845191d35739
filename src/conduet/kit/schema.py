"""How bodies look on the wire: camelCase, strict types, unknown fields refused, mistakes told by path."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from conduet.errors import At


class Wire(BaseModel):
    """A body of the API."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", strict=True, frozen=True)


def path_of(parts: Iterable[int | str]) -> str:
    """`("steps", 2, "config")` as `steps[2].config`."""
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def mistakes(errors: Sequence[Any], *, prefix: tuple[int | str, ...] = ()) -> list[At]:
    """Pydantic's errors (`ValidationError.errors()`) as mistakes by path."""
    return [At(path_of((*prefix, *error["loc"])), error["msg"]) for error in errors]
