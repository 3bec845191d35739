"""The SQL of what a project's people have set by: views of transcripts, people to test as."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from conduet.accounts.principal import ProjectScope
from conduet.conversations.tables import preset
from conduet.errors import BadRequest, NotFound
from conduet.kit.db import Tx

MOST: Final = 200
"""How many of a kind a project may have."""

_OF = preset.c


@dataclass(frozen=True, slots=True)
class Preset:
    """`content` is JSON of what its `kind` sets by."""

    id: str
    kind: str
    name: str
    content: str
    created_at: int


_COLUMNS = tuple(_OF[name] for name in Preset.__slots__)


def list_presets(tx: Tx, scope: ProjectScope, kind: str | None) -> Sequence[Preset]:
    """The project's of a kind, or all, by name."""
    own = sa.select(*_COLUMNS).where(_OF.project_id == scope.project_id)
    own = own if kind is None else own.where(_OF.kind == kind)
    return [Preset(*row) for row in tx.execute(own.order_by(_OF.name, _OF.id))]


def keep_preset(tx: Tx, scope: ProjectScope, new: Preset) -> None:
    """Keeps it in place of one of its name. Raises `BadRequest` where there are too many."""
    others = (_OF.project_id == scope.project_id, _OF.kind == new.kind, _OF.name != new.name)
    if tx.execute(sa.select(sa.func.count()).select_from(preset).where(*others)).scalar_one() >= MOST:
        raise BadRequest(f"A project has at most {MOST} presets of a kind.")
    values = {name: getattr(new, name) for name in Preset.__slots__}
    # Two may keep one of the same name at once: the later one stays.
    added = insert(preset).values(project_id=scope.project_id, **values)
    tx.execute(added.on_conflict_do_update(index_elements=["project_id", "kind", "name"], set_=values))


def remove_preset(tx: Tx, scope: ProjectScope, preset_id: str) -> None:
    """Raises `NotFound`."""
    if not tx.execute(sa.delete(preset).where(_OF.project_id == scope.project_id, _OF.id == preset_id)).rowcount:
        raise NotFound("There is no such preset.")
