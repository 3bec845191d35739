"""What a builtin tool is: something that the agent itself can do, offered where it makes sense."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from conduet.agents.stage import Stage
from conduet.engine.trace import Trace
from conduet.engine.values import Json
from conduet.llm.message import ToolSpec


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
    def use(self, stage: Stage, args: Mapping[str, Json]) -> Done:
        """Does it; `args` fit the parameters of the `spec`."""


def parameters(properties: Mapping[str, Json], *required: str) -> dict[str, Json]:
    """The JSON Schema of an object of these properties and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [*required],
        "additionalProperties": False,
    }


def text(description: str) -> dict[str, Json]:
    """The JSON Schema of a text."""
    return {"type": "string", "description": description}
