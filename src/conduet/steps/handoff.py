"""A person takes over."""

from contextlib import aclosing
from typing import Annotated, ClassVar, Final

from pydantic import Field, JsonValue

from conduet.agents.asking import Asking, Question, spoken_in
from conduet.engine.facts import Facts
from conduet.engine.fields import Line, control
from conduet.engine.handing import handing_over
from conduet.engine.signal import HandOver
from conduet.engine.step import Connected, Family, Happenings, Step
from conduet.engine.trace import Debug, Escalation
from conduet.engine.values import Json
from conduet.engine.visit import Visit

_TASK: Final = (
    "Sum up the conversation for the person who takes over, in at most 100 words and in its language: what the user "
    "wants, what was found out, done and left open. Keep names, numbers and dates. Write nothing else."
)


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
        summary = ""
        if self.summary and visit.turn.history:
            told: dict[str, Json] = {"conversation": spoken_in(visit.turn)}
            asking = Asking(visit.turn, Question(_TASK, has_persona=False, data=told))
            async with aclosing(asking.silent(visit.place())) as traces:
                async for trace in traces:
                    yield trace
            if asking.error is not None:
                yield Debug("warning", f"There is no summary: {asking.error.message}")
            summary = "" if asking.error else asking.said
        handoff, *away = handing_over(visit.turn, visit.text(self.target), reason, summary or None)
        yield handoff
        yield Escalation(reason)
        for trace in away:
            yield trace
        yield HandOver()
