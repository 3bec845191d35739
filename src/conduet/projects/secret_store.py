"""The SQL of secrets: encrypted values by name and environment."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from conduet.accounts.principal import ProjectScope
from conduet.kit.db import Statement, Tx
from conduet.projects.tables import secret

# A turn that calls out reads them each time.
_LIST = Statement(
    sa.select(secret.c.name, secret.c.environment, secret.c.value)
    .where(
        secret.c.project_id == sa.bindparam("project"),
        sa.or_(secret.c.environment == "", secret.c.environment == sa.bindparam("environment")),
    )
    .order_by(secret.c.environment)
)


def set_value(tx: Tx, scope: ProjectScope, name: str, *, environment: str | None, value: bytes, at: int) -> None:
    """Adds or replaces the value of `name` in one environment, or the one for all of them (`None`)."""
    added = insert(secret).values(
        project_id=scope.project_id, name=name, environment=environment or "", value=value, updated_at=at
    )
    tx.execute(
        added.on_conflict_do_update(
            index_elements=["project_id", "name", "environment"],
            set_={"value": added.excluded.value, "updated_at": added.excluded.updated_at},
        )
    )


def remove_value(tx: Tx, scope: ProjectScope, name: str, *, environment: str | None) -> None:
    """Removes the value of `name` in one environment, or all its values (`None`)."""
    removed = sa.delete(secret).where(secret.c.project_id == scope.project_id, secret.c.name == name)
    tx.execute(removed if environment is None else removed.where(secret.c.environment == environment))


def list_values(tx: Tx, scope: ProjectScope, *, environment: str) -> Mapping[str, tuple[str, bytes]]:
    """By name: the environment that the value was set for (empty: for all) and the encrypted value, its own first."""
    rows = tx.rows(_LIST, project=scope.project_id, environment=environment)
    return {name: (of, value) for name, of, value in rows}


def list_all_values(tx: Tx) -> Sequence[tuple[ProjectScope, str, str, bytes]]:
    """Scope, name, environment and encrypted value of every secret; only for whoever rotates the key."""
    rows = tx.execute(sa.select(secret.c.project_id, secret.c.name, secret.c.environment, secret.c.value))
    return [(ProjectScope(row.project_id), row.name, row.environment, row.value) for row in rows]


def reseal_value(tx: Tx, scope: ProjectScope, name: str, *, environment: str, value: bytes) -> None:
    """The same value, encrypted anew."""
    tx.execute(
        sa.update(secret)
        .where(secret.c.project_id == scope.project_id, secret.c.name == name, secret.c.environment == environment)
        .values(value=value)
    )
