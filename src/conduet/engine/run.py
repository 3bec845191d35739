"""A turn: state and an action go in, traces come out, and at the end the state is the new one.

With `compile_document`, `check` and what describes plugins, this module is all of the engine that the product calls.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Final

from conduet.engine.action import Action, LaunchAction, TextAction
from conduet.engine.context import Context
from conduet.engine.converser import Converser
from conduet.engine.cursor import at_rest, read_stack, rest
from conduet.engine.flow import Flow, Move
from conduet.engine.graph import Document, Node
from conduet.engine.meaning import ranked
from conduet.engine.opening import first_move
from conduet.engine.pending import AGENT, RETURNED, Approval, approvals, hand_back, hand_over, is_silent, knows_call
from conduet.engine.session import close_turn, open_turn
from conduet.engine.shape import Event, Intent
from conduet.engine.state import State
from conduet.engine.trace import Trace
from conduet.engine.turn import STEPS, Visited
from conduet.engine.variables import fresh_state, set_variables, user_scoped
from conduet.engine.walk import Walk
from conduet.engine.wording import fold

UNASKED: Final = 0.05
"""By how much nearer an intent has to be where nobody has asked what is wanted: most of what is said means none."""

__all__ = [
    "STEPS",
    "Approval",
    "Visited",
    "approvals",
    "at_rest",
    "find_step",
    "fresh_state",
    "hand_back",
    "hand_over",
    "is_silent",
    "knows_call",
    "knows_event",
    "rest",
    "run",
    "set_variables",
    "user_scoped",
]


def run(
    document: Document,
    state: State,
    action: Action,
    context: Context,
    *,
    start: Node | None = None,
    watches: bool = False,
    visited: list[Visited] | None = None,
) -> AsyncGenerator[Trace, None]:
    """The traces of one turn; `state` is changed as it goes and is the new state once they are exhausted.

    Whatever a document, a user or a client's state can do wrong becomes an `Error` trace; only a bug raises. `Debug`
    traces are always there: who runs anything but `development` drops them. The message of a `Text` is at most 60 KB
    as JSON: a longer one comes as several.

    With `start` the turn begins at that step, whatever the framework, and what was open is forgotten. With `watches` a
    `Step` trace tells what each step did; `visited` is told every step that was visited. While a person has the
    conversation, nothing happens.
    """
    if is_silent(state):
        return _silence()
    if start is None and document.framework != "conversation-flow" and document.converser is not None:
        return _conversed(document, document.converser, state, action, context)
    return _flowed(document, state, action, context, start=start, watches=watches, visited=visited)


async def _silence() -> AsyncGenerator[Trace, None]:
    none: tuple[Trace, ...] = ()
    for trace in none:
        yield trace


async def _flowed(
    document: Document,
    state: State,
    action: Action,
    context: Context,
    *,
    start: Node | None,
    watches: bool,
    visited: list[Visited] | None,
) -> AsyncGenerator[Trace, None]:
    """The traces of a turn that the flow leads."""
    flow = Flow([] if start else read_stack(state.internal, document))
    resumes = isinstance(action, LaunchAction) and bool(flow.stack)
    turn = open_turn(document, state, action, context, flow.stack, counts=not resumes, watched=watches)
    if visited is not None:
        turn.visited = visited
    walk = Walk(document, action, turn, flow)
    walk.near = await _near(document, action, context)
    first = Move(start, "run", {}) if start else first_move(walk)
    async with aclosing(walk.traces(first)) as traces:
        async for trace in traces:
            if trace.said:
                turn.history.append(("assistant", trace.said))
            yield trace
    if walk.stopped is not None:
        yield walk.stopped
        # Where the turn found it: an open question stays open.
        flow.stack = read_stack(state.internal, document)
    close_turn(state, turn, flow.stack)


async def _conversed(
    document: Document, converser: Converser, state: State, action: Action, context: Context
) -> AsyncGenerator[Trace, None]:
    """The traces of a turn that no flow leads; at its end the conversation is at rest."""
    memory = state.internal.get(AGENT)
    resumes = isinstance(action, LaunchAction) and converser.has_begun(memory)
    turn = open_turn(document, state, action, context, (), counts=not resumes)
    taking = converser.take(turn, memory)
    async with aclosing(taking.traces(action)) as traces:
        async for trace in traces:
            yield trace
    for trace in turn.notes:
        yield trace
    # What was said is what the agent remembers.
    turn.history.clear()
    close_turn(state, turn, ())
    state.internal[AGENT] = taking.remembered()
    if turn.returned is not None:
        # Nobody has read it yet: a launch only shows again what waits.
        state.internal[RETURNED] = turn.returned


async def _near(document: Document, action: Action, context: Context) -> Sequence[Intent]:
    """The global intents that a text means, the nearest first, where none has its very words."""
    words = action.payload.strip() if isinstance(action, TextAction) else ""
    known = {intent.id: intent for intent in document.shape.intents if intent.workflow_id in document.workflows}
    if not words or not known or fold(words) in document.intents:
        return ()
    told = {intent.id: (intent.name, *intent.utterances) for intent in known.values()}
    found = await ranked(context, words, told, threshold=context.intent_threshold + UNASKED)
    return [known[each.intent] for each in found.scores if each.score >= found.threshold] if found else ()


def knows_event(document: Document, name: str) -> Event | None:
    """The declared event of that name."""
    return document.events.get(name)


def find_step(document: Document, workflow_id: str, step_id: str) -> Node | None:
    """A step by its place, for a turn to begin at."""
    return document.nodes.get(f"{workflow_id}/{step_id}")
