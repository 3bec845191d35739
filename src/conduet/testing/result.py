"""What a conversation test came to, as the API tells it and the command line reads it."""

from typing import Annotated

from pydantic import Field

from conduet.kit.json import Json
from conduet.kit.schema import Wire


class TestResult(Wire):
    """What a test came to; where it is red, the first thing that was not as expected, in words."""

    __test__ = False

    id: str
    name: str
    ok: bool
    turn: Annotated[int | None, Field(description="Counted from 1; none before the first turn.")] = None
    workflow_id: Annotated[str | None, Field(description="The workflow of the step.")] = None
    step_id: Annotated[str | None, Field(description="The step to look at.")] = None
    expected: Annotated[str | None, Field(description="What was expected.")] = None
    got: Annotated[str | None, Field(description="What came instead.")] = None
    skipped: Annotated[str | None, Field(description="What could not be judged, and why.")] = None

    def wire(self) -> dict[str, Json]:
        """As the API tells it; what does not apply is left out."""
        return self.model_dump(by_alias=True, exclude_none=True)

    def told(self) -> str:
        """Why a test is red, in lines: where, what was expected, what came."""
        turn = f"turn {self.turn}" if self.turn else "before the first turn"
        step = f", step {self.workflow_id}/{self.step_id}" if self.step_id else ""
        return f"{turn}{step}\nexpected  {self.expected}\ngot       {self.got}"
