"""What a model declares: each of its fields, and of the models in it, by path."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

from pydantic import BaseModel

from conduet.engine.fields import Pattern, Written


@dataclass(frozen=True, slots=True)
class Declared:
    """A field; `path` is like `rules[].conditions[].variable`, `reads` tells whether it is filled in from variables."""

    path: str
    hints: Mapping[str, Any]
    reads: bool


def declared(model: type[BaseModel], path: str = "") -> Iterator[Declared]:
    """Every field of a model and of the models in its lists."""
    for name, field in model.model_fields.items():
        where = f"{path}{field.alias or name}"
        hints = cast("Mapping[str, Any]", field.json_schema_extra or {})
        kinds = [*_classes(field.annotation)]
        reads = any(issubclass(kind, Written) and kind is not Pattern for kind in kinds)
        yield Declared(where, hints, reads)
        for kind in kinds:
            if issubclass(kind, BaseModel):
                yield from declared(kind, f"{where}[].")


def _classes(annotation: Any) -> Iterator[type[Any]]:
    """The classes that a type is made of."""
    if isinstance(annotation, type):
        yield cast("type[Any]", annotation)
    for inner in get_args(annotation):
        yield from _classes(inner)
