"""A provider that answers by a script, the same each time: for tests, ours and those of whoever builds on Conduet."""

import asyncio
import re
from collections.abc import AsyncGenerator, Iterator, Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, PrivateAttr, TypeAdapter, ValidationError

from conduet.kit.json import dumps
from conduet.llm.errors import ModelError, RequestRejected
from conduet.llm.event import (
    CallDelta,
    CallEnded,
    CallStarted,
    Event,
    Finished,
    ReasoningDelta,
    TextDelta,
    Usage,
)
from conduet.llm.message import Assistant, Message, ModelRequest, Text, ToolCall, ToolResult, User
from conduet.llm.provider import Provider, Variable
from conduet.llm.tokens import estimate_request, estimate_text

WORD: Final = re.compile(r"\S*\s+|\S+")
PIECE: Final = 8
"""Characters of a call's arguments that come at once."""


class ScriptedCall(BaseModel):
    """A tool that the model calls; arguments that are text are sent as they are, broken or not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    arguments: dict[str, JsonValue] | str = {}


class Line(BaseModel):
    """One answer of a script.

    With `when` it is given only where the last message has these words in it, in any case. With `error`, the code of a
    `ModelError`, that is how it ends, after its text. `again`: it may be given any number of times.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    when: str | None = None
    text: str = ""
    calls: tuple[ScriptedCall, ...] = ()
    reasoning: str = ""
    finish: Literal["stop", "length"] = "stop"
    error: str | None = None
    retry_after_seconds: float | None = None
    seconds: float = Field(default=0.0, ge=0)
    again: bool = False


def _read(value: object) -> object:
    """The scripts in a file, where a path is given."""
    if not isinstance(value, str | Path):
        return value
    try:
        return TypeAdapter(dict[str, tuple[Line, ...]]).validate_json(Path(value).read_bytes())
    except OSError as error:
        raise ValueError(f"the file cannot be read: {error.strerror}") from None
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)[0]
        raise ValueError(f"the file is no script: {'.'.join(map(str, wrong['loc']))}: {wrong['msg']}") from None


class Scripted(Provider):
    """Answers from a script, the same each time, for tests. A model is the name of a script."""

    type: ClassVar[str] = "scripted"

    scripts: Annotated[
        Mapping[str, tuple[Line, ...]],
        BeforeValidator(_read),
        Field(description="A JSON file: for each name a list of answers, given one after the other."),
        Variable("SCRIPTED_ANSWERS"),
    ]
    _given: dict[str, set[int]] = PrivateAttr(default_factory=dict[str, set[int]])
    _requests: list[ModelRequest] = PrivateAttr(default_factory=list[ModelRequest])

    @classmethod
    def saying(cls, *lines: Line | str) -> "Scripted":
        """One script, `main`, of these answers."""
        return cls(scripts={"main": tuple(Line(text=line) if isinstance(line, str) else line for line in lines)})

    @property
    def requests(self) -> tuple[ModelRequest, ...]:
        """All that it was asked, in order."""
        return tuple(self._requests)

    def priced_as(self) -> str | None:
        return None

    async def stream(self, model: str, request: ModelRequest) -> AsyncGenerator[Event]:
        self._requests.append(request)
        line = self._next(model, _words(request.messages[-1]) if request.messages else "")
        if line.seconds:
            await asyncio.sleep(line.seconds)
        for event in _events(line, made=_calls_so_far(request)):
            yield event
        if line.error is not None:
            raise _error(line)
        told = estimate_text(line.text) + sum(estimate_text(_json(call)) for call in line.calls)
        yield Usage(estimate_request(request), told, estimated=True)
        yield Finished("calls" if line.calls else line.finish)

    def _next(self, name: str, heard: str) -> Line:
        """The first answer that is left and fits; raises `RequestRejected`."""
        given = self._given.setdefault(name, set())
        for number, line in enumerate(self.scripts.get(name, ())):
            fits = line.when is None or line.when.casefold() in heard.casefold()
            if fits and (line.again or number not in given):
                given.add(number)
                return line
        raise RequestRejected(f"The script {name!r} has no answer left to: {heard[:200]!r}.")


def _events(line: Line, *, made: int) -> Iterator[Event]:
    if line.reasoning:
        yield ReasoningDelta(line.reasoning)
    yield from map(TextDelta, WORD.findall(line.text))
    for index, called in enumerate(line.calls):
        call = ToolCall(f"call_{made + index + 1}", called.name, _json(called))
        yield CallStarted(index, call.id, call.name)
        for start in range(0, len(call.arguments), PIECE):
            yield CallDelta(index, call.arguments[start : start + PIECE])
        yield CallEnded(index, call)


def _json(call: ScriptedCall) -> str:
    return call.arguments if isinstance(call.arguments, str) else dumps(call.arguments).decode()


def _words(message: Message) -> str:
    match message:
        case User():
            return " ".join(part.text for part in message.parts if isinstance(part, Text))
        case ToolResult():
            return message.content
        case _:
            return message.text


def _calls_so_far(request: ModelRequest) -> int:
    return sum(len(message.calls) for message in request.messages if isinstance(message, Assistant))


def _error(line: Line) -> ModelError:
    known = {kind.code: kind for kind in _kinds(ModelError)}
    kind = known.get(line.error or "")
    if kind is None:
        raise RequestRejected(f"{line.error!r} is no error of a model: take one of {', '.join(sorted(known))}.")
    return kind(retry_after_seconds=line.retry_after_seconds)


def _kinds(root: type[ModelError]) -> Iterator[type[ModelError]]:
    yield root
    for kind in root.__subclasses__():
        yield from _kinds(kind)
