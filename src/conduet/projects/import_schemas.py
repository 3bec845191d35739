"""What an import answers with."""

from typing import Annotated

from pydantic import Field

from conduet.kit.schema import Wire
from conduet.projects.schemas import ProjectDocument


class ImportedFrom(Wire):
    """What the export was of."""

    format: str
    version: str | None


class ImportedCounts(Wire):
    """How many steps the export had, and what became of them."""

    steps: int
    mapped: int
    approximated: int
    dropped: int


class ImportedPlace(Wire):
    """Where a step stood in the export."""

    workflow: str
    block: Annotated[str | None, Field(description="Left out where it stood in none.")] = None


class ImportedStep(Wire):
    """What became of a step."""

    id: str
    type: str
    name: str
    place: ImportedPlace
    to: Annotated[str | None, Field(description="The type of step that it became; left out where it has no twin.")] = (
        None
    )
    reason: Annotated[str | None, Field(description="Why it is not what it was, and what to do.")] = None


class ImportReport(Wire):
    """What became of an export: every step of it once."""

    source: ImportedFrom
    counts: ImportedCounts
    mapped: list[ImportedStep]
    approximated: list[ImportedStep]
    dropped: list[ImportedStep]
    warnings: Annotated[list[str], Field(description="What is no step's, and worth a look.")]


class ImportedProject(Wire):
    """The project that was made, and the report."""

    project: ProjectDocument
    report: ImportReport
