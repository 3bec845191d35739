"""The step `intent`: what is meant, by its words, else by what is near."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from conduet.engine.check import check
from tests.agents.obeying import ModelContext, speaking
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


def vectors(texts: Sequence[str]) -> Any:
    """Texts as what they have of three words."""
    rows = np.array([[word in text.lower() for word in ("bike", "open", "near")] for text in texts], dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths, lengths, 1)


async def test_the_nearest_meaning_picks_the_path_and_what_is_named_is_kept() -> None:
    entities = [{"id": "e", "name": "colour", "values": [{"value": "red", "synonyms": ["crimson"]}]}]
    context = ModelContext(vectors=vectors, chain=())
    talk = Talk(MAIN, context=context, entities=entities, variables=[{"name": "colour"}])
    await talk.launch()
    assert await talk.say("some crimson bike, please") == ["book"]
    assert talk.variables["colour"] == "red"
    await talk.launch()
    assert await talk.say("nothing of it") == ["no match"]


async def test_a_model_chooses_where_two_are_as_near() -> None:
    near = [{"id": "a", "name": "near one"}, {"id": "b", "name": "near two"}]
    ask = step("ask", "intent", intents=near)
    says = [step(name, "message", text=f"it is {name}") for name in ("x", "y")]
    main = workflow("main", ask, *says, wires="start > ask, ask.a > x, ask.b > y")
    async with speaking("b", vectors=vectors) as world:
        talk = Talk(main, context=world)
        await talk.launch()
        assert await talk.say("somewhere near here") == ["it is y"]
        assert len(world.asked) == 1


async def test_a_global_intent_is_meant_by_what_is_near_too() -> None:
    help_ = line(step("m", "message", text="Help."), workflow_id="help")
    intents = [{"id": "i", "name": "help", "utterances": ["when is it open"], "workflowId": "help"}]
    talk = Talk(
        line(step("m", "message", text="Hello.")), help_, intents=intents, context=ModelContext(vectors=vectors)
    )
    assert await talk.say("are you open?") == ["Help."]
    assert await talk.say("anything else") == ["Hello."]


async def test_without_intents_of_its_own_it_waits_for_the_global_ones() -> None:
    main = workflow("main", step("ask", "intent", text="Yes?"), wires="start > ask")
    help_ = line(step("m", "message", text="Help."), workflow_id="help")
    talk = Talk(main, help_, intents=[{"id": "i", "name": "help", "workflowId": "help"}])
    assert await talk.launch() == ["Yes?"]
    assert await talk.say("help") == ["Help.", "Yes?"]
    assert check(compiled(MAIN)) == []
