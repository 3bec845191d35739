"""The jobs of the inbox: what a user is told who waits for long, and conversations that are snoozed no longer."""

from typing import Any, Final, cast

from conduet.analytics.store import Message
from conduet.conversations.inbox.telling import told
from conduet.conversations.scope import DEVELOPER, Asker, ConversationScope
from conduet.conversations.states import States, state_of
from conduet.conversations.store import events, inbox
from conduet.conversations.store.clock import present
from conduet.conversations.store.edit import Edit, Seat
from conduet.conversations.store.inbox import LATE, OPEN, WAITING, WAKE
from conduet.engine.document import Document
from conduet.engine.run import at_rest
from conduet.errors import NotFound
from conduet.jobs.store import Running
from conduet.jobs.worker import Kind
from conduet.kit.db import Database, Tx

DASHBOARD: Final = "dashboard"


class Waiting:
    """Runs them."""

    def __init__(self, database: Database, states: States) -> None:
        self._database = database
        self._states = states

    def kinds(self) -> dict[str, Kind]:
        """What runs the jobs, by their kinds."""
        return {LATE: Kind(self._late), WAKE: Kind(self._wake)}

    async def _late(self, running: Running) -> None:
        """Tells a user who still waits, once."""
        payload = cast("dict[str, Any]", running.payload)
        scope, text = ConversationScope(running.scope, running.key), str(payload["text"])

        def is_due(tx: Tx) -> bool:
            entry = inbox.find(tx, scope)
            return entry is not None and (entry.status, entry.handed_at) == (WAITING, payload["handedAt"])

        async def change(document: Document, seat: Seat) -> Edit:
            message = Message("assistant", text, present())

            def also(tx: Tx) -> None:
                running.finish(tx)
                if not is_due(tx):
                    raise _Over
                events.add(tx, scope, told(text), now=message.created_at)
                inbox.changed(tx, scope, updated_at=message.created_at)

            rest = at_rest(state_of(document, seat))
            transcript_id = seat.transcript_id
            return Edit(seat.version_id, seat.state, rest, seat.history_from, transcript_id, said=(message,), also=also)

        try:
            if not await self._database.read(is_due):
                raise _Over
            await self._states.change(Asker(scope, DASHBOARD, DEVELOPER), change)
        except _Over:
            await self._database.write(running.finish)

    async def _wake(self, running: Running) -> None:
        """Tells the inbox that a conversation is there again."""
        scope = ConversationScope(running.scope, running.key)

        def work(tx: Tx) -> None:
            # Before all else, as everywhere: two that go the other way could wait for each other.
            inbox.lock(tx, scope)
            running.finish(tx)
            entry = inbox.find(tx, scope)
            if entry is not None and entry.status in OPEN and entry.snoozed_until:
                inbox.changed(tx, scope, snoozed_until=0, updated_at=present())

        try:
            await self._database.write(work)
        except NotFound:
            await self._database.write(running.finish)


class _Over(Exception):
    """Nobody waits any more."""
