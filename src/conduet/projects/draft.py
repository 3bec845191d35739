"""A project with the newest revision of its document, as it is stored and as it is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from conduet.engine.check import Problem
from conduet.errors import PayloadTooLarge
from conduet.kit.clock import from_milliseconds, iso
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
    problems: Sequence[Problem] | None = None

    @classmethod
    def new(cls, document: JsonObject, *, project_id: str, at: int) -> "Draft":
        """The first revision of a new project, made `at` (milliseconds since 1970), of a document that is valid."""
        return cls(_summary(document, project_id, revision=1, created_at=at, updated_at=at), document)

    def followed_by(self, document: JsonObject, *, at: int) -> "Draft":
        """The next revision, saved `at`, with a document that is valid."""
        before = self.summary
        number = before.revision + 1
        summary = _summary(document, before.id, revision=number, created_at=before.created_at, updated_at=at)
        return Draft(summary, document, has_identity_secret=self.has_identity_secret)

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


def _summary(document: JsonObject, project_id: str, *, revision: int, created_at: int, updated_at: int) -> Summary:
    copies = {name: cast(str, document[name]) for name in ("name", "description", "framework", "language", "slug")}
    return Summary(id=project_id, **copies, revision=revision, created_at=created_at, updated_at=updated_at)
