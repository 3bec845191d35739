"""What is wrong with a part of a document although its shape is right."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a configuration; `path` is inside `config`, and empty for the whole of it."""

    code: str
    message: str
    path: str
    fix: str | None = None
    severity: Severity = "error"
