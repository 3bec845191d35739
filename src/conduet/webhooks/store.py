"""The SQL of webhooks: where events go, and the secrets that prove it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from conduet.accounts.principal import ProjectScope
from conduet.errors import NotFound
from conduet.kit.db import Statement, Tx
from conduet.kit.json import dumps, parse
from conduet.webhooks.tables import webhook


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


_WANTED = Statement(
    sa.select(webhook.c.id, webhook.c.events).where(
        webhook.c.project_id == sa.bindparam("project"), webhook.c.enabled.is_(sa.true())
    )
)


def list_takers(tx: Tx, scope: ProjectScope, kind: str) -> Sequence[str]:
    """The ids of the webhooks that are told of events of that type."""
    rows = tx.rows(_WANTED, project=scope.project_id)
    return [webhook_id for webhook_id, events in rows if Webhook(webhook_id, "", _events(events)).takes(kind)]


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


def _events(text: str) -> Sequence[str]:
    told: Any = parse(text.encode())
    return told
