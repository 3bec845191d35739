"""Waiting for one's turn in a conversation: bounded, fair, over processes and machines."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from conduet.conversations.scope import ConversationScope
from conduet.conversations.store import lease
from conduet.conversations.store.lease import Held
from conduet.errors import Conflict
from conduet.kit.db import Database, Tx

WAIT_SECONDS: Final = 30.0

LOOK_SECONDS: Final = 0.25
"""How long a waiter trusts that somebody will wake it: then it looks by itself, and renews its ticket."""

T = TypeVar("T")
Attempt = Callable[[Tx, str | None], T | Held]
"""Tries to take the conversation, the first time without a ticket; gives the ticket back unless it is `Held`."""


async def enter(database: Database, scope: ConversationScope, attempt: Attempt[T]) -> T:
    """What `attempt` comes to once nobody else holds the conversation or is before us.

    Raises `Conflict` when as many wait as may, and after 30 s.
    """
    found = await database.write(lambda tx: attempt(tx, None), durable=False)
    if not isinstance(found, Held):
        return found
    ticket = found.ticket
    try:
        with database.hold(ticket):
            return await _wait(database, scope, attempt, ticket)
    except BaseException:
        await database.write(lambda tx: lease.drop_ticket(tx, scope, ticket=ticket), durable=False)
        raise


async def _wait(database: Database, scope: ConversationScope, attempt: Attempt[T], ticket: str) -> T:
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + WAIT_SECONDS
    while (left := ends_at - loop.time()) > 0:
        # Begun before looking: what happens between the look and the wait must not be missed. An attempt is never
        # cut short: nobody would know that it took the conversation.
        woken = database.wake.begin(scope.topic)
        try:
            found = await database.write(lambda tx: attempt(tx, ticket), durable=False)
            if not isinstance(found, Held):
                return found
            await asyncio.wait((woken,), timeout=min(left, LOOK_SECONDS))
        finally:
            database.wake.end(scope.topic, woken)
    raise Conflict(f"The conversation was busy for {WAIT_SECONDS:.0f} s: try again.")
