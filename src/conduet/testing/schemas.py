"""How runs of tests look on the wire."""

from typing import Annotated

from pydantic import Field

from conduet.conversations.wire import VersionId
from conduet.kit.schema import Wire
from conduet.projects.store import DEVELOPMENT


class Run(Wire):
    """Which of the draft's tests to run, and on which version."""

    ids: Annotated[
        list[str] | None, Field(description="These tests, in the order of the document; all if left out.")
    ] = None
    version_id: VersionId = DEVELOPMENT


class TestResult(Wire):
    """What a test came to."""

    __test__ = False

    id: str
    name: str
    ok: bool
    turn: Annotated[int | None, Field(description="Where it is red, counted from 1; none before the first turn.")] = (
        None
    )
    workflow_id: Annotated[str | None, Field(description="The workflow of the step.")] = None
    step_id: Annotated[str | None, Field(description="The step to look at.")] = None
    expected: Annotated[str | None, Field(description="What was expected, in words.")] = None
    got: Annotated[str | None, Field(description="What came instead, in words.")] = None
    skipped: Annotated[str | None, Field(description="What could not be judged, and why.")] = None
