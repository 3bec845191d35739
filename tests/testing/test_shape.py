"""The shape of a test in a document: every mistake by its path, what is not known kept."""

from typing import Any

import pytest

from conduet.engine.check import check
from conduet.engine.document import compile_document
from conduet.errors import BadRequest
from tests.engine.talk import line
from tests.testing.playing import LAUNCH, PLUGINS, Object, case, turn


def mistakes(test: Object) -> dict[str, str]:
    with pytest.raises(BadRequest) as caught:
        compile_document({"workflows": [line()], "tests": [test]}, PLUGINS)
    return {detail.path.removeprefix("tests[0]."): detail.message for detail in caught.value.details}


@pytest.mark.parametrize(
    ("test", "paths"),
    [
        ({"turns": []}, ["id"]),
        ({"id": "", "name": 1}, ["id", "name"]),
        (case(start={"workflowId": "main"}), ["start.stepId"]),
        (case(variables=[], mocks=1, userId="", platform=2), ["variables", "mocks", "userId", "platform"]),
        (case({"expect": []}), ["turns[0].action"]),
        (case(turn({"type": "shout", "payload": ""})), ["turns[0].action"]),
        (case(turn({"payload": ""})), ["turns[0].action"]),
        (case(turn({"type": "text", "payload": 1})), ["turns[0].action.payload"]),
        (case(turn({"type": "button", "payload": {"value": 1}})), ["turns[0].action.payload.label"]),
        (case(turn(LAUNCH), turn(LAUNCH, {"contains": 1})), ["turns[1].expect[0].contains"]),
        (case(turn(LAUNCH, {"trace": {"type": "end", "payload": 1}})), ["turns[0].expect[0].trace.payload"]),
        (case(turn(LAUNCH, *[{"contains": "x"}] * 101)), ["turns[0].expect"]),
        (case(*[turn(LAUNCH)] * 501), ["turns"]),
        (case(turn(LAUNCH, journal=[])), ["turns[0].journal"]),
    ],
)
def test_a_mistake_is_told_by_its_path(test: Object, paths: list[str]) -> None:
    assert [*mistakes(test)] == paths


@pytest.mark.parametrize(
    "expectation",
    [{}, {"contanis": "x"}, {"contains": "x", "step": "y"}, {"variable": "x"}, {"equals": 1}, {"contains": None}],
)
def test_an_expectation_says_one_thing(expectation: Object) -> None:
    assert [*mistakes(case(turn(LAUNCH, expectation)))] == ["turns[0].expect[0]"]


@pytest.mark.parametrize(
    "moment", ["2026-03-01T12:30:00", "soon", 1_700_000_000, "1969-12-31T00:00:00Z", "3000-01-01T00:00:00Z"]
)
def test_the_clock_is_a_moment_with_an_offset(moment: object) -> None:
    assert mistakes(case(now=moment)) == {"now": "A moment such as `2026-03-01T12:30:00Z` is needed here."}


def test_two_tests_have_two_ids() -> None:
    with pytest.raises(BadRequest) as caught:
        compile_document({"tests": [case(), case()]}, PLUGINS)
    assert [detail.path for detail in caught.value.details] == ["tests[1].id"]


def test_fields_that_nobody_knows_are_kept_and_told_as_warnings() -> None:
    raw: Any = {
        "workflows": [line()],
        "tests": [
            case(
                turn({"type": "text", "payload": "x", "a": 1}, {"contains": "x", "b": 1}, c=1),
                turn({"type": "button", "payload": {"label": "x", "d": 1}}),
                e=1,
            )
        ],
    }
    problems = check(compile_document(raw, PLUGINS))
    assert {(problem.severity, problem.code) for problem in problems} == {("warning", "UNKNOWN_FIELD")}
    assert {problem.path.removeprefix("tests[0].") for problem in problems} == {
        "turns[0].action.a",
        "turns[0].expect[0].b",
        "turns[0].c",
        "turns[1].action.payload.d",
        "e",
    }


@pytest.mark.parametrize(("action", "field"), [("client", {"path": "paid"}), ("approval", {"approved": True})])
def test_an_answer_needs_no_id_as_a_test_cannot_know_it(action: str, field: Object) -> None:
    compile_document({"tests": [case(turn({"type": action, "payload": field}))]}, PLUGINS)
