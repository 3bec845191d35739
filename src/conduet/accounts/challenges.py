"""What was asked of an authenticator or an identity provider: answered once, soon, and for what it was asked."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any, Final, Literal, TypeAlias, cast

from conduet.accounts.challenge_store import add_challenge, trade_challenge
from conduet.kit.clock import milliseconds, now
from conduet.kit.crypto import KeyRing, UndecryptableError
from conduet.kit.db import Database
from conduet.kit.json import Json, dumps, parse

SECONDS: Final = 5 * 60
Purpose: TypeAlias = Literal["passkey.add", "passkey.sign-in", "oidc"]

_FIELD: Final = "challenge.facts"
_PURPOSE: Final = "purpose"


class Challenges:
    """Keeps them; `digest` is the SHA-256 of what has to come back.

    The facts are encrypted: what an identity provider must not be told of stands among them.
    """

    def __init__(self, database: Database, ring: KeyRing) -> None:
        self._database = database
        self._ring = ring

    async def ask(self, digest: bytes, purpose: Purpose, facts: Mapping[str, Json]) -> None:
        """Keeps a new one for five minutes."""
        moment = milliseconds(now())
        told = dumps({**facts, _PURPOSE: purpose}).decode()
        sealed = await asyncio.to_thread(self._ring.encrypt, told, row=digest.hex(), field=_FIELD)
        await self._database.write(
            partial(add_challenge, digest=digest, facts=sealed, now_ms=moment, expires_at=moment + SECONDS * 1000)
        )

    async def answered(self, digest: bytes, purpose: Purpose) -> dict[str, Any] | None:
        """Uses it up, whatever comes of the answer; its facts, or `None` when it was answered or is over."""
        sealed = await self._database.write(partial(trade_challenge, digest=digest, now_ms=milliseconds(now())))
        if sealed is None:
            return None
        try:
            told = await asyncio.to_thread(self._ring.decrypt, sealed, row=digest.hex(), field=_FIELD)
        except UndecryptableError:
            # Of a server with another secret key, or from before that was replaced.
            return None
        facts = cast("dict[str, Any]", parse(told.encode()))
        return facts if facts[_PURPOSE] == purpose else None
