"""How projects and versions look on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal, cast

from pydantic import Field

from conduet.engine.project import ProjectShape
from conduet.engine.shape import ID_LENGTH
from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.schema import Wire
from conduet.projects.document import SLUG_LENGTH
from conduet.projects.draft import Draft
from conduet.projects.store import Summary
from conduet.projects.version_store import Version

Name = Annotated[str, Field(min_length=1, max_length=ID_LENGTH)]


class NewProject(Wire):
    """A blank project to be made."""

    name: Name
    description: Annotated[str, Field(max_length=2_000)] = ""
    framework: Literal["agentic", "conversation-flow", "outbound"] = "conversation-flow"
    language: Annotated[str, Field(min_length=1, max_length=35)] = "en"
    slug: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
            max_length=SLUG_LENGTH,
            description="How the project is called in addresses and commands; left out: it follows from the name.",
        ),
    ] = None


class ListedProject(Wire):
    """A project without its document."""

    id: str
    name: str
    description: str
    framework: str
    language: str
    slug: str
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, summary: Summary) -> "ListedProject":
        """As lists show it."""
        return cls(**_listed(summary))


class PublicProject(ListedProject):
    """A project as the holder of one of its keys sees it."""

    widget: dict[str, Any]

    @classmethod
    def shown(cls, draft: Draft) -> "PublicProject":
        """With the configuration of its widget."""
        return cls(**_listed(draft.summary), widget=cast(dict[str, Any], draft.document["widget"]))


class PublishedVersion(Wire):
    """A published version, which never changes."""

    id: str
    name: str
    created_at: str

    @classmethod
    def of(cls, version: Version) -> "PublishedVersion":
        """As answers show it."""
        return cls(id=version.id, name=version.name, created_at=iso(from_milliseconds(version.created_at)))


class ProjectProblem(Wire):
    """What is unfinished in a document, or odd about it."""

    severity: Literal["error", "warning"]
    code: str
    message: str
    path: str
    workflow_id: str | None = None
    step_id: str | None = None
    fix: str | None = None


class ProjectDocument(ProjectShape):
    """The whole project: its document, and what only answers tell."""

    id: str
    created_at: datetime
    updated_at: datetime
    revision: int
    schema_version: int
    has_identity_secret: bool
    problems: list[ProjectProblem] | None = Field(None, description="Told by what saves.")


def _listed(summary: Summary) -> dict[str, Any]:
    return {
        "id": summary.id,
        "name": summary.name,
        "description": summary.description,
        "framework": summary.framework,
        "language": summary.language,
        "slug": summary.slug,
        "created_at": iso(from_milliseconds(summary.created_at)),
        "updated_at": iso(from_milliseconds(summary.updated_at)),
    }
