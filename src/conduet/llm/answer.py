"""An answer as a whole, put together from its events, and what it took to get it."""

from dataclasses import dataclass

from conduet.llm.event import (
    CallDelta,
    CallEnded,
    CallStarted,
    Event,
    Finished,
    FinishReason,
    ReasoningDelta,
    TextDelta,
    Usage,
)
from conduet.llm.message import Assistant, Echo, ToolCall


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at one model: how long it took, and the code of the `ModelError` it ended with, if it did."""

    model: str
    duration_seconds: float
    error: str | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What a model answered.

    `model` is the full name (`provider:model`) of the one that did, the last of `attempts`. `cost_usd` is None where
    the price is not known. `first_token_seconds` and `duration_seconds` count from the beginning of the call, with
    waiting and with attempts that failed.
    """

    model: str
    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    finish: FinishReason = "stop"
    reasoning: str = ""
    echo: Echo | None = None
    usage: Usage = Usage()  # noqa: RUF009 - frozen
    cost_usd: float | None = None
    first_token_seconds: float | None = None
    duration_seconds: float = 0.0
    attempts: tuple[Attempt, ...] = ()

    def message(self) -> Assistant:
        """What goes into the history."""
        return Assistant(self.text, self.calls, self.echo)

    def events(self) -> "list[Event]":
        """The answer as a stream again, its text in one piece."""
        events: list[Event] = [ReasoningDelta(self.reasoning)] if self.reasoning else []
        if self.text:
            events.append(TextDelta(self.text))
        for index, call in enumerate(self.calls):
            events.append(CallStarted(index, call.id, call.name))
            events.append(CallDelta(index, call.arguments))
            events.append(CallEnded(index, call))
        return [*events, self.usage, Finished(self.finish, self.echo)]


class Assembly:
    """Puts an answer together while it comes."""

    def __init__(self, model: str) -> None:
        self.model = model
        self.usage: Usage | None = None
        self.finished: Finished | None = None
        self.is_begun = False
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._calls: list[ToolCall] = []

    def say(self, text: str) -> None:
        """Adds more of the text, as nearly every event does."""
        self.is_begun = True
        self._text.append(text)

    def take(self, event: Event) -> None:
        """Adds what one event says."""
        match event:
            case TextDelta():
                self.say(event.text)
            case ReasoningDelta():
                self._reasoning.append(event.text)
            case CallStarted() | CallDelta():
                self.is_begun = True
            case CallEnded():
                self.is_begun = True
                self._calls.append(event.call)
            case Usage():
                self.usage = event
            case _:
                self.finished = event

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._text)

    def answer(self) -> ModelAnswer:
        """The answer as far as it came."""
        finished = self.finished or Finished("stop")
        return ModelAnswer(
            model=self.model,
            text=self.text,
            calls=tuple(self._calls),
            finish=finished.reason,
            reasoning="".join(self._reasoning),
            echo=finished.echo,
            usage=self.usage or Usage(),
        )
