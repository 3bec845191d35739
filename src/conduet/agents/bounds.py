"""How far a turn of an agent may go, and what the user is told where it ends early."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from conduet.agents.stage import Stage

_AGAIN: Final = "I could not finish this in one go. Tell me which part matters most, and I will go on from there."
_LONG: Final = "This takes me too long just now. Please ask me again, or for a part of it."
_MUCH: Final = "This is more than I can take on at once. Please ask me for a part of it."
FAILED: Final = "I cannot answer just now. Please try again in a moment."
TAKEN_OVER: Final = "A person takes over from here."
WAITING: Final = "I need a go-ahead before I can do this. As soon as there is one, I will go on."


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound that is met: its code, what the builder is told, and what the user is told."""

    code: str
    message: str
    said: str


def seconds_left(stage: Stage, began_at: datetime) -> float:
    """What is left of the turn's time, by the clock of its journal."""
    now = stage.turn.context.now(f"{stage.key}/round{stage.asked + 1}/now")
    return stage.agent.turn_seconds - (now - began_at).total_seconds()


def met(stage: Stage, seconds: float) -> Bound | None:
    """The bound that keeps the model from being asked once more."""
    agent, acting = stage.agent, stage.acting
    if stage.rounds >= acting.max_rounds:
        told = f"{acting.name} has asked its model {acting.max_rounds} times in one turn (`maxRounds`)."
        return Bound("MAX_ROUNDS", told, _AGAIN)
    if stage.calls > agent.max_tool_calls:
        told = f"The model wanted more than {agent.max_tool_calls} tool calls in one turn (`maxToolCalls`)."
        return Bound("MAX_TOOL_CALLS", told, _AGAIN)
    if seconds <= 0:
        return Bound("TURN_TIMED_OUT", f"The turn took longer than {agent.turn_seconds:g} s.", _LONG)
    if agent.turn_tokens is not None and stage.tokens >= agent.turn_tokens:
        told = f"The turn has used {stage.tokens} tokens; {agent.turn_tokens} are allowed (`budget.perTurnTokens`)."
        return Bound("TOKEN_BUDGET", told, _MUCH)
    return None
