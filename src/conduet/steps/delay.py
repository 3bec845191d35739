"""A pause."""

from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.engine.fields import control
from conduet.engine.signal import Leave
from conduet.engine.step import Family, Happenings, Step
from conduet.engine.trace import Typing
from conduet.engine.visit import Visit


class Delay(Step):
    """Pause, as somebody does who is typing."""

    type: ClassVar[str] = "delay"
    family: ClassVar[Family] = "talk"
    example: ClassVar[dict[str, JsonValue]] = {"seconds": 1.5}

    seconds: Annotated[
        float,
        Field(
            ge=0,
            le=30,
            allow_inf_nan=False,
            description="How long, in seconds, at most 30.",
            json_schema_extra=control("number"),
        ),
    ] = 1

    async def run(self, visit: Visit) -> Happenings:
        yield Typing(self.seconds)
        await visit.sleep(self.seconds)
        yield Leave()
