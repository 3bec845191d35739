"""The SQL of projects: the draft, its revisions, and which of them a version is."""

from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from conduet.accounts.principal import AccountScope, ProjectScope
from conduet.errors import At, Conflict, NotFound
from conduet.kit.db import Statement, Tx
from conduet.projects.tables import project, revision, version

DEVELOPMENT = "development"
PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Summary:
    """A project without its document; times in milliseconds since 1970."""

    id: str
    name: str
    description: str
    framework: str
    language: str
    slug: str
    revision: int
    created_at: int
    updated_at: int


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A revision's document as it was written: JSON, and the schema it was written under."""

    text: str
    schema_version: int


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a `versionId` stands for now; a `kept` revision stays readable after the next save."""

    version_id: str
    revision: int
    kept: bool


# What a turn asks: one indexed select, as a hot statement.

_DRAFT = Statement(
    sa.select(revision.c.number, revision.c.kept)
    .join_from(project, revision, (revision.c.project_id == project.c.id) & (revision.c.number == project.c.revision))
    .where(project.c.id == sa.bindparam("project"))
)
_LATEST = Statement(
    sa.select(version.c.id, version.c.revision)
    .where(version.c.project_id == sa.bindparam("project"), version.c.is_published)
    .order_by(version.c.created_at.desc(), version.c.id.desc())
    .limit(sa.literal_column("1"))
)
_PUBLISHED = Statement(
    sa.select(version.c.id, version.c.revision).where(
        version.c.id == sa.bindparam("version"), version.c.project_id == sa.bindparam("project")
    )
)
_KEEP = Statement(
    sa.update(revision)
    .values(kept=sa.true())
    .where(revision.c.project_id == sa.bindparam("project"), revision.c.number == sa.bindparam("number"))
)
_ACCOUNT = Statement(sa.select(project.c.account_id).where(project.c.id == sa.bindparam("project")))


def resolve_version(tx: Tx, scope: ProjectScope, version_id: str) -> Resolved:
    """The revision behind `development`, `production` or a version's id.

    Raises `NotFound`, in words, when nothing is published or the project has no such version.
    """
    if version_id == DEVELOPMENT:
        found = tx.rows(_DRAFT, project=scope.project_id)
        if not found:
            raise NotFound("There is no such project.")
        return Resolved(DEVELOPMENT, found[0][0], bool(found[0][1]))
    if version_id == PRODUCTION:
        found = tx.rows(_LATEST, project=scope.project_id)
        if not found:
            raise NotFound("Nothing is published yet: publish a version, or ask for `development`.")
    else:
        found = tx.rows(_PUBLISHED, project=scope.project_id, version=version_id)
        if not found:
            raise NotFound(f"The project has no version {version_id!r}: see GET /project/versions.")
    return Resolved(found[0][0], found[0][1], kept=True)


def keep_revision(tx: Tx, scope: ProjectScope, resolved: Resolved) -> Resolved:
    """Makes sure that what a turn runs on outlives the next save; call it in the transaction that claims the turn.

    A save that committed in between has removed the revision: then the newest draft is resolved and kept instead.
    """
    while not resolved.kept:
        if tx.change(_KEEP, project=scope.project_id, number=resolved.revision):
            return replace(resolved, kept=True)
        resolved = resolve_version(tx, scope, resolved.version_id)
    return resolved


def get_document(tx: Tx, scope: ProjectScope, number: int) -> StoredDocument:
    """The document of one revision. Raises `NotFound` when it was saved over and nothing kept it."""
    row = tx.execute(
        sa.select(revision.c.document, revision.c.schema_version).where(
            revision.c.project_id == scope.project_id, revision.c.number == number
        )
    ).one_or_none()
    if row is None:
        raise NotFound(f"The project has no revision {number} any more.")
    return StoredDocument(row.document, row.schema_version)


_SUMMARY = (
    project.c.id,
    project.c.name,
    project.c.description,
    project.c.framework,
    project.c.language,
    project.c.slug,
    project.c.revision,
    project.c.created_at,
    project.c.updated_at,
)


def list_projects(tx: Tx, scope: AccountScope) -> list[Summary]:
    """The account's projects, the one that was changed last first."""
    rows = tx.execute(
        sa.select(*_SUMMARY)
        .where(project.c.account_id == scope.account_id)
        .order_by(project.c.updated_at.desc(), project.c.id.desc())
    )
    return [Summary(*row) for row in rows]


