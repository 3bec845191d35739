"""The proof of a site's server that a visitor of its pages is a certain user."""

import hashlib
import hmac

from conduet.accounts.identity_store import list_identity_secrets, reseal_identity_secret
from conduet.accounts.principal import ProjectScope
from conduet.accounts.tokens import mint
from conduet.kit.crypto import KeyRing
from conduet.kit.db import Tx

HEADER = "X-User-Hash"
_FIELD = "identity.secret"


def new_secret(ring: KeyRing, scope: ProjectScope) -> tuple[str, bytes]:
    """A new identity secret of the project, shown once, and what is stored of it."""
    secret = mint().secret
    return secret, ring.encrypt(secret, row=scope.project_id, field=_FIELD)


def open_secret(ring: KeyRing, scope: ProjectScope, stored: bytes) -> str:
    """The project's identity secret. Raises `UndecryptableError`."""
    return ring.decrypt(stored, row=scope.project_id, field=_FIELD)


def reseal_identities(tx: Tx, ring: KeyRing) -> int:
    """Encrypts every identity secret with the ring's first key; how many there were to do."""
    count = 0
    for scope, stored in list_identity_secrets(tx):
        if not ring.is_current(stored):
            plain = open_secret(ring, scope, stored)
            reseal_identity_secret(tx, scope, ring.encrypt(plain, row=scope.project_id, field=_FIELD))
            count += 1
    return count


def user_hash(secret: str, user_id: str) -> str:
    """Hex HMAC-SHA256 of `user_id` under the identity secret."""
    return hmac.new(secret.encode(), user_id.encode(), hashlib.sha256).hexdigest()


def proves(secret: str, user_id: str, *, given: str) -> bool:
    """Whether `given` is the hash of this user, compared in constant time."""
    return hmac.compare_digest(given.strip().lower().encode(), user_hash(secret, user_id).encode())
