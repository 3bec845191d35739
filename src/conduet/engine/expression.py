"""Expressions: what a condition, an assignment or a loop computes from variables, pure and in bounded time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from conduet.engine.language.evaluation import TOO_LARGE, Evaluation, ExpressionError
from conduet.engine.language.nodes import Node
from conduet.engine.language.parser import parse
from conduet.engine.values import RESULT_BYTES, Json, text_bytes

__all__ = ["SOURCE_BYTES", "Expression", "ExpressionError", "compile_expression"]

SOURCE_BYTES: Final = 64 * 1024
"""The longest expression or template, in UTF-8."""

_CACHED_LENGTH: Final = 2048


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression; `paths` are those it reads, such as `customer.name` or `items[0]`."""

    source: str
    paths: frozenset[str]
    node: Node = field(repr=False, compare=False)

    def evaluate(self, names: Mapping[str, Json], *, zone: str = "UTC") -> Json:
        """Its value, a missing variable read as `null`; raises `ExpressionError` when it has none.

        `zone` is the IANA name of the time zone in which the `date` filter shows a moment.
        """
        return self.evaluate_in(Evaluation(names, zone))

    def holds(self, names: Mapping[str, Json], *, zone: str = "UTC") -> bool:
        """Whether its value is neither `false`, `null`, `0`, nor empty; raises `ExpressionError` as `evaluate` does."""
        return bool(self.evaluate(names, zone=zone))

    def evaluate_in(self, evaluation: Evaluation) -> Json:
        """Its value in an evaluation that goes on: its fuel is shared, its missing paths are gathered."""
        evaluation.spend(0)
        try:
            value = self.node.value(evaluation)
        except ExpressionError:
            raise
        except RecursionError:
            raise ExpressionError("a value is nested too deeply") from None
        except ValueError:  # what JSON cannot hold, put into a variable by a mistake of ours
            raise ExpressionError("a value is no JSON") from None
        if isinstance(value, str) and len(value) > RESULT_BYTES // 4 and text_bytes(value) > RESULT_BYTES:
            raise ExpressionError(TOO_LARGE)
        return value


def compile_expression(source: str) -> Expression:
    """Reads an expression, written without `{{ }}`; raises `ExpressionError` when it is not in the language."""
    return _cached(source) if len(source) <= _CACHED_LENGTH else _compiled(source)


def _compiled(source: str) -> Expression:
    if len(source) > SOURCE_BYTES or text_bytes(source) > SOURCE_BYTES:
        raise ExpressionError(f"the expression is longer than {SOURCE_BYTES // 1024} KB")
    node, paths = parse(source)
    return Expression(source, paths, node)


_cached = lru_cache(maxsize=4096)(_compiled)
