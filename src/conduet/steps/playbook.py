"""A reusable agent within a flow."""

from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from typing import Annotated, ClassVar, Final

from pydantic import Field, JsonValue

from conduet.agents.agent import Agent, step_agent
from conduet.agents.in_flow import Conversing
from conduet.engine.action import Action, Answer, LaunchAction
from conduet.engine.facts import Facts
from conduet.engine.fields import Value, control
from conduet.engine.flaw import Flaw
from conduet.engine.signal import Leave
from conduet.engine.step import Connected, Family, Happenings, WaitingStep, dead_port
from conduet.engine.trace import Debug
from conduet.engine.values import Json
from conduet.engine.visit import Visit

ROUNDS: Final = 8
"""How often the model may be called in one turn, where the playbook does not say."""


class PlaybookStep(WaitingStep):
    """Hand the conversation to a playbook and go on with what it has collected."""

    type: ClassVar[str] = "playbook"
    reads_knowledge: ClassVar[bool] = True
    family: ClassVar[Family] = "ai"
    open_ports: ClassVar[bool] = True
    """The exits of the playbook, which is elsewhere in the document and may be unfinished."""
    example: ClassVar[dict[str, JsonValue]] = {
        "playbookId": "pb_booking",
        "inputs": {"model": "{{model}}"},
        "outputs": {"day": "day"},
    }

    playbook_id: Annotated[str, Field(description="Which one.", json_schema_extra=control("playbook", needed=True))] = (
        ""
    )
    inputs: Annotated[
        dict[str, Value],
        Field(
            default_factory=dict,
            description="What it is given, by name.",
            json_schema_extra=control("json", keys="variable"),
        ),
    ]
    outputs: Annotated[
        dict[str, str],
        Field(
            default_factory=dict,
            description="Variables, each with the name that its value has in what was collected.",
            json_schema_extra=control("variables", rest=control("variable")),
        ),
    ]

    def waits(self, exits: Connected, facts: Facts) -> bool:
        playbook = facts.playbooks.get(self.playbook_id)
        return playbook is not None and (
            bool(playbook.exits)
            or any(facts.tools[each].approval != "none" for each in playbook.tool_ids if each in facts.tools)
        )

    def loose(self, exits: Connected, facts: Facts) -> Iterator[Flaw]:
        playbook = facts.playbooks.get(self.playbook_id)
        if playbook is None:
            return
        ports = {*self.fixed_ports, *(way_out.id for way_out in playbook.exits)}
        for port in exits:
            if port not in ports:
                told = f"The playbook has no exit {port!r}: its connection is never taken."
                yield Flaw("DEAD_PORT", told, "", "Remove the connection.", "warning")
        for way_out in playbook.exits:
            if way_out.id not in exits:
                yield dead_port(way_out.id)

    async def run(self, visit: Visit) -> Happenings:
        inputs: dict[str, Json] = {name: visit.value(value) for name, value in self.inputs.items()}
        visit.took = inputs
        visit.memory["inputs"] = inputs
        conversing = Conversing(visit, self._agent(visit))
        async for happening in self._happening(visit, conversing, conversing.begins()):
            yield happening

    async def ask(self, visit: Visit) -> Happenings:
        conversing = Conversing(visit, self._agent(visit))
        async for happening in self._happening(visit, conversing, LaunchAction(type="launch")):
            yield happening

    async def answer(self, visit: Visit, answer: Answer) -> Happenings:
        async for happening in self._happening(visit, Conversing(visit, self._agent(visit)), answer):
            yield happening

    async def missed(self, visit: Visit) -> Happenings:
        async for happening in self.ask(visit):
            yield happening

    def _agent(self, visit: Visit) -> Agent:
        server = visit.turn.context.chain
        agent = step_agent(
            visit.facts,
            server=server,
            instructions="",
            model=None,
            tool_ids=(),
            playbook_ids=(),
            exits=(),
            max_rounds=ROUNDS,
        )
        inputs = visit.memory.get("inputs")
        playing = agent.playing(visit.facts.playbooks[self.playbook_id])
        return replace(playing, inputs=inputs if isinstance(inputs, dict) else {})

    async def _happening(self, visit: Visit, conversing: Conversing, action: Action) -> Happenings:
        async with aclosing(conversing.traces(action)) as traces:
            async for trace in traces:
                yield trace
        if isinstance(conversing.signal, Leave):
            visit.gave = dict(conversing.collected)
            for variable, name in self.outputs.items():
                if name in conversing.collected:
                    visit.assign(variable, conversing.collected[name])
                else:
                    visit.note(Debug("warning", f"The playbook has not collected `{name}` for `{variable}`."))
        yield conversing.signal
