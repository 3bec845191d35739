"""The tree of an expression: each node knows its value in an evaluation."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Final

from conduet.engine.language.evaluation import Evaluation, ExpressionError
from conduet.engine.language.operators import combine, holds, is_number, number
from conduet.engine.values import MISSING, Json, Missing, Step, follow, kind, to_json

FilterFunction = Callable[..., Json]


@dataclass(frozen=True, slots=True)
class Node(ABC):
    """A part of an expression."""

    @abstractmethod
    def value(self, evaluation: Evaluation) -> Json:
        """Its value; raises `ExpressionError` where it has none."""


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, text, `true`, `false` or `null` as written."""

    literal: Json

    def value(self, evaluation: Evaluation) -> Json:
        return self.literal


@dataclass(frozen=True, slots=True)
class Path(Node):
    """A variable and the way into it, `order.items[0].price`. Where it leads nowhere it is `null`, and noted."""

    text: str
    name: str
    steps: tuple[Step, ...] = ()

    def to(self, step: Step) -> "Path":
        """The path that goes one step further."""
        named = isinstance(step, str) and step.isidentifier()
        return Path(self.text + (f".{step}" if named else f"[{to_json(step)}]"), self.name, (*self.steps, step))

    def value(self, evaluation: Evaluation) -> Json:
        found: Json | Missing = evaluation.names.get(self.name, MISSING)
        for step in self.steps:
            if found is MISSING:
                break
            found = follow(found, step)
        return _told(evaluation, found, self.text)


def _told(evaluation: Evaluation, found: Json | Missing, text: str) -> Json:
    """What a path led to, or `null`; the path is noted where it led nowhere."""
    if found is MISSING:
        evaluation.missing.append(text)
        return None
    return found


@dataclass(frozen=True, slots=True)
class Part(Node):
    """A step into a value by a computed key, or into a value that has no name: `prices[size]`, `(items|first).name`."""

    text: str
    whole: Node
    key: Node

    def value(self, evaluation: Evaluation) -> Json:
        whole, key = self.whole.value(evaluation), self.key.value(evaluation)
        if is_number(key):
            key = number(key)
        found = follow(whole, key) if isinstance(key, int | str) and not isinstance(key, bool) else MISSING
        return _told(evaluation, found, self.text)


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """A list as written: `[1, name]`."""

    items: tuple[Node, ...]

    def value(self, evaluation: Evaluation) -> Json:
        made = [item.value(evaluation) for item in self.items]
        evaluation.weigh(made)
        return made


@dataclass(frozen=True, slots=True)
class ObjectOf(Node):
    """An object as written: `{"name": name}`."""

    fields: tuple[tuple[str, Node], ...]

    def value(self, evaluation: Evaluation) -> Json:
        made = {key: item.value(evaluation) for key, item in self.fields}
        evaluation.weigh(chain(made, made.values()))
        return made


@dataclass(frozen=True, slots=True)
class Not(Node):
    """`not x`."""

    operand: Node

    def value(self, evaluation: Evaluation) -> Json:
        return not self.operand.value(evaluation)


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """`-x`."""

    operand: Node

    def value(self, evaluation: Evaluation) -> Json:
        operand = self.operand.value(evaluation)
        if is_number(operand):
            return number(-operand)
        raise ExpressionError(f"`-` cannot negate {kind(operand)}")


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """Operators of one precedence in a row, from the left: `a - b + c`."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


class Arithmetic(Chain):
    """`+ -` or `* / %`."""

    __slots__ = ()

    def value(self, evaluation: Evaluation) -> Json:
        value = self.first.value(evaluation)
        for sign, operand in self.rest:
            value = combine(evaluation, sign, value, operand.value(evaluation))
        return value


class Comparison(Chain):
    """`== != < <= > >= in`; more than one in a row must all hold: `1 < x <= 10`."""

    __slots__ = ()

    def value(self, evaluation: Evaluation) -> Json:
        left = self.first.value(evaluation)
        for sign, operand in self.rest:
            right = operand.value(evaluation)
            if not holds(evaluation, sign, left, right):
                return False
            left = right
        return True


class Either(Chain):
    """`or`: the first value that is true, else the last."""

    __slots__ = ()

    def value(self, evaluation: Evaluation) -> Json:
        value = self.first.value(evaluation)
        for _, operand in self.rest:
            value = value or operand.value(evaluation)
        return value


class Both(Chain):
    """`and`: the first value that is not true, else the last."""

    __slots__ = ()

    def value(self, evaluation: Evaluation) -> Json:
        value = self.first.value(evaluation)
        for _, operand in self.rest:
            value = value and operand.value(evaluation)
        return value


@dataclass(frozen=True, slots=True)
class Choice(Node):
    """`x if a else y if b else z`: each value with its condition, and the last."""

    choices: tuple[tuple[Node, Node], ...]
    otherwise: Node

    def value(self, evaluation: Evaluation) -> Json:
        for chosen, condition in self.choices:
            if condition.value(evaluation):
                return chosen.value(evaluation)
        return self.otherwise.value(evaluation)


@dataclass(frozen=True, slots=True)
class Filtered(Node):
    """`operand|filter(arguments)`."""

    function: FilterFunction
    operand: Node
    arguments: tuple[Node, ...]

    def value(self, evaluation: Evaluation) -> Json:
        operand = self.operand.value(evaluation)
        return self.function(evaluation, operand, *[argument.value(evaluation) for argument in self.arguments])


@dataclass(frozen=True, slots=True)
class Default(Node):
    """`operand|default(fallback)`: the fallback for a missing variable or `null`, which is then not told as missing.

    With `true` after the fallback it also stands in for everything that is not true: empty text, `0`, an empty list.
    """

    operand: Node
    arguments: tuple[Node, ...]

    def value(self, evaluation: Evaluation) -> Json:
        told = len(evaluation.missing)
        operand = self.operand.value(evaluation)
        del evaluation.missing[told:]
        fallback, empty_too = (*self.arguments, *_DEFAULTS[len(self.arguments) :])
        if operand is None or (not operand and empty_too.value(evaluation)):
            return fallback.value(evaluation)
        return operand


_DEFAULTS: Final = (Literal(""), Literal(literal=False))
