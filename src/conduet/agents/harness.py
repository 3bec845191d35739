"""One turn of an agent: a model is asked, its tools run, and it is asked again until it answers or a bound is met."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from datetime import datetime
from typing import Final

from conduet.agents.approvals import decided, expired, open_approvals
from conduet.agents.bounds import FAILED, TAKEN_OVER, WAITING, met, seconds_left
from conduet.agents.calls import run_calls
from conduet.agents.fence import fenced
from conduet.agents.guard import REFUSED, Watch
from conduet.agents.hearing import heard
from conduet.agents.history import without_echoes
from conduet.agents.knowledge import shown, told_as_sources
from conduet.agents.links import Hosts
from conduet.agents.prompt import assembled
from conduet.agents.shortening import shorten, shorten_further
from conduet.agents.speech import Speech
from conduet.agents.stage import Answered, Approving, Failed, HandedOver, Stage
from conduet.agents.toolset import Toolset, attached, offered
from conduet.engine.action import Action, ApprovalAction, Decision, LaunchAction, words_of
from conduet.engine.calling import listed
from conduet.engine.outside import Unreachable
from conduet.engine.seeking import sought
from conduet.engine.trace import Button, Buttons, Debug, Error, Text, Trace
from conduet.engine.values import Json, to_json
from conduet.llm.errors import ContextTooLong, EmptyAnswer, ModelError
from conduet.llm.message import Assistant, ToolCall, ToolSpec, User

RETURNED: Final = "A person had the conversation and has given it back to you."
SHORTENED: Final = 2
"""How often a turn is tried again with less of what was said, when it does not fit into the model."""


class Harness:
    """Run `traces` to its end, then the stage has an `outcome`, and its memory is what the next turn begins with.

    The traces are those of the engine and of `agents.trace`: what the model says comes as deltas.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._hosts = Hosts(stage.agent.allowed_hosts)
        self._watch = Watch(stage.agent.guard)
        self._began_at: datetime | None = None
        self._shortened = 0

    async def traces(self, action: Action) -> AsyncGenerator[Trace, None]:
        """What happens in answer to an action."""
        stage = self._stage
        self._began_at = stage.turn.context.now(f"{stage.key}/began")
        await self._list()
        for trace in (*stage.notes(), *self._greeted(action)):
            yield trace
        if stage.outcome is None:
            async with aclosing(self._taken_in(action)) as traces:
                async for trace in traces:
                    yield trace
        while stage.outcome is None:
            async with aclosing(self._round()) as traces:
                async for trace in traces:
                    yield trace
        for trace in self._closed():
            yield trace

    async def _taken_in(self, action: Action) -> AsyncGenerator[Trace, None]:
        """Takes in what the user did."""
        stage = self._stage
        stage.memory.messages += expired(stage)
        if isinstance(action, ApprovalAction):
            async with aclosing(self._approved(action.payload)) as traces:
                async for trace in traces:
                    yield trace
        else:
            stage.memory.buttons = ()
            async with aclosing(self._took(action)) as traces:
                async for trace in traces:
                    yield trace
        if stage.outcome is None:
            async with aclosing(shorten(stage)) as traces:
                async for trace in traces:
                    yield trace

    async def _list(self) -> None:
        """Asks which tools there are behind those that list them."""
        stage = self._stage
        listing = [
            each for each in stage.turn.tools.values() if each.tool.lists and each.enabled and not each.unfinished
        ]
        if not listing:
            return
        agents = (stage.agent, *map(stage.agent.playing, stage.agent.playbooks.values()))
        for tool in listing:
            if any(agent.uses(tool.id, None) for agent in agents):
                found = await listed(stage.turn, tool, key=f"{stage.key}/tools")
                stage.listed |= {each.id: each for each in found}

    async def _took(self, action: Action) -> AsyncGenerator[Trace, None]:
        """Takes in what the user said, as far as the guard lets it, and looks up what it is about."""
        stage = self._stage
        words = words_of(action) or ""
        why = self._watch.refuses(words)
        if why is not None:
            stage.memory.messages.append(User(fenced("event", f"The user said something that was held back: {why}.")))
            for trace in self._say(REFUSED):
                yield trace
            yield Debug("warning", f"What the user said was held back: {why} (`behaviourConfig.guard`).")
            stage.outcome = Answered()
            return
        self._read_returned()
        stage.memory.messages.append(self._watch.over(heard(action)))
        if words and stage.agent.only_from_sources and stage.acting.searches and stage.world.has_knowledge:
            try:
                found = await sought(stage.world, stage.turn, f"{stage.key}/sources", self._watch.masked(words))
            except Unreachable as failure:
                yield Error(failure.code, failure.message, handled=True)
                return
            if found:
                stage.passages += shown(found)
                for trace in told_as_sources(words, found):
                    yield trace

    def _read_returned(self) -> None:
        """Takes in what was said while a person had the conversation."""
        turn = self._stage.turn
        if turn.returned is not None:
            told: dict[str, Json] = {"happened": RETURNED, "between": turn.returned}
            self._stage.memory.messages.append(self._watch.over(User(fenced("event", told))))
            turn.returned = None

    def _greeted(self, action: Action) -> Iterator[Trace]:
        """A launch amid a conversation only shows again what waits for the user: calls, the last buttons."""
        stage = self._stage
        if isinstance(action, LaunchAction) and stage.memory.messages:
            stage.outcome = Answered()
            yield from open_approvals(stage)
            if stage.memory.buttons:
                yield Buttons(stage.memory.buttons)

    async def _approved(self, decision: Decision) -> AsyncGenerator[Trace, None]:
        """The call that waited runs, or does not; the model goes on from there."""
        stage = self._stage
        found = decided(stage, decision)
        if found is None:
            stage.outcome = Answered()
            yield Debug("warning", "No call waits for this yes or no.")
            return
        waiting, is_approved, told = found
        stage.memory.messages.append(told)
        tool = stage.tools.get(waiting.tool_id)
        if not is_approved or tool is None:
            return
        # The phase may have changed since: what was asked for is run all the same, as that is what the yes was for.
        call = ToolCall(waiting.approval_id, tool.name, to_json(waiting.args))
        stage.memory.messages.append(Assistant("", (call,)))
        toolset = {tool.name: attached(tool)}
        async with aclosing(run_calls(stage, toolset, (call,), is_approved=True)) as traces:
            async for trace in traces:
                yield trace

    async def _round(self) -> AsyncGenerator[Trace, None]:
        """Asks the model once and runs its calls."""
        stage = self._stage
        for trace in stage.settle():
            yield trace
        seconds = seconds_left(stage, self._began())
        bound = met(stage, seconds)
        if bound is not None:
            for trace in self._failed(bound.code, bound.message, bound.said):
                yield trace
            return
        toolset = offered(stage)
        stage.asked += 1
        stage.rounds += 1
        speech = Speech(self._hosts, self._watch)
        request = self._watch.request(assembled(stage, _specs(toolset), stage.memory.messages))
        place = f"{stage.key}/round{stage.asked}/model"
        told = stage.world.model(place, stage.chain, request, seconds=seconds)
        async with aclosing(speech.traces(told)) as traces:
            async for trace in traces:
                yield trace
        stage.has_spoken = stage.has_spoken or bool(speech.said)
        async with aclosing(self._heeded(speech, toolset)) as traces:
            async for trace in traces:
                yield trace
        for trace in (*stage.settle(), *stage.notes()):
            yield trace

    async def _heeded(self, speech: Speech, toolset: Toolset) -> AsyncGenerator[Trace, None]:
        """What follows from what the model said."""
        stage, answer = self._stage, speech.answer
        if speech.error is not None or answer is None:
            for trace in self._lost(speech.error or EmptyAnswer(), speech.said):
                yield trace
            return
        stage.tokens += answer.usage.input + answer.usage.output
        for host in sorted(speech.left_out):
            yield Debug("warning", f"A link to {host} was left out: `behaviourConfig.allowedHosts` does not name it.")
        if not speech.said and not answer.calls:
            for trace in self._lost(EmptyAnswer(), ""):
                yield trace
            return
        echo = answer.echo if speech.said == answer.text else None
        stage.memory.messages.append(Assistant(speech.said, answer.calls, echo))
        if not answer.calls:
            stage.outcome = Answered()
            if answer.finish == "length":
                yield Debug("warning", "The model's answer was cut off at its limit of tokens.")
            return
        async with aclosing(run_calls(stage, toolset, answer.calls)) as traces:
            async for trace in traces:
                yield trace

    def _lost(self, error: ModelError, said: str) -> Iterator[Trace]:
        """The model failed: with less to read, it may do better; else the user is told."""
        stage = self._stage
        if said:
            stage.memory.messages.append(Assistant(said))
        elif isinstance(error, EmptyAnswer) and stage.has_spoken:
            stage.outcome = Answered()
            return
        elif isinstance(error, ContextTooLong) and self._shortened < SHORTENED and shorten_further(stage):
            self._shortened += 1
            yield Debug("warning", "What was said did not fit into the model: it is asked again with less of it.")
            return
        yield from self._failed(error.code, error.message, FAILED)

    def _failed(self, code: str, message: str, said: str) -> Iterator[Trace]:
        yield from self._say(said)
        yield Error(code, message, handled=True)
        self._stage.outcome = Failed(code)

    def _say(self, text: str) -> Iterator[Trace]:
        self._stage.has_spoken = True
        messages = self._stage.memory.messages
        match messages[-1:]:
            case [Assistant(text=before, calls=())]:
                messages[-1] = Assistant(f"{before}\n\n{text}")
            case _:
                messages.append(Assistant(text))
        yield Text(text)

    def _closed(self) -> Iterator[Trace]:
        """What stands at the end of a turn: a word where none was said, the buttons of the phase."""
        stage = self._stage
        memory, outcome = stage.memory, stage.outcome
        stage.turn.is_handed_over = stage.turn.is_handed_over or isinstance(outcome, HandedOver)
        if isinstance(outcome, HandedOver | Approving) and not stage.has_spoken:
            yield from self._say(TAKEN_OVER if isinstance(outcome, HandedOver) else WAITING)
        if isinstance(outcome, Answered) and stage.rounds:
            phase = stage.phase
            if phase is not None and phase.buttons and not memory.buttons:
                memory.buttons = tuple(
                    Button(each.id or f"button{number}", each.label, each.value or each.label)
                    for number, each in enumerate(phase.buttons, 1)
                )
            if memory.buttons:
                yield Buttons(memory.buttons)
            if memory.visiting is not None and stage.acting.answers_once:
                memory.visiting = None
        memory.messages = without_echoes(memory.messages)

    def _began(self) -> datetime:
        assert self._began_at is not None  # noqa: S101  # `traces` begins with it
        return self._began_at


def _specs(toolset: Toolset) -> tuple[ToolSpec, ...]:
    return tuple(offer.spec for offer in toolset.values())
