"""The world as a step sees it while the flow stands there."""

import hashlib
from collections.abc import Iterable

from conduet.engine.expression import ExpressionError
from conduet.engine.facts import Facts
from conduet.engine.fields import Formula, Items, Scripted, Value
from conduet.engine.language.evaluation import Evaluation
from conduet.engine.template import Rendered, render_json
from conduet.engine.trace import Debug, Error, Trace
from conduet.engine.turn import Turn, storable
from conduet.engine.values import MISSING, Json, Mismatch, Missing, resolve, to_text


class Visit:
    """One visit of the flow to a step; `memory` is the step's own until the flow goes on."""

    __slots__ = ("_drawn", "_turn", "key", "memory", "place")

    def __init__(self, turn: Turn, place: str, memory: dict[str, Json]) -> None:
        number = turn.visits.get(place, 0) + 1
        turn.visits[place] = number
        self._turn = turn
        self.place = place
        self.key = f"{place}#{number}"
        self.memory = memory
        self._drawn = 0

    @property
    def facts(self) -> Facts:
        """What the document declares."""
        return self._turn.facts

    @property
    def kept(self) -> dict[str, Json]:
        """What the step remembers for as long as the conversation does."""
        return self._turn.kept.setdefault(self.place, {})

    def note(self, trace: Trace) -> None:
        """A trace to be yielded before the next one."""
        self._turn.notes.append(trace)

    def text(self, scripted: Scripted) -> str:
        """What the user reads, in the conversation's language."""
        template = scripted.pick(self._turn.languages)
        return to_text(self._told(template.text(self._turn.names, zone=self.facts.time_zone)))

    def value(self, value: Value) -> Json:
        """A value with its templates filled in."""
        names, zone = self._turn.names, self.facts.time_zone
        if value.template is not None:
            return self._told(value.template.render(names, zone=zone))
        return self._told(render_json(value.source, names, zone=zone))

    def holds(self, formula: Formula) -> bool:
        """Whether an expression's value is neither `false`, `null`, `0` nor empty; one without a value is not."""
        found = self.evaluate(formula)
        return found is not MISSING and bool(found)

    def evaluate(self, formula: Formula) -> Json | Missing:
        """What an expression comes to; `MISSING`, with a note, when it has no value or cannot be read."""
        evaluation = Evaluation(self._turn.names, self.facts.time_zone)
        try:
            if formula.expression is None:
                raise ExpressionError(formula.problem or "it is empty")
            found = formula.expression.evaluate_in(evaluation)
        except ExpressionError as error:
            self.note(Debug("error", f"The expression `{formula.source}` has no value: {error.message}."))
            return MISSING
        self._absent(evaluation.missing)
        return found

    def items(self, items: Items) -> Json | Missing:
        """What a list's expression or template comes to; `MISSING`, with a note, when nothing."""
        found = self.evaluate(items.part) if isinstance(items.part, Formula) else self.value(items.part)
        try:
            return found if found is MISSING else storable(found)
        except Mismatch as error:
            self.note(Error("WRONG_VALUE", f"The list `{items.source}` cannot be gone over: {error}."))
            return MISSING

    def read(self, path: str) -> Json | Missing:
        """What a path leads to among variables and `sys`; `MISSING`, with a note, when nothing is there."""
        found = resolve(path, self._turn.names)
        if found is MISSING:
            self._absent((path,))
        return found

    def assign(self, name: str, value: Json) -> bool:
        """Whether a variable takes the value; where it does not, an error is noted and the old value stays."""
        problem = self._turn.assign(name, value)
        if problem is not None:
            self.note(problem)
        return problem is None

    def random(self) -> float:
        """A number in [0, 1), another one at each call."""
        self._drawn += 1
        return self._turn.context.random(f"{self.key}/random{self._drawn}")

    def steady(self) -> float:
        """A number in [0, 1) that is always the same for this user at this step."""
        drawn = hashlib.blake2b(f"{self._turn.context.user_id}\0{self.place}".encode(), digest_size=7).digest()
        return (int.from_bytes(drawn, "big") >> 3) / 2**53

    async def sleep(self, seconds: float) -> None:
        """Lets time pass."""
        await self._turn.context.sleep(f"{self.key}/sleep", seconds=seconds)

    def _told(self, rendered: Rendered) -> Json:
        if rendered.missing:
            self._absent(rendered.missing)
        for problem in rendered.broken:
            self.note(Debug("error", f"In step `{self.place}`: {problem}."))
        return rendered.value

    def _absent(self, paths: Iterable[str]) -> None:
        for path in dict.fromkeys(paths):
            self.note(Debug("warning", f"`{path}` has no value in step `{self.place}`."))
