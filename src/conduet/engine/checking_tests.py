"""What is doubtful in a project's conversation tests: what they name and is not there, and what cannot fail."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Final

from conduet.engine.conversation_test import Expectation
from conduet.engine.graph import Document
from conduet.engine.inspect import did_you_mean, unknown_variable
from conduet.engine.problem import Problem

_WORDS: Final = ("contains", "not_contains", "variable", "step", "source", "judge")
_NAMES: Final = {"not_contains": "notContains"}


def check_tests(document: Document) -> Iterator[Problem]:
    """Warnings alone: a test never keeps a project from being published."""
    steps = {node.id for node in document.nodes.values()}
    for index, test in enumerate(document.shape.tests):
        path = f"tests[{index}]"
        if test.start is not None:
            place = f"{test.start.workflow_id}/{test.start.step_id}"
            if place not in document.nodes:
                yield _unknown_step(place, document.nodes, f"{path}.start")
        for number, turn in enumerate(test.turns):
            for at, expectation in enumerate(turn.expect):
                where = f"{path}.turns[{number}].expect[{at}]"
                yield from _empty(expectation, where)
                step, variable = expectation.step, expectation.variable
                if step and step not in document.nodes and step not in steps:
                    yield _unknown_step(step, {*document.nodes, *steps}, f"{where}.step")
                if variable and unknown_variable(variable, document.facts):
                    told = f"There is no variable {variable!r}."
                    fix = did_you_mean(variable, document.facts)
                    yield Problem("warning", "UNKNOWN_VARIABLE", told, f"{where}.variable", fix=fix)


def _empty(expectation: Expectation, where: str) -> Iterator[Problem]:
    for field in _WORDS:
        if getattr(expectation, field) == "":
            told = "Nothing is expected here yet."
            fix = "Fill it in, or remove the expectation."
            yield Problem("warning", "EMPTY_EXPECTATION", told, f"{where}.{_NAMES.get(field, field)}", fix=fix)


def _unknown_step(step: str, known: Iterable[str], path: str) -> Problem:
    near = get_close_matches(step, [*known], n=1)
    fix = f"Did you mean `{near[0]}`?" if near else "Choose a step that exists."
    return Problem("warning", "UNKNOWN_STEP", f"There is no step {step!r}.", path, fix=fix)
