import time
from typing import Any

import pytest

from conduet.testing.result import TestResult
from tests.engine.talk import line, step, workflow
from tests.testing.playing import LAUNCH, Object, all_played, case, played, say, turn

GREET = line(
    step("hello", "message", text="Hello, {{name}}!"),
    step("ask", "buttons", text="What now?", buttons=[{"id": "go", "label": "Go on"}, {"id": "stop", "label": "Stop"}]),
    step("count", "set", assignments=[{"variable": "count", "expression": "count + 1"}]),
    step("bye", "end", text="Bye!", resolved=True),
)
GREET["connections"][2]["sourcePort"] = "go"
VARIABLES = [{"name": "name", "default": "Kim"}, {"name": "count", "type": "number", "default": 0}]


def greeted(*turns: Object, **more: Any) -> TestResult:
    return played(case(*turns, **more), GREET, variables=VARIABLES)


def wrong(result: TestResult) -> tuple[int | None, str | None, str | None, str | None]:
    assert not result.ok
    return result.turn, result.step_id, result.expected, result.got


def test_a_test_is_green_when_all_that_is_expected_comes() -> None:
    result = greeted(
        turn(LAUNCH, {"contains": "hello, kim"}, {"notContains": "Bye"}, {"step": "main/ask"}, {"trace": "buttons"}),
        turn(say("go on"), {"variable": "count", "equals": 1}, {"step": "count"}, {"trace": "end"}),
    )
    assert result == TestResult(id="t", name="", ok=True)
    assert result.wire() == {"id": "t", "name": "", "ok": True}


@pytest.mark.parametrize(
    ("expectation", "at", "expected", "got"),
    [
        ({"contains": "Good day"}, "ask", 'a text that contains "Good day"', '"Hello, Kim!" "What now?"'),
        ({"notContains": "KIM"}, "hello", 'no text that contains "KIM"', '"Hello, Kim!"'),
        ({"variable": "count", "equals": 1}, "ask", "count = 1", "count = 0"),
        ({"variable": "gone.far", "equals": None}, "ask", "gone.far = null", "gone.far has no value"),
        ({"step": "main/bye"}, "ask", "to reach the step main/bye", "main/start, main/hello, main/ask"),
        ({"step": "main"}, "ask", "to reach the step main", "main/start, main/hello, main/ask"),
        ({"trace": "end"}, "ask", "a trace end", "text, text, buttons"),
        (
            {"trace": {"type": "buttons", "payload": {"buttons": [{"label": "Stop"}, {"label": "Go on"}]}}},
            "ask",
            'a trace buttons with {"buttons":[{"label":"Stop"},{"label":"Go on"}]}',
            '{"buttons":[{"id":"go","label":"Go on","value":"go"},{"id":"stop","label":"Stop","value":"stop"}]}',
        ),
        ({"source": "hours.md"}, "ask", 'an answer from the source "hours.md"', "no source"),
    ],
)
def test_a_red_test_says_what_was_expected_what_came_and_where(
    expectation: Object, at: str, expected: str, got: str
) -> None:
    result = greeted(turn(LAUNCH, {"step": "hello"}, expectation))
    assert wrong(result) == (1, at, expected, got)
    assert result.workflow_id == "main"


def test_the_first_thing_that_is_not_as_expected_is_told() -> None:
    result = greeted(
        turn(LAUNCH), turn(say("Go on"), {"contains": "Bye"}, {"variable": "count", "equals": 2}, {"contains": "No"})
    )
    assert wrong(result) == (2, "count", "count = 2", "count = 1")


def test_what_went_wrong_in_the_turn_is_told_beside_its_texts() -> None:
    result = played(case(turn(LAUNCH, {"contains": "x"})), line(step("broken", "buttons"), workflow_id="main"))
    turn_number, step_id, _, got = wrong(result)
    assert (turn_number, step_id) == (1, "broken")
    assert got
    assert got.startswith("error UNFINISHED_STEP: ")


def test_nothing_at_all_is_told_as_no_text_no_step_and_no_trace() -> None:
    empty = workflow("main")
    assert wrong(played(case(turn(LAUNCH, {"contains": "x"})), empty))[3] == "no text"
    assert wrong(played(case(turn(LAUNCH, {"trace": "end"})), empty))[3] == "no trace"
    assert wrong(played(case(turn(LAUNCH, {"step": "x"}))))[3] == "no step"


def test_a_part_of_a_payload_is_enough() -> None:
    part = {"type": "buttons", "payload": {"buttons": [{"label": "Stop"}]}}
    assert greeted(turn(LAUNCH, {"trace": part})).ok


@pytest.mark.parametrize(("value", "ok"), [(1, True), (1.0, True), (True, False), ("1", False), (None, False)])
def test_a_variable_equals_what_is_the_same_json(value: object, *, ok: bool) -> None:
    result = greeted(turn(LAUNCH), turn(say("Go on"), {"variable": "count", "equals": value}))
    assert result.ok is ok


