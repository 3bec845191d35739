"""The rules by which a flow goes from step to step: connections, calls, loops, digressions and the way back."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from conduet.engine.cursor import DEPTH, LOOPS, Frame, Why
from conduet.engine.graph import Node
from conduet.engine.values import Json

Moment: TypeAlias = Literal["run", "ask", "answer", "missed", "resume"]
"""Which of a step's methods comes next."""


@dataclass(frozen=True, slots=True)
class Move:
    """What the engine does next."""

    node: Node
    moment: Moment
    memory: dict[str, Json]
    why: Why = "waiting"
    """Why the step was suspended, when it was."""


@dataclass(slots=True)
class Flow:
    """The suspended steps of a conversation; each method answers with the next move, `None` when the turn is over."""

    stack: list[Frame] = field(default_factory=list[Frame])

    def leave(self, node: Node, port: str) -> Move | None:
        """On behind a port's connection, else back."""
        target = node.exits.get(port)
        return self._reach(target) if target else self.back()

    def _reach(self, node: Node) -> Move:
        # Who wires the end of a loop's body to the loop means its next item, not a loop within the loop.
        for depth in range(len(self.stack) - 1, -1, -1):
            frame = self.stack[depth]
            if frame.why != "looping":
                break
            if frame.node is node:
                del self.stack[depth:]
                return Move(node, "resume", frame.memory)
        return Move(node, "run", {})

    def back(self) -> Move | None:
        """To whoever is suspended: a question is asked again, a caller or a loop goes on."""
        if not self.stack:
            return None
        frame = self.stack.pop()
        if frame.why == "handed":
            return self.leave(frame.node, "next")
        return Move(frame.node, "ask" if frame.asks else "resume", frame.memory, frame.why)

    def answered(self, call_id: str) -> Frame | None:
        """The step that asked by that id, taken off the stack; what stood above it comes below, and is gone back to."""
        for depth, frame in enumerate(self.stack):
            if frame.asks and frame.knows(call_id):
                self.stack[:] = [*self.stack[depth + 1 :], *self.stack[:depth]]
                return frame
        return None

    @property
    def full(self) -> bool:
        """Whether no further step may be suspended."""
        return len(self.stack) >= DEPTH - 1

    @property
    def ahead(self) -> bool:
        """Whether a step that rewrites the reply can come once the workflow that runs now is over."""
        for frame in reversed(self.stack):
            if frame.asks:
                break
            if frame.node.ahead:
                return True
        return False

    @property
    def winding(self) -> bool:
        """Whether no further loop may be entered."""
        return self.full or sum(frame.why == "looping" for frame in self.stack) >= LOOPS

    def suspend(self, move: Move, why: Why) -> None:
        """The step waits."""
        self.stack.append(Frame(move.node, why, move.memory))

    def call(self, move: Move, start: Node) -> Move:
        """Another workflow from its start, then back to the step."""
        self.stack.append(Frame(move.node, "calling", move.memory))
        return Move(start, "run", {})

    def enter(self, move: Move, port: str) -> Move | None:
        """What is connected to a port, then back to the step."""
        self.stack.append(Frame(move.node, "looping", move.memory))
        return self.leave(move.node, port)

    def jump(self, start: Node) -> Move:
        """Another workflow from its start instead of the rest of this one and of the loops that it stands in."""
        while self.stack and self.stack[-1].why == "looping":
            self.stack.pop()
        return Move(start, "run", {})

    def digress(self, start: Node) -> Move:
        """Another workflow from its start while a step may be waiting.

        One that is already open as a digression begins anew instead of piling up, unless a tool waits for its yes in
        it; and where too much is suspended the outermost step is forgotten.
        """
        stack = self.stack
        for depth in range(len(stack) - 1, 0, -1):
            if stack[depth].why == "approving":
                break
            if stack[depth - 1].asks and stack[depth].node.workflow_id == start.workflow_id:
                del stack[depth:]
        if self.full:
            del self.stack[0]
        return Move(start, "run", {})

    def finish(self) -> None:
        """The conversation is over, from any depth; what a person still has to decide stays open."""
        self.stack[:] = [
            frame for frame in self.stack if frame.why == "approving" and frame.memory.get("by") == "person"
        ]
