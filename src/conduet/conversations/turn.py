"""One turn between its two transactions: the engine runs, and whoever follows hears of each trace at once."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

import orjson
import structlog

from conduet.analytics.store import DASHBOARD, Message
from conduet.analytics.usage_store import ModelUse, Uses
from conduet.conversations.approving import MARK, Verdict, Waiting
from conduet.conversations.budget import day_budget
from conduet.conversations.context import LiveContext
from conduet.conversations.handing import handed_by
from conduet.conversations.journal import Build, Journals
from conduet.conversations.live import Live
from conduet.conversations.record import Record
from conduet.conversations.scope import Asker
from conduet.conversations.store.claim import Claimed
from conduet.conversations.store.clock import present
from conduet.conversations.store.finish import Finished
from conduet.conversations.store.repeat import Key
from conduet.conversations.variables import check_client
from conduet.conversations.world import World
from conduet.engine.action import Action, ApprovalAction, ClientAction, EventAction, LaunchAction, MediaAction, words_of
from conduet.engine.context import Context
from conduet.engine.document import Document
from conduet.engine.journal import Parted
from conduet.engine.run import (
    approvals,
    at_rest,
    find_step,
    fresh_state,
    is_silent,
    knows_call,
    knows_event,
    rest,
    run,
    set_variables,
)
from conduet.engine.state import State
from conduet.engine.trace import Error
from conduet.engine.values import Json
from conduet.errors import BadRequest, Conflict, NotFound
from conduet.kit.ids import new_id
from conduet.projects.store import DEVELOPMENT

TURN_SECONDS: Final = 120.0
"""A turn's deadline, pauses included."""

TRACES_BYTES: Final = 32 * 1024 * 1024
"""How much a turn may say in all; it is kept whole, and sent in one piece."""

TURN_ID: Final = "X-Turn-Id"
"""The header that tells a turn's id."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ask:
    """A turn as it is asked for: what it shall run on, the action (also as JSON), and variables to merge before it.

    With `build` somebody who builds looks on. With `verdict` the server takes the turn by itself, and the user hears of
    it by events. It `is_followed` where whoever asked hears of each trace as it comes.
    """

    asker: Asker
    version_id: str
    action: Action
    body: bytes
    variables: Mapping[str, Json] | None = None
    key: Key | None = None
    build: Build | None = None
    verdict: Verdict | None = None
    is_followed: bool = False


@dataclass(slots=True)
class Turn:
    """A turn that runs in this process; `holder` is what holds the conversation in its name."""

    ask: Ask
    live: Live
    holder: str
    request_id: str
    task: "asyncio.Task[object]"
    began: float
    """By the event loop's clock."""

    is_ending: bool = False
    """Its last transaction, which lets the conversation go, is under way."""


def opening(document: Document, claimed: Claimed) -> State:
    """The state that a turn finds; what waited in an idle conversation no longer does."""
    state = load(document, claimed.state, version_id=claimed.version_id)
    if claimed.was_idle:
        rest(state)
    return state


def prepare(document: Document, state: State, ask: Ask) -> None:
    """Merges the variables that came with the action.

    Raises what is wrong with it: `BadRequest` by path, `NotFound` for an event that the asker cannot send, and
    `Conflict` for an answer to what is not open (any more).
    """
    _check_action(document, state, ask)
    if ask.build and ask.build.start and find_step(document, *ask.build.start) is None:
        raise BadRequest.at("start", "The project has no such step.")
    if ask.variables:
        if ask.asker.is_page:
            check_client(document, ask.variables)
        set_variables(document, state, ask.variables)


def _check_action(document: Document, state: State, ask: Ask) -> None:
    match ask.action:
        case EventAction(payload=happening):
            event = knows_event(document, happening.name)
            if event is None or (ask.asker.is_page and not event.client):
                raise NotFound(f"The project knows no event {happening.name!r}.")
        case ClientAction(payload=answered):
            if not knows_call(document, state, answered.call_id, answered.path):
                raise Conflict("No client action of that `callId` is open, or it has no such `path`.")
        case ApprovalAction(payload=decision):
            approval = next((each for each in approvals(document, state) if each.id == decision.approval_id), None)
            if approval is None:
                raise Conflict("No approval of that `approvalId` is open.")
            if approval.by == "person" and not ask.asker.is_developer:
                raise Conflict("That is not the user's to say: somebody who sees to the project says yes or no.")
        case _:
            pass


