"""What models answered in the journal of a turn: written down with the pieces it came in, and heard again."""

from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import cast

from conduet.engine.values import Json, to_json
from conduet.llm.answer import ModelAnswer
from conduet.llm.errors import ModelError
from conduet.llm.event import Delta, Finished, TextDelta, Usage
from conduet.llm.message import ToolCall
from conduet.llm.models import Told
from conduet.llm.record import read_answer, write_answer


@dataclass(slots=True)
class Pieces:
    """Put the deltas of an answer in as they come; then it can be written down."""

    texts: list[str] = field(default_factory=list[str])

    def add(self, told: Told) -> None:
        """The next of what is told."""
        if isinstance(told, TextDelta):
            self.texts.append(told.text)

    def answer(self, answer: ModelAnswer) -> dict[str, Json]:
        """The entry of a whole answer; its text is kept once, with the lengths of its pieces."""
        kept = replace(answer, reasoning="", text="".join(self.texts) or answer.text)
        return {"model": write_answer(kept), "pieces": [len(text) for text in self.texts]}

    def failure(self, error: ModelError) -> dict[str, Json]:
        """The entry of a failure, with what came before it."""
        told: dict[str, Json] = {"code": error.code, "message": error.message}
        if self.texts:
            told["texts"] = [*self.texts]
        return {"modelFailed": told}


class NotHeard(ValueError):
    """An entry is none of a model."""


async def heard_again(entry: Json) -> AsyncGenerator[Told]:
    """What was told, in the same pieces; raises the `ModelError` that was, or `NotHeard`."""
    match entry:
        case {"model": dict(answer), "pieces": list(lengths)}:
            whole = _read(answer)
            for event in _events(whole, lengths):
                yield event
            yield whole
        case {"modelFailed": {"code": str(code), "message": str(message), **rest}}:
            texts = rest.get("texts")
            for text in cast("list[object]", texts) if isinstance(texts, list) else ():
                yield TextDelta(str(text))
            raise _kinds().get(code, ModelError)(message)
        case {"mock": mock}:
            whole = mocked_answer(mock)
            for event in _events(whole, []):
                yield event
            yield whole
        case _:
            raise NotHeard


def mocked_answer(value: Json) -> ModelAnswer:
    """The answer that a test lays in place of a model's: a text, or `{text?, calls: [{name, arguments}]}`."""
    match value:
        case {"calls": list(calls), **rest}:
            made = tuple(_call(number, call) for number, call in enumerate(calls, 1))
            return ModelAnswer("mock:mock", str(rest.get("text") or ""), made, finish="calls")
        case {"text": str(text)}:
            return ModelAnswer("mock:mock", text)
        case str():
            return ModelAnswer("mock:mock", value)
        case _:
            return ModelAnswer("mock:mock", to_json(value))


async def told_at_once(answer: ModelAnswer) -> AsyncGenerator[Told]:
    """An answer as if it came in one piece."""
    for event in _events(answer, []):
        yield event
    yield answer


def _read(entry: Mapping[str, Json]) -> ModelAnswer:
    try:
        return read_answer(dict(entry))
    except ValueError:
        raise NotHeard from None


def _events(answer: ModelAnswer, lengths: list[Json]) -> Iterator[Delta]:
    text = answer.text
    for length in lengths:
        size = length if isinstance(length, int) else 0
        if text[:size]:
            yield TextDelta(text[:size])
        text = text[size:]
    if text:
        yield TextDelta(text)
    for event in answer.events():
        if not isinstance(event, TextDelta | Usage | Finished):
            yield event


def _call(number: int, call: Json) -> ToolCall:
    match call:
        case {"name": str(name), **rest}:
            return ToolCall(f"call_{number}", name, to_json(rest.get("arguments") or {}))
        case _:
            return ToolCall(f"call_{number}", "", "{}")


@cache
def _kinds() -> Mapping[str, type[ModelError]]:
    """Every `ModelError` by its code."""
    found: dict[str, type[ModelError]] = {}
    waiting: list[type[ModelError]] = [ModelError]
    while waiting:
        kind = waiting.pop()
        found.setdefault(kind.code, kind)
        waiting += kind.__subclasses__()
    return found
