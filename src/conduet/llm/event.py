"""What comes back while a model answers."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from conduet.llm.message import Echo, ToolCall


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """More of what the model thinks, where it tells; never part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class CallStarted:
    """The model begins to call a tool; `index` counts the calls of this answer."""

    index: int
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CallDelta:
    """More of the JSON of a call's arguments."""

    index: int
    arguments: str


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A call is complete."""

    index: int
    call: ToolCall


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens: `input` holds `cached` (read from a cache) and `cache_written`, `output` holds `reasoning`.

    `estimated` where the provider did not tell.
    """

    input: int = 0
    output: int = 0
    cached: int = 0
    cache_written: int = 0
    reasoning: int = 0
    estimated: bool = False


FinishReason: TypeAlias = Literal["stop", "calls", "length"]
"""The model was done, waits for its tools, or was cut off at a limit of tokens."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event of a whole answer; `model` is what its provider calls the model, where it says so."""

    reason: FinishReason
    echo: Echo | None = None
    model: str = ""


Delta: TypeAlias = TextDelta | ReasoningDelta | CallStarted | CallDelta | CallEnded
Event: TypeAlias = Delta | Usage | Finished
