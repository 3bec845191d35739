"""A fork in the flow."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field, JsonValue, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from conduet.engine.facts import Facts
from conduet.engine.fields import Formula, Value, control
from conduet.engine.flaw import Flaw
from conduet.engine.patterns import PatternError, compile_pattern
from conduet.engine.shape import Id, Many, Shape
from conduet.engine.signal import Leave
from conduet.engine.step import Family, Happenings, Step
from conduet.engine.trace import Debug
from conduet.engine.values import MISSING, Operator, compare
from conduet.engine.visit import Visit

_NO_VALUE = ("isEmpty", "isNotEmpty")


class Test(Shape):
    """One question about a variable."""

    variable: Annotated[
        str,
        Field(
            description="The variable, or a path into it such as `customer.name`.",
            json_schema_extra=control("variable", needed=True, path=True),
        ),
    ] = ""
    operator: Annotated[Operator, Field(description="How it is compared.", json_schema_extra=control("select"))] = "is"
    value: Annotated[
        Value,
        Field(
            description="What it is compared with; texts are templates. Left out for `isEmpty` and `isNotEmpty`.",
            json_schema_extra=control("text"),
        ),
    ] = Value(None)

    @field_validator("value")
    @classmethod
    def _pattern_is_taken(cls, value: Value, info: ValidationInfo) -> Value:
        source = value.source
        if info.data.get("operator") == "matches" and isinstance(source, str) and "{{" not in source:
            try:
                compile_pattern(source)
            except PatternError as error:
                raise PydanticCustomError("pattern", "{reason}", {"reason": str(error)}) from None
        return value

    def holds(self, visit: Visit) -> bool:
        """Whether the answer is yes; a pattern that RE2 refuses once it is filled in never matches."""
        found = visit.read(self.variable)
        try:
            return compare(None if found is MISSING else found, self.operator, visit.value(self.value))
        except PatternError as error:
            visit.note(Debug("error", str(error)))
            return False


class Rule(Shape):
    """A way through the fork: an expression, or questions of which all or any must hold."""

    id: Annotated[Id, Field(description="The port that the flow leaves by.", json_schema_extra=control("text"))]
    match: Annotated[
        Literal["all", "any"],
        Field(description="Whether all conditions must hold, or one.", json_schema_extra=control("select")),
    ] = "all"
    conditions: Annotated[Many[Test], Field(description="The questions.", json_schema_extra=control("list"))] = ()
    expression: Annotated[
        Formula | None,
        Field(description="An expression, instead of conditions.", json_schema_extra=control("expression")),
    ] = None

    def holds(self, visit: Visit) -> bool:
        """Whether the flow leaves by this rule."""
        if self.expression is not None:
            return visit.holds(self.expression)
        answers = (condition.holds(visit) for condition in self.conditions)
        return all(answers) if self.match == "all" else any(answers)


class Condition(Step):
    """Leave by the first rule that holds."""

    type: ClassVar[str] = "condition"
    family: ClassVar[Family] = "logic"
    fixed_ports: ClassVar[tuple[str, ...]] = ("else",)
    ports_from: ClassVar[tuple[str, ...]] = ("rules",)
    example: ClassVar[dict[str, JsonValue]] = {
        "rules": [
            {"id": "vip", "match": "all", "conditions": [{"variable": "plan", "operator": "is", "value": "gold"}]},
            {"id": "large", "expression": "total > 100"},
        ]
    }

    rules: Annotated[
        Many[Rule],
        Field(description="The ways through, tried from the top.", json_schema_extra=control("list", needed=True)),
    ] = ()

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        for index, rule in enumerate(self.rules):
            path = f"rules[{index}]"
            if not rule.expression and not rule.conditions:
                yield Flaw("REQUIRED", "The rule has neither a condition nor an expression.", path, "Add a condition.")
            elif rule.expression and rule.conditions:
                told = "The rule has an expression and conditions; only the expression counts."
                yield Flaw("AMBIGUOUS", told, path, "Remove one of them.", "warning")
            for number, condition in enumerate(rule.conditions):
                if not condition.value and condition.operator not in _NO_VALUE:
                    where = f"{path}.conditions[{number}].value"
                    yield Flaw("REQUIRED", "There is nothing to compare with.", where, "Give a value.")

    async def run(self, visit: Visit) -> Happenings:
        yield Leave(next((rule.id for rule in self.rules if rule.holds(visit)), "else"))
