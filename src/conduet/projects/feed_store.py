"""The SQL of what happens in a project: numbered events, the last of which are kept, and who is where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from conduet.accounts.principal import ProjectScope
from conduet.kit.clock import iso, now
from conduet.kit.db import Tx
from conduet.kit.json import Json, dumps
from conduet.projects.tables import presence, project, project_event, project_stream

KEPT: Final = 1_000
"""How many events of a project are kept for those whose connection was cut."""

PRESENT_MS: Final = 30_000
"""How long somebody is present who does not say so again."""

PEOPLE: Final = 200
"""How many of those who are present are told."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What there is behind an event: more of them, the number of the last, and the revision that the draft has."""

    events: Sequence[tuple[int, bytes]]
    last: int
    revision: int


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody's page, and where in the project it is, as JSON; `until` in ms since 1970."""

    member_id: str
    client_id: str
    place: str
    until: int


def topic(scope: ProjectScope) -> str:
    """Wakes whoever listens to the project."""
    return f"project:{scope.project_id}"


def jobs_topic(scope: ProjectScope) -> str:
    """Wakes whoever listens to how the work behind a project goes."""
    return f"jobs:{scope.project_id}"


def tell(tx: Tx, scope: ProjectScope, kind: str, payload: Mapping[str, Json], *, user_id: str | None = None) -> None:
    """Adds an event, about a user where it names one.

    Call it last in a transaction: those that tell of one project wait here for each other.
    """
    begun = insert(project_stream).values(project_id=scope.project_id, last=1)
    counted = begun.on_conflict_do_update(
        index_elements=["project_id"], set_={"last": project_stream.c.last + 1}
    ).returning(project_stream.c.last)
    number = tx.execute(counted).scalar_one()
    body = dumps({"type": kind, "payload": dict(payload), "time": iso(now())})
    tx.execute(sa.insert(project_event).values(project_id=scope.project_id, number=number, user_id=user_id, body=body))
    tx.execute(
        sa.delete(project_event).where(
            project_event.c.project_id == scope.project_id, project_event.c.number <= number - KEPT
        )
    )
    tx.notify(topic(scope))


def wake(tx: Tx, scope: ProjectScope) -> None:
    """Has whoever listens look again."""
    tx.notify(topic(scope))


def listen(tx: Tx, scope: ProjectScope, *, after: int | None) -> Heard | None:
    """The events behind number `after`, none without it; nothing where the project is gone."""
    asked = sa.select(project.c.revision, sa.func.coalesce(project_stream.c.last, 0)).select_from(
        project.outerjoin(project_stream, project_stream.c.project_id == project.c.id)
    )
    row = tx.execute(asked.where(project.c.id == scope.project_id)).one_or_none()
    if row is None:
        return None
    revision, last = tuple[int, int](row)
    if after is None or after >= last:
        return Heard((), last, revision)
    of = project_event.c
    found = tx.execute(
        sa.select(of.number, of.body)
        .where(of.project_id == scope.project_id, of.number > after, of.number <= last)
        .order_by(of.number)
    ).all()
    return Heard([(row.number, bytes(row.body)) for row in found], last, revision)


def put_presence(tx: Tx, scope: ProjectScope, found: Present, *, now_ms: int) -> None:
    """Says where somebody is, and forgets who has not been heard of."""
    of = presence.c
    tx.execute(sa.delete(presence).where(of.project_id == scope.project_id, of.until <= now_ms))
    values: dict[str, Any] = {"place": found.place, "until": found.until}
    key = {"project_id": scope.project_id, "member_id": found.member_id, "client_id": found.client_id}
    tx.execute(insert(presence).values(**key, **values).on_conflict_do_update(index_elements=[*key], set_=values))
    tx.notify(topic(scope))


def remove_presence(tx: Tx, scope: ProjectScope, *, member_id: str, client_id: str) -> None:
    """Forgets a page that was closed."""
    of = presence.c
    own = (of.project_id == scope.project_id, of.member_id == member_id, of.client_id == client_id)
    tx.execute(sa.delete(presence).where(*own))
    tx.notify(topic(scope))


def list_present(tx: Tx, scope: ProjectScope, *, now_ms: int) -> Sequence[Present]:
    """Who is there, by member and page."""
    of = presence.c
    rows = tx.execute(
        sa.select(of.member_id, of.client_id, of.place, of.until)
        .where(of.project_id == scope.project_id, of.until > now_ms)
        .order_by(of.member_id, of.client_id)
        .limit(PEOPLE)
    )
    return [Present(*row) for row in rows]


def read_place(found: Present) -> dict[str, Json]:
    """The place as it was told."""
    return orjson.loads(found.place)
