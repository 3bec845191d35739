"""What a step tells the engine beside traces: where the flow goes on."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Signal:
    """The last thing a step yields; a step that ends without one leaves by `next`."""


@dataclass(frozen=True, slots=True)
class Leave(Signal):
    """Go on behind the connection of this port; without one the workflow, or the loop's body, is over."""

    port: str = "next"


@dataclass(frozen=True, slots=True)
class Return(Signal):
    """The workflow is over here, wherever the ports of the step lead."""


@dataclass(frozen=True, slots=True)
class Wait(Signal):
    """The turn is over; the user's next action, or the yes or no to a call, is this step's to answer."""

    why: Literal["waiting", "approving"] = "waiting"


@dataclass(frozen=True, slots=True)
class NoMatch(Signal):
    """The action is no answer to what the step asked: intents are tried, then the step's `missed`."""


@dataclass(frozen=True, slots=True)
class Begin(Signal):
    """The step goes on waiting while the primary workflow runs from its start, as if nothing waited."""

    why: Literal["waiting", "approving"] = "waiting"


@dataclass(frozen=True, slots=True)
class Call(Signal):
    """Run another workflow and come back to this step's `resume`."""

    workflow_id: str


@dataclass(frozen=True, slots=True)
class Jump(Signal):
    """Run another workflow instead of the rest of this one."""

    workflow_id: str


@dataclass(frozen=True, slots=True)
class Enter(Signal):
    """Run what is connected to this port and come back to this step's `resume`."""

    port: str


@dataclass(frozen=True, slots=True)
class Fork(Signal):
    """Run what is connected to these ports side by side; then leave by `next`, or by `error` when one fails."""

    ports: tuple[str, ...]
    timeout_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class HandOver(Signal):
    """The turn is over and a person goes on; once they hand back, the flow leaves by `next`."""


@dataclass(frozen=True, slots=True)
class Fail(Signal):
    """The step cannot do its work: an `error` trace, then its `error` port, else the workflow is over."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Finish(Signal):
    """The conversation is over, from any depth."""
