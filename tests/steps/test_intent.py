"""The step `intent`: what is meant, by name and utterance as long as there is no model."""

import pytest

from conduet.engine.check import check
from tests.engine.talk import Talk, compiled, line, step, workflow

ASK = step(
    "ask", "intent", text="What is it?",
    intents=[
        {"id": "book", "name": "Book", "utterances": ["I want a bike!", "rent one", ""]},
        {"id": "hours", "name": "opening hours"},
    ],
)  # fmt: skip
MAIN = workflow(
    "main", ASK, step("b", "message", text="book"), step("h", "message", text="hours"),
    step("n", "message", text="no match"), wires="start > ask, ask.book > b, ask.hours > h, ask.noMatch > n",
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("book", "book"),
        ("i WANT a bike", "book"),
        ("Opening hours?", "hours"),
        ("blue", "no match"),
        ("", "no match"),
    ],
)
async def test_a_name_or_an_utterance_picks_the_path(said: str, told: str) -> None:
    talk = Talk(MAIN)
    assert await talk.launch() == ["What is it?"]
    assert await talk.say(said) == [told]


async def test_a_global_intent_goes_before_no_match() -> None:
    help_ = line(step("m", "message", text="Help."), workflow_id="help")
    talk = Talk(MAIN, help_, intents=[{"id": "i", "name": "help", "workflowId": "help"}])
    await talk.launch()
    assert await talk.say("help") == ["Help.", "What is it?"]
    assert await talk.press("Book") == ["book"]


async def test_a_step_without_words_asks_in_silence() -> None:
    main = line(step("ask", "intent", intents=[{"id": "next", "name": "go"}]))
    assert await Talk(main | {"connections": main["connections"][:1]}).launch() == []


def test_without_a_model_it_is_doubtful_and_without_intents_unfinished() -> None:
    assert [(each.severity, each.code) for each in check(compiled(MAIN))] == [("warning", "MODEL_NEEDED")]
    empty = check(compiled(workflow("main", step("ask", "intent"), wires="start > ask")))[0]
    assert (empty.severity, empty.code, empty.path) == ("error", "REQUIRED", "workflows[0].steps[1].config.intents")
