"""The user's matter is settled."""

from collections.abc import Mapping
from typing import ClassVar

from conduet.agents.builtin import Builtin, Done, parameters, text
from conduet.agents.stage import Stage
from conduet.engine.trace import Resolution
from conduet.engine.values import Json
from conduet.llm.message import ToolSpec


class Resolve(Builtin):
    """Says that the user's matter is settled; offered to the agent itself, not to a playbook or a step with exits."""

    name: ClassVar[str] = "resolve"

    def spec(self, stage: Stage) -> ToolSpec | None:
        if stage.acting.exits or stage.memory.visiting:
            return None
        told = "Note that what the user came for is settled, once the user has said so or it plainly is."
        return ToolSpec(self.name, told, parameters({"reason": text("What was settled.")}, "reason"))

    async def use(self, stage: Stage, args: Mapping[str, Json], *, place: str) -> Done:
        return Done("Noted. Say goodbye in a sentence.", traces=(Resolution(str(args["reason"])),))
