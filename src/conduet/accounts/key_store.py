"""The SQL of project keys and the origins that may use them."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from conduet.accounts.principal import AccountScope, KeyFacts, KeyType, ProjectScope, revocation_topic
from conduet.accounts.tables import allowed_origin, project_key
from conduet.accounts.tokens import PROJECT, mint
from conduet.errors import NotFound
from conduet.kit.db import Statement, Tx
from conduet.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class ProjectKey:
    """A project key as lists show it; times in milliseconds since 1970."""

    id: str
    name: str
    type: KeyType
    prefix: str
    require_identity: bool
    expires_at: int | None
    last_used_at: int | None
    created_at: int
    allowed_origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundKey:
    """What a project key opens, and the times that say whether it still does."""

    facts: KeyFacts
    account_id: str
    project_id: str
    expires_at: int | None
    last_used_at: int | None


def add_key(
    tx: Tx,
    scope: ProjectScope,
    *,
    account: AccountScope,
    name: str,
    now_ms: int,
    type: KeyType = "secret",  # noqa: A002  # the contract's word
    allowed_origins: Sequence[str] = (),
    require_identity: bool = False,
    expires_at: int | None = None,
) -> tuple[ProjectKey, str]:
    """A new key of the project, which belongs to `account`, and the secret, which nobody can read again.

    `allowed_origins` are in the form of `parse_origin`.
    """
    minted = mint(PROJECT)
    origins = tuple(dict.fromkeys(allowed_origins))
    added = ProjectKey(
        id=new_id("key"),
        name=name,
        type=type,
        prefix=minted.prefix,
        require_identity=require_identity,
        expires_at=expires_at,
        last_used_at=None,
        created_at=now_ms,
        allowed_origins=origins,
    )
    tx.execute(
        sa.insert(project_key).values(
            id=added.id,
            project_id=scope.project_id,
            account_id=account.account_id,
            name=name,
            type=type,
            hash=minted.hash,
            prefix=minted.prefix,
            require_identity=require_identity,
            expires_at=expires_at,
            created_at=now_ms,
        )
    )
    for position, origin in enumerate(origins):
        tx.execute(
            sa.insert(allowed_origin).values(
                key_id=added.id, origin=origin, project_id=scope.project_id, position=position
            )
        )
    return added, minted.secret


def list_keys(tx: Tx, scope: ProjectScope) -> list[ProjectKey]:
    """The project's keys, most recent first."""
    origins: dict[str, list[str]] = {}
    named = tx.execute(
        sa.select(allowed_origin.c.key_id, allowed_origin.c.origin)
        .where(allowed_origin.c.project_id == scope.project_id)
        .order_by(allowed_origin.c.position)
    )
    for row in named:
        origins.setdefault(row.key_id, []).append(row.origin)
    rows = tx.execute(
        sa.select(
            project_key.c.id,
            project_key.c.name,
            project_key.c.type,
            project_key.c.prefix,
            project_key.c.require_identity,
            project_key.c.expires_at,
            project_key.c.last_used_at,
            project_key.c.created_at,
        )
        .where(project_key.c.project_id == scope.project_id)
        .order_by(project_key.c.created_at.desc(), project_key.c.id.desc())
    )
    return [ProjectKey(*row, allowed_origins=tuple(origins.get(row.id, ()))) for row in rows]


def remove_key(tx: Tx, scope: ProjectScope, key_id: str) -> None:
    """Revokes a key: it opens nothing from now on, and its open streams are woken to end. Raises `NotFound`."""
    removed = tx.execute(
        sa.delete(project_key).where(project_key.c.project_id == scope.project_id, project_key.c.id == key_id)
    )
    if not removed.rowcount:
        raise NotFound("The project has no such key.")
    tx.notify(revocation_topic(key_id))


def set_key_expiry(tx: Tx, scope: ProjectScope, key_id: str, expires_at: int | None) -> None:
    """From when on a key opens nothing, `None`: it goes on. Its open streams are woken to look."""
    own = (project_key.c.project_id == scope.project_id, project_key.c.id == key_id)
    tx.execute(sa.update(project_key).where(*own).values(expires_at=expires_at))
    tx.notify(revocation_topic(key_id))


_BY_HASH = Statement(
    sa.select(
        project_key.c.id,
        project_key.c.type,
        project_key.c.require_identity,
        project_key.c.account_id,
        project_key.c.project_id,
        project_key.c.expires_at,
        project_key.c.last_used_at,
    ).where(project_key.c.hash == sa.bindparam("hash"))
)
_ORIGINS = Statement(
    sa.select(allowed_origin.c.origin)
    .where(allowed_origin.c.key_id == sa.bindparam("key"))
    .order_by(allowed_origin.c.position)
)


def find_key(tx: Tx, digest: bytes) -> FoundKey | None:
    """The project key with this hash; it is what tells the scope, so it takes none."""
    rows = tx.rows(_BY_HASH, hash=digest)
    if not rows:
        return None
    key_id, key_type, require_identity, account_id, project_id, expires_at, last_used_at = rows[0]
    origins = tuple(row[0] for row in tx.rows(_ORIGINS, key=key_id)) if key_type == "widget" else ()
    facts = KeyFacts(id=key_id, type=key_type, allowed_origins=origins, require_identity=bool(require_identity))
    return FoundKey(facts, account_id, project_id, expires_at, last_used_at)


_NAMED = Statement(
    sa.select(project_key.c.id)
    .join_from(allowed_origin, project_key, allowed_origin.c.key_id == project_key.c.id)
    .where(
        allowed_origin.c.origin == sa.bindparam("origin"),
        project_key.c.type == sa.literal_column("'widget'"),
        project_key.c.expires_at.is_(None) | (project_key.c.expires_at > sa.bindparam("now", type_=sa.BigInteger)),
    )
    .limit(sa.literal_column("1"))
)


def has_widget_origin(tx: Tx, origin: str, *, now_ms: int) -> bool:
    """Whether a widget key of any project that still opens something names `origin`: all that a preflight can ask."""
    return bool(tx.rows(_NAMED, origin=origin, now=now_ms))
