"""The SQL of invitations: links that make somebody a member once."""

from dataclasses import dataclass

import sqlalchemy as sa

from conduet.accounts.member_store import add_member
from conduet.accounts.principal import AccountScope
from conduet.accounts.roles import Role
from conduet.accounts.store import Member
from conduet.accounts.tables import account, invitation
from conduet.accounts.tokens import mint
from conduet.errors import NotFound
from conduet.kit.db import Tx
from conduet.kit.ids import new_id

INVITATION_SECONDS = 7 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is invited, and as what; `email` is how an identity provider knows them. Times in ms since 1970."""

    id: str
    name: str
    role: Role
    email: str | None
    expires_at: int
    created_at: int


_LISTED = (
    invitation.c.id,
    invitation.c.name,
    invitation.c.role,
    invitation.c.email,
    invitation.c.expires_at,
    invitation.c.created_at,
)


def add_invitation(
    tx: Tx, scope: AccountScope, *, name: str, role: Role, now_ms: int, email: str | None = None
) -> tuple[Invitation, str]:
    """A new invitation, good once and for 7 days, and its token; those that are over are forgotten."""
    minted = mint()
    added = Invitation(new_id("inv"), name, role, email, now_ms + INVITATION_SECONDS * 1000, now_ms)
    tx.execute(sa.delete(invitation).where(invitation.c.expires_at <= now_ms))
    tx.execute(
        sa.insert(invitation).values(
            id=added.id,
            account_id=scope.account_id,
            hash=minted.hash,
            name=name,
            role=role,
            email=email,
            expires_at=added.expires_at,
            created_at=now_ms,
        )
    )
    return added, minted.secret


def list_invitations(tx: Tx, scope: AccountScope, *, now_ms: int) -> list[Invitation]:
    """The account's invitations that are still open, the latest first."""
    rows = tx.execute(
        sa.select(*_LISTED)
        .where(invitation.c.account_id == scope.account_id, invitation.c.expires_at > now_ms)
        .order_by(invitation.c.created_at.desc(), invitation.c.id.desc())
    )
    return [Invitation(*row) for row in rows]


def remove_invitation(tx: Tx, scope: AccountScope, invitation_id: str) -> None:
    """Takes an invitation back. Raises `NotFound`."""
    removed = tx.execute(
        sa.delete(invitation).where(invitation.c.account_id == scope.account_id, invitation.c.id == invitation_id)
    )
    if not removed.rowcount:
        raise NotFound("There is no such invitation.")


def find_invitation(tx: Tx, digest: bytes, *, now_ms: int) -> tuple[str, Invitation] | None:
    """The name of the account that invites, and the invitation with this hash."""
    row = tx.execute(
        sa.select(account.c.name.label("account"), *_LISTED)
        .join_from(invitation, account)
        .where(invitation.c.hash == digest, invitation.c.expires_at > now_ms)
    ).one_or_none()
    if row is None:
        return None
    return row.account, Invitation(row.id, row.name, row.role, row.email, row.expires_at, row.created_at)


def trade_invitation(tx: Tx, digest: bytes, *, name: str | None, subject: str | None, now_ms: int) -> Member | None:
    """Uses up the invitation with this hash for a new member; `None` when it is over.

    `name` is what they call themselves, if not as they were invited.
    """
    row = tx.execute(
        sa.delete(invitation)
        .where(invitation.c.hash == digest, invitation.c.expires_at > now_ms)
        .returning(invitation.c.account_id, invitation.c.name, invitation.c.role, invitation.c.email)
    ).one_or_none()
    if row is None:
        return None
    scope = AccountScope(row.account_id)
    called = name or row.name
    return add_member(tx, scope, name=called, role=row.role, now_ms=now_ms, subject=subject, email=row.email)


def list_invited(tx: Tx, email: str, *, now_ms: int) -> list[bytes]:
    """The hashes of the open invitations of whom an identity provider knows by this address."""
    asked = sa.select(invitation.c.hash).where(invitation.c.email == email, invitation.c.expires_at > now_ms)
    return list(tx.execute(asked).scalars())
