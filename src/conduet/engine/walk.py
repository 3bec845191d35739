"""A flow goes from step to step: what each signal leads to, and what is to be seen of it on the way."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from typing import Final, cast

from conduet.engine.action import Action, Answer, words_of
from conduet.engine.branches import Branch, side_by_side
from conduet.engine.cursor import DEPTH, LOOPS
from conduet.engine.flaw import Flaw
from conduet.engine.flow import Flow, Move
from conduet.engine.graph import Document, Node
from conduet.engine.shape import Intent
from conduet.engine.signal import (
    Begin,
    Call,
    Enter,
    Fail,
    Finish,
    Fork,
    HandOver,
    Jump,
    Leave,
    NoMatch,
    Return,
    Signal,
    Wait,
)
from conduet.engine.step import Happenings, WaitingStep
from conduet.engine.trace import End, Error, Trace
from conduet.engine.turn import STEPS, Turn
from conduet.engine.visit import Visit
from conduet.engine.watch import NOBODY, Watch, port_of
from conduet.engine.wording import fold

BREATH: Final = 20
"""After how many steps a turn lets the turns of other users have a go."""

FORKS: Final = 8
"""How many branches may lie within each other."""


class Walk:
    """A flow on its way through a turn, or through a branch of it, where nothing may wait.

    Once `traces` is exhausted, `stopped` says why it did not come to its end, and `is_over` whether it ended the
    conversation.
    """

    __slots__ = ("_is_branch", "_signal", "action", "document", "flow", "is_over", "near", "stopped", "turn")

    def __init__(self, document: Document, action: Action, turn: Turn, flow: Flow, *, is_branch: bool = False) -> None:
        self.document = document
        self.action = action
        self.turn = turn
        self.flow = flow
        self.stopped: Error | None = None
        self.is_over = False
        self.near: Sequence[Intent] = ()
        """The global intents that the user's words mean, the nearest first."""
        self._is_branch = is_branch
        self._signal: Signal = Leave()

    async def traces(self, move: Move | None) -> AsyncGenerator[Trace, None]:
        """What happens from `move` on, until the flow waits, is over, or has taken all its steps."""
        turn = self.turn
        while move is not None and self._may(move):
            turn.steps_left -= 1
            if turn.steps_left % BREATH == 0:
                await asyncio.sleep(0)
            for trace in self._let_go(move):
                yield trace
            visit = Visit(turn, move.node, move.memory)
            watch = Watch(turn, visit, move) if turn.watched else NOBODY
            async with aclosing(self._happenings(move, visit)) as happenings:
                async for happening in happenings:
                    for trace in self._told(happening):
                        yield trace
            if isinstance(self._signal, Fork):
                async with aclosing(self._forked(move, visit, self._signal)) as branches:
                    async for trace in branches:
                        yield trace
            turn.visited.append((move.node.workflow_id, move.node.id, port_of(self._signal)))
            move = self._following(move)
            watch.tell(self._signal)
        for trace in (*self._told(None), *turn.reply.released()):
            yield trace

    def fail(self, code: str, message: str, *, handled: bool = False) -> None:
        """Tells a failure; the flow goes on."""
        self.turn.notes.append(Error(code, message, handled or None))

    def begin(self, workflow_id: str) -> Move | None:
        """A workflow from its start, as a digression while a step waits."""
        start = self._start(workflow_id)
        return self.flow.digress(start) if start else self.flow.back()

    def begin_primary(self) -> Move | None:
        """The primary workflow from its start."""
        if self.document.primary is None:
            self.fail("NO_WORKFLOW", "The project has no workflow to begin with.")
            return self.flow.back()
        return self.begin(self.document.primary.id)

    def meant(self) -> Intent | None:
        """The global intent that the user named; a local one only inside its workflow."""
        words = words_of(self.action)
        if words is None or not self.document.intents:
            return None
        inside = {frame.node.workflow_id for frame in self.flow.stack}
        named = (*self.document.intents.get(fold(words), ()), *self.near)
        return next((intent for intent in named if not intent.local or intent.workflow_id in inside), None)

    def _may(self, move: Move) -> bool:
        """Whether the next step may be taken."""
        if not self.turn.steps_left:
            told = f"The turn was ended after {STEPS} steps: the flow goes round without waiting."
            self.stopped = Error("TOO_MANY_STEPS", told)
        elif self._is_branch and move.node.waits:
            told = f"The step `{move.node.place}` waits for the user, which no branch of a `parallel` step may."
            self.stopped = Error("BRANCH_WAITS", told)
        return self.stopped is None

    def _let_go(self, move: Move) -> Iterable[Trace]:
        """What was held back of the reply, when nothing can rewrite it any more; else it is held back from now on."""
        if not self.document.rewrites:
            return ()
        reply = self.turn.reply
        reply.withholds = move.node.step.rewrites or move.node.ahead or self.flow.ahead
        return () if reply.withholds else reply.released()

    def _happenings(self, move: Move, visit: Visit) -> Happenings:
        """What the step does at this moment."""
        node = move.node
        step = node.overlays.get(self.turn.context.platform, node.step) if node.overlays else node.step
        self._signal = step.silent
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

    def _told(self, happening: Trace | Signal | None) -> Sequence[Trace]:
        """What is to be yielded for what a step yields, after the notes that its visit left."""
        notes = self.turn.notes
        if isinstance(happening, Signal):
            self._signal = happening
        elif happening is not None:
            notes.append(happening)
        if not notes:
            return ()
        passed = [*self.turn.reply.passed(notes)]
        notes.clear()
        return passed

    def _following(self, move: Move) -> Move | None:
        """The next move, after the signal that the step gave; `None` when the turn is over."""
        flow = self.flow
        match self._signal:
            case Leave(port):
                return flow.leave(move.node, port)
            case Return():
                return flow.back()
            case Wait(why):
                flow.suspend(move, why)
                return None
            case NoMatch():
                return self._missed(move)
            case Begin(why):
                flow.suspend(move, why)
                return self.begin_primary()
            case Call() | Jump() as signal:
                return self._workflow(move, signal)
            case Enter(port):
                return flow.enter(move, port) if not flow.winding else self._too_deep(move)
            case Fail(code, message):
                self.fail(code, message, handled="error" in move.node.exits)
                return flow.leave(move.node, "error")
            case HandOver():
                self.turn.is_handed_over = True
                flow.suspend(move, "handed")
                return None
            case _:
                self._over()
                return None

    def _over(self) -> None:
        self.flow.finish()
        self.is_over = True
        if not self._is_branch:
            self.turn.notes.append(End())

    def _missed(self, move: Move) -> Move | None:
        self.flow.suspend(move, move.why)
        intent = self.meant()
        if intent is not None:
            return self.begin(intent.workflow_id)
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

    async def _forked(self, move: Move, visit: Visit, fork: Fork) -> AsyncGenerator[Trace, None]:
        """What happens in the branches, in their order; leaves a signal that says how the step leaves."""
        if self.turn.depth >= FORKS:
            self._signal = Fail("TOO_DEEP", f"More than {FORKS} branches lie within each other.")
            return
        taken = [(port, target) for port in fork.ports if (target := move.node.exits.get(port))]
        share = self.turn.steps_left // max(1, len(taken))
        branches: list[Branch] = []
        for port, target in taken:
            turn = self.turn.branch(f"{visit.key}/{port}/", steps=share)
            walk = Walk(self.document, self.action, turn, Flow(), is_branch=True)
            branches.append(Branch(port, walk, Move(target, "run", {})))
        async with aclosing(side_by_side(branches, self.turn, seconds=fork.timeout_seconds)) as traces:
            async for trace in traces:
                for passed in self._told(trace):
                    yield passed
        self.turn.steps_left -= sum(share - branch.walk.turn.steps_left for branch in branches)
        failed = any(branch.failure for branch in branches)
        self.is_over = any(branch.walk.is_over for branch in branches)
        self._signal = Finish() if self.is_over else Leave("error" if failed else "next")


async def _unfinished(flaw: Flaw) -> Happenings:
    yield Fail("UNFINISHED_STEP", f"This step is not finished: {flaw.message}")
