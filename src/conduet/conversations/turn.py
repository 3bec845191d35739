"""One turn between its two transactions: the engine runs, and whoever follows hears of each trace at once."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

import orjson
import structlog

from conduet.conversations.context import LiveContext
from conduet.conversations.journal import Journals
from conduet.conversations.live import Live
from conduet.conversations.record import Record
from conduet.conversations.scope import Asker
from conduet.conversations.store.claim import Claimed
from conduet.conversations.store.clock import present
from conduet.conversations.store.finish import Finished, Message
from conduet.conversations.store.repeat import Key
from conduet.conversations.variables import check_client
from conduet.engine.action import Action, EventAction, words_of
from conduet.engine.document import Document
from conduet.engine.run import at_rest, fresh_state, knows_event, rest, run, set_variables
from conduet.engine.state import State
from conduet.engine.trace import Error
from conduet.engine.values import Json
from conduet.errors import NotFound
from conduet.kit.ids import new_id
from conduet.projects.store import DEVELOPMENT

TURN_SECONDS: Final = 120.0
"""A turn's deadline, pauses included."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ask:
    """A turn as it is asked for: what it shall run on, the action (also as JSON), and variables to merge before it."""

    asker: Asker
    version_id: str
    action: Action
    body: bytes
    variables: Mapping[str, Json] | None = None
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that runs in this process; `holder` is what holds the conversation in its name."""

    ask: Ask
    live: Live
    holder: str
    request_id: str
    task: "asyncio.Task[object]"
    began: float
    """By the event loop's clock."""


def opening(document: Document, claimed: Claimed) -> State:
    """The state that a turn finds: the declared defaults when the conversation is new."""
    if not claimed.state:
        return fresh_state(document, claimed.version_id)
    state = State(**orjson.loads(claimed.state))
    if claimed.was_idle:
        rest(state)
    return state


def prepare(document: Document, state: State, ask: Ask) -> None:
    """Merges the variables that came with the action.

    Raises what is wrong with it: `BadRequest` by path, and `NotFound` for an event that the asker cannot send.
    """
    if isinstance(ask.action, EventAction):
        event = knows_event(document, ask.action.payload.name)
        if event is None or (ask.asker.is_page and not event.client):
            raise NotFound(f"The project knows no event {ask.action.payload.name!r}.")
    if ask.variables:
        if ask.asker.is_page:
            check_client(document, ask.variables)
        set_variables(document, state, ask.variables)


async def perform(turn: Turn, document: Document, state: State, claimed: Claimed, journals: Journals) -> Finished:
    """Runs the turn on `state`, prepared, and comes back with all that is to be stored of it.

    One that takes too long, or fails by a bug of ours, ends with an `error` trace and leaves the state as it was.
    """
    ask, live = turn.ask, turn.live
    record = Record(live.turn_id, debug=claimed.version_id == DEVELOPMENT)
    words = words_of(ask.action)
    if words is not None:
        record.messages.append(Message("user", words, claimed.started_at))
    scope = ask.asker.scope
    context = LiveContext(user_id=scope.user_id, platform=ask.asker.platform, version_id=claimed.version_id)
    before = after = dump(state)
    try:
        failure = await _run(document, state, ask.action, context, record=record, live=live)
        after = dump(state)
    except Exception:  # The wall: whatever the runtime raises, the conversation stays usable.
        log.exception("turn failed", request_id=turn.request_id, turn_id=live.turn_id)
        failure = Error("INTERNAL", f"Something went wrong on our side; request id {turn.request_id}.")
    if failure is not None:
        after = claimed.state or dump(fresh_state(document, claimed.version_id))
        state = State(**orjson.loads(after))
        live.add(record.event(failure))
    return Finished(
        turn_id=live.turn_id,
        holder=turn.holder,
        asker=ask.asker,
        version_id=claimed.version_id,
        state=after,
        at_rest=at_rest(state),
        messages=record.messages,
        message_count=claimed.message_count,
        transcript_id=claimed.transcript_id or new_id("txn"),
        begins_transcript=claimed.transcript_id is None,
        has_ended=record.has_ended,
        resolved=record.resolved,
        escalated=record.escalated,
        traces=b"[" + b",".join(live.events) + b"]",
        long_traces=journals.compress(orjson.dumps(record.long)) if record.long else None,
        journal=journals.write(before, context.entries),
        started_at=claimed.started_at,
        ended_at=present(),
        was_followed=live.was_followed,
    )


def dump(state: State) -> bytes:
    """A state as it is stored."""
    return orjson.dumps({"variables": state.variables, "internal": state.internal})


async def _run(
    document: Document, state: State, action: Action, context: LiveContext, *, record: Record, live: Live
) -> Error | None:
    """Runs the engine to its end, or to the deadline."""
    deadline = asyncio.timeout(TURN_SECONDS)
    try:
        async with deadline, aclosing(run(document, state, action, context)) as traces:
            async for trace in traces:
                event = record.add(trace)
                if event is not None:
                    live.add(event)
    except TimeoutError:
        if not deadline.expired():
            raise
        return Error("TURN_TIMEOUT", f"The turn took longer than {TURN_SECONDS:.0f} s and was ended.")
    return None
