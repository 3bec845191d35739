"""The SQL of the secret that signs the user ids of a project's widgets."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from conduet.accounts.principal import ProjectScope
from conduet.accounts.tables import identity
from conduet.kit.db import Statement, Tx


def put_identity_secret(tx: Tx, scope: ProjectScope, stored: bytes, *, now_ms: int) -> None:
    """Sets the project's encrypted identity secret; what was signed under the former one is void."""
    added = insert(identity).values(project_id=scope.project_id, secret=stored, created_at=now_ms)
    tx.execute(
        added.on_conflict_do_update(
            index_elements=[identity.c.project_id], set_={"secret": stored, "created_at": now_ms}
        )
    )


_BY_PROJECT = Statement(sa.select(identity.c.secret).where(identity.c.project_id == sa.bindparam("project")))


def find_identity_secret(tx: Tx, scope: ProjectScope) -> bytes | None:
    """The project's encrypted identity secret."""
    rows = tx.rows(_BY_PROJECT, project=scope.project_id)
    return rows[0][0] if rows else None


def list_identity_secrets(tx: Tx) -> Sequence[tuple[ProjectScope, bytes]]:
    """Every project's encrypted identity secret: for whoever rotates the key, and for nobody else."""
    return [(ProjectScope(row.project_id), row.secret) for row in tx.execute(sa.select(identity))]


def reseal_identity_secret(tx: Tx, scope: ProjectScope, stored: bytes) -> None:
    """The same secret, encrypted anew."""
    tx.execute(sa.update(identity).where(identity.c.project_id == scope.project_id).values(secret=stored))


def has_identity_secret(tx: Tx, scope: ProjectScope) -> bool:
    """Whether the project has one: what `hasIdentitySecret` tells."""
    return find_identity_secret(tx, scope) is not None
