"""What a conversation waits for from outside of itself: a page's answer, a yes or a no, a person who took over."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, cast

from conduet.engine.cursor import open_calls, read_stack
from conduet.engine.graph import Document
from conduet.engine.state import State
from conduet.engine.values import Json

DAY: Final = timedelta(hours=24)
"""After this time without a yes, a tool takes a no."""

AGENT: Final = "agent"
"""The key of the internal part with what the agent of an agentic project remembers."""

SILENT: Final = "handedOver"
"""The key of the internal part that says that a person has the conversation."""

RETURNED: Final = "returned"
"""The key of the internal part with what was said while a person had it, until the agent has read that."""


@dataclass(frozen=True, slots=True)
class Approval:
    """A tool that waits for a yes or a no, and since when."""

    id: str
    tool_id: str
    tool_name: str
    arguments: Mapping[str, Json]
    by: Literal["user", "person"]
    asked_at: datetime

    def is_over(self, now: datetime) -> bool:
        """Whether it has taken a no by itself."""
        return now - self.asked_at >= DAY


def approvals(document: Document, state: State) -> Iterator[Approval]:
    """The tools that wait for a yes or a no, those that have waited too long included."""
    yield from _of_agent(document, open_calls(state.internal.get(AGENT)))
    for frame in read_stack(state.internal, document):
        yield from _of_agent(document, frame.open_calls if frame.asks else ())
        match frame.memory:
            case {"callId": str(call_id), "toolId": str(tool_id), "args": dict(args), "by": by, "askedAt": str(moment)}:
                tool, asked_at = document.tools.get(tool_id), read_moment(moment)
                if frame.why == "approving" and tool and by in ("user", "person") and asked_at:
                    # Clients may write a state: what is a person's to say is never made the user's by that.
                    by = "person" if tool.approval == "person" else by
                    yield Approval(call_id, tool_id, tool.name, args, cast("Any", by), asked_at)
            case _:
                continue


def _of_agent(document: Document, calls: Sequence[Mapping[str, Json]]) -> Iterator[Approval]:
    """The calls of an agent that wait; a tool of a server is found by the id of what lists it."""
    for call in calls:
        match call:
            case {
                "approval_id": str(call_id),
                "tool_id": str(tool_id),
                "args": dict(args),
                "by": by,
                "asked_at": str(moment),
            }:
                tool = document.tools.get(tool_id) or document.tools.get(tool_id.partition("/")[0])
                asked_at = read_moment(moment)
                if tool and by in ("user", "person") and asked_at:
                    by = "person" if tool.approval == "person" else by
                    yield Approval(call_id, tool_id, tool.name, args, cast("Any", by), asked_at)
            case _:
                continue


def knows_call(document: Document, state: State, call_id: str, path: str) -> bool:
    """Whether a page may answer a `client-action` of that id by that path."""
    return any(
        frame.why == "waiting" and frame.call_id == call_id and path in frame.node.step.ports()
        for frame in read_stack(state.internal, document)
    )


def is_silent(state: State) -> bool:
    """Whether a person has the conversation: the agent answers nothing."""
    return bool(state.internal.get(SILENT))


def hand_over(state: State, *, since: str) -> bool:
    """Gives the conversation to a person; whether the agent had it."""
    if is_silent(state):
        return False
    state.internal[SILENT] = {"since": since}
    return True


def hand_back(state: State, told: Mapping[str, Json] | None = None) -> bool:
    """Gives the conversation back to the agent: it goes on with the next action; whether a person had it.

    `told` is what the agent reads of the time between: `{said: [{role: user | person, text}], note}`.
    """
    if not state.internal.pop(SILENT, None):
        return False
    if told:
        state.internal[RETURNED] = dict(told)
    return True


def read_moment(text: str) -> datetime | None:
    """A moment as the state keeps it; a client may have written it."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
