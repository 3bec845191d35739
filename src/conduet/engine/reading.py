"""Templates and expressions filled in from the names of a turn, with a remark for each that leads nowhere."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from conduet.engine.expression import ExpressionError
from conduet.engine.fields import Formula, Items, Scripted, Value
from conduet.engine.fitting import storable
from conduet.engine.language.evaluation import Evaluation
from conduet.engine.template import Rendered, render_json
from conduet.engine.trace import Debug, Error, Trace
from conduet.engine.turn import Turn
from conduet.engine.values import MISSING, Json, Mismatch, Missing, resolve, to_text

SHOWN: Final = 200
"""How many characters of a source a remark repeats: a flow may make hundreds of remarks in a turn."""


def clipped(source: str) -> str:
    """The beginning of a long source."""
    return source if len(source) <= SHOWN else f"{source[:SHOWN]}…"


class Reading:
    """Reads `names`; what is wrong is handed to `note`, as found in `place`. No remark tells a value."""

    __slots__ = ("_names", "_place", "_turn", "note")

    def __init__(self, turn: Turn, place: str, names: Mapping[str, Json], note: Callable[[Trace], None]) -> None:
        self._turn = turn
        self._place = place
        self._names = names
        self.note = note

    def text(self, written: Scripted | Value) -> str:
        """A template as text; what the user reads is in the conversation's language."""
        if isinstance(written, Value):
            return to_text(self.value(written))
        template = written.pick(self._turn.languages)
        return to_text(self._told(template.text(self._names, zone=self._turn.facts.time_zone)))

    def value(self, value: Value) -> Json:
        """A value with its templates filled in."""
        zone = self._turn.facts.time_zone
        if value.template is not None:
            return self._told(value.template.render(self._names, zone=zone))
        return self._told(render_json(value.source, self._names, zone=zone))

    def holds(self, formula: Formula) -> bool:
        """Whether an expression's value is neither `false`, `null`, `0` nor empty; one without a value is not."""
        found = self.evaluate(formula)
        return found is not MISSING and bool(found)

    def evaluate(self, formula: Formula) -> Json | Missing:
        """What an expression comes to; `MISSING`, with a remark, when it has no value or cannot be read."""
        evaluation = Evaluation(self._names, self._turn.facts.time_zone)
        try:
            if formula.expression is None:
                raise ExpressionError(formula.problem or "it is empty")
            found = formula.expression.evaluate_in(evaluation)
        except ExpressionError as error:
            self.note(Debug("error", f"The expression `{clipped(formula.source)}` has no value: {error.message}."))
            return MISSING
        self._absent(evaluation.missing)
        return found

    def items(self, items: Items) -> Json | Missing:
        """What a list's expression or template comes to; `MISSING`, with a remark, when nothing."""
        found = self.evaluate(items.part) if isinstance(items.part, Formula) else self.value(items.part)
        try:
            return found if found is MISSING else storable(found)
        except Mismatch as error:
            told = f"The list `{clipped(str(items.source))}` cannot be gone over: {error}."
            self.note(Error("WRONG_VALUE", told, handled=True))
            return MISSING

    def read(self, path: str) -> Json | Missing:
        """What a path leads to among variables and `sys`; `MISSING`, with a remark, when nothing is there."""
        found = resolve(path, self._names)
        if found is MISSING:
            self._absent((path,))
        return found

    def _told(self, rendered: Rendered) -> Json:
        if rendered.missing:
            self._absent(rendered.missing)
        for problem in rendered.broken:
            self.note(Debug("error", f"In step `{self._place}`: {problem}."))
        return rendered.value

    def _absent(self, paths: Iterable[str]) -> None:
        for path in dict.fromkeys(paths):
            self.note(Debug("warning", f"`{path}` has no value in step `{self._place}`."))
