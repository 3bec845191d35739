"""What a turn begins with: where the action finds the conversation, and where it leads from there."""

from conduet.engine.action import ApprovalAction, ClientAction, EventAction, LaunchAction
from conduet.engine.flow import Move
from conduet.engine.walk import Walk


def first_move(walk: Walk) -> Move | None:
    """The first move of a turn; `None` when nothing comes of the action."""
    action, stack = walk.action, walk.flow.stack
    match action:
        case EventAction(payload=happening):
            return _event(walk, happening.name)
        case ClientAction(payload=answered):
            return _answer(walk, answered.call_id)
        case ApprovalAction(payload=decision):
            return _answer(walk, decision.approval_id)
        case _:
            pass
    # A person has handed the conversation back: the flow goes on from there, and with it the user's words.
    if stack and stack[-1].why == "handed" and (move := walk.flow.back()):
        return move
    if isinstance(action, LaunchAction):
        return walk.flow.back() if stack else walk.begin_primary()
    if stack:
        frame = stack.pop()
        return Move(frame.node, "answer", frame.memory, frame.why)
    intent = walk.meant()
    return walk.begin(intent.workflow_id) if intent else walk.begin_primary()


def _event(walk: Walk, name: str) -> Move | None:
    event = walk.document.events.get(name)
    if event is None:
        walk.fail("UNKNOWN_EVENT", f"The project knows no event {name!r}.")
        return walk.flow.back()
    return walk.begin(event.workflow_id)


def _answer(walk: Walk, call_id: str) -> Move | None:
    """The step that asked by that id; one that was answered already, or is gone, leaves all as it is."""
    frame = walk.flow.answered(call_id)
    if frame is None:
        walk.fail("UNKNOWN_CALL", "What this answers is not open any more.")
        return None
    return Move(frame.node, "answer", frame.memory, frame.why)
