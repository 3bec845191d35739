"""The conversation goes on to another phase."""

from collections.abc import Mapping
from typing import ClassVar

from conduet.agents.builtin import Builtin, Done, parameters
from conduet.agents.phases import targets
from conduet.agents.stage import Stage
from conduet.agents.trace import Phase
from conduet.engine.values import Json
from conduet.llm.message import ToolSpec


class AdvancePhase(Builtin):
    """Takes an exit that is described in words; offered where the phase has one."""

    name: ClassVar[str] = "advance_phase"

    def spec(self, stage: Stage) -> ToolSpec | None:
        ways = targets(stage.phases, stage.phase) if stage.phase else dict[str, str]()
        if not ways:
            return None
        to: dict[str, Json] = {"type": "string", "enum": [*ways], "description": "The phase that follows."}
        return ToolSpec(self.name, "Go on to another phase of the conversation.", parameters({"to": to}, "to"))

    async def use(self, stage: Stage, args: Mapping[str, Json], *, place: str) -> Done:
        phase, to = stage.phase, str(args["to"])
        stage.memory.phase = to
        return Done(f"You are in the phase {to!r} now.", traces=(Phase(phase.id if phase else "", to),))
