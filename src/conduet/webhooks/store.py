"""The SQL of webhooks: where events go, and their deliveries, written in the transaction that an event comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from conduet.accounts.principal import ProjectScope
from conduet.errors import NotFound
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Statement, Tx
from conduet.kit.json import dumps, parse
from conduet.kit.page import Page
from conduet.webhooks.tables import webhook, webhook_delivery

WAITING: Final = "waiting"
DELIVERED: Final = "delivered"
FAILED: Final = "failed"


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of events; of all where it names none."""

    id: str
    url: str
    events: Sequence[str] = ()
    enabled: bool = True

    def takes(self, kind: str) -> bool:
        """Whether it is told of events of that type."""
        return not self.events or kind in self.events


@dataclass(frozen=True, slots=True)
class StoredWebhook(Webhook):
    """A webhook with its secret, encrypted, where it has one."""

    secret: bytes | None = None


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


_WANTED = Statement(
    sa.select(webhook.c.id, webhook.c.events).where(
        webhook.c.project_id == sa.bindparam("project"), webhook.c.enabled.is_(sa.true())
    )
)
_COLUMNS: Final = (
    webhook_delivery.c.id,
    webhook_delivery.c.webhook_id,
    webhook_delivery.c.type,
    webhook_delivery.c.body,
    webhook_delivery.c.status,
    webhook_delivery.c.attempts,
    webhook_delivery.c.answered,
    webhook_delivery.c.problem,
    webhook_delivery.c.created_at,
    webhook_delivery.c.tried_at,
)


def list_takers(tx: Tx, scope: ProjectScope, kind: str) -> Sequence[str]:
    """The ids of the webhooks that are told of events of that type."""
    rows = tx.rows(_WANTED, project=scope.project_id)
    return [webhook_id for webhook_id, events in rows if Webhook(webhook_id, "", _events(events)).takes(kind)]


def add_delivery(tx: Tx, scope: ProjectScope, new: Delivery, *, user_id: str | None) -> None:
    """Adds a delivery; `user_id` is whom it is about, so that it can be forgotten with them."""
    tx.execute(
        sa.insert(webhook_delivery).values(
            project_id=scope.project_id,
            id=new.id,
            webhook_id=new.webhook_id,
            type=new.type,
            user_id=user_id,
            body=new.body,
            status=new.status,
            attempts=new.attempts,
            created_at=new.created_at,
        )
    )


def put_webhooks(tx: Tx, scope: ProjectScope, webhooks: Sequence[Webhook]) -> None:
    """Makes these the project's webhooks; one that was there before keeps its secret."""
    before = {each.id: each for each in list_webhooks(tx, scope)}
    gone = before.keys() - {each.id for each in webhooks}
    if gone:
        tx.execute(sa.delete(webhook).where(webhook.c.project_id == scope.project_id, webhook.c.id.in_(gone)))
    for each in webhooks:
        values = {"url": each.url, "events": dumps([*each.events]).decode(), "enabled": each.enabled}
        added = insert(webhook).values(project_id=scope.project_id, id=each.id, **values)
        tx.execute(added.on_conflict_do_update(index_elements=["project_id", "id"], set_=values))


def list_webhooks(tx: Tx, scope: ProjectScope) -> Sequence[StoredWebhook]:
    """The project's webhooks."""
    columns = (webhook.c.id, webhook.c.url, webhook.c.events, webhook.c.enabled, webhook.c.secret)
    rows = tx.execute(sa.select(*columns).where(webhook.c.project_id == scope.project_id).order_by(webhook.c.id))
    return [StoredWebhook(row.id, row.url, _events(row.events), row.enabled, row.secret) for row in rows]


def get_webhook(tx: Tx, scope: ProjectScope, webhook_id: str) -> StoredWebhook:
    """One webhook. Raises `NotFound`."""
    found = next((each for each in list_webhooks(tx, scope) if each.id == webhook_id), None)
    if found is None:
        raise NotFound("The project has no such webhook.")
    return found


def set_secret(tx: Tx, scope: ProjectScope, webhook_id: str, *, secret: bytes) -> None:
    """Sets a webhook's encrypted secret. Raises `NotFound`."""
    found = sa.update(webhook).where(webhook.c.project_id == scope.project_id, webhook.c.id == webhook_id)
    if not tx.execute(found.values(secret=secret)).rowcount:
        raise NotFound("The project has no such webhook.")


def list_secrets(tx: Tx) -> Sequence[tuple[ProjectScope, str, bytes]]:
    """Scope, webhook and encrypted secret of every webhook that has one; only for whoever rotates the key."""
    rows = tx.execute(sa.select(webhook.c.project_id, webhook.c.id, webhook.c.secret))
    return [(ProjectScope(row.project_id), row.id, row.secret) for row in rows if row.secret is not None]


def list_deliveries(tx: Tx, scope: ProjectScope, webhook_id: str, page: Page) -> Sequence[Delivery]:
    """A page of a webhook's deliveries, most recent first, and one more where there are more."""
    columns = webhook_delivery.c
    query = sa.select(*_COLUMNS).where(columns.project_id == scope.project_id, columns.webhook_id == webhook_id)
    if page.after is not None:
        place = sa.tuple_(columns.created_at, columns.id)
        query = query.where(place < sa.tuple_(sa.literal(page.after.at), sa.literal(page.after.id)))
    newest_first = query.order_by(columns.created_at.desc(), columns.id.desc()).limit(page.limit + 1)
    return [_read(row) for row in tx.execute(newest_first)]


def find_delivery(tx: Tx, scope: ProjectScope, delivery_id: str) -> Delivery | None:
    """A delivery, as long as it is kept."""
    query = sa.select(*_COLUMNS).where(
        webhook_delivery.c.project_id == scope.project_id, webhook_delivery.c.id == delivery_id
    )
    row = tx.execute(query).first()
    return _read(row) if row else None


def settle(
    tx: Tx, scope: ProjectScope, delivery_id: str, *, status: str, answered: int | None, problem: str | None
) -> None:
    """Writes down what became of a try."""
    tried = {"attempts": webhook_delivery.c.attempts + 1, "tried_at": milliseconds(now())}
    _set(tx, scope, delivery_id, status=status, answered=answered, problem=problem, **tried)


def set_status(tx: Tx, scope: ProjectScope, delivery_id: str, *, status: str) -> None:
    """No more tries, or tries anew; what the last one came to stays to be read."""
    _set(tx, scope, delivery_id, status=status)


def _set(tx: Tx, scope: ProjectScope, delivery_id: str, **values: object) -> None:
    found = webhook_delivery.c.project_id == scope.project_id, webhook_delivery.c.id == delivery_id
    tx.execute(sa.update(webhook_delivery).where(*found).values(**values))


def forget_deliveries(tx: Tx, scope: ProjectScope, *, before: int, limit: int) -> int:
    """Forgets deliveries that were made before then (ms since 1970) and are done with, at most so many; how many."""
    columns = webhook_delivery.c
    done = sa.select(columns.id).where(
        columns.project_id == scope.project_id, columns.created_at < before, columns.status != WAITING
    )
    ids: Sequence[str] = tx.execute(done.limit(limit)).scalars().all()
    if ids:
        tx.execute(sa.delete(webhook_delivery).where(columns.project_id == scope.project_id, columns.id.in_(ids)))
    return len(ids)


def _events(text: str) -> Sequence[str]:
    told: Any = parse(text.encode())
    return told


def _read(row: Any) -> Delivery:
    return Delivery(*row)
