"""The SQL of accounts, their members and their developer tokens."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from conduet.accounts.principal import AccountScope, revocation_topic
from conduet.accounts.roles import Role
from conduet.accounts.tables import account, developer_token, member
from conduet.accounts.tokens import DEVELOPER, mint
from conduet.errors import NotFound
from conduet.kit.db import Statement, Tx
from conduet.kit.ids import new_id

UNNAMED: Final = "Owner"
"""What the first owner is called until they say what they are called."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works on an account's projects."""

    id: str
    account_id: str
    name: str
    role: Role

    @property
    def account(self) -> AccountScope:
        return AccountScope(self.account_id)


@dataclass(frozen=True, slots=True)
class DeveloperToken:
    """A developer token as lists show it; times in milliseconds since 1970."""

    id: str
    member_id: str
    name: str
    prefix: str
    expires_at: int | None
    last_used_at: int | None
    created_at: int


@dataclass(frozen=True, slots=True)
class FoundToken:
    """What a developer token opens, and the times that say whether it still does."""

    id: str
    account_id: str
    member_id: str
    role: Role
    expires_at: int | None
    last_used_at: int | None


def add_account(tx: Tx, *, name: str, owner: str, now_ms: int) -> Member:
    """A new account with one member, its owner, who is returned."""
    added = Member(id=new_id("mem"), account_id=new_id("acc"), name=owner, role="owner")
    tx.execute(sa.insert(account).values(id=added.account_id, name=name, created_at=now_ms))
    tx.execute(
        sa.insert(member).values(
            id=added.id, account_id=added.account_id, name=added.name, role=added.role, created_at=now_ms
        )
    )
    return added


def find_owner(tx: Tx) -> Member | None:
    """The owner of the first account, for whoever sits at the machine; `None` before the first start."""
    row = tx.execute(
        sa.select(member.c.id, member.c.account_id, member.c.name, member.c.role)
        .where(member.c.role == "owner")
        .order_by(member.c.created_at, member.c.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else Member(*row)


def list_member_names(tx: Tx, scope: AccountScope) -> dict[str, str]:
    """What the account's members are called, by their ids."""
    rows = tx.execute(sa.select(member.c.id, member.c.name).where(member.c.account_id == scope.account_id))
    return {row.id: row.name for row in rows}


def add_token(tx: Tx, owner: Member, *, name: str, now_ms: int, expires_at: int | None = None) -> tuple[str, str]:
    """A new developer token with the role of its member: its id, and the token, which nobody can read again."""
    minted = mint(DEVELOPER)
    token_id = new_id("tok")
    tx.execute(
        sa.insert(developer_token).values(
            id=token_id,
            account_id=owner.account_id,
            member_id=owner.id,
            name=name,
            hash=minted.hash,
            prefix=minted.prefix,
            expires_at=expires_at,
            created_at=now_ms,
        )
    )
    return token_id, minted.secret


def list_tokens(tx: Tx, scope: AccountScope, *, member_id: str | None = None) -> list[DeveloperToken]:
    """The account's developer tokens, most recent first; of one member where that is named."""
    chosen = (
        sa.select(
            developer_token.c.id,
            developer_token.c.member_id,
            developer_token.c.name,
            developer_token.c.prefix,
            developer_token.c.expires_at,
            developer_token.c.last_used_at,
            developer_token.c.created_at,
        )
        .where(developer_token.c.account_id == scope.account_id)
        .order_by(developer_token.c.created_at.desc(), developer_token.c.id.desc())
    )
    rows = tx.execute(chosen if member_id is None else chosen.where(developer_token.c.member_id == member_id))
    return [DeveloperToken(*row) for row in rows]


def remove_token(tx: Tx, scope: AccountScope, token_id: str, *, member_id: str | None = None) -> None:
    """Revokes a developer token, of one member where that is named. Raises `NotFound`."""
    chosen = sa.delete(developer_token).where(
        developer_token.c.account_id == scope.account_id, developer_token.c.id == token_id
    )
    removed = tx.execute(chosen if member_id is None else chosen.where(developer_token.c.member_id == member_id))
    if not removed.rowcount:
        raise NotFound("There is no such developer token.")
    tx.notify(revocation_topic(token_id))


_BY_HASH = Statement(
    sa.select(
        developer_token.c.id,
        developer_token.c.account_id,
        developer_token.c.member_id,
        member.c.role,
        developer_token.c.expires_at,
        developer_token.c.last_used_at,
    )
    .join_from(developer_token, member)
    .where(developer_token.c.hash == sa.bindparam("hash"))
)


def find_token(tx: Tx, digest: bytes) -> FoundToken | None:
    """The developer token with this hash; it is what tells the scope, so it takes none."""
    rows = tx.rows(_BY_HASH, hash=digest)
    return FoundToken(*rows[0]) if rows else None
