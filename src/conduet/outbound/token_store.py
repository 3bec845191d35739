"""The SQL of pairs of tokens that are bought anew: which of several processes buys the next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from conduet.accounts.principal import ProjectScope
from conduet.kit.db import Tx
from conduet.outbound.tables import outbound_token

FORGOTTEN_DAYS: Final = 400
"""How long a pair is kept that nobody has bought anew: by then its refresh token is void everywhere."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A line of pairs as it is stored; times in ms since 1970.

    `pair` is encrypted, nothing before the first was bought; `problem` is why the next cannot be.
    """

    scope: ProjectScope
    id: str
    pair: bytes | None
    good_until: int
    lease_until: int
    problem: str | None


def find_token(tx: Tx, scope: ProjectScope, token_id: str) -> Stored | None:
    """The line of that id."""
    row = tx.execute(sa.select(outbound_token).where(*_one(scope, token_id))).one_or_none()
    return None if row is None else _read(row)


def lease_token(tx: Tx, scope: ProjectScope, token_id: str, *, now: int, until: int) -> bool:
    """Makes whoever asks the one that buys the next pair; `False`: another does already."""
    gone = outbound_token.c.good_until < now - FORGOTTEN_DAYS * 86_400_000
    tx.execute(sa.delete(outbound_token).where(outbound_token.c.project_id == scope.project_id, gone))
    made = insert(outbound_token).values(
        project_id=scope.project_id, id=token_id, good_until=now, lease_until=until, problem=None
    )
    taken = made.on_conflict_do_update(
        index_elements=["project_id", "id"],
        set_={"lease_until": until},
        where=outbound_token.c.lease_until <= now,
    )
    return tx.execute(taken.returning(outbound_token.c.id)).first() is not None


def keep_pair(tx: Tx, before: Stored, *, pair: bytes, good_until: int) -> bool:
    """Puts a pair in the place of the one it was bought with; `False`: another is there already."""
    column = outbound_token.c.pair
    same = column.is_(None) if before.pair is None else column == before.pair
    values = {"pair": pair, "good_until": good_until, "lease_until": 0, "problem": None}
    changed = sa.update(outbound_token).where(*_one(before.scope, before.id), same)
    return tx.execute(changed.values(**values)).rowcount > 0


def end_lease(tx: Tx, before: Stored, *, until: int, problem: str | None) -> None:
    """Lets the next one buy; with a `problem`, why there is nothing to be bought any more."""
    own = (*_one(before.scope, before.id), outbound_token.c.lease_until == until)
    tx.execute(sa.update(outbound_token).where(*own).values(lease_until=0, problem=problem))


def list_tokens(tx: Tx) -> Sequence[Stored]:
    """Every line there is; only for whoever rotates the key that they are encrypted with."""
    return [_read(row) for row in tx.execute(sa.select(outbound_token))]


def reseal_pair(tx: Tx, of: Stored, *, pair: bytes) -> None:
    """Puts a pair that was encrypted anew in the place of the same one."""
    tx.execute(sa.update(outbound_token).where(*_one(of.scope, of.id)).values(pair=pair))


def _one(scope: ProjectScope, token_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return outbound_token.c.project_id == scope.project_id, outbound_token.c.id == token_id


def _read(row: sa.Row[Any]) -> Stored:
    return Stored(ProjectScope(row.project_id), row.id, row.pair, row.good_until, row.lease_until, row.problem)
