"""Where a waiting flow stands: a stack of steps, kept as JSON, read with nothing taken for granted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

from conduet.engine.graph import Document, Node
from conduet.engine.state import State
from conduet.engine.step import WaitingStep
from conduet.engine.values import Json

DEPTH: Final = 64
"""How many steps may be suspended at once: calls within calls, loops within loops, questions left open."""

LOOPS: Final = 8
"""How many of them may be loops: each keeps the list that it goes over."""

Why: TypeAlias = Literal["waiting", "approving", "handed", "calling", "looping"]


@dataclass(slots=True)
class Frame:
    """A suspended step: it waits for the user, for a yes or no, for a person who took over, for the workflow it called,
    or for the body it entered.

    What stands above a frame that asks is a digression; when it is over, the step asks again.
    """

    node: Node
    why: Why
    memory: dict[str, Json]

    @property
    def asks(self) -> bool:
        """Whether the step can be answered."""
        return self.why in {"waiting", "approving"}

    @property
    def call_id(self) -> Json:
        """What the page, or a yes or no, names the question by."""
        return self.memory.get("callId")

    def knows(self, call_id: str) -> bool:
        """Whether it asked by that id: its own question, or a call of its agent that waits for a yes."""
        return call_id == self.call_id or any(each.get("approval_id") == call_id for each in self.open_calls)

    @property
    def open_calls(self) -> Sequence[dict[str, Json]]:
        """The calls of the step's agent that wait for a yes."""
        return open_calls(self.memory.get("agent"))


def open_calls(agent: Json) -> Sequence[dict[str, Json]]:
    """The calls that wait for a yes, of what an agent remembers; a client may have written it."""
    waiting = agent.get("waiting") if isinstance(agent, dict) else None
    return [each for each in waiting if isinstance(each, dict)] if isinstance(waiting, list) else ()


def at_rest(state: State) -> bool:
    """Whether nothing waits for the user."""
    return not state.internal.get("stack")


def rest(state: State) -> None:
    """Forgets where the flow stands; variables stay, and a person who took over still has the conversation."""
    state.internal.pop("stack", None)


def read_stack(internal: Mapping[str, Json], document: Document) -> list[Frame]:
    """The frames that `write_stack` wrote, outermost first; none when the waiting step is gone.

    The document may have changed since, and a client may have written the state: what makes no sense is not there.

    A caller that is gone takes those below it along: when what it called is over, the conversation is at rest.
    """
    found: list[Frame] = []
    written = internal.get("stack")
    for entry in reversed(written[-DEPTH:] if isinstance(written, list) else []):
        frame = _read(entry, document)
        if frame is None or (not found and not frame.asks and frame.why != "handed"):
            break
        found.append(frame)
    return found[::-1]


def write_stack(stack: Sequence[Frame]) -> list[Json]:
    """The frames as JSON."""
    return [
        {"workflowId": frame.node.workflow_id, "stepId": frame.node.id, "why": frame.why, "memory": frame.memory}
        for frame in stack
    ]


def _read(entry: Json, document: Document) -> Frame | None:
    if not isinstance(entry, dict):
        return None
    workflow_id, step_id, why, memory = (entry.get(key) for key in ("workflowId", "stepId", "why", "memory"))
    node = document.nodes.get(f"{workflow_id}/{step_id}")
    asks = why in ("waiting", "approving") and node is not None and isinstance(node.step, WaitingStep)
    fits = asks or why in ("handed", "calling", "looping")
    if node is None or not fits or not isinstance(memory, dict):
        return None
    return Frame(node, cast("Why", why), dict(memory))
