"""Pairs of tokens that are bought one with the other: by one process at a time, and stored before they are used."""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Final

import orjson

from conduet.accounts.principal import ProjectScope
from conduet.engine.channel.outbound import SendFailure
from conduet.engine.channel.target import Pair, Renew, Revoked
from conduet.kit.clock import milliseconds, now
from conduet.kit.crypto import KeyRing, UndecryptableError
from conduet.kit.db import Database, Tx
from conduet.kit.json import Json, dumps
from conduet.outbound import token_store
from conduet.outbound.token_store import Stored

FIELD: Final = "outbound_token.pair"
LEASE_MS: Final = 90_000
"""Longer than any call takes: by then whoever was to buy a pair is dead."""

EARLY_MS: Final = 120_000
"""How long a token has to be good still, so that it is when the post arrives."""

PATIENCE_SECONDS: Final = 100.0
POLL_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class _Turn:
    """It is one's own turn to buy the next pair, with this refresh token."""

    stored: Stored
    refresh: str


class KeptTokens:
    """The pairs of one project."""

    def __init__(self, database: Database, scope: ProjectScope, *, ring: KeyRing) -> None:
        self._database = database
        self._scope = scope
        self._ring = ring

    async def access(self, line_id: str, refresh: str, renew: Renew, *, refused: str | None = None) -> str:
        """An access token that is good still, as `Tokens` has it."""
        take = partial(self._take, line_id, refresh, refused)
        clock = asyncio.get_running_loop().time
        until = clock() + PATIENCE_SECONDS
        while clock() < until:
            try:
                found = await self._database.write(take)
            except UndecryptableError as error:
                raise SendFailure(f"{error}.") from None
            if isinstance(found, str):
                return found
            if found is not None and (bought := await self._buy(found, renew)) is not None:
                return bought
            await asyncio.sleep(POLL_SECONDS)
        raise SendFailure("Another process was asking for an access token for too long.", again=True)

    def _take(self, line_id: str, refresh: str, refused: str | None, tx: Tx) -> str | _Turn | None:
        """The access token there is, or one's turn to buy the next; `None`: another is buying it."""
        at = milliseconds(now())

        def good(stored: Stored, pair: Pair | None) -> str | None:
            fits = pair is not None and stored.good_until > at + EARLY_MS and pair.access != refused
            return pair.access if pair is not None and fits else None

        stored = token_store.find_token(tx, self._scope, line_id)
        if stored is not None and (access := good(stored, _opened(stored, self._ring))) is not None:
            return access
        until = at + LEASE_MS
        if not token_store.lease_token(tx, self._scope, line_id, now=at, until=until):
            return None
        # Whoever locks a row may have waited for another that changed it.
        taken = token_store.find_token(tx, self._scope, line_id)
        if taken is None:
            return None
        pair = _opened(taken, self._ring)
        if (access := good(taken, pair)) is not None:
            token_store.end_lease(tx, taken, until=until, problem=None)
            return access
        return _Turn(taken, refresh if pair is None else pair.refresh)

    async def _buy(self, turn: _Turn, renew: Renew) -> str | None:
        """The new access token; `None` where another has bought one meanwhile."""
        stored = turn.stored
        end = partial(token_store.end_lease, before=stored, until=stored.lease_until)
        try:
            pair = await renew(turn.refresh)
        except Revoked as failure:
            await self._database.write(partial(end, problem=failure.message))
            raise
        except Exception:
            # Bought or not, nobody knows: the next try shows it.
            await self._database.write(partial(end, problem=stored.problem))
            raise
        sealed = _sealed(stored, pair, self._ring)
        good = milliseconds(now()) + int(pair.seconds * 1000)
        kept = await self._database.write(lambda tx: token_store.keep_pair(tx, stored, pair=sealed, good_until=good))
        return pair.access if kept else None


def reseal_tokens(tx: Tx, ring: KeyRing) -> int:
    """Encrypts every pair with the ring's first key; how many there were to do."""
    count = 0
    for stored in token_store.list_tokens(tx):
        pair = _opened(stored, ring)
        if pair is not None and stored.pair is not None and not ring.is_current(stored.pair):
            token_store.reseal_pair(tx, stored, pair=_sealed(stored, pair, ring))
            count += 1
    return count


def _sealed(of: Stored, pair: Pair, ring: KeyRing) -> bytes:
    told: dict[str, Json] = {"access": pair.access, "refresh": pair.refresh, "seconds": pair.seconds}
    return ring.encrypt(dumps(told).decode(), row=_row(of), field=FIELD)


def _opened(of: Stored, ring: KeyRing) -> Pair | None:
    return None if of.pair is None else Pair(**orjson.loads(ring.decrypt(of.pair, row=_row(of), field=FIELD)))


def _row(of: Stored) -> str:
    return f"{of.scope.project_id}/{of.id}"
