"""Answers to users that come from elsewhere than the inbox, such as a thread of the team's."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from conduet.analytics.store import Message
from conduet.conversations.inbox.schemas import Reply
from conduet.conversations.inbox.telling import content, said
from conduet.conversations.scope import DEVELOPER, Asker, ConversationScope
from conduet.conversations.states import States, state_of
from conduet.conversations.store import events, inbox
from conduet.conversations.store.clock import present
from conduet.conversations.store.edit import Edit, Seat
from conduet.conversations.store.inbox import LATE, TAKEN
from conduet.conversations.turn import dump
from conduet.engine.document import Document
from conduet.engine.run import at_rest, is_silent
from conduet.engine.state import State
from conduet.errors import Conflict
from conduet.jobs.store import remove_job
from conduet.kit.db import Tx

AGENT_HAS_IT: Final = "No person has the conversation: the agent answers in it."
PLATFORM: Final = "dashboard"
MEMBER_HAS_IT: Final = "Somebody has taken the conversation in the inbox, and answers there."


async def answer(
    states: States, scope: ConversationScope, reply: Reply, name: str, *, also: Callable[[Tx], None]
) -> None:
    """Says something to the user in a person's name, and in the same transaction does `also`.

    Raises `Conflict` when the agent has the conversation, or a member has taken it.
    """
    message = Message("person", content(reply), present())

    async def change(document: Document, seat: Seat) -> Edit:
        state = state_of(document, seat)

        def work(tx: Tx) -> None:
            also(tx)
            entry = inbox.find(tx, scope)
            if not is_silent(state) or entry is None:
                raise Conflict(AGENT_HAS_IT)
            if entry.status == TAKEN:
                raise Conflict(MEMBER_HAS_IT)
            events.add(tx, scope, said(reply, name), now=message.created_at)
            last = {"last_role": message.role, "last_text": message.content[: inbox.EXCERPT]}
            inbox.changed(tx, scope, waiting_since=None, snoozed_until=0, updated_at=message.created_at, **last)
            # Somebody is there: nobody has to be told that nobody is.
            remove_job(tx, scope.project, kind=LATE, key=scope.user_id)

        return replace(with_state(seat, state), said=(message,), also=work)

    await states.change(Asker(scope, PLATFORM, DEVELOPER), change)


def with_state(seat: Seat, state: State) -> Edit:
    """The conversation with another state, and nothing else that is new."""
    return Edit(seat.version_id, dump(state), at_rest(state), seat.history_from, seat.transcript_id)
