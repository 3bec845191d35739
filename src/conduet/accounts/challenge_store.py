"""The SQL of challenges: what was asked of an authenticator or an identity provider, and is answered once."""

import sqlalchemy as sa

from conduet.accounts.tables import challenge
from conduet.kit.db import Tx


def add_challenge(tx: Tx, digest: bytes, *, facts: bytes, now_ms: int, expires_at: int) -> None:
    """A new challenge with this hash; those that are over are forgotten."""
    tx.execute(sa.delete(challenge).where(challenge.c.expires_at <= now_ms))
    tx.execute(sa.insert(challenge).values(hash=digest, facts=facts, expires_at=expires_at))


def trade_challenge(tx: Tx, digest: bytes, *, now_ms: int) -> bytes | None:
    """Uses up the challenge with this hash; its facts, or `None` when it is over."""
    return tx.execute(
        sa.delete(challenge)
        .where(challenge.c.hash == digest, challenge.c.expires_at > now_ms)
        .returning(challenge.c.facts)
    ).scalar_one_or_none()
