"""Two users who turn out to be one: their conversations, transcripts and addresses become one user's."""

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from conduet.accounts.audit_store import Deed, add_entry
from conduet.accounts.principal import Principal
from conduet.conversations import queue
from conduet.conversations.scope import Asker, ConversationScope
from conduet.conversations.states import Shown, States, state_of
from conduet.conversations.store import edit as editing
from conduet.conversations.store import lease
from conduet.conversations.store.clock import present
from conduet.conversations.store.edit import Seat
from conduet.conversations.store.merge import Merge, merge
from conduet.conversations.turn import dump
from conduet.conversations.wire import parse_user_id
from conduet.engine.document import Document
from conduet.engine.run import at_rest, fresh_state, set_variables
from conduet.engine.values import Json
from conduet.errors import BadRequest, ConduetError, NotFound, Unavailable
from conduet.kit.db import Database, Tx
from conduet.kit.ids import new_id
from conduet.projects.store import DEVELOPMENT

Merged: TypeAlias = Callable[[Tx, ConversationScope, ConversationScope], None]
"""What else is done when the first user becomes the second, in the transaction that does it."""


class Merges:
    """Makes one user of two; `merged` is told of each."""

    def __init__(self, database: Database, states: States, merged: Merged) -> None:
        self._database = database
        self._states = states
        self._merged = merged

    async def merge(self, asker: Asker, into: str, *, by: Principal) -> Shown:
        """The state of the user that both are from now on; the audit list tells that it was done, and not to whom.

        Raises `BadRequest`, `NotFound` when nobody knows the first, and `Conflict` when one is busy for too long.
        """
        gone = asker.scope
        other = Asker(ConversationScope(gone.project, parse_user_id(into)), asker.platform, asker.begun_by)
        if other.scope.user_id == gone.user_id:
            raise BadRequest.at("into", "They are one already: it is the user that the address names.")
        holder = lease.holder_of(self._database.worker, new_id("merge"))
        seats: dict[str, Seat] = {}
        try:
            # By their ids: two merges that go opposite ways would wait for each other.
            for each in sorted((asker, other), key=lambda asker: asker.scope.user_id):
                seats[each.scope.user_id] = await self._seat(each, holder)
            await self._make_one(asker, other, seats, holder, by)
        except BaseException:
            for scope in (gone, other.scope):
                await self._database.write(partial(lease.release, scope=scope, holder=holder), durable=False)
            raise
        return await self._states.get(other)

    async def _seat(self, asker: Asker, holder: str) -> Seat:
        def take(tx: Tx, ticket: str | None) -> Seat | lease.Held | ConduetError:
            return editing.take_seat(tx, asker, holder=holder, ticket=ticket)

        seat = await queue.enter(self._database, asker.scope, take)
        if isinstance(seat, ConduetError):
            raise seat
        return seat

    async def _make_one(self, asker: Asker, other: Asker, seats: dict[str, Seat], holder: str, by: Principal) -> None:
        first, second = seats[asker.scope.user_id], seats[other.scope.user_id]
        if not first.revision and not first.message_count:
            raise NotFound("There is no such conversation.")
        takes_over = not second.state and second.transcript_id is None
        leading = first if takes_over else second
        document = await self._states.document(asker.scope.project, leading.version_id)
        state = state_of(document, leading)
        set_variables(document, state, _brought(document, second if takes_over else first, leading))
        it = Merge(
            gone=asker.scope,
            into=other.scope,
            gone_seat=first,
            into_seat=second,
            state=dump(state),
            at_rest=at_rest(state),
            begun_by=other.begun_by,
            takes_over=takes_over,
        )

        def work(tx: Tx) -> bool:
            done = merge(tx, it, holder=holder, now=present())
            if done:
                self._merged(tx, it.gone, it.into)
                # An entry stays for good: whoever is forgotten later is not in it.
                add_entry(tx, by, Deed("user.merged"))
            return done

        if not await self._database.write(work):
            raise Unavailable("A conversation went on meanwhile: send it again.")


def _brought(document: Document, other: Seat, leading: Seat) -> dict[str, Json]:
    """What one knows that the other, who leads, was never told: variables that are still as they began."""
    begun = fresh_state(document, leading.version_id or DEVELOPMENT).variables
    known, own = state_of(document, other).variables, state_of(document, leading).variables
    return {
        name: value
        for name, value in known.items()
        if own.get(name) == begun.get(name) and value != begun.get(name) and name != "sys.language"
    }
