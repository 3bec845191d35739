"""An agent within a flow."""

from collections.abc import Iterator
from contextlib import aclosing
from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.agents.agent import Agent as Converser
from conduet.agents.agent import model_flaws, step_agent
from conduet.agents.in_flow import Conversing
from conduet.engine.action import Action, Answer, LaunchAction
from conduet.engine.facts import Facts
from conduet.engine.fields import Line, control
from conduet.engine.flaw import Flaw
from conduet.engine.shape import Exit, Id, Many, Shape
from conduet.engine.step import Connected, Family, Happenings, WaitingStep
from conduet.engine.visit import Visit


class WayOut(Shape):
    """When the agent is done, and what it must know by then."""

    id: Annotated[Id, Field(description="The port that the flow leaves by.", json_schema_extra=control("text"))]
    description: Annotated[
        str, Field(description="When it is taken, for the model.", json_schema_extra=control("textarea"))
    ] = ""
    collects: Annotated[
        Many[str], Field(description="Variables that must be known by then.", json_schema_extra=control("variable"))
    ] = ()


class Agent(WaitingStep):
    """Let a language model talk with the user until it takes one of its exits."""

    type: ClassVar[str] = "agent"
    reads_knowledge: ClassVar[bool] = True
    family: ClassVar[Family] = "ai"
    ports_from: ClassVar[tuple[str, ...]] = ("exits",)
    example: ClassVar[dict[str, JsonValue]] = {
        "instructions": "Help the user choose a bike, and ask for how many days.",
        "toolIds": ["tool_bikes"],
        "knowledgeBase": True,
        "exits": [{"id": "chosen", "description": "The user has chosen.", "collects": ["model", "days"]}],
        "maxRounds": 8,
    }

    instructions: Annotated[
        Line, Field(description="What the agent does.", json_schema_extra=control("textarea", needed=True))
    ] = Line("")
    model: Annotated[
        str | Many[str] | None,
        Field(description="The model, when not the project's.", json_schema_extra=control("model")),
    ] = None
    tool_ids: Annotated[
        Many[str], Field(description="The tools that it may use.", json_schema_extra=control("tools"))
    ] = ()
    knowledge_base: Annotated[
        bool, Field(description="Whether it may search the knowledge base.", json_schema_extra=control("switch"))
    ] = False
    playbook_ids: Annotated[
        Many[str], Field(description="The playbooks it may hand over to.", json_schema_extra=control("playbooks"))
    ] = ()
    exits: Annotated[
        Many[WayOut],
        Field(
            description="When it is done; without any, it answers once and goes on.",
            json_schema_extra=control("list"),
        ),
    ] = ()
    max_rounds: Annotated[
        int,
        Field(
            ge=1,
            le=50,
            description="How often the model may be called in one turn.",
            json_schema_extra=control("number"),
        ),
    ] = 8

    def waits(self, exits: Connected, facts: Facts) -> bool:
        asking = (facts.tools[tool_id].approval != "none" for tool_id in self.tool_ids if tool_id in facts.tools)
        return bool(self.exits) or any(asking)

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        yield from model_flaws(self.model)

    async def run(self, visit: Visit) -> Happenings:
        conversing = Conversing(visit, self._agent(visit))
        async for happening in _happening(conversing, conversing.begins()):
            yield happening

    async def ask(self, visit: Visit) -> Happenings:
        async for happening in _happening(Conversing(visit, self._agent(visit)), LaunchAction(type="launch")):
            yield happening

    async def answer(self, visit: Visit, answer: Answer) -> Happenings:
        async for happening in _happening(Conversing(visit, self._agent(visit)), answer):
            yield happening

    async def missed(self, visit: Visit) -> Happenings:
        async for happening in self.ask(visit):
            yield happening

    def _agent(self, visit: Visit) -> Converser:
        return step_agent(
            visit.facts,
            server=visit.turn.context.chain,
            instructions=str(self.instructions.source),
            model=self.model,
            tool_ids=self.tool_ids,
            playbook_ids=self.playbook_ids,
            exits=tuple(Exit(id=each.id, description=each.description, collects=each.collects) for each in self.exits),
            max_rounds=self.max_rounds,
            searches=self.knowledge_base,
        )


async def _happening(conversing: Conversing, action: Action) -> Happenings:
    async with aclosing(conversing.traces(action)) as traces:
        async for trace in traces:
            yield trace
    yield conversing.signal
