"""A person is needed."""

from collections.abc import Mapping
from typing import ClassVar

from conduet.agents.builtin import Builtin, Done, parameters, text
from conduet.agents.stage import HandedOver, Stage
from conduet.engine.handing import handing_over
from conduet.engine.trace import Escalation
from conduet.engine.values import Json
from conduet.llm.message import ToolSpec


class Escalate(Builtin):
    """Gives the conversation to a person; always offered."""

    name: ClassVar[str] = "escalate"

    def spec(self, stage: Stage) -> ToolSpec | None:
        told = "Let a person take over: when the user asks for one, or when you cannot help. You say nothing after it."
        return ToolSpec(self.name, told, parameters({"reason": text("Why, for that person.")}, "reason"))

    async def use(self, stage: Stage, args: Mapping[str, Json], *, place: str) -> Done:
        reason = str(args["reason"])
        stage.outcome = HandedOver()
        handoff, *away = handing_over(stage.turn, "", reason)
        return Done("A person takes over.", traces=(handoff, Escalation(reason), *away))
