"""A project with the newest revision of its document, as it is stored and as it is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from conduet.engine.check import Problem, check
from conduet.engine.document import compile_document
from conduet.engine.step import Step
from conduet.errors import PayloadTooLarge
from conduet.kit.clock import from_milliseconds, iso, milliseconds, now
from conduet.kit.ids import new_id
from conduet.kit.json import Json, dumps
from conduet.projects.converters import SCHEMA_VERSION
from conduet.projects.document import DOCUMENT_BYTES, JsonObject
from conduet.projects.store import StoredDocument, Summary


@dataclass(frozen=True, slots=True)
class Draft:
    """`problems` is known to whatever has just checked the document, and `None` otherwise."""

    summary: Summary
    document: JsonObject
    has_identity_secret: bool = False
    problems: Sequence[Problem] | None = field(default=None)

    def stored(self) -> StoredDocument:
        """The document as a revision holds it. Raises `PayloadTooLarge`."""
        text = dumps(self.document)
        if len(text) > DOCUMENT_BYTES:
            raise PayloadTooLarge(f"A project document may have {DOCUMENT_BYTES} bytes, this one has {len(text)}.")
        return StoredDocument(text.decode(), SCHEMA_VERSION)

    def answer(self) -> JsonObject:
        """The document as clients see it, with what only answers tell."""
        told: JsonObject = {
            "createdAt": iso(from_milliseconds(self.summary.created_at)),
            "updatedAt": iso(from_milliseconds(self.summary.updated_at)),
            "revision": self.summary.revision,
            "schemaVersion": SCHEMA_VERSION,
            "hasIdentitySecret": self.has_identity_secret,
        }
        if self.problems is not None:
            told["problems"] = [cast(Json, problem.wire()) for problem in self.problems]
        return {"id": self.summary.id, **self.document, **told}


def checked(document: JsonObject, steps: Mapping[str, type[Step]], *, summary: Summary) -> Draft:
    """`document` as a draft of the project in `summary`, whose name and the like follow the document.

    Raises `BadRequest` with all mistakes of shape.
    """
    problems = check(compile_document(document, steps))
    copies = {name: cast(str, document[name]) for name in ("name", "description", "framework", "language", "slug")}
    summary = Summary(
        id=summary.id,
        revision=summary.revision,
        created_at=summary.created_at,
        updated_at=summary.updated_at,
        **copies,
    )
    return Draft(summary, document, problems=problems)


def new_draft(document: JsonObject, steps: Mapping[str, type[Step]], *, project_id: str | None = None) -> Draft:
    """The first revision of a new project. Raises `BadRequest` with all mistakes of shape."""
    at = milliseconds(now())
    summary = Summary(project_id or new_id("proj"), "", "", "", "", "", revision=1, created_at=at, updated_at=at)
    return checked(document, steps, summary=summary)
