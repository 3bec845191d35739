"""The end of a conversation."""

from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.engine.fields import Scripted, control
from conduet.engine.signal import Finish
from conduet.engine.step import Family, Happenings, Step
from conduet.engine.trace import Resolution, Text
from conduet.engine.visit import Visit


class End(Step):
    """End the conversation, from any depth."""

    type: ClassVar[str] = "end"
    family: ClassVar[Family] = "flow"
    fixed_ports: ClassVar[tuple[str, ...]] = ()
    example: ClassVar[dict[str, JsonValue]] = {"resolved": True, "text": "Glad I could help. Goodbye!"}

    resolved: Annotated[
        bool, Field(description="Whether the user's matter is settled.", json_schema_extra=control("switch"))
    ] = False
    text: Annotated[Scripted, Field(description="What is said at last.", json_schema_extra=control("textarea"))] = (
        Scripted("")
    )

    async def run(self, visit: Visit) -> Happenings:
        if self.text:
            yield Text(visit.text(self.text))
        if self.resolved:
            yield Resolution("The flow ended with the matter settled.")
        yield Finish()
