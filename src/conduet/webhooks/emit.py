"""Telling webhooks of an event, in the transaction of what has happened."""

from collections.abc import Mapping

from conduet.accounts.principal import ProjectScope
from conduet.kit.clock import iso, milliseconds, now
from conduet.kit.db import Tx
from conduet.kit.ids import new_id
from conduet.kit.json import Json, dumps
from conduet.webhooks.delivery_store import WAITING, Delivery, add_delivery
from conduet.webhooks.store import list_takers


def emit(tx: Tx, scope: ProjectScope, kind: str, data: Mapping[str, Json], *, user_id: str | None = None) -> None:
    """Tells each webhook that takes it of an event of type `kind`.

    Neither what happened nor the delivery is ever there without the other. `user_id` is whom it is about, so that it
    can be forgotten with them.
    """
    for webhook_id in list_takers(tx, scope, kind):
        delivery_id, moment = new_id("dlv"), now()
        body = dumps({"id": delivery_id, "type": kind, "createdAt": iso(moment), "data": dict(data)})
        made = milliseconds(moment)
        new = Delivery(delivery_id, webhook_id, kind, body, WAITING, 0, None, None, made, None)
        add_delivery(tx, scope, new, user_id=user_id)
