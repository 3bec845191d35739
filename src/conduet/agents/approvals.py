"""Calls that wait for a yes: asked for, answered, and over after a day."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, Literal

from conduet.agents.builtin import Done
from conduet.agents.fence import fenced
from conduet.agents.memory import OpenCall
from conduet.agents.stage import Approving, Stage
from conduet.engine.action import Decision
from conduet.engine.pending import DAY, read_moment
from conduet.engine.toolbox import ProjectTool
from conduet.engine.trace import Approval
from conduet.engine.use import ToolFailure
from conduet.engine.values import Json
from conduet.llm.message import User

MOST: Final = 16
"""How many calls of one conversation may wait."""


def ask(
    stage: Stage, tool: ProjectTool, args: Mapping[str, Json], *, by: Literal["user", "person"], place: str
) -> Done:
    """Asks whether a tool may be used; the call is kept, and the turn ends."""
    try:
        fitted = tool.fit(args)
    except ToolFailure as failure:
        return Done(failure.message, is_error=True)
    waiting = stage.memory.waiting
    if any(each.tool_id == tool.id and each.args == fitted for each in waiting):
        return Done("This very call waits for a yes already. Do not make it again.", is_error=True)
    if len(waiting) >= MOST:
        return Done(f"More than {MOST} calls wait for a yes. Make no others.", is_error=True)
    approval_id = f"appr_{int(stage.turn.context.random(place) * 2**53):014x}"
    waiting.append(OpenCall(approval_id, tool.id, fitted, by, str(stage.turn.system["now"])))
    stage.outcome = Approving()
    said = "Not run yet: it waits for a yes. You are told once there is an answer. Do not make the call again."
    return Done(said, traces=(Approval(approval_id, tool.name, fitted, by),))


def expired(stage: Stage) -> list[User]:
    """What the agent is told of the calls that nobody has said yes to in time; they are dropped."""
    now = datetime.fromisoformat(str(stage.turn.system["now"]))
    over = [each for each in stage.memory.waiting if _is_over(each, now)]
    stage.memory.waiting = [each for each in stage.memory.waiting if each not in over]
    return [_answer(stage, each, "no", "Nobody said yes within 24 hours.") for each in over]


def decided(stage: Stage, decision: Decision) -> tuple[OpenCall, bool, User] | None:
    """The call that was waiting under that id, whether it may run, and what the agent is told; `None` where none was.

    A tool that is gone, or was switched off since, does not run whatever was said.
    """
    found = next((each for each in stage.memory.waiting if each.approval_id == decision.approval_id), None)
    if found is None:
        return None
    stage.memory.waiting.remove(found)
    tool = stage.tools.get(found.tool_id)
    if tool is None or not tool.enabled:
        return found, False, _answer(stage, found, "no", "The tool is not there any more.")
    return found, decision.approved, _answer(stage, found, "yes" if decision.approved else "no", decision.note)


def open_approvals(stage: Stage) -> Iterator[Approval]:
    """The calls that wait, as they were asked for."""
    now = datetime.fromisoformat(str(stage.turn.system["now"]))
    for each in stage.memory.waiting:
        tool = stage.tools.get(each.tool_id)
        if tool is not None and not _is_over(each, now):
            yield Approval(each.approval_id, tool.name, each.args, each.by)


def _answer(stage: Stage, call: OpenCall, answer: str, note: str | None) -> User:
    tool = stage.tools.get(call.tool_id)
    told: dict[str, Json] = {"tool": tool.name if tool else call.tool_id, "arguments": call.args, "answer": answer}
    return User(fenced("approval", told | ({"note": note} if note else {})))


def _is_over(call: OpenCall, now: datetime) -> bool:
    asked_at = read_moment(call.asked_at)
    return asked_at is None or now - asked_at >= DAY
