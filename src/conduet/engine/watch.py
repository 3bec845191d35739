"""What one step did, told to who looks on while building."""

from typing import Final

from conduet.engine.fitting import LANGUAGE
from conduet.engine.flow import Move
from conduet.engine.signal import Enter, Fail, Finish, Leave, Signal
from conduet.engine.trace import Step
from conduet.engine.turn import Turn
from conduet.engine.values import MISSING, Json
from conduet.engine.visit import Visit
from conduet.kit.clock import iso


class Watch:
    """Looks on while a step is visited; `tell` leaves a `step` trace among the notes."""

    __slots__ = ("_before", "_began", "_move", "_turn", "_visit")

    def __init__(self, turn: Turn, visit: Visit, move: Move) -> None:
        self._turn = turn
        self._visit = visit
        self._move = move
        self._before = turn.before
        self._began = turn.context.now(f"{visit.key}/began")
        turn.before = {}

    def tell(self, signal: Signal) -> None:
        """What came of the visit, now that the flow goes on from there."""
        turn, visit, node = self._turn, self._visit, self._move.node
        duration = turn.context.now(f"{visit.key}/ended") - self._began
        changed: dict[str, Json] = {
            name: [None if before is MISSING else before, _value(turn, name)] for name, before in turn.before.items()
        }
        turn.before |= self._before
        error: dict[str, Json] | None = None
        if isinstance(signal, Fail):
            error = {"code": signal.code, "message": signal.message}
        took = turn.system["lastAction"] if self._move.moment == "answer" and visit.took is None else visit.took
        turn.notes.append(
            Step(
                workflow_id=node.workflow_id,
                step_id=node.id,
                kind=node.step.type,
                port=port_of(signal) or None,
                started_at=iso(self._began),
                duration_ms=duration.total_seconds() * 1000,
                input=took,
                output=visit.gave,
                changed=changed,
                error=error,
            )
        )


class Nobody:
    """Nobody looks on."""

    __slots__ = ()

    def tell(self, signal: Signal) -> None:
        """Tells nothing."""


NOBODY: Final = Nobody()


def _value(turn: Turn, name: str) -> Json:
    return turn.system["language"] if name == LANGUAGE else turn.variables[name]


def port_of(signal: Signal) -> str | None:
    """The port that the flow leaves by; nothing where it waits or goes elsewhere, empty where it is over."""
    match signal:
        case Leave(port) | Enter(port):
            return port
        case Fail():
            return "error"
        case Finish():
            return ""
        case _:
            return None
