"""The SQL of signing in: links that are traded once, and the sessions they are traded for."""

from dataclasses import dataclass

import sqlalchemy as sa

from conduet.accounts.principal import revocation_topic
from conduet.accounts.roles import Role
from conduet.accounts.store import Member
from conduet.accounts.tables import member, session, sign_in_link
from conduet.accounts.tokens import mint
from conduet.kit.db import Statement, Tx
from conduet.kit.ids import new_id

LINK_SECONDS = 15 * 60
SESSION_SECONDS = 30 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class FoundSession:
    """Whose dashboard session it is, and until when (milliseconds since 1970)."""

    id: str
    account_id: str
    member_id: str
    role: Role
    expires_at: int


@dataclass(frozen=True, slots=True)
class ListedSession:
    """A session as its member sees it; times in milliseconds since 1970."""

    id: str
    expires_at: int
    created_at: int


def add_link(tx: Tx, signing_in: Member, *, now_ms: int) -> str:
    """The token of a new sign-in link, good once and for 15 minutes; links that are over are forgotten."""
    minted = mint()
    tx.execute(sa.delete(sign_in_link).where(sign_in_link.c.expires_at <= now_ms))
    tx.execute(
        sa.insert(sign_in_link).values(
            hash=minted.hash, member_id=signing_in.id, expires_at=now_ms + LINK_SECONDS * 1000
        )
    )
    return minted.secret


def trade_link(tx: Tx, digest: bytes, *, now_ms: int) -> str | None:
    """Uses up the link with this hash for a new session, whose secret is returned; `None` when the link is over."""
    signing_in = tx.execute(
        sa.delete(sign_in_link)
        .where(sign_in_link.c.hash == digest, sign_in_link.c.expires_at > now_ms)
        .returning(sign_in_link.c.member_id)
    ).scalar_one_or_none()
    if signing_in is None:
        return None
    return add_session(tx, signing_in, now_ms=now_ms)


def add_session(tx: Tx, member_id: str, *, now_ms: int) -> str:
    """The secret of a new session of a member; sessions that are over are forgotten."""
    minted = mint()
    tx.execute(sa.delete(session).where(session.c.expires_at <= now_ms))
    tx.execute(
        sa.insert(session).values(
            id=new_id("sess"),
            hash=minted.hash,
            member_id=member_id,
            expires_at=now_ms + SESSION_SECONDS * 1000,
            created_at=now_ms,
        )
    )
    return minted.secret


_BY_HASH = Statement(
    sa.select(session.c.id, member.c.account_id, session.c.member_id, member.c.role, session.c.expires_at)
    .join_from(session, member)
    .where(session.c.hash == sa.bindparam("hash"))
)


def find_session(tx: Tx, digest: bytes) -> FoundSession | None:
    """The session with this hash; it is what tells the scope, so it takes none."""
    rows = tx.rows(_BY_HASH, hash=digest)
    return FoundSession(*rows[0]) if rows else None


def remove_session(tx: Tx, session_id: str) -> None:
    """Signs out: the session opens nothing from now on."""
    tx.execute(sa.delete(session).where(session.c.id == session_id))
    tx.notify(revocation_topic(session_id))


def list_sessions(tx: Tx, member_id: str, *, now_ms: int) -> list[ListedSession]:
    """Where a member is signed in, the latest first."""
    rows = tx.execute(
        sa.select(session.c.id, session.c.expires_at, session.c.created_at)
        .where(session.c.member_id == member_id, session.c.expires_at > now_ms)
        .order_by(session.c.created_at.desc(), session.c.id.desc())
    )
    return [ListedSession(*row) for row in rows]


def remove_sessions(tx: Tx, member_id: str, *, but: str | None = None) -> int:
    """Signs a member out everywhere, `but` in the session of this id; in how many places that was."""
    found = tx.execute(sa.select(session.c.id).where(session.c.member_id == member_id)).scalars().all()
    for each in found:
        if each != but:
            remove_session(tx, each)
    return len(found)
