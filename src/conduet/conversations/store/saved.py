"""The SQL of replies that a project has ready for its people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from conduet.accounts.principal import ProjectScope
from conduet.conversations.tables import saved_reply
from conduet.errors import At, BadRequest, Conflict, NotFound
from conduet.kit.db import Tx

MOST: Final = 500
"""How many a project may have."""

_OF = saved_reply.c


@dataclass(frozen=True, slots=True)
class SavedReply:
    """A reply that is ready; `name` finds it, times in milliseconds since 1970."""

    id: str
    name: str
    text: str
    created_at: int
    updated_at: int


_COLUMNS = tuple(_OF[name] for name in SavedReply.__slots__)


def list_saved(tx: Tx, scope: ProjectScope) -> Sequence[SavedReply]:
    """The project's, by name."""
    rows = tx.execute(sa.select(*_COLUMNS).where(_OF.project_id == scope.project_id).order_by(_OF.name, _OF.id))
    return [SavedReply(*row) for row in rows]


def get_saved(tx: Tx, scope: ProjectScope, reply_id: str, *, stays: bool = False) -> SavedReply:
    """One of the project's; with `stays` nobody changes it until the transaction ends. Raises `NotFound`."""
    asked = sa.select(*_COLUMNS).where(*_one(scope, reply_id))
    row = tx.execute(asked.with_for_update() if stays else asked).one_or_none()
    if row is None:
        raise NotFound("There is no such saved reply.")
    return SavedReply(*row)


def add_saved(tx: Tx, scope: ProjectScope, new: SavedReply) -> None:
    """Raises `Conflict` where another has the name, and `BadRequest` where there are too many."""
    count = sa.select(sa.func.count()).select_from(saved_reply).where(_OF.project_id == scope.project_id)
    if tx.execute(count).scalar_one() >= MOST:
        raise BadRequest(f"A project has at most {MOST} saved replies.")
    values = {name: getattr(new, name) for name in SavedReply.__slots__}
    try:
        tx.execute(sa.insert(saved_reply).values(project_id=scope.project_id, **values))
    except IntegrityError:
        raise _taken(new.name) from None


def update_saved(tx: Tx, scope: ProjectScope, changed: SavedReply) -> None:
    """Raises `Conflict` where another has the name."""
    values = {"name": changed.name, "text": changed.text, "updated_at": changed.updated_at}
    try:
        tx.execute(sa.update(saved_reply).where(*_one(scope, changed.id)).values(**values))
    except IntegrityError:
        raise _taken(changed.name) from None


def remove_saved(tx: Tx, scope: ProjectScope, reply_id: str) -> None:
    """Raises `NotFound`."""
    if not tx.execute(sa.delete(saved_reply).where(*_one(scope, reply_id))).rowcount:
        raise NotFound("There is no such saved reply.")


def _one(scope: ProjectScope, reply_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return _OF.project_id == scope.project_id, _OF.id == reply_id


def _taken(name: str) -> Conflict:
    message = f"Another saved reply is called {name!r}."
    return Conflict(message, details=[At("name", message)])
