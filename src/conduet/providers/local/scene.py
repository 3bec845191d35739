"""A request as the built-in model sees it: what was said last, what was asked before, what tools have returned."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue, TypeAdapter, ValidationError

from conduet.kit.json import Json
from conduet.llm.brief import Brief
from conduet.llm.look import look_text
from conduet.llm.message import Assistant, Message, ModelRequest, Text, ToolResult, ToolSpec, User

FENCE: Final = re.compile(r'<data from="([^"]*)">(.*?)</data>', re.DOTALL)
KNOWLEDGE: Final = "kb_search"
GROUNDS: Final = ("knowledge base", KNOWLEDGE, "knowledge", "passages")
"""The sources of data that passages come from."""

UNKNOWN: Final = 0.45
"""The score of a passage that comes without one: it is shown, with a hedge."""

LISTS: Final = ("passages", "results", "chunks")
_JSON: Final[TypeAdapter[JsonValue]] = TypeAdapter(JsonValue)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a call in this turn."""

    name: str
    content: str
    data: Json
    is_error: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the knowledge base, and how well it fits."""

    score: float
    title: str
    content: str
    is_doubtful: bool = False
    """Whether a word of the question stands nowhere in the knowledge base."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What an answer is made from; `heard` are all pairs of what was said by the model and by the user after it."""

    brief: Brief
    tools: Mapping[str, ToolSpec]
    said: str
    heard: tuple[tuple[str, str], ...]
    results: tuple[Result, ...]
    passages: tuple[Passage, ...] | None
    """Those found in this turn; `None` when nobody has looked."""

    @property
    def before(self) -> str:
        """What was said to the user before they spoke."""
        return self.heard[-1][0] if self.heard else ""

    def offers(self, name: str) -> bool:
        """Whether a tool can be called."""
        return name in self.tools

    def has_called(self, name: str) -> bool:
        """Whether a tool was called in this turn."""
        return any(result.name == name for result in self.results)


def seen(request: ModelRequest, brief: Brief) -> Scene:
    """The scene of a request."""
    last = max((index for index, each in enumerate(request.messages) if isinstance(each, User)), default=-1)
    now = request.messages[max(last, 0) :]
    results = tuple(_result(message) for message in now if isinstance(message, ToolResult))
    heard = (*_heard(request.messages),)
    found = [*_grounds(now[:1]), *(result.data for result in results if result.name == KNOWLEDGE)]
    return Scene(
        brief,
        {tool.name: tool for tool in request.tools},
        heard[-1][1] if heard else "",
        heard,
        results,
        tuple(sorted((p for data in found for p in passages(data)), key=lambda p: -p.score)) if found else None,
    )


def passages(data: Json) -> Iterator[Passage]:
    """The passages in what a search returned."""
    listed = next((data[name] for name in LISTS if name in data), None) if isinstance(data, dict) else data
    for each in listed if isinstance(listed, list) else ():
        content = look_text(each, "content") or look_text(each, "text") or look_text(each, "excerpt")
        score = each.get("score", UNKNOWN) if isinstance(each, dict) else None
        if content and isinstance(score, int | float):
            titles = (look_text(each, name) for name in ("title", "documentName", "document", "heading", "name"))
            title = next((title for title in titles if title), "")
            yield Passage(float(score), title, content, isinstance(each, dict) and bool(each.get("unknownWords")))


def _heard(messages: Sequence[Message]) -> Iterator[tuple[str, str]]:
    before = ""
    for message in messages:
        if isinstance(message, Assistant):
            before = message.text or before
        elif isinstance(message, User):
            words = "\n".join(part.text for part in message.parts if isinstance(part, Text))
            yield before.strip(), FENCE.sub("", words).strip()
            before = ""


def _result(message: ToolResult) -> Result:
    fenced = [*_fences(message.content)]
    data = fenced[-1][1] if fenced else None
    return Result(message.name, FENCE.sub("", message.content).strip(), data, message.is_error)


def _grounds(messages: Sequence[Message]) -> Iterator[Json]:
    for message in messages:
        if isinstance(message, User):
            for part in message.parts:
                if isinstance(part, Text):
                    yield from (data for source, data in _fences(part.text) if source in GROUNDS)


def _fences(text: str) -> Iterator[tuple[str, Json]]:
    for source, body in FENCE.findall(text):
        try:
            yield source, _JSON.validate_json(body)
        except ValidationError:  # One that was cut off.
            continue
