"""An agent that stands in a flow as a step: it converses until it is done, and the flow goes on."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Final

from conduet.agents.agent import Agent
from conduet.agents.asking import spoken_in
from conduet.agents.harness import Harness
from conduet.agents.memory import Memory
from conduet.agents.stage import Answered, Approving, Exited, HandedOver, Outcome, Stage
from conduet.agents.trace import whole
from conduet.engine.action import Action, ApprovalAction, ClientAction, LaunchAction, words_of
from conduet.engine.signal import HandOver, Leave, Signal, Wait
from conduet.engine.trace import Trace
from conduet.engine.values import Json
from conduet.engine.visit import Visit

KEY: Final = "agent"
"""Where a step keeps the memory of its agent."""


class Conversing:
    """Run `traces` to its end, then `signal` says where the flow goes on, and `collected` what was found out."""

    __slots__ = ("_agent", "_visit", "collected", "signal")

    def __init__(self, visit: Visit, agent: Agent) -> None:
        self._visit = visit
        self._agent = agent
        self.signal: Signal = Wait()
        self.collected: Mapping[str, Json] = {}

    async def traces(self, action: Action) -> AsyncGenerator[Trace, None]:
        """What the agent says and does in answer to an action."""
        visit = self._visit
        memory = Memory.read(visit.memory.get(KEY))
        stage = Stage(visit.turn, visit.turn.context, self._agent, memory, visit.key)
        stage.passages = [*visit.turn.passages]
        visit.turn.passages.clear()
        harness = Harness(stage)
        told = harness.traces(action)
        # A step ahead may rewrite what is said: then nobody sees it before it is whole.
        traces = whole(told) if visit.reply.withholds else told
        async with aclosing(told):
            async for trace in traces:
                yield trace
        visit.memory[KEY] = memory.write()
        self.signal = self._signal(stage.outcome)
        if isinstance(stage.outcome, Exited):
            self.collected = stage.outcome.collected

    def begins(self) -> Action:
        """What the agent answers when the flow has come to it, and tells its memory what was said before."""
        turn = self._visit.turn
        action = turn.action or LaunchAction(type="launch")
        if isinstance(action, ApprovalAction | ClientAction):
            action = LaunchAction(type="launch")
        said = words_of(action)
        if said and turn.history and ("user", said) in turn.history[-8:]:
            index = max(place for place, each in enumerate(turn.history) if each == ("user", said))
            before = [*turn.history[:index], *turn.history[index + 1 :]]
        else:
            before = turn.history
        if before:
            self._visit.memory[KEY] = Memory(summary=spoken_in(turn, before)).write()
            turn.returned = None
        return action

    def _signal(self, outcome: Outcome | None) -> Signal:
        match outcome:
            case Exited(exit_id):
                return Leave(exit_id)
            case HandedOver():
                return HandOver()
            case Approving():
                return Wait()
            case Answered() if not self._agent.answers_once:
                return Wait()
            case _:
                return Leave()
