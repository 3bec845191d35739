"""How versions, and what is different between two of them, look on the wire."""

from typing import Annotated, Any, Literal

from pydantic import Field

from conduet.engine.values import MISSING
from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.schema import Wire
from conduet.projects.comparing import PartChange, counts
from conduet.projects.differing import FieldChange
from conduet.projects.schemas import Name, PublishedVersion
from conduet.projects.versions import Comparison, Known

Note = Annotated[str, Field(max_length=10_000, description="Why it was made.")]


class NewVersion(Wire):
    """A version to be made; without a name it gets one."""

    name: Name | None = None
    note: Note | None = None


class VersionFacts(Wire):
    """What may be said of a version; an empty note is none, what is left out stays."""

    name: Name | None = None
    note: Note | None = None


class KnownVersion(PublishedVersion):
    """A version as developers see it."""

    note: str | None
    by: Annotated[str | None, Field(description="The member who made it.")]
    published: Annotated[bool, Field(description="Else it is a draft that was kept when another was restored.")]
    production: Annotated[bool, Field(description="Whether `production` is this version: the last published one.")]

    @classmethod
    def known(cls, known: Known) -> "KnownVersion":
        """As answers show it."""
        version = known.version
        return cls(
            id=version.id,
            name=version.name,
            created_at=iso(from_milliseconds(version.created_at)),
            note=version.note,
            by=known.by,
            published=version.is_published,
            production=known.is_production,
        )


class WholeVersion(KnownVersion):
    """A version with its document, which can be imported as it is."""

    document: dict[str, Any]


class ToldField(Wire):
    """A field that is another now; `before` is left out where it was added, `after` where it was removed."""

    path: Annotated[str, Field(description="Within the part; empty for the whole of it.")]
    before: Any = None
    after: Any = None


class ToldChange(Wire):
    """A part of the document that is different."""

    kind: Literal["added", "removed", "changed", "moved"]
    what: Annotated[str, Field(description="`step`, `connection`, `note`, `workflow`, `tool`, `prompt`, …; `project`.")]
    id: str
    name: str
    path: Annotated[str, Field(description="Where it is after; where it was, for what is gone.")]
    workflow_id: str | None = None
    words: str
    fields: list[ToldField]


class ToldCounts(Wire):
    """How many parts are different."""

    added: int
    removed: int
    changed: int
    moved: int


class ToldComparison(Wire):
    """What is different between two versions."""

    before: Annotated[str, Field(description="A version's id, or `development`.")]
    after: str
    counts: ToldCounts
    changes: list[ToldChange]


def told_comparison(comparison: Comparison) -> dict[str, Any]:
    """A comparison as answers show it."""
    return {
        "before": comparison.before,
        "after": comparison.after,
        "counts": counts(comparison.changes),
        "changes": [_change(change) for change in comparison.changes],
    }


def _change(change: PartChange) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": change.kind,
        "what": change.what,
        "id": change.id,
        "name": change.name,
        "path": change.path,
    }
    if change.workflow_id is not None:
        told["workflowId"] = change.workflow_id
    return {**told, "words": change.words, "fields": [_field(field) for field in change.fields]}


def _field(field: FieldChange) -> dict[str, Any]:
    sides = {"before": field.before, "after": field.after}
    return {"path": field.path, **{side: value for side, value in sides.items() if value is not MISSING}}