def test_a_path_leads_into_a_variable() -> None:
    flow = line(step("s", "set", assignments=[{"variable": "order", "value": {"items": [{"id": "{{1 + 1}}"}]}}]))
    expected = {"variable": "order.items[0].id", "equals": 2}
    assert played(case(turn(LAUNCH, expected)), flow, variables=[{"name": "order", "type": "object"}]).ok
    result = played(
        case(turn(LAUNCH, {**expected, "equals": 3})), flow, variables=[{"name": "order", "type": "object"}]
    )
    assert wrong(result) == (1, "s", "order.items[0].id = 3", "order.items[0].id = 2")


def test_a_judge_is_skipped_and_says_so() -> None:
    result = greeted(turn(LAUNCH, {"judge": "It is friendly."}, {"contains": "Hello"}))
    assert result.ok
    assert result.skipped == 'turn 1: judge needs a model, and none is set up: "It is friendly."'
    assert not greeted(turn(LAUNCH, {"judge": "It is friendly."}, {"contains": "Nope"})).ok


def test_a_test_may_begin_at_a_step_with_variables_of_its_own() -> None:
    start = {"workflowId": "main", "stepId": "count"}
    result = greeted(
        turn(LAUNCH, {"variable": "count", "equals": 8}, {"notContains": "Hello"}, {"trace": "end"}),
        turn(LAUNCH, {"contains": "Hello, Robin"}),
        start=start,
        variables={"count": 7, "name": "Robin"},
    )
    assert result.ok, result


def test_a_test_that_cannot_begin_says_why() -> None:
    result = greeted(turn(LAUNCH), start={"workflowId": "main", "stepId": "gone"})
    assert wrong(result) == (None, None, "the step main/gone to start at", "there is no such step")
    result = greeted(turn(LAUNCH), variables={"count": "many"})
    assert wrong(result) == (
        None,
        None,
        "variables that can be set",
        "variables.count: expected a number, got text.",
    )


def test_the_clock_stands_still_where_the_test_says_and_nobody_waits() -> None:
    flow = line(step("wait", "delay", seconds=30), step("tell", "message", text="{{sys.now}}"))
    began = time.monotonic()
    assert played(case(turn(LAUNCH, {"contains": "2026-01-05T09:00:00.000Z"})), flow).ok
    moment = {"now": "2030-02-03T04:05:06+02:00"}
    assert played(case(turn(LAUNCH, {"contains": "2030-02-03T02:05:06.000Z"}), **moment), flow).ok
    assert time.monotonic() - began < 10


def test_chance_follows_from_the_id_of_the_test() -> None:
    paths = [f"p{number}" for number in range(50)]
    wires = ", ".join(["start > fork", *(f"fork.{path} > {path}" for path in paths)])
    steps = [step(path, "message", text=path) for path in paths]
    flow = workflow("main", step("fork", "random", paths=[{"id": path} for path in paths]), *steps, wires=wires)
    cases = [case(turn(LAUNCH, {"contains": "nothing"}), id=f"t{number}") for number in range(20)]
    first, again = (all_played(cases, {"workflows": [flow]}) for _ in range(2))
    assert first == again
    assert len({result.got for result in first}) > 5
    reversed_results = all_played(cases[::-1], {"workflows": [flow]})
    assert [*reversed(reversed_results)] == first


def test_a_flow_may_ask_who_writes_from_where_and_on_which_version() -> None:
    flow = line(step("tell", "message", text="{{sys.userId}} {{sys.platform}} {{sys.versionId}}"))
    assert played(case(turn(LAUNCH, {"contains": "test:t api development"})), flow).ok
    told = {"userId": "kim", "platform": "whatsapp"}
    assert played(case(turn(LAUNCH, {"contains": "kim whatsapp ver_1"}), **told), flow, version_id="ver_1").ok


def test_a_published_version_has_the_defaults_of_production() -> None:
    flow = line(step("tell", "message", text="{{shop}}"))
    shop = {"name": "shop", "default": "test shop", "environments": {"production": "real shop"}}
    assert played(case(turn(LAUNCH, {"contains": "test shop"})), flow, variables=[shop]).ok
    assert played(case(turn(LAUNCH, {"contains": "real shop"})), flow, variables=[shop], version_id="ver_1").ok


def test_each_test_begins_anew() -> None:
    go = [turn(LAUNCH), turn(say("Go on"), {"variable": "count", "equals": 1})]
    results = all_played([case(*go, id="a"), case(*go, id="b")], {"workflows": [GREET], "variables": VARIABLES})
    assert [result.ok for result in results] == [True, True]


def test_tests_that_there_is_no_time_for_are_red() -> None:
    endless = line(step("spin", "code", code="while (true) {}", timeoutMs=5_000))
    cases = [case(turn(LAUNCH), id=name) for name in ("a", "b", "c")]
    began = time.monotonic()
    results = all_played(cases, {"workflows": [endless]}, seconds=0.5)
    assert time.monotonic() - began < 4
    assert [(result.ok, result.expected, result.got) for result in results] == [
        (False, "an end in time", "0.5 s for all tests together were over")
    ] * 3
