"""Several things at once."""

from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.engine.fields import control
from conduet.engine.shape import Id, Many, Shape
from conduet.engine.signal import Fork
from conduet.engine.step import Family, Happenings, Step
from conduet.engine.visit import Visit


class Branch(Shape):
    """One of the things that are done."""

    id: Annotated[Id, Field(description="The port that it begins behind.", json_schema_extra=control("text"))]


class Parallel(Step):
    """Run branches side by side and go on when all of them are done."""

    type: ClassVar[str] = "parallel"
    family: ClassVar[Family] = "flow"
    fixed_ports: ClassVar[tuple[str, ...]] = ("next", "error")
    ports_from: ClassVar[tuple[str, ...]] = ("branches",)
    forks: ClassVar[bool] = True
    example: ClassVar[dict[str, JsonValue]] = {"branches": [{"id": "weather"}, {"id": "prices"}], "timeoutMs": 8000}

    branches: Annotated[
        Many[Branch],
        Field(
            max_length=20,
            description="What is done side by side; nothing in it may wait for the user.",
            json_schema_extra=control("list", needed=True),
        ),
    ] = ()
    timeout_ms: Annotated[
        int | None,
        Field(
            ge=1,
            le=120_000,
            description="How long a branch may take, in milliseconds; what takes longer is given up.",
            json_schema_extra=control("number"),
        ),
    ] = None

    async def run(self, visit: Visit) -> Happenings:
        seconds = None if self.timeout_ms is None else self.timeout_ms / 1000
        yield Fork(tuple(branch.id for branch in self.branches), seconds)
