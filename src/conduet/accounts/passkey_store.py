"""The SQL of passkeys: public keys of authenticators, by which members sign in."""

from dataclasses import dataclass

import sqlalchemy as sa

from conduet.accounts.tables import passkey
from conduet.errors import Conflict, NotFound
from conduet.kit.db import Tx
from conduet.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its member sees it; times in milliseconds since 1970."""

    id: str
    name: str
    last_used_at: int | None
    created_at: int


@dataclass(frozen=True, slots=True)
class FoundPasskey:
    """Whose passkey it is, and what an answer of it is checked against."""

    id: str
    member_id: str
    public_key: bytes
    sign_count: int


_LISTED = (passkey.c.id, passkey.c.name, passkey.c.last_used_at, passkey.c.created_at)


def add_passkey(
    tx: Tx, member_id: str, *, name: str, credential: bytes, public_key: bytes, sign_count: int, now_ms: int
) -> Passkey:
    """A new passkey of a member. Raises `Conflict` for a credential that is there already."""
    if find_passkey(tx, credential) is not None:
        raise Conflict("This passkey was added already.")
    added = Passkey(new_id("psk"), name, None, now_ms)
    tx.execute(
        sa.insert(passkey).values(
            id=added.id,
            member_id=member_id,
            name=name,
            credential=credential,
            public_key=public_key,
            sign_count=sign_count,
            created_at=now_ms,
        )
    )
    return added


def list_passkeys(tx: Tx, member_id: str) -> list[Passkey]:
    """A member's passkeys, the latest first."""
    rows = tx.execute(
        sa.select(*_LISTED)
        .where(passkey.c.member_id == member_id)
        .order_by(passkey.c.created_at.desc(), passkey.c.id.desc())
    )
    return [Passkey(*row) for row in rows]


def list_credentials(tx: Tx, member_id: str) -> list[bytes]:
    """What a member's authenticators call their passkeys."""
    return list(tx.execute(sa.select(passkey.c.credential).where(passkey.c.member_id == member_id)).scalars())


def rename_passkey(tx: Tx, member_id: str, passkey_id: str, *, name: str) -> tuple[Passkey, Passkey]:
    """A member's passkey before and after. Raises `NotFound`."""
    before = _get(tx, member_id, passkey_id)
    tx.execute(sa.update(passkey).where(passkey.c.id == passkey_id).values(name=name))
    return before, _get(tx, member_id, passkey_id)


def remove_passkey(tx: Tx, member_id: str, passkey_id: str) -> Passkey:
    """Removes a member's passkey. Raises `NotFound`."""
    removed = _get(tx, member_id, passkey_id)
    tx.execute(sa.delete(passkey).where(passkey.c.id == passkey_id))
    return removed


def find_passkey(tx: Tx, credential: bytes) -> FoundPasskey | None:
    """The passkey that its authenticator calls this; it is what tells the scope, so it takes none."""
    row = tx.execute(
        sa.select(passkey.c.id, passkey.c.member_id, passkey.c.public_key, passkey.c.sign_count).where(
            passkey.c.credential == credential
        )
    ).one_or_none()
    return None if row is None else FoundPasskey(*row)


def use_passkey(tx: Tx, used: FoundPasskey, *, sign_count: int, now_ms: int) -> bool:
    """Counts a use; `False` when it was removed, or used by somebody else since it was looked up."""
    changed = tx.execute(
        sa.update(passkey)
        .where(passkey.c.id == used.id, passkey.c.sign_count == used.sign_count)
        .values(sign_count=sign_count, last_used_at=now_ms)
    )
    return bool(changed.rowcount)


def _get(tx: Tx, member_id: str, passkey_id: str) -> Passkey:
    row = tx.execute(
        sa.select(*_LISTED).where(passkey.c.member_id == member_id, passkey.c.id == passkey_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such passkey.")
    return Passkey(*row)
