"""The SQL of versions: what was published, and drafts that were kept when another document took their place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.errors import NotFound
from conduet.kit.db import Tx
from conduet.projects.tables import revision, version


@dataclass(frozen=True, slots=True)
class Version:
    """A revision that was published, or kept; `created_at` in milliseconds since 1970, `member_id` is who made it."""

    id: str
    name: str
    revision: int
    created_at: int
    is_published: bool = True
    note: str | None = None
    member_id: str | None = None


_COLUMNS = (
    version.c.id,
    version.c.name,
    version.c.revision,
    version.c.created_at,
    version.c.is_published,
    version.c.note,
    version.c.member_id,
)


def add_version(tx: Tx, scope: ProjectScope, added: Version) -> Version | None:
    """Adds a version of a revision, which is kept from now on; a published one without a name gets a number.

    `None`, and nothing added, when the revision was saved over meanwhile.
    """
    stays = sa.update(revision).where(revision.c.project_id == scope.project_id, revision.c.number == added.revision)
    if not tx.execute(stays.values(kept=True)).rowcount:
        return None
    named = added if added.name else replace(added, name=f"Version {_count_published(tx, scope) + 1}")
    tx.execute(
        sa.insert(version).values(
            id=named.id,
            project_id=scope.project_id,
            name=named.name,
            revision=named.revision,
            created_at=named.created_at,
            is_published=named.is_published,
            note=named.note,
            member_id=named.member_id,
        )
    )
    return named


def _count_published(tx: Tx, scope: ProjectScope) -> int:
    query = sa.select(sa.func.count()).select_from(version)
    return tx.execute(query.where(version.c.project_id == scope.project_id, version.c.is_published)).scalar_one()


def list_versions(tx: Tx, scope: ProjectScope, *, with_drafts: bool = False) -> Sequence[Version]:
    """The published versions, most recent first, and the drafts that were kept among them."""
    query = sa.select(*_COLUMNS).where(version.c.project_id == scope.project_id)
    newest_first = query.order_by(version.c.created_at.desc(), version.c.id.desc())
    rows = tx.execute(newest_first if with_drafts else newest_first.where(version.c.is_published))
    return [_read(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Published:
    """The version that a project serves, and its revision."""

    scope: ProjectScope
    version_id: str
    revision: int


def list_published(tx: Tx, *, since: int) -> Sequence[Published]:
    """The latest version of each project that was published since then (ms since 1970)."""
    query = sa.select(version.c.project_id, version.c.id, version.c.revision)
    found = query.where(version.c.is_published, version.c.created_at >= since)
    rows = tx.execute(found.order_by(version.c.created_at, version.c.id))
    latest = {row.project_id: Published(ProjectScope(row.project_id), row.id, row.revision) for row in rows}
    return [*latest.values()]


def get_version(tx: Tx, scope: ProjectScope, version_id: str, *, stays: bool = False) -> Version:
    """One version; with `stays` nobody changes it until the transaction ends. Raises `NotFound`."""
    asked = sa.select(*_COLUMNS).where(version.c.project_id == scope.project_id, version.c.id == version_id)
    row = tx.execute(asked.with_for_update() if stays else asked).one_or_none()
    if row is None:
        raise NotFound("There is no such version.")
    return _read(row)


def update_version(tx: Tx, scope: ProjectScope, changed: Version) -> None:
    """Names a version, and says why it was made; nothing else of it ever changes."""
    found = sa.update(version).where(version.c.project_id == scope.project_id, version.c.id == changed.id)
    tx.execute(found.values(name=changed.name, note=changed.note))


def is_version(tx: Tx, scope: ProjectScope, number: int) -> bool:
    """Whether a version stands on the revision of that number."""
    query = sa.select(sa.literal(1)).where(version.c.project_id == scope.project_id, version.c.revision == number)
    return tx.execute(query.limit(1)).first() is not None


def _read(row: Any) -> Version:
    return Version(*row)
