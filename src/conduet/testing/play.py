"""Plays a conversation test: its turns through the engine, in a world that answers from the test."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from conduet.agents.trace import whole
from conduet.engine import action as actions
from conduet.engine.action import Action
from conduet.engine.conversation_test import Test
from conduet.engine.document import Document
from conduet.engine.graph import Node
from conduet.engine.journal import Parted
from conduet.engine.mocking import ModelMocks
from conduet.engine.run import find_step, fresh_state, hand_back, run, set_variables
from conduet.engine.state import State
from conduet.engine.trace import Approval, ClientAction, Trace
from conduet.engine.values import Json
from conduet.errors import ConduetError
from conduet.testing.context import Stage, StagedContext, Unmocked
from conduet.testing.outcome import Miss, Outcome, StepAt, quoted
from conduet.testing.result import TestResult


async def play_all(
    tests: Sequence[Test], document: Document, stage: Stage, *, seconds: float | None = None
) -> Sequence[TestResult]:
    """What each test comes to; those that `seconds` for all together leave no time for are red."""
    loop = asyncio.get_running_loop()
    until = None if seconds is None else loop.time() + seconds
    results: list[TestResult] = []
    for test in tests:
        try:
            async with asyncio.timeout_at(until):
                # However many tests there are, others have their turn between them.
                await asyncio.sleep(0)
                results.append(await play(test, document, stage))
        except TimeoutError:
            results.append(_red(test, Miss("an end in time", f"{seconds:g} s for all tests together were over", None)))
    return results


async def play(test: Test, document: Document, stage: Stage) -> TestResult:
    """What the test comes to on `document`; nothing outside is called, and the same comes out every time."""
    playing = Playing(test, document, stage)
    try:
        playing.begin()
    except Missed as missed:
        return _red(test, missed.miss)
    for number, turn in enumerate(test.turns):
        try:
            outcome = await playing.take(number)
        except Missed as missed:
            return _red(test, missed.miss, turn=number + 1)
        for expectation in turn.expect:
            # Looking through long texts takes its time: others have their turn in between.
            await asyncio.sleep(0)
            if (miss := outcome.miss(expectation)) is not None:
                return _red(test, miss, turn=number + 1)
    return TestResult(id=test.id, name=test.name, ok=True, skipped="; ".join(_unjudged(test)) or None)


class Missed(Exception):
    """A turn that could not be taken, or not to its end."""

    def __init__(self, miss: Miss) -> None:
        super().__init__(miss.expected)
        self.miss = miss


class Playing:
    """A test in the midst of being played."""

    def __init__(self, test: Test, document: Document, stage: Stage) -> None:
        self._test = test
        self._document = document
        self._stage = stage
        self._state = fresh_state(document, stage.version_id)
        self._start: Node | None = None
        self._calls = OpenCalls()
        self._model_mocks = ModelMocks(test.mocks)

    @property
    def state(self) -> State:
        """The conversation as the last turn left it."""
        return self._state

    def begin(self) -> None:
        """Puts the conversation where the test has it begin. Raises `Missed`."""
        self._state.internal = dict(self._test.internal)
        if (at := self._test.start) is not None:
            self._start = find_step(self._document, at.workflow_id, at.step_id)
            if self._start is None:
                place = StepAt(at.workflow_id, at.step_id)
                raise Missed(Miss(f"the step {place} to start at", "there is no such step", None))
        self.set(self._test.variables)

    def put(self, internal: Mapping[str, Json], variables: Mapping[str, Json]) -> None:
        """Replaces the state. Raises `Missed`."""
        self._state = fresh_state(self._document, self._stage.version_id)
        self._state.internal = dict(internal)
        self.set(variables)

    def set(self, variables: Mapping[str, Json]) -> None:
        """Sets variables from outside. Raises `Missed`."""
        try:
            set_variables(self._document, self._state, variables)
        except ConduetError as error:
            raise Missed(Miss("variables that can be set", error.message, None)) from None

    async def take(self, number: int) -> Outcome:
        """What comes of a turn. Raises `Missed` for a call that nothing answers."""
        turn, outcome = self._test.turns[number], Outcome()
        if turn.handed_back:
            hand_back(self._state)
        if turn.internal is None:
            self.set(turn.variables)
        else:
            self.put(turn.internal, turn.variables)
        start, self._start = self._start, None
        context = StagedContext(
            self._test, number, self._stage, secrets=self._document.facts.secrets, model_mocks=self._model_mocks
        )
        action = self._calls.answer(turn.action)
        try:
            running = run(self._document, self._state, action, context, start=start, watches=True)
            async with aclosing(running):
                async for trace in whole(running):
                    outcome.add(trace)
                    self._calls.note(trace)
        except Parted as parted:
            raise Missed(_unanswered(parted, self._document, context)) from None
        outcome.variables = self._state.variables
        return outcome


@dataclass(slots=True)
class OpenCalls:
    """The questions to page and person that were asked last; their ids come of chance, so that a test names none."""

    call_id: str | None = None
    approval_id: str | None = None

    def note(self, trace: Trace) -> None:
        """Remembers what a trace asks."""
        match trace:
            case ClientAction(call_id=call_id):
                self.call_id = call_id
            case Approval(approval_id=approval_id):
                self.approval_id = approval_id
            case _:
                pass

    def answer(self, action: Action) -> Action:
        """The action, as the answer to what was asked last."""
        match action:
            case actions.ClientAction(payload=payload) if self.call_id:
                answered = payload.model_copy(update={"call_id": self.call_id})
                return action.model_copy(update={"payload": answered})
            case actions.ApprovalAction(payload=payload) if self.approval_id:
                decided = payload.model_copy(update={"approval_id": self.approval_id})
                return action.model_copy(update={"payload": decided})
            case _:
                return action


def _unanswered(parted: Parted, document: Document, context: StagedContext) -> Miss:
    """A call that nothing in the test answers: which mock is missing."""
    step = _step_at(parted.place, document)
    names = [*(context.mockable(parted.place) or ((str(step), step.step_id) if step else ()))]
    if isinstance(parted, Unmocked):
        names += parted.names
    asked = parted.asked if isinstance(parted, Unmocked) else f"a question at {parted.place}"
    return Miss(f"a mock for {' or '.join(names) or parted.place}", f"{asked}, which nothing answers in a test", step)


def _step_at(place: str, document: Document) -> StepAt | None:
    """The step that asked at a place: the innermost, where it lies in a branch of another."""
    for end in (at for at in range(len(place) - 1, -1, -1) if place[at] == "#"):
        for start in (0, *(at + 1 for at in range(end) if place[at] == "/")):
            if (node := document.nodes.get(place[start:end])) is not None:
                return StepAt(node.workflow_id, node.id)
    return None


def _unjudged(test: Test) -> Iterator[str]:
    """The expectations that nobody can tell without a model."""
    for number, turn in enumerate(test.turns, 1):
        for expectation in turn.expect:
            if expectation.judge is not None:
                yield f"turn {number}: judge needs a model, and none is set up: {quoted(expectation.judge)}"


def _red(test: Test, miss: Miss, *, turn: int | None = None) -> TestResult:
    step = miss.step
    return TestResult(
        id=test.id,
        name=test.name,
        ok=False,
        turn=turn,
        workflow_id=step.workflow_id if step else None,
        step_id=step.step_id if step else None,
        expected=miss.expected,
        got=miss.got,
    )
