"""What proves to a receiver that a delivery comes from here: the secret both sides know, and what is signed with it."""

import hmac
from collections.abc import Mapping
from typing import Final

from conduet.accounts.principal import ProjectScope
from conduet.accounts.tokens import mint
from conduet.kit.crypto import KeyRing
from conduet.kit.db import Tx
from conduet.webhooks import store

_FIELD: Final = "webhook.secret"


def new_secret(ring: KeyRing, scope: ProjectScope, webhook_id: str) -> tuple[str, bytes]:
    """A new secret of the webhook, shown once, and what is stored of it."""
    secret = mint().secret
    return secret, ring.encrypt(secret, row=_row(scope, webhook_id), field=_FIELD)


def open_secret(ring: KeyRing, scope: ProjectScope, webhook_id: str, stored: bytes) -> str:
    """The webhook's secret. Raises `UndecryptableError`."""
    return ring.decrypt(stored, row=_row(scope, webhook_id), field=_FIELD)


def reseal_webhooks(tx: Tx, ring: KeyRing) -> int:
    """Encrypts every webhook's secret with the ring's first key; how many there were to do."""
    count = 0
    for scope, webhook_id, stored in store.list_secrets(tx):
        if not ring.is_current(stored):
            plain = open_secret(ring, scope, webhook_id, stored)
            sealed = ring.encrypt(plain, row=_row(scope, webhook_id), field=_FIELD)
            store.set_secret(tx, scope, webhook_id, secret=sealed)
            count += 1
    return count


def signed(body: bytes, *, secret: str, timestamp: int) -> Mapping[str, str]:
    """The headers that prove `body`: `timestamp` is when it is sent, in seconds since 1970."""
    digest = hmac.digest(secret.encode(), f"{timestamp}.".encode() + body, "sha256").hex()
    return {"X-Conduet-Timestamp": str(timestamp), "X-Conduet-Signature": f"sha256={digest}"}


def _row(scope: ProjectScope, webhook_id: str) -> str:
    return f"{scope.project_id}/{webhook_id}"
