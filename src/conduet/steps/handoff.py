"""A person takes over."""

from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.engine.facts import Facts
from conduet.engine.fields import Line, control
from conduet.engine.signal import HandOver
from conduet.engine.step import Connected, Family, Happenings, Step
from conduet.engine.trace import Escalation, Handoff
from conduet.engine.visit import Visit


class HandoffStep(Step):
    """Hand the conversation over to a person; the agent is silent until it is handed back."""

    type: ClassVar[str] = "handoff"
    family: ClassVar[Family] = "talk"
    example: ClassVar[dict[str, JsonValue]] = {
        "target": "Workshop",
        "reason": "{{name}} asks for a repair that is not on the list.",
        "summary": True,
    }

    target: Annotated[
        Line, Field(description="Whom it is for: a person, a team.", json_schema_extra=control("text"))
    ] = Line("")
    reason: Annotated[
        Line, Field(description="Why, for the person who takes over.", json_schema_extra=control("textarea"))
    ] = Line("")
    summary: Annotated[
        bool,
        Field(
            description="Whether the person is given a summary of the conversation.",
            json_schema_extra=control("switch"),
        ),
    ] = False

    def waits(self, exits: Connected, facts: Facts) -> bool:
        return True

    async def run(self, visit: Visit) -> Happenings:
        reason = visit.text(self.reason) or "The flow hands over to a person."
        yield Handoff(visit.text(self.target) or "person", reason)
        yield Escalation(reason)
        yield HandOver()
