"""The SQL of deployments: which project is on which channel, and how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.deployments.tables import channel_contact, channel_delivery, channel_message, channel_status, deployment
from conduet.errors import NotFound
from conduet.kit.db import Tx
from conduet.kit.json import DOCUMENT_LEVELS, Json, dumps, parse


@dataclass(frozen=True, slots=True)
class Deployment:
    """A project on a channel; times in ms since 1970.

    `config` holds no secret: those are in `secrets`, encrypted, by the names of their fields.
    """

    id: str
    scope: ProjectScope
    channel: str
    name: str
    config: Mapping[str, Json]
    secrets: bytes | None
    enabled: bool
    version_id: str
    problem: str | None
    created_at: int
    updated_at: int


@dataclass(frozen=True, slots=True)
class Health:
    """When a deployment was told something last, and had something to say last; ms since 1970."""

    received_at: int | None = None
    sent_at: int | None = None


def add_deployment(tx: Tx, new: Deployment) -> None:
    """Adds it."""
    values = {"id": new.id, "project_id": new.scope.project_id, "channel": new.channel, "created_at": new.created_at}
    tx.execute(sa.insert(deployment).values(**values, **_changing(new)))


def update_deployment(tx: Tx, changed: Deployment) -> None:
    """Saves what may change of it. Raises `NotFound`."""
    own = _own(changed.scope, changed.id)
    if not tx.execute(sa.update(deployment).where(*own).values(**_changing(changed))).rowcount:
        raise missing()


def remove_deployment(tx: Tx, scope: ProjectScope, deployment_id: str) -> None:
    """Removes it with all that came in and went out there; conversations stay. Raises `NotFound`."""
    if not tx.execute(sa.delete(deployment).where(*_own(scope, deployment_id))).rowcount:
        raise missing()
    for table in (channel_contact, channel_message, channel_delivery, channel_status):
        of_it = (table.c.project_id == scope.project_id, table.c.deployment_id == deployment_id)
        tx.execute(sa.delete(table).where(*of_it))


def list_deployments(tx: Tx, scope: ProjectScope) -> Sequence[Deployment]:
    """The project's deployments, in the order they were made."""
    found = sa.select(deployment).where(deployment.c.project_id == scope.project_id)
    return [_read(row) for row in tx.execute(found.order_by(deployment.c.created_at, deployment.c.id))]


def get_deployment(tx: Tx, scope: ProjectScope, deployment_id: str, *, lock: bool = False) -> Deployment:
    """One deployment; with `lock` nobody else changes it meanwhile. Raises `NotFound`."""
    found = sa.select(deployment).where(*_own(scope, deployment_id))
    row = tx.execute(found.with_for_update() if lock else found).one_or_none()
    if row is None:
        raise missing()
    return _read(row)


def find_by_address(tx: Tx, deployment_id: str) -> Deployment | None:
    """The deployment that a webhook's address names, of whichever project: only for who checks the signature."""
    row = tx.execute(sa.select(deployment).where(deployment.c.id == deployment_id)).one_or_none()
    return None if row is None else _read(row)


def set_problem(tx: Tx, scope: ProjectScope, deployment_id: str, problem: str | None) -> None:
    """Notes what somebody has to mend, or that it is mended."""
    of_it = (*_own(scope, deployment_id), deployment.c.problem.is_distinct_from(problem))
    tx.execute(sa.update(deployment).where(*of_it).values(problem=problem))


def read_health(tx: Tx, scope: ProjectScope, deployment_id: str) -> Health:
    """When a deployment was told something, and had something to say, last."""
    last: list[int | None] = []
    for column in (channel_message.c.received_at, channel_delivery.c.created_at):
        table = column.table
        of_it = (table.c.project_id == scope.project_id, table.c.deployment_id == deployment_id)
        last.append(tx.execute(sa.select(sa.func.max(column)).where(*of_it)).scalar())
    return Health(*last)


def list_secrets(tx: Tx) -> Sequence[tuple[ProjectScope, str, bytes]]:
    """Scope, id and encrypted secrets of every deployment that has any; only for whoever rotates the key."""
    rows = tx.execute(sa.select(deployment.c.project_id, deployment.c.id, deployment.c.secrets))
    return [(ProjectScope(row.project_id), row.id, row.secrets) for row in rows if row.secrets is not None]


def set_secrets(tx: Tx, scope: ProjectScope, deployment_id: str, *, secrets: bytes) -> None:
    """Puts secrets that were encrypted anew in the place of the same ones."""
    tx.execute(sa.update(deployment).where(*_own(scope, deployment_id)).values(secrets=secrets))


def missing() -> NotFound:
    """The error for a deployment that is not there."""
    return NotFound("There is no such deployment.")


def _own(scope: ProjectScope, deployment_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return deployment.c.project_id == scope.project_id, deployment.c.id == deployment_id


def _changing(of: Deployment) -> dict[str, Any]:
    return {
        "name": of.name,
        "config": dumps(dict(of.config)).decode(),
        "secrets": of.secrets,
        "enabled": of.enabled,
        "version_id": of.version_id,
        "problem": of.problem,
        "updated_at": of.updated_at,
    }


def _read(row: sa.Row[Any]) -> Deployment:
    config = parse(row.config.encode(), levels=DOCUMENT_LEVELS)
    return Deployment(
        id=row.id,
        scope=ProjectScope(row.project_id),
        channel=row.channel,
        name=row.name,
        config=cast("dict[str, Json]", config),
        secrets=row.secrets,
        enabled=row.enabled,
        version_id=row.version_id,
        problem=row.problem,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
