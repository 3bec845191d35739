"""A turn: state and an action go in, traces come out, and at the end the state is the new one.

With `compile_document`, `check` and `describe_steps` this module is all of the engine that the product calls.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Final, cast

from conduet.engine.action import Action, Answer, EventAction, LaunchAction, words_of
from conduet.engine.context import Context
from conduet.engine.cursor import DEPTH, LOOPS, at_rest, read_stack, rest
from conduet.engine.flaw import Flaw
from conduet.engine.flow import Flow, Move
from conduet.engine.graph import Document, Node
from conduet.engine.session import close_turn, open_turn
from conduet.engine.shape import Event, Intent
from conduet.engine.signal import Call, Enter, Fail, Jump, Leave, NoMatch, Signal, Wait
from conduet.engine.state import State
from conduet.engine.step import Happenings, WaitingStep
from conduet.engine.trace import End, Error, Text, Trace
from conduet.engine.variables import fresh_state, set_variables, user_scoped
from conduet.engine.visit import Visit
from conduet.engine.wording import fold, pieces

__all__ = ["at_rest", "fresh_state", "knows_event", "rest", "run", "set_variables", "user_scoped"]

STEPS: Final = 500
"""How many steps a turn may take."""

BREATH: Final = 20
"""After how many steps a turn lets the turns of other users have a go."""

NO_MODEL: Final = "I cannot answer yet: I need a language model, and none is set up for me. Please try again later."


async def run(document: Document, state: State, action: Action, context: Context) -> AsyncGenerator[Trace, None]:
    """The traces of one turn; `state` is changed as it goes and is the new state once they are exhausted.

    Whatever a document, a user or a client's state can do wrong becomes an `Error` trace; only a bug raises. `Debug`
    traces are always there: who runs anything but `development` drops them. The message of a `Text` is at most 60 KB
    as JSON: a longer one comes as several.
    """
    if document.framework != "conversation-flow":
        yield Text(NO_MODEL)
        yield Error("MODEL_NEEDED", f"A project of framework `{document.framework}` needs a language model.")
        return
    engine = _Engine(document, state, action, context)
    move = engine.first()
    for number in range(1, STEPS + 1):
        if move is None:
            break
        if number % BREATH == 0:
            await asyncio.sleep(0)
        async with aclosing(engine.happenings(move)) as happenings:
            async for happening in happenings:
                for trace in engine.told(happening):
                    yield trace
        move = engine.follow(move)
    for trace in engine.close(move):
        yield trace


def knows_event(document: Document, name: str) -> Event | None:
    """The declared event of that name."""
    return document.events.get(name)


class _Engine:
    """The state of one running turn: what the action begins with, and what each signal leads to."""

    __slots__ = ("action", "document", "flow", "platform", "signal", "state", "turn")

    def __init__(self, document: Document, state: State, action: Action, context: Context) -> None:
        self.document = document
        self.state = state
        self.action = action
        self.platform = context.platform
        self.flow = Flow(read_stack(state.internal, document))
        resumes = isinstance(action, LaunchAction) and bool(self.flow.stack)
        self.turn = open_turn(document, state, action, context, counts=not resumes)

    def told(self, happening: Trace | Signal) -> Sequence[Trace]:
        """What is to be yielded for what a step yields, after the notes that its visit left."""
        notes = self.turn.notes
        if isinstance(happening, Signal):
            self.signal = happening
        elif isinstance(happening, Text):
            notes += map(Text, pieces(happening.message))
        else:
            notes.append(happening)
        self.turn.notes = []
        return notes

    def first(self) -> Move | None:
        """What the action begins with."""
        action, stack = self.action, self.flow.stack
        if isinstance(action, EventAction):
            return self._event(action.payload.name)
        if isinstance(action, LaunchAction):
            return self.flow.back() if stack else self._primary()
        if stack:
            frame = stack.pop()
            return Move(frame.node, "answer", frame.memory)
        intent = self._intent()
        return self._digress(intent.workflow_id) if intent else self._primary()

    def happenings(self, move: Move) -> Happenings:
        """What the step does at this moment."""
        node = move.node
        visit = Visit(self.turn, node.place, move.memory)
        step = node.overlays.get(self.platform, node.step) if node.overlays else node.step
        self.signal = step.silent
        match move.moment:
            case "run":
                return step.run(visit) if node.unfinished is None else _unfinished(node.unfinished)
            case "resume":
                return step.resume(visit)
            case "ask":
                return cast("WaitingStep", step).ask(visit)
            case "answer":
                return cast("WaitingStep", step).answer(visit, cast("Answer", self.action))
            case _:
                return cast("WaitingStep", step).missed(visit)

    def follow(self, move: Move) -> Move | None:
        """The next move, after the signal that the step gave; `None` when the turn is over."""
        flow = self.flow
        match self.signal:
            case Leave(port):
                return flow.leave(move.node, port)
            case Wait():
                flow.wait(move)
                return None
            case NoMatch():
                return self._missed(move)
            case Call() | Jump() as signal:
                return self._workflow(move, signal)
            case Enter(port):
                return flow.enter(move, port) if not flow.winding else self._too_deep(move)
            case Fail(code, message):
                self.fail(code, message)
                return flow.leave(move.node, "error")
            case _:
                flow.finish()
                self.turn.notes.append(End())
                return None

    def fail(self, code: str, message: str) -> None:
        """Tells a failure; the flow goes on."""
        self.turn.notes.append(Error(code, message))

    def close(self, move: Move | None) -> Sequence[Trace]:
        """Writes the new state; a flow that has not come to rest by now is left where the turn found it."""
        if move is not None:
            self.flow.stack = read_stack(self.state.internal, self.document)
            self.fail("TOO_MANY_STEPS", f"The turn was ended after {STEPS} steps: the flow goes round without waiting.")
        close_turn(self.state, self.turn, self.flow.stack)
        return self.turn.notes

    def _primary(self) -> Move | None:
        if self.document.primary is None:
            self.fail("NO_WORKFLOW", "The project has no workflow to begin with.")
            return None
        return self._digress(self.document.primary.id)

    def _event(self, name: str) -> Move | None:
        event = knows_event(self.document, name)
        if event is None:
            self.fail("UNKNOWN_EVENT", f"The project knows no event {name!r}.")
            return self.flow.back()
        return self._digress(event.workflow_id)

    def _digress(self, workflow_id: str) -> Move | None:
        start = self._start(workflow_id)
        return self.flow.digress(start) if start else self.flow.back()

    def _intent(self) -> Intent | None:
        """The global intent that the user named; a local one only inside its workflow."""
        words = words_of(self.action)
        if words is None or not self.document.intents:
            return None
        inside = {frame.node.workflow_id for frame in self.flow.stack}
        named = self.document.intents.get(fold(words), ())
        return next((intent for intent in named if not intent.local or intent.workflow_id in inside), None)

    def _missed(self, move: Move) -> Move | None:
        self.flow.wait(move)
        intent = self._intent()
        if intent is not None:
            return self._digress(intent.workflow_id)
        self.flow.stack.pop()
        return Move(move.node, "missed", move.memory)

    def _workflow(self, move: Move, signal: Call | Jump) -> Move | None:
        start = self._start(signal.workflow_id)
        if start is None:
            return self.flow.leave(move.node, "error")
        if isinstance(signal, Jump):
            return self.flow.jump(start)
        return self.flow.call(move, start) if not self.flow.full else self._too_deep(move)

    def _too_deep(self, move: Move) -> Move | None:
        self.fail("TOO_DEEP", f"More than {LOOPS} loops or {DEPTH} calls lie within each other.")
        return self.flow.leave(move.node, "error")

    def _start(self, workflow_id: str) -> Node | None:
        """Where a workflow begins; tells why when it cannot."""
        workflow = self.document.workflows.get(workflow_id)
        if workflow is None:
            self.fail("UNKNOWN_WORKFLOW", f"There is no workflow {workflow_id!r}.")
            return None
        if workflow.start is None:
            self.fail("NO_START", f"The workflow {workflow.name or workflow.id!r} has no start.")
        return workflow.start


async def _unfinished(flaw: Flaw) -> Happenings:
    yield Fail("UNFINISHED_STEP", f"This step is not finished: {flaw.message}")
