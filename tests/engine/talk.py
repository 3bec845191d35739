"""Talking to a document without a server: a clock that stands still, chance that is dealt, traces as short lines."""

import asyncio
import json
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from conduet.engine.action import Action
from conduet.engine.asked import Pieces
from conduet.engine.context import Context, Passage
from conduet.engine.document import Document, compile_document
from conduet.engine.journal import write_answer, write_mock, write_value
from conduet.engine.outside import Broken, Code, Computed, Mail, McpRequest, Request, Response, Unreachable
from conduet.engine.plugins import Plugins
from conduet.engine.run import fresh_state, run
from conduet.engine.state import State
from conduet.engine.trace import (
    Approval,
    Badge,
    Buttons,
    Card,
    Carousel,
    ClientAction,
    Debug,
    Error,
    Handoff,
    Media,
    Resolution,
    Text,
    ToolCall,
    Trace,
    Typing,
)
from conduet.engine.values import MISSING, Json, Missing
from conduet.kit.clock import iso
from conduet.llm.errors import NotConfigured
from conduet.llm.message import ModelRequest
from conduet.llm.models import Told
from conduet.llm.name import Chain

PLUGINS = Plugins.installed()
STEPS = PLUGINS.steps
T = TypeVar("T")
ACTION: TypeAdapter[Action] = TypeAdapter(Action)


class Outside:
    """The world outside, which nobody reaches; a test that reaches it brings its own."""

    async def call(self, request: Request) -> Response:
        raise Unreachable("UNREACHABLE", "Nothing is called in this test.")

    async def compute(self, code: Code) -> Computed:
        return Computed(failure=Broken("unavailable", "Nothing is run in this test."))

    async def mail(self, mail: Mail) -> None:
        raise Unreachable("UNREACHABLE", "Nothing is sent in this test.")

    async def mcp(self, request: McpRequest) -> Json:
        raise Unreachable("UNREACHABLE", "No server is asked in this test.")


