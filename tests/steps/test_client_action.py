"""The step `client-action`: what the page is asked, what it answers, and what else may happen meanwhile."""

from typing import Any

import pytest

from conduet.engine.check import check
from conduet.engine.run import at_rest, knows_call
from conduet.engine.trace import ClientAction
from tests.engine.talk import Talk, compiled, line, open_stack, step, workflow

PATHS = [{"id": "picked", "label": {"en": "Picked", "de": "Gewählt"}}, {"id": "cancelled"}]
PICKED = "page pick-date {\"from\": \"May\"} ['picked', 'cancelled']"
NAMES: list[dict[str, Any]] = [{"name": "first", "default": "May"}, {"name": "day"}, {"name": "n", "type": "number"}]
HOURS = line(step("say", "message", text="Nine to five."), workflow_id="hours")


def talk(*, wires: str = "ask.picked > done, ask.cancelled > no", **config: Any) -> Talk:
    ask = {"name": "pick-date", "payload": {"from": "{{first}}"}, "paths": PATHS, "saveTo": "day", **config}
    main = workflow(
        "main", step("ask", "client-action", **ask), step("done", "message", text="done {{day}}"),
        step("no", "message", text="never mind"), step("on", "message", text="on"),
        wires=f"start > ask, ask > on, {wires}",
    )  # fmt: skip
    intents = [{"id": "i", "name": "hours", "workflowId": "hours"}]
    return Talk(main, HOURS, variables=NAMES, intents=intents, language="de")


def call_of(talk: Talk) -> str:
    return str(open_stack(talk)[0]["memory"]["callId"])


async def answer(talk: Talk, call_id: str, path: str, **more: Any) -> list[str]:
    return await talk.act("client", {"callId": call_id, "path": path, **more})


async def test_the_page_is_asked_and_its_answer_picks_the_path_and_brings_something_along() -> None:
    asked = talk()
    assert await asked.launch() == [PICKED]
    (trace,) = [each for each in asked.seen if isinstance(each, ClientAction)]
    assert trace.payload() == {
        "callId": call_of(asked),
        "name": "pick-date",
        "payload": {"from": "May"},
        "paths": [{"id": "picked", "label": "Gewählt"}, {"id": "cancelled", "label": ""}],
        "wait": True,
    }
    assert await answer(asked, call_of(asked), "picked", payload="2026-05-01") == ["done 2026-05-01"]
    assert at_rest(asked.state)


async def test_without_a_payload_nothing_is_kept() -> None:
    asked = talk()
    await asked.launch()
    assert await answer(asked, call_of(asked), "cancelled") == ["never mind"]
    assert "day" not in asked.variables


async def test_next_is_a_path_too() -> None:
    asked = talk(paths=[], wires="")
    await asked.launch()
    assert await answer(asked, call_of(asked), "next") == ["on"]


async def test_an_answer_that_its_variable_does_not_take_is_an_error_and_the_flow_goes_on() -> None:
    asked = talk(saveTo="n")
    await asked.launch()
    assert await answer(asked, call_of(asked), "picked", payload="May 1") == ["error WRONG_VALUE", "done "]


async def test_without_wait_the_flow_goes_on_at_once() -> None:
    asked = talk(wait=False)
    assert await asked.launch() == [PICKED, "on"]
    assert at_rest(asked.state)


async def test_the_caller_can_ask_which_answers_are_open() -> None:
    asked = talk()
    assert not knows_call(asked.document, asked.state, "call_1", "picked")
    await asked.launch()
    call_id = call_of(asked)
    known = {path: knows_call(asked.document, asked.state, call_id, path) for path in ("picked", "next", "x", "")}
    assert known == {"picked": True, "next": True, "x": False, "": False}
    assert not knows_call(asked.document, asked.state, "other", "picked")
    await answer(asked, call_id, "picked")
    assert not knows_call(asked.document, asked.state, call_id, "picked")


async def test_an_answer_that_nobody_waits_for_changes_nothing() -> None:
    asked = talk()
    await asked.launch()
    call_id = call_of(asked)
    assert await answer(asked, "call_other", "picked") == ["error UNKNOWN_CALL"]
    assert await answer(asked, call_id, "nowhere") == [PICKED]
    assert await answer(asked, call_id, "picked") == ["done "]
    assert await answer(asked, call_id, "picked") == ["error UNKNOWN_CALL"]


@pytest.mark.parametrize("do", [("launch", None), ("text", "what?"), ("media", {"url": "https://a.example"})])
async def test_anything_else_shows_the_same_question_again(do: tuple[str, Any]) -> None:
    asked = talk()
    await asked.launch()
    call_id = call_of(asked)
    assert await asked.act(*do) == [PICKED]
    assert call_of(asked) == call_id


async def test_text_meanwhile_is_a_digression() -> None:
    asked = talk()
    await asked.launch()
    call_id = call_of(asked)
    assert await asked.say("hours") == ["Nine to five.", PICKED]
    assert await answer(asked, call_id, "picked") == ["done "]


async def test_an_answer_comes_in_the_middle_of_a_digression_which_then_goes_on() -> None:
    which = step("which", "buttons", text="Which?", buttons=[{"id": "a", "label": "A"}])
    main = line(step("ask", "client-action", name="form"), step("done", "message", text="done"))
    intents = [{"id": "i", "name": "help", "workflowId": "help"}]
    asked = Talk(main, line(which, workflow_id="help"), intents=intents)
    await asked.launch()
    call_id = call_of(asked)
    await asked.say("help")
    assert await answer(asked, call_id, "next") == ["done", "Which?", "[A]"]
    assert await asked.say("a") == []
    assert at_rest(asked.state)


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({}, ["error REQUIRED name"]),
        ({"name": "x", "payload": ["{{gone}}"]}, ["error UNKNOWN_VARIABLE payload"]),
        ({"name": "x", "saveTo": "gone"}, ["error UNKNOWN_VARIABLE saveTo"]),
        ({"name": "x", "wait": False, "paths": PATHS}, ["warning NO_ANSWER paths"]),
    ],
)
def test_what_is_unfinished_is_a_problem(config: dict[str, Any], told: list[str]) -> None:
    main = line(step("ask", "client-action", **config), step("m", "message", text="m"))
    base = "workflows[0].steps[1].config."
    found = [f"{each.severity} {each.code} {each.path.removeprefix(base)}" for each in check(compiled(main))]
    assert found == told
