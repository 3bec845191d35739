"""The SQL of chat pages: which deployment is at which address, and with which key."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from conduet.accounts.principal import ProjectScope
from conduet.deployments.tables import chat_page
from conduet.kit.db import Tx


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A chat page; without a `key_id` somebody has revoked its key. The `key` is encrypted."""

    slug: str
    scope: ProjectScope
    deployment_id: str
    key_id: str | None
    key: bytes


def find_page(tx: Tx, slug: str) -> StoredPage | None:
    """The page at an address, of whichever project: whoever knows the address may see it."""
    row = tx.execute(sa.select(chat_page).where(chat_page.c.slug == slug)).one_or_none()
    return None if row is None else _read(row)


def get_page(tx: Tx, scope: ProjectScope, deployment_id: str) -> StoredPage | None:
    """A deployment's page, if it has one."""
    row = tx.execute(sa.select(chat_page).where(*_own(scope, deployment_id))).one_or_none()
    return None if row is None else _read(row)


def put_page(tx: Tx, page: StoredPage) -> bool:
    """Puts a page in the place of the one that the deployment has; `False`: another deployment has the address."""
    remove_page(tx, page.scope, page.deployment_id)
    values = {
        "slug": page.slug,
        "project_id": page.scope.project_id,
        "deployment_id": page.deployment_id,
        "key_id": page.key_id,
        "key": page.key,
    }
    added = tx.execute(insert(chat_page).values(**values).on_conflict_do_nothing().returning(chat_page.c.slug))
    return added.first() is not None


def remove_page(tx: Tx, scope: ProjectScope, deployment_id: str) -> None:
    """Removes a deployment's page, if it has one."""
    tx.execute(sa.delete(chat_page).where(*_own(scope, deployment_id)))


def list_pages(tx: Tx) -> Sequence[StoredPage]:
    """Every page there is; only for whoever rotates the key that they are encrypted with."""
    return [_read(row) for row in tx.execute(sa.select(chat_page))]


def _own(scope: ProjectScope, deployment_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return chat_page.c.project_id == scope.project_id, chat_page.c.deployment_id == deployment_id


def _read(row: sa.Row[Any]) -> StoredPage:
    return StoredPage(row.slug, ProjectScope(row.project_id), row.deployment_id, row.key_id, row.key)
