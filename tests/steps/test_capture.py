"""The step `capture`: what counts as an answer, and what happens when none comes."""

from typing import Any

import pytest

from conduet.engine.run import at_rest
from tests.engine.talk import Talk, open_stack, step, workflow

SAID = step("said", "message", text="{{answer}}")
GIVEN_UP = step("given_up", "message", text="given up")


def talk(variable_type: str = "text", **config: object) -> Talk:
    ask = step("ask", "capture", **{"text": "Well?", "variable": "answer", **config})
    main = workflow("main", ask, SAID, GIVEN_UP, wires="start > ask, ask > said, ask.noMatch > given_up")
    return Talk(main, variables=[{"name": "answer", "type": variable_type}])


@pytest.mark.parametrize(
    ("kind", "pattern", "said", "kept"),
    [
        ("text", None, "  Ann Smith ", "Ann Smith"),
        ("number", None, "42", 42),
        ("number", None, " -1.5 ", -1.5),
        ("email", None, " Ann@EXAMPLE.org ", "Ann@example.org"),
        ("regex", "[A-Z]{2}[0-9]+", "AB12", "AB12"),
    ],
)
async def test_an_answer_is_kept_with_its_type(kind: str, pattern: str | None, said: str, kept: object) -> None:
    asked = talk("number" if kind == "number" else "text", type=kind, pattern=pattern)
    assert await asked.launch() == ["Well?"]
    await asked.say(said)
    assert asked.variables == {"answer": kept}


@pytest.mark.parametrize(
    ("kind", "pattern", "said"),
    [
        ("text", None, "  "),
        ("number", None, "many"),
        ("number", None, "1e999"),
        ("email", None, "ann@"),
        ("email", None, "my address is a@example.org"),
        ("regex", "[0-9]+", "12 apples"),
    ],
)
async def test_what_is_no_answer_is_asked_for_again(kind: str, pattern: str | None, said: str) -> None:
    asked = talk(type=kind, pattern=pattern, retryText="Once more.")
    await asked.launch()
    assert await asked.say(said) == ["Once more."]
    assert asked.variables == {}


async def test_after_its_retries_the_flow_leaves_by_no_match() -> None:
    asked = talk(type="number", retries=1)
    await asked.launch()
    assert await asked.say("x") == ["Well?"]
    assert await asked.say("x") == ["given up"]
    assert at_rest(asked.state)


async def test_without_retries_the_first_miss_leaves_by_no_match() -> None:
    asked = talk(type="number", retries=0)
    await asked.launch()
    assert await asked.say("x") == ["given up"]


async def test_a_step_without_words_waits_and_asks_again_in_silence() -> None:
    asked = talk(text="", type="number")
    assert await asked.launch() == []
    assert await asked.say("x") == []
    assert await asked.say("7") == ["7"]


async def test_a_button_answers_with_its_label_and_media_with_nothing() -> None:
    asked = talk()
    await asked.launch()
    assert await asked.act("media", {"url": "https://a.example/x.png"}) == ["Well?"]
    assert await asked.press("Blue", "b1") == ["Blue"]


async def test_an_answer_that_its_variable_does_not_take_is_an_error_and_the_flow_goes_on() -> None:
    asked = talk("number")
    await asked.launch()
    assert await asked.say("blue") == ["error WRONG_VALUE", ""]
    assert asked.variables == {}


@pytest.mark.parametrize("config", [{"variable": ""}, {"variable": "unknown"}, {"type": "regex"}, {"type": "phone"}])
async def test_without_what_it_needs_the_step_is_unfinished(config: dict[str, Any]) -> None:
    assert await talk(**config).launch() == ["error UNFINISHED_STEP"]


@pytest.mark.parametrize("memory", [{"retries": "x"}, {"retries": None}, {}])
async def test_a_memory_that_makes_no_sense_counts_from_nothing(memory: Any) -> None:
    asked = talk(type="number", retries=1)
    await asked.launch()
    open_stack(asked)[0]["memory"] = memory
    assert await asked.say("x") == ["Well?"]
    assert await asked.say("x") == ["given up"]


@pytest.mark.parametrize("kind", ["regex", "phone"])
async def test_a_step_that_became_unfinished_while_it_waits_takes_no_answer(kind: str) -> None:
    asked = talk()
    await asked.launch()
    asked.document = talk(type=kind, retries=0).document
    assert await asked.say("x") == ["given up"]