@dataclass
class FakeContext:
    """A world whose clock moves only when somebody sleeps, and whose chance is always the same, or dealt.

    `mocks` and `held` (the secrets) are a test's own.
    """

    user_id: str = "user_1"
    platform: str = "api"
    version_id: str = "development"
    clock: datetime = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    entries: dict[str, Json] = field(default_factory=dict[str, Json])
    dealt: list[float] = field(default_factory=list[float])
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    mocks: dict[str, Json] = field(default_factory=dict[str, Json])
    held: dict[str, str] = field(default_factory=dict[str, str])
    outside: Outside = field(default_factory=Outside)

    chain: Chain = ()
    intent_threshold: float = 1.0
    has_knowledge: bool = False
    filters: list[Mapping[str, Json] | None] = field(default_factory=list[Mapping[str, Json] | None])
    """What documents had to be to be found, search by search."""

    def converses(self, chain: Chain) -> bool:
        return bool(chain)

    async def model(self, place: str, chain: Chain, request: ModelRequest, *, seconds: float) -> AsyncGenerator[Told]:
        self.entries[place] = Pieces().failure(error := NotConfigured("No model is asked in this test."))
        raise error
        yield

    async def embed(self, texts: Sequence[str]) -> Any:
        raise NotConfigured("Nothing is embedded in this test.")

    async def search(
        self,
        place: str,
        query: str,
        *,
        top_k: int = 5,
        min_score: float | None = None,
        metadata: Mapping[str, Json] | None = None,
    ) -> Sequence[Passage]:
        self.filters.append(metadata)
        return ()

    def now(self, place: str) -> datetime:
        self.entries[place] = iso(self.clock)
        return self.clock

    def random(self, place: str) -> float:
        drawn = self.dealt.pop(0) if self.dealt else self.chance.random()
        self.entries[place] = drawn
        return drawn

    async def sleep(self, place: str, *, seconds: float) -> None:
        self.entries[place] = seconds
        self.clock += timedelta(seconds=seconds)

    async def elapse(self, place: str, *, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self.entries[place] = seconds

    def mocked(self, place: str, names: Sequence[str]) -> Json | Missing:
        found = next((self.mocks[name] for name in names if name in self.mocks), MISSING)
        if found is not MISSING:
            self.entries[place] = write_mock(found)
        return found

    async def secrets(self) -> Mapping[str, str]:
        return self.held

    async def call(self, place: str, request: Request) -> Response:
        return await self._asked(place, self.outside.call(request))

    async def compute(self, place: str, code: Code) -> Computed:
        return await self._asked(place, self.outside.compute(code))

    async def mail(self, place: str, mail: Mail) -> None:
        await self._asked(place, self.outside.mail(mail))

    async def mcp(self, place: str, request: McpRequest) -> Json:
        return await self._asked(place, self.outside.mcp(request), write=write_value)

    async def once(self, place: str, work: Callable[[Context], Awaitable[Json]]) -> Json:
        return await self._asked(place, work(replace(self, entries={})), write=write_value)

    async def _asked(
        self, place: str, asking: Awaitable[T], write: Callable[[Any], dict[str, Json]] = write_answer
    ) -> T:
        try:
            answer = await asking
        except Unreachable as error:
            self.entries[place] = write_answer(error)
            raise
        self.entries[place] = write(answer)
        return answer


def step(step_id: str, kind: str, /, **config: Any) -> dict[str, Any]:
    """A step of a workflow."""
    return {"id": step_id, "type": kind, "config": config}


def workflow(workflow_id: str, *steps: dict[str, Any], wires: str = "", **more: Any) -> dict[str, Any]:
    """A workflow that begins with `start`; `wires` is like `start > ask, ask.yes > bye`."""
    connections = [
        {"id": f"c{index}", "source": source, "sourcePort": port or "next", "target": target.strip()}
        for index, (left, target) in enumerate(wire.split(">") for wire in wires.split(",") if wire.strip())
        for source, _, port in [left.strip().partition(".")]
    ]
    return {"id": workflow_id, "steps": [step("start", "start"), *steps], "connections": connections, **more}


def line(*steps: dict[str, Any], workflow_id: str = "main", **more: Any) -> dict[str, Any]:
    """A workflow whose steps follow each other by `next`."""
    ids = ["start", *(each["id"] for each in steps)]
    wires = ", ".join(f"{source} > {target}" for source, target in pairwise(ids))
    return workflow(workflow_id, *steps, wires=wires, **more)


def compiled(*workflows: dict[str, Any], **more: Any) -> Document:
    """A document of these workflows."""
    return compile_document({"workflows": list(workflows), **more}, PLUGINS)


class Talk:
    """A conversation: each action answers with its traces as lines.

    `debug` holds the remarks of the last turn beside them, `seen` all of its traces.
    """

    def __init__(self, *workflows: dict[str, Any], context: FakeContext | None = None, **more: Any) -> None:
        self.document = compiled(*workflows, **more)
        self.context = context or FakeContext()
        self.state = fresh_state(self.document, self.context.version_id)
        self.debug: list[str] = []
        self.seen: list[Trace] = []

    @property
    def variables(self) -> dict[str, Json]:
        return self.state.variables

    async def launch(self) -> list[str]:
        return await self.act("launch", None)

    async def say(self, text: str) -> list[str]:
        return await self.act("text", text)

    async def press(self, label: str, value: Json = None) -> list[str]:
        return await self.act("button", {"label": label, "value": value})

    async def act(self, kind: str, payload: Json) -> list[str]:
        """The lines of a turn; what it leaves behind went through JSON, as it does between two turns."""
        traces = await self.traces(kind, payload)
        self.debug = [trace.message for trace in traces if isinstance(trace, Debug)]
        return [told(trace) for trace in traces if not isinstance(trace, Debug)]

    async def traces(self, kind: str, payload: Json, **how: Any) -> list[Trace]:
        action = ACTION.validate_python({"type": kind, "payload": payload})
        self.seen = [trace async for trace in run(self.document, self.state, action, self.context, **how)]
        self.state = stored(self.state)
        return self.seen


def stored(state: State) -> State:
    """The state as it comes back from where it was stored."""
    written = json.dumps({"variables": state.variables, "internal": state.internal}, allow_nan=False)
    return State(**json.loads(written))


def open_stack(talk: Talk) -> list[dict[str, Any]]:
    """The suspended steps of a conversation as they are stored, outermost first."""
    return cast("list[dict[str, Any]]", talk.state.internal["stack"])


def told(trace: Trace) -> str:
    """A trace in one line."""
    match trace:
        case Text(message):
            return message
        case Buttons(buttons) | Card(buttons=buttons):
            title = f"card {trace.title} " if isinstance(trace, Card) else ""
            return f"{title}[{'] ['.join(button.label for button in buttons)}]"
        case Carousel(cards):
            return " | ".join(map(told, cards))
        case Media(url):
            return f"{trace.type} {url}"
        case Resolution():
            return "resolved"
        case _:
            return _TOLD.get(type(trace), lambda _: trace.type)(trace)


_TOLD: dict[type[Trace], Callable[[Any], str]] = {
    Error: lambda trace: f"error {trace.code}",
    Typing: lambda trace: f"typing {trace.seconds}",
    Badge: lambda trace: f"({trace.text})",
    Handoff: lambda trace: f"handoff to {trace.target}: {trace.reason}",
    Approval: lambda trace: f"{trace.tool_name} {json.dumps(trace.arguments)}? ({trace.by})",
    ClientAction: lambda trace: f"page {trace.name} {json.dumps(trace.payload_)} {[path for path, _ in trace.paths]}",
    ToolCall: lambda trace: f"tool {trace.phase} {trace.tool_name} {'' if trace.ok is None else trace.ok}".rstrip(),
}
