"""The agent of an agentic project, as the engine lets it converse."""

from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from typing import Final

from conduet.agents.agent import model_flaws, project_agent
from conduet.agents.configuration import PATH, harness_flaws, read_harness, told_flaws
from conduet.agents.harness import Harness
from conduet.agents.memory import Memory
from conduet.agents.stage import Stage
from conduet.engine.action import Action
from conduet.engine.flaw import Flaw
from conduet.engine.graph import Document
from conduet.engine.inspect import unknown_fields
from conduet.engine.mistakes import below
from conduet.engine.problem import unknown_field
from conduet.engine.trace import Trace
from conduet.engine.turn import Turn
from conduet.engine.values import Json

KEY: Final = "agent"
"""Before the places of its journal."""


class ProjectConverser:
    """An agent, made once with its document; the server's models are those of the turn."""

    def __init__(self, document: Document) -> None:
        behaviour = document.shape.behaviour_config
        self._shape = read_harness(behaviour.agent_harness)
        self._facts = document.facts
        self._is_run = document.framework != "conversation-flow"
        self._agent = project_agent(document, server=())

    def has_begun(self, memory: Json) -> bool:
        """Whether anything was said."""
        return bool(Memory.read(memory).messages)

    def take(self, turn: Turn, memory: Json) -> "_Taking":
        """A turn of the agent."""
        agent = self._agent if self._agent.chain else replace(self._agent, chain=turn.context.chain)
        return _Taking(Stage(turn, turn.context, agent, Memory.read(memory), KEY))

    def problems(self) -> Iterator[Flaw]:
        """Those of the harness, of names of models, and of a harness that is never run."""
        behaviour = self._facts.behaviour
        for flaw in (*model_flaws(behaviour.model), *told_flaws(behaviour.persona, self._facts, "persona")):
            yield _placed(flaw, "behaviourConfig")
        for index, playbook in enumerate(self._facts.playbooks.values()):
            told = told_flaws(playbook.instructions, self._facts, "instructions")
            for flaw in (*model_flaws(playbook.model), *told):
                yield _placed(flaw, below("playbooks", index))
        for index, phase in enumerate(self._shape.phases):
            for flaw in model_flaws(phase.model):
                yield _placed(flaw, f"{PATH}.phases[{index}]")
        for path in unknown_fields(self._shape):
            field = unknown_field(below(PATH, path))
            yield Flaw(field.code, field.message, field.path, field.fix or "", field.severity)
        if self._is_run:
            for flaw in harness_flaws(self._shape, self._facts):
                yield _placed(flaw, PATH)


class _Taking:
    """One turn."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def traces(self, action: Action) -> AsyncGenerator[Trace, None]:
        """What the agent says and does."""
        return Harness(self._stage).traces(action)

    def remembered(self) -> Json:
        """The memory as JSON."""
        return self._stage.memory.write()


def _placed(flaw: Flaw, path: str) -> Flaw:
    return replace(flaw, path=below(path, flaw.path) if flaw.path else path)
