"""The SQL of deliveries: events on their way, taken by one process at a time, and what became of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.errors import NotFound
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Statement, Tx
from conduet.kit.page import Page
from conduet.webhooks.tables import webhook, webhook_delivery

WAITING: Final = "waiting"
DELIVERED: Final = "delivered"
FAILED: Final = "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to an address, or arrived; times in ms since 1970.

    `answered` is the status of the last answer, `problem` why that was none that counts.
    """

    id: str
    webhook_id: str
    type: str
    body: bytes
    status: str
    attempts: int
    answered: int | None
    problem: str | None
    created_at: int
    tried_at: int | None


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery that this process tries, and where it goes; no `url` when its webhook is gone or off."""

    scope: ProjectScope
    delivery: Delivery
    url: str | None
    secret: bytes | None


@dataclass(frozen=True, slots=True)
class Tried:
    """What a try came to; `next_at` is when the next one is (ms since 1970), if there is to be one."""

    status: str
    answered: int | None
    problem: str | None
    next_at: int | None = None


_OWN: Final = webhook_delivery.c
_COLUMNS: Final = (
    _OWN.id,
    _OWN.webhook_id,
    _OWN.type,
    _OWN.body,
    _OWN.status,
    _OWN.attempts,
    _OWN.answered,
    _OWN.problem,
    _OWN.created_at,
    _OWN.tried_at,
)
_DUE: Final = sa.text("next_at is not null")
# Asked over and over.
_NEXT = Statement(
    sa.select(sa.func.min(_OWN.next_at)).where(
        _DUE, sa.or_(_OWN.taken_by.is_(None), _OWN.taken_by != sa.bindparam("worker"))
    )
)


def add_delivery(tx: Tx, scope: ProjectScope, new: Delivery, *, user_id: str | None) -> None:
    """Adds a delivery, to be tried at once; `user_id` is whom it is about, so that it can be forgotten with them."""
    tx.execute(
        sa.insert(webhook_delivery).values(
            project_id=scope.project_id,
            id=new.id,
            webhook_id=new.webhook_id,
            type=new.type,
            user_id=user_id,
            body=new.body,
            status=WAITING,
            attempts=0,
            created_at=new.created_at,
            next_at=new.created_at,
        )
    )


def next_due(tx: Tx, *, worker: str) -> int | None:
    """When the next delivery is due that this process does not try already, in ms since 1970."""
    return tx.rows(_NEXT, worker=worker)[0][0]


def take(tx: Tx, *, worker: str, busy: Collection[tuple[str, str]], limit: int) -> Sequence[Taken]:
    """Takes deliveries that are due, none for those `busy` (project and webhook).

    What a process that has died had taken is due again.
    """
    _free(tx, worker)
    present = milliseconds(now())
    found = (
        sa.select(_OWN.project_id, *_COLUMNS, webhook.c.url, webhook.c.enabled, webhook.c.secret)
        .outerjoin(webhook, (webhook.c.project_id == _OWN.project_id) & (webhook.c.id == _OWN.webhook_id))
        .where(_DUE, _OWN.next_at <= present, _OWN.taken_by.is_(None))
        .order_by(_OWN.next_at)
        .limit(limit)
        .with_for_update(of=webhook_delivery, skip_locked=True)
    )
    if busy:
        found = found.where(sa.tuple_(_OWN.project_id, _OWN.webhook_id).not_in(busy))
    taken: list[Taken] = []
    for row in map(tuple, tx.execute(found).all()):
        project, url, enabled, secret = row[0], row[-3], row[-2], row[-1]
        scope, delivery = ProjectScope(project), Delivery(*row[1:-3])
        taken.append(Taken(scope, delivery, url if enabled else None, secret))
        tx.execute(sa.update(webhook_delivery).where(*_one(scope, delivery.id)).values(taken_by=worker))
    return taken


def _free(tx: Tx, worker: str) -> None:
    """Lets go of what dead processes had taken."""
    takers = sa.select(_OWN.taken_by).where(_DUE, _OWN.taken_by.is_not(None)).distinct()
    for taker in tx.execute(takers).scalars().all():
        if taker != worker and not tx.alive(taker):
            # Another process may be at the same, in another order: what it has before it is left to it.
            left = sa.select(_OWN.id).where(_DUE, _OWN.taken_by == taker).with_for_update(skip_locked=True)
            own = (_DUE, _OWN.taken_by == taker, _OWN.id.in_(left))
            tx.execute(sa.update(webhook_delivery).where(*own).values(taken_by=None))


def settle(tx: Tx, taken: Taken, tried: Tried, *, worker: str) -> bool:
    """Writes down what a try came to; `False`, and nothing written, when the process no longer has the delivery."""
    values = {
        "status": tried.status,
        "attempts": _OWN.attempts + 1,
        "answered": tried.answered,
        "problem": tried.problem,
        "tried_at": milliseconds(now()),
        "next_at": tried.next_at,
        "taken_by": None,
    }
    found = sa.update(webhook_delivery).where(*_one(taken.scope, taken.delivery.id), _OWN.taken_by == worker)
    return bool(tx.execute(found.values(**values)).rowcount)


def let_go(tx: Tx, *, worker: str) -> None:
    """Leaves what this process had taken to others."""
    tx.execute(sa.update(webhook_delivery).where(_DUE, _OWN.taken_by == worker).values(taken_by=None))


def resend(tx: Tx, scope: ProjectScope, webhook_id: str, delivery_id: str) -> Delivery:
    """Sends a delivery again, with the same id and the same body. Raises `NotFound`."""
    found = sa.update(webhook_delivery).where(*_one(scope, delivery_id), _OWN.webhook_id == webhook_id)
    again = {"status": WAITING, "attempts": 0, "next_at": milliseconds(now()), "taken_by": None}
    if not tx.execute(found.values(**again)).rowcount:
        raise NotFound("The webhook has no such delivery.")
    return _read(tx.execute(sa.select(*_COLUMNS).where(*_one(scope, delivery_id))).one())


def list_deliveries(tx: Tx, scope: ProjectScope, webhook_id: str, page: Page) -> Sequence[Delivery]:
    """A page of a webhook's deliveries, most recent first, and one more where there are more."""
    query = sa.select(*_COLUMNS).where(_OWN.project_id == scope.project_id, _OWN.webhook_id == webhook_id)
    if page.after is not None:
        place = sa.tuple_(_OWN.created_at, _OWN.id)
        query = query.where(place < sa.tuple_(sa.literal(page.after.at), sa.literal(page.after.id)))
    newest_first = query.order_by(_OWN.created_at.desc(), _OWN.id.desc()).limit(page.limit + 1)
    return [_read(row) for row in tx.execute(newest_first)]


def forget_deliveries(tx: Tx, scope: ProjectScope, *, before: int, limit: int) -> int:
    """Forgets deliveries that were made before then (ms since 1970) and are done with, at most so many; how many."""
    done = sa.select(_OWN.id).where(
        _OWN.project_id == scope.project_id, _OWN.created_at < before, _OWN.status != WAITING
    )
    ids: Sequence[str] = tx.execute(done.limit(limit)).scalars().all()
    if ids:
        tx.execute(sa.delete(webhook_delivery).where(_OWN.project_id == scope.project_id, _OWN.id.in_(ids)))
    return len(ids)


def _one(scope: ProjectScope, delivery_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return _OWN.project_id == scope.project_id, _OWN.id == delivery_id


def _read(row: Any) -> Delivery:
    return Delivery(*row)
