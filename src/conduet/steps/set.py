"""Variables get new values."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.engine.facts import Facts
from conduet.engine.fields import Formula, Value, control
from conduet.engine.flaw import Flaw
from conduet.engine.shape import Many, Shape
from conduet.engine.signal import Leave
from conduet.engine.step import Family, Happenings, Step
from conduet.engine.values import MISSING
from conduet.engine.visit import Visit


class Assignment(Shape):
    """A variable and what it becomes: a value, or an expression."""

    variable: Annotated[
        str,
        Field(
            description="The variable; `sys.language` sets the language.",
            json_schema_extra=control("variable", needed=True),
        ),
    ] = ""
    value: Annotated[
        Value,
        Field(description="The new value; texts in it are templates.", json_schema_extra=control("text")),
    ] = Value(None)
    expression: Annotated[
        Formula | None,
        Field(description="An expression, instead of a value.", json_schema_extra=control("expression")),
    ] = None


class Set(Step):
    """Set variables, one after the other."""

    type: ClassVar[str] = "set"
    family: ClassVar[Family] = "data"
    example: ClassVar[dict[str, JsonValue]] = {
        "assignments": [
            {"variable": "greeting", "value": "Hello {{name}}"},
            {"variable": "total", "expression": "price * 2"},
        ]
    }

    assignments: Annotated[
        Many[Assignment],
        Field(description="What is set, in order.", json_schema_extra=control("list", needed=True)),
    ] = ()

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        for index, assignment in enumerate(self.assignments):
            given = [name for name in ("value", "expression") if name in assignment.model_fields_set]
            if not given or (given == ["expression"] and not assignment.expression):
                yield Flaw(
                    "REQUIRED", "There is nothing to set.", f"assignments[{index}]", "Give a value or an expression."
                )
            elif assignment.expression and "value" in given:
                told = "There is a value and an expression; only the expression counts."
                yield Flaw("AMBIGUOUS", told, f"assignments[{index}]", "Remove one of them.", "warning")

    async def run(self, visit: Visit) -> Happenings:
        for assignment in self.assignments:
            if assignment.expression:
                found = visit.evaluate(assignment.expression)
                if found is not MISSING:
                    visit.assign(assignment.variable, found)
            else:
                visit.assign(assignment.variable, visit.value(assignment.value))
        yield Leave()