def get_project(tx: Tx, scope: ProjectScope) -> Summary:
    """The project. Raises `NotFound`."""
    row = tx.execute(sa.select(*_SUMMARY).where(project.c.id == scope.project_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such project.")
    return Summary(*row)


def get_draft(tx: Tx, scope: ProjectScope) -> tuple[Summary, StoredDocument]:
    """The project with the document of its newest revision, of one moment. Raises `NotFound`."""
    row = tx.execute(
        sa.select(*_SUMMARY, revision.c.document, revision.c.schema_version)
        .join_from(
            project, revision, (revision.c.project_id == project.c.id) & (revision.c.number == project.c.revision)
        )
        .where(project.c.id == scope.project_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such project.")
    return Summary(*tuple(row)[:-2]), StoredDocument(row.document, row.schema_version)


def list_slugs(tx: Tx, scope: AccountScope, *, apart_from: str | None) -> set[str]:
    """The slugs that the account's projects have, one project's own left out."""
    rows = tx.execute(
        sa.select(project.c.slug).where(project.c.account_id == scope.account_id, project.c.id != (apart_from or ""))
    )
    return set(rows.scalars())


def find_account(tx: Tx, scope: ProjectScope) -> AccountScope | None:
    """The account that a project belongs to."""
    found = tx.rows(_ACCOUNT, project=scope.project_id)
    return AccountScope(found[0][0]) if found else None


def hold_project(tx: Tx, scope: ProjectScope) -> None:
    """Has whoever else holds the project, or saves it, wait until this transaction has ended."""
    tx.execute(sa.select(project.c.id).where(project.c.id == scope.project_id).with_for_update(key_share=True))


def find_by_name(tx: Tx, scope: AccountScope, name: str) -> ProjectScope | None:
    """The account's project with the id or the slug `name`."""
    found = tx.execute(
        sa.select(project.c.id)
        .where(project.c.account_id == scope.account_id, (project.c.id == name) | (project.c.slug == name))
        .order_by(project.c.id != name)
    ).first()
    return ProjectScope(found.id) if found else None


def add_project(tx: Tx, scope: AccountScope, summary: Summary, document: StoredDocument) -> bool:
    """A new project with its first revision; `False`, and nothing added, when its id or slug was taken meanwhile."""
    added = tx.execute(
        insert(project)
        .values(
            id=summary.id,
            account_id=scope.account_id,
            **_copies(summary),
            revision=summary.revision,
            created_at=summary.created_at,
            updated_at=summary.updated_at,
        )
        .on_conflict_do_nothing()
        .returning(project.c.id)
    )
    if added.first() is None:
        return False
    _add_revision(tx, summary, document)
    return True


def update_draft(
    tx: Tx, scope: ProjectScope, summary: Summary, document: StoredDocument, *, keeps_before: bool = False
) -> bool:
    """Saves `document` as revision `summary.revision` and forgets the one before unless something stands on it.

    With `keeps_before` it stays for a version that is made of it in the same transaction.

    `False`, and nothing changed, when the one before is no longer the newest. Raises `Conflict` when another project of
    the account has the slug.
    """
    before = summary.revision - 1
    try:
        changed = tx.execute(
            sa.update(project)
            .values(**_copies(summary), revision=summary.revision, updated_at=summary.updated_at)
            .where(project.c.id == scope.project_id, project.c.revision == before)
        )
    except IntegrityError:
        raise slug_taken(summary.slug) from None
    if not changed.rowcount:
        return False
    _add_revision(tx, summary, document)
    if not keeps_before:
        tx.execute(
            sa.delete(revision).where(
                revision.c.project_id == scope.project_id, revision.c.number == before, revision.c.kept.is_(False)
            )
        )
    return True


def remove_project(tx: Tx, scope: ProjectScope) -> None:
    """Removes the project; all its rows in every table go with it."""
    tx.execute(sa.delete(project).where(project.c.id == scope.project_id))


def slug_taken(slug: str) -> Conflict:
    """The error for a slug that another project of the account has."""
    message = f"Another project of the account has the slug {slug!r}."
    return Conflict(message, details=[At("slug", message)])


def _copies(summary: Summary) -> dict[str, str]:
    return {
        "name": summary.name,
        "description": summary.description,
        "framework": summary.framework,
        "language": summary.language,
        "slug": summary.slug,
    }


def _add_revision(tx: Tx, summary: Summary, document: StoredDocument) -> None:
    tx.execute(
        sa.insert(revision).values(
            project_id=summary.id,
            number=summary.revision,
            document=document.text,
            schema_version=document.schema_version,
            kept=False,
            created_at=summary.updated_at,
        )
    )
