"""Talking to an agent without a server: a model that goes by a script, and a memory that goes through JSON."""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from conduet.agents.agent import Agent, project_agent
from conduet.agents.harness import Harness
from conduet.agents.memory import Memory
from conduet.agents.stage import Outcome, Stage
from conduet.agents.trace import whole
from conduet.engine.context import Passage
from conduet.engine.run import fresh_state
from conduet.engine.session import close_turn, open_turn
from conduet.engine.trace import Debug, Trace
from conduet.engine.values import Json
from conduet.llm.message import ModelRequest, System, Text, User
from conduet.llm.models import Models, Patience, Told
from conduet.llm.name import Chain, parse_chain
from conduet.providers.scripted import Line, Scripted, ScriptedCall
from tests.engine.talk import ACTION, FakeContext, compiled, stored

MAIN = parse_chain("scripted:main")


def calling(*calls: tuple[str, Mapping[str, Any] | str], text: str = "", **more: Any) -> Line:
    """An answer that calls these tools."""
    made = tuple(
        ScriptedCall(name=name, arguments=arguments if isinstance(arguments, str) else dict(arguments))
        for name, arguments in calls
    )
    return Line(text=text, calls=made, **more)


@dataclass
class Scene:
    """A world whose models go by a script."""

    scripted: Scripted
    context: FakeContext
    takes_seconds: float = 0.0
    """By how much the clock moves with each answer."""
    places: list[str] = field(default_factory=list[str])
    found: Sequence[Passage] = ()

    @property
    def has_knowledge(self) -> bool:
        return bool(self.found)

    async def search(
        self,
        place: str,
        query: str,
        *,
        top_k: int = 5,
        min_score: float | None = None,
        metadata: Mapping[str, Json] | None = None,
    ) -> Sequence[Passage]:
        return self.found

    async def model(self, place: str, chain: Chain, request: ModelRequest, *, seconds: float) -> AsyncGenerator[Told]:
        self.places.append(place)
        await self.context.sleep(f"{place}/took", seconds=self.takes_seconds)
        models = Models({"scripted": self.scripted}, patience=Patience(retries=0))
        async with aclosing(models.stream(chain, request)) as stream:
            async for told in stream:
                yield told


class Chat:
    """A conversation with an agentic project; `seen` are the traces of the last turn as they came."""

    def __init__(
        self,
        *script: Line | str,
        harness: Mapping[str, Any] | None = None,
        behaviour: Mapping[str, Any] | None = None,
        context: FakeContext | None = None,
        agent: Agent | None = None,
        scripts: Mapping[str, tuple[Line, ...]] | None = None,
        **document: Any,
    ) -> None:
        config = {"persona": "You are Ann of the bike shop.", **(behaviour or {}), "agentHarness": dict(harness or {})}
        self.document = compiled(framework="agentic", behaviourConfig=config, **document)
        self.context = context or FakeContext()
        self.scene = Scene(Scripted(scripts=scripts) if scripts else Scripted.saying(*script), self.context)
        self.state = fresh_state(self.document, self.context.version_id)
        self.agent = agent or project_agent(self.document, server=MAIN)
        self.memory: Json = None
        self.seen: list[Trace] = []
        self.outcome: Outcome | None = None

    @property
    def requests(self) -> tuple[ModelRequest, ...]:
        """All that the model was asked."""
        return self.scene.scripted.requests

    @property
    def variables(self) -> dict[str, Json]:
        return self.state.variables

    async def say(self, text: str) -> list[Any]:
        return await self.act("text", text)

    async def act(self, kind: str, payload: Json = None) -> list[Any]:
        """The traces of a turn as `[type, payload]`, deltas put together, without remarks."""
        traces = await self.turn(kind, payload)

        async def told() -> AsyncGenerator[Trace]:
            for trace in traces:
                yield trace

        return [[trace.type, trace.payload()] async for trace in whole(told()) if not isinstance(trace, Debug)]

    async def turn(self, kind: str, payload: Json = None) -> list[Trace]:
        """The traces of a turn, each as it came."""
        action = ACTION.validate_python({"type": kind, "payload": payload})
        turn = open_turn(self.document, self.state, action, self.context, (), counts=True)
        stage = Stage(turn, self.scene, self.agent, Memory.read(self.memory), "agent")
        self.seen = [trace async for trace in Harness(stage).traces(action)]
        self.outcome = stage.outcome
        close_turn(self.state, turn, ())
        self.state = stored(self.state)
        self.memory = json.loads(json.dumps(stage.memory.write()))
        return self.seen

    @property
    def debug(self) -> list[str]:
        """The remarks of the last turn."""
        return [trace.message for trace in self.seen if isinstance(trace, Debug)]

    def tools(self, number: int = -1) -> list[str]:
        """The tools that were offered with a request."""
        return [tool.name for tool in self.requests[number].tools]

    def system(self, number: int = -1) -> str:
        """The instructions of a request."""
        return "\n".join(each.text for each in self.requests[number].messages if isinstance(each, System))

    def words(self, number: int = -1) -> str:
        """What a request has as the user's last words, with the data before them."""
        last = [each for each in self.requests[number].messages if isinstance(each, User)][-1]
        return "\n".join(part.text for part in last.parts if isinstance(part, Text))


def tool(tool_id: str, /, *, approval: str = "none", parameters: Any = None, **more: Any) -> dict[str, Any]:
    """A tool of a project, which a test answers in place of, or which fails."""
    return {
        "id": tool_id,
        "name": tool_id,
        "description": f"The tool {tool_id}.",
        "type": "function",
        "approval": approval,
        "parameters": parameters or {"type": "object", "properties": {"of": {"type": "string"}}},
        "config": {"language": "javascript", "code": "return 1"},
        **more,
    }
