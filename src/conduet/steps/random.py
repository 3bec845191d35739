"""A fork by chance."""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.engine.facts import Facts
from conduet.engine.fields import control
from conduet.engine.flaw import Flaw
from conduet.engine.shape import Id, Many, Shape
from conduet.engine.signal import Leave
from conduet.engine.step import Family, Happenings, Step
from conduet.engine.visit import Visit


class Path(Shape):
    """A way that may be taken."""

    id: Annotated[Id, Field(description="The port that the flow leaves by.", json_schema_extra=control("text"))]
    weight: Annotated[
        float,
        Field(
            ge=0,
            le=1_000_000,
            allow_inf_nan=False,
            description="How often, compared with the other ways.",
            json_schema_extra=control("number"),
        ),
    ] = 1


class Random(Step):
    """Leave by one of several paths, by weight."""

    type: ClassVar[str] = "random"
    family: ClassVar[Family] = "logic"
    fixed_ports: ClassVar[tuple[str, ...]] = ()
    ports_from: ClassVar[tuple[str, ...]] = ("paths",)
    example: ClassVar[dict[str, JsonValue]] = {"paths": [{"id": "a", "weight": 3}, {"id": "b"}], "sticky": True}

    paths: Annotated[
        Many[Path],
        Field(description="The ways and how often each is taken.", json_schema_extra=control("list", needed=True)),
    ] = ()
    sticky: Annotated[
        bool, Field(description="The same user always takes the same path.", json_schema_extra=control("switch"))
    ] = False

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        if self.paths and not any(path.weight for path in self.paths):
            yield Flaw(
                "NO_WEIGHT", "No path has a weight: none can be taken.", "paths", "Give a path a weight above 0."
            )

    async def run(self, visit: Visit) -> Happenings:
        yield Leave(pick(self.paths, visit.steady() if self.sticky else visit.random()))


def pick(paths: Sequence[Path], drawn: float) -> str:
    """The path that `drawn`, in [0, 1), falls on when each takes as much room as it weighs."""
    possible = [path for path in paths if path.weight]
    point = drawn * sum(path.weight for path in possible)
    ends = accumulate(path.weight for path in possible)
    # Rounding may put the point on the very end.
    return next((path.id for path, end in zip(possible, ends, strict=True) if point < end), possible[-1].id)
