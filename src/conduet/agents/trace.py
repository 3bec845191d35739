"""What happens in a turn of an agent beyond what flows do, and how streamed text becomes whole."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import ClassVar

from conduet.engine.trace import Text, Trace
from conduet.engine.values import Json


@dataclass(frozen=True, slots=True)
class CompletionStart(Trace):
    """The first words of what a model says."""

    type: ClassVar[str] = "completion-start"
    text: str

    def payload(self) -> dict[str, Json]:
        return {"text": self.text}


@dataclass(frozen=True, slots=True)
class CompletionContinue(Trace):
    """More of it."""

    type: ClassVar[str] = "completion-continue"
    text: str

    def payload(self) -> dict[str, Json]:
        return {"text": self.text}


@dataclass(frozen=True, slots=True)
class CompletionEnd(Trace):
    """The last of it; `whole` is all that was said, for who reads no deltas, and no part of the payload."""

    type: ClassVar[str] = "completion-end"
    text: str
    whole: str

    @property
    def said(self) -> str:
        return self.whole

    def payload(self) -> dict[str, Json]:
        return {"text": self.text}


@dataclass(frozen=True, slots=True)
class ModelCall(Trace):
    """A tool call as the model made it."""

    type: ClassVar[str] = "tool_call"
    name: str
    args_json: str


@dataclass(frozen=True, slots=True)
class Phase(Trace):
    """The agent goes on in another phase."""

    type: ClassVar[str] = "phase"
    from_: str
    to: str

    def payload(self) -> dict[str, Json]:
        return {"from": self.from_, "to": self.to}


async def whole(traces: AsyncIterator[Trace]) -> AsyncIterator[Trace]:
    """The same traces with one `Text` in place of each stream of deltas, where that stream ends."""
    async for trace in traces:
        match trace:
            case CompletionStart() | CompletionContinue():
                continue
            case CompletionEnd(whole=text):
                yield Text(text)
            case _:
                yield trace
