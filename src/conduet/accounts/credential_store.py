"""The SQL that is the same for project keys, developer tokens and sessions."""

from collections.abc import Mapping

import sqlalchemy as sa

from conduet.accounts.principal import CredentialKind
from conduet.accounts.tables import developer_token, project_key, session
from conduet.kit.db import Statement, Tx

_TABLES = {"key": project_key, "token": developer_token, "session": session}
_LIVE = {
    kind: Statement(
        sa.select(table.c.id).where(
            table.c.id == sa.bindparam("id"),
            table.c.expires_at.is_(None) | (table.c.expires_at > sa.bindparam("now", type_=sa.BigInteger)),
        )
    )
    for kind, table in _TABLES.items()
}


def is_live(tx: Tx, credential_id: str, *, kind: CredentialKind, now_ms: int) -> bool:
    """Whether it is neither revoked nor expired."""
    return bool(tx.rows(_LIVE[kind], id=credential_id, now=now_ms))


def update_last_used(tx: Tx, used: Mapping[tuple[CredentialKind, str], int]) -> None:
    """Writes when keys and developer tokens were used last, in milliseconds since 1970."""
    for (kind, credential_id), moment in used.items():
        table = _TABLES[kind]
        tx.execute(sa.update(table).where(table.c.id == credential_id).values(last_used_at=moment))