async def perform(
    turn: Turn, document: Document, state: State, claimed: Claimed, *, journals: Journals, world: World
) -> Finished:
    """Runs the turn on `state`, prepared: all that is to be stored of it.

    One that takes too long, or fails by a bug of ours, ends with an `error` trace and leaves the state as it was.
    """
    ask, live = turn.ask, turn.live
    record = Record(live, debug=claimed.version_id == DEVELOPMENT)
    words = words_of(ask.action)
    if words is not None:
        record.messages.append(Message("user", words, claimed.started_at))
    context = LiveContext(
        world,
        ask.asker.scope,
        platform=ask.asker.platform,
        version_id=claimed.version_id,
        trace_id=live.turn_id.removeprefix("turn_"),
        mocks=ask.build.mocks if ask.build else {},
        is_followed=ask.is_followed,
    )
    context.budget = day_budget(document.facts)
    if document.reads_knowledge:
        await context.look_up()
    before, was_silent = dump(state), is_silent(state)
    waiting = Waiting(document, state, was_open=MARK in claimed.state)
    after = await play(document, state, ask.action, context, record=record, request_id=turn.request_id, build=ask.build)
    if after is None:
        state = load(document, claimed.state, version_id=claimed.version_id)
        after = dump(state)
    settled, ended_at = await waiting.settled(state, ask, context, is_open=MARK in after), present()
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
        long_traces=journals.write_whole(live.whole) if live.whole else None,
        journal=journals.write(before, context.entries, build=ask.build),
        started_at=claimed.started_at,
        ended_at=ended_at,
        was_followed=live.was_followed,
        events=_heard(ask, live, record, state),
        settled=settled,
        visits=record.visits(),
        reason=record.reason,
        uses=_uses(record, ask, claimed, ended_at=ended_at, calls=context.calls),
        budget=context.budget if context.has_asked else None,
        gaps=() if ask.build or ask.asker.platform == DASHBOARD else context.gaps,
        people=_unheard(ask.action) if was_silent else handed_by(record, live.events, document, state),
    )


def _unheard(action: Action) -> str | None:
    """What a person who has the conversation is told of an action; nothing of a page that was opened."""
    match action:
        case LaunchAction():
            return None
        case MediaAction(payload=file):
            return f"(file) {file.url}"
        case _:
            return words_of(action) or f"({action.type})"


def _uses(record: Record, ask: Ask, claimed: Claimed, *, ended_at: int, calls: Sequence[ModelUse]) -> Uses:
    return Uses(
        record.turn_id,
        ask.asker.platform,
        ended_at,
        ended_at - claimed.started_at,
        models=calls,
        tool_calls=record.tool_calls,
        searches=record.searches,
    )


def _heard(ask: Ask, live: Live, record: Record, state: State) -> Sequence[bytes]:
    """The traces that the user hears of beside the turn: they may have other pages open than the one that took it."""
    if ask.verdict:
        return live.events
    if ask.asker.is_at_channel:
        return ()
    return [live.events[number] for number in record.handoffs] if is_silent(state) else ()


def load(document: Document, stored: bytes, *, version_id: str) -> State:
    """A state as it was stored; nothing stands for a conversation that begins, with the declared defaults."""
    return State(**orjson.loads(stored)) if stored else fresh_state(document, version_id)


def dump(state: State) -> bytes:
    """A state as it is stored."""
    return orjson.dumps({"variables": state.variables, "internal": state.internal})


async def play(
    document: Document,
    state: State,
    action: Action,
    context: Context,
    *,
    record: Record,
    request_id: str,
    build: Build | None = None,
) -> bytes | None:
    """Runs the engine to its end and tells `record` of each trace; comes back with the new state as it is stored.

    `None`: the last trace is an `error`, because the deadline has passed, the turn says too much, a replay parts from
    what was recorded, or the runtime has a bug.
    """
    deadline = asyncio.timeout(TURN_SECONDS)
    start = find_step(document, *build.start) if build and build.start else None
    running = run(document, state, action, context, start=start, watches=build is not None, visited=record.visited)
    try:
        async with deadline, aclosing(running) as traces:
            async for trace in traces:
                record.add(trace)
                if record.size > TRACES_BYTES:
                    told = f"The turn said more than {TRACES_BYTES:,} bytes and was ended."
                    record.add(Error("TURN_TOO_LARGE", told))
                    return None
        return dump(state)
    except Parted as parted:
        record.add(Error("REPLAY_PARTED", str(parted)))
    except Exception as error:
        if isinstance(error, TimeoutError) and deadline.expired():
            record.add(Error("TURN_TIMEOUT", f"The turn took longer than {TURN_SECONDS:.0f} s and was ended."))
        else:
            log.exception("turn failed", request_id=request_id, turn_id=record.turn_id)
            record.add(Error("INTERNAL", f"Something went wrong on our side; request id {request_id}."))
    return None
