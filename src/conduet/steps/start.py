"""Where a workflow begins."""

from typing import ClassVar

from conduet.engine.signal import Leave
from conduet.engine.step import Family, Happenings, Step
from conduet.engine.visit import Visit


class Start(Step):
    """Begin the workflow here."""

    type: ClassVar[str] = "start"
    family: ClassVar[Family] = "flow"

    async def run(self, visit: Visit) -> Happenings:
        yield Leave()
