"""What came of a turn, and whether an expectation holds of it; where it does not, both sides in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, cast

from conduet.engine.conversation_test import Expectation, TracePattern
from conduet.engine.trace import Debug, Error, Step, Text, Trace
from conduet.engine.values import MISSING, Json, Missing, resolve, to_json

WORDS: Final = 2_000
"""How much is told of what came, in characters."""


class StepAt(NamedTuple):
    """A step of a workflow."""

    workflow_id: str
    step_id: str

    def __str__(self) -> str:
        return f"{self.workflow_id}/{self.step_id}"


@dataclass(frozen=True, slots=True)
class Miss:
    """An expectation that does not hold: what was expected, what came, and the step to look at."""

    expected: str
    got: str
    step: StepAt | None


@dataclass(slots=True)
class Outcome:
    """What came of a turn: its traces, each with the step that it is of, the steps in order, and the variables."""

    variables: Mapping[str, Json] = field(default_factory=dict[str, Json])
    traces: list[Trace] = field(default_factory=list[Trace])
    steps: list[StepAt] = field(default_factory=list[StepAt])
    changed_by: dict[str, StepAt] = field(default_factory=dict[str, StepAt])
    """The step that set each variable last in this turn."""
    _owners: list[StepAt] = field(default_factory=list[StepAt])

    def add(self, trace: Trace) -> None:
        """The next trace; one of type `step` tells whose those since the one before are."""
        if not isinstance(trace, Step):
            self.traces.append(trace)
            return
        step = StepAt(trace.workflow_id, trace.step_id)
        self._owners += [step] * (len(self.traces) - len(self._owners))
        self.steps.append(step)
        self.changed_by.update(dict.fromkeys(trace.changed, step))

    @property
    def last_step(self) -> StepAt | None:
        """Where the turn ended."""
        return self.steps[-1] if self.steps else None

    def owner(self, index: int) -> StepAt | None:
        """The step of a trace."""
        return self._owners[index] if index < len(self._owners) else self.last_step

    def miss(self, expectation: Expectation) -> Miss | None:
        """Why an expectation does not hold; `None` when it does, and for `judge`, which nobody here can tell."""
        match expectation:
            case Expectation(contains=str(words)):
                return self._contains(words)
            case Expectation(not_contains=str(words)):
                return self._lacks(words)
            case Expectation(variable=str(path)):
                return self._equals(path, expectation.equals)
            case Expectation(step=str(step)):
                return self._reaches(step)
            case Expectation(trace=str(kind)):
                return self._traces(TracePattern(type=kind, payload={}))
            case Expectation(trace=TracePattern() as pattern):
                return self._traces(pattern)
            case Expectation(source=str(source)):
                return self._grounded(source)
            case _:
                return None

    def _texts(self) -> Iterator[tuple[int, str]]:
        for index, trace in enumerate(self.traces):
            if isinstance(trace, Text):
                yield index, trace.message

    def _contains(self, words: str) -> Miss | None:
        texts = [*self._texts()]
        if any(_within(words, text) for _, text in texts):
            return None
        step = self.owner(texts[-1][0]) if texts else self.last_step
        return Miss(f"a text that contains {quoted(words)}", self._told([text for _, text in texts]), step)

    def _lacks(self, words: str) -> Miss | None:
        for index, text in self._texts():
            if _within(words, text):
                return Miss(f"no text that contains {quoted(words)}", quoted(text), self.owner(index))
        return None

    def _equals(self, path: str, value: Json) -> Miss | None:
        found = resolve(path, self.variables)
        if found is not MISSING and same(found, value):
            return None
        step = self.changed_by.get(path) or self.changed_by.get(path.partition(".")[0].partition("[")[0])
        return Miss(f"{path} = {quoted(value)}", f"{path} {_valued(found)}", step or self.last_step)

    def _reaches(self, step: str) -> Miss | None:
        if any(step in (at.step_id, str(at)) for at in self.steps):
            return None
        came = ", ".join(map(str, self.steps)) or "no step"
        return Miss(f"to reach the step {step}", short(came), self.last_step)

    def _traces(self, pattern: TracePattern) -> Miss | None:
        of_type = [(index, trace) for index, trace in enumerate(self.traces) if trace.type == pattern.type]
        if any(includes(trace.payload(), pattern.payload) for _, trace in of_type):
            return None
        with_payload = f" with {quoted(pattern.payload)}" if pattern.payload else ""
        if of_type:
            index, trace = of_type[-1]
            return Miss(f"a trace {pattern.type}{with_payload}", quoted(trace.payload()), self.owner(index))
        types = ", ".join(trace.type for trace in self.traces if not isinstance(trace, Debug)) or "no trace"
        return Miss(f"a trace {pattern.type}{with_payload}", short(types), self.last_step)

    def _grounded(self, source: str) -> Miss | None:
        names: list[str] = []
        for trace in self.traces:
            sources = trace.payload().get("sources") if trace.type == "knowledge" else None
            for each in cast("list[dict[str, Json]]", sources or []):
                if source in (each.get("documentId"), each.get("name")):
                    return None
                names.append(str(each.get("name")))
        return Miss(
            f"an answer from the source {quoted(source)}", short(", ".join(names) or "no source"), self.last_step
        )

    def _told(self, texts: Sequence[str]) -> str:
        """The texts of the turn, and what went wrong in it."""
        errors = [f"error {trace.code}: {trace.message}" for trace in self.traces if isinstance(trace, Error)]
        return short(" ".join([*(quoted(text) for text in texts), *errors]) or "no text")


def same(left: Json, right: Json) -> bool:
    """Whether two values are the same JSON: `1` and `1.0` are, `1` and `true` are not."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[name]) for name, value in left.items())
    return left == right


def includes(value: Json, part: Json) -> bool:
    """Whether `value` has all that `part` has: of an object its fields, of a list its items in their order."""
    if isinstance(value, dict) and isinstance(part, dict):
        return all(name in value and includes(value[name], inner) for name, inner in part.items())
    if isinstance(value, list) and isinstance(part, list):
        rest = iter(value)
        return all(any(includes(item, inner) for item in rest) for inner in part)
    return same(value, part)


def quoted(value: Json) -> str:
    """A value as JSON, cut where it is long."""
    return short(to_json(value))


def short(text: str) -> str:
    """As much of a text as is told."""
    return text if len(text) <= WORDS else text[:WORDS] + "…"


def _valued(found: Json | Missing) -> str:
    return "has no value" if found is MISSING else f"= {quoted(found)}"


def _within(words: str, text: str) -> bool:
    """As the `contains` of a `condition`: without regard to case."""
    return words.casefold() in text.casefold()
