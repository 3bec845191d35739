"""What a builtin tool is: something that the agent itself can do, offered where it makes sense."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from conduet.agents.stage import Stage
from conduet.engine.trace import Trace
from conduet.engine.values import Json, Mismatch, VariableType, convert
from conduet.llm.message import ToolSpec

TYPES: Final[Mapping[str, VariableType]] = {
    "string": "text",
    "number": "number",
    "boolean": "boolean",
    "array": "list",
    "object": "object",
}
"""The types of variables by their names in a JSON Schema."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a call: `said` is for the model, in our own words, `data` beside it stands in a fence."""

    said: str
    data: Json = None
    is_error: bool = False
    traces: tuple[Trace, ...] = ()


class Builtin(ABC):
    """A subclass is one tool; it keeps nothing."""

    name: ClassVar[str]

    @abstractmethod
    def spec(self, stage: Stage) -> ToolSpec | None:
        """How the model is told of it; `None` where it makes no sense."""

    @abstractmethod
    async def use(self, stage: Stage, args: Mapping[str, Json], *, place: str) -> Done:
        """Does it; `args` fit the parameters of the `spec`, and at `place` the journal keeps what the world answers."""


def parameters(properties: Mapping[str, Json], *required: str) -> dict[str, Json]:
    """The JSON Schema of an object of these properties and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [*required],
        "additionalProperties": False,
    }


def typed(args: Mapping[str, Json], schema: Mapping[str, Json]) -> dict[str, Json]:
    """The arguments with the types of their properties where they spell them: `"3"` for a number is 3."""
    properties = schema.get("properties")
    known = properties if isinstance(properties, dict) else {}
    return {name: _typed(value, known.get(name)) for name, value in args.items()}


def _typed(value: Json, declared: Json) -> Json:
    kind = TYPES.get(str(declared.get("type"))) if isinstance(declared, dict) else None
    try:
        return convert(value, kind) if kind else value
    except Mismatch:
        return value


def text(description: str) -> dict[str, Json]:
    """The JSON Schema of a text."""
    return {"type": "string", "description": description}
