"""The step `message`: a text, one of its variants, in the conversation's language."""

from itertools import pairwise
from typing import Any

import pytest

from tests.agents.obeying import speaking
from tests.engine.talk import FakeContext, Talk, line, step

HELLO = {"en": "Hello.", "de": "Hallo.", "de-AT": "Servus."}


async def test_a_message_is_a_text_with_its_variables_filled_in() -> None:
    talk = Talk(line(step("m", "message", text="Hi {{name}}, {{n}}.")), variables=[
        {"name": "name", "default": "Ann"}, {"name": "n", "type": "number", "default": 3.0}
    ])  # fmt: skip
    assert await talk.launch() == ["Hi Ann, 3."]


async def test_a_value_of_any_type_becomes_text() -> None:
    talk = Talk(
        line(step("m", "message", text="{{list}}")), variables=[{"name": "list", "type": "list", "default": [1, "a"]}]
    )
    assert await talk.launch() == ['[1,"a"]']


async def test_one_of_the_variants_is_said_and_never_the_same_twice_running() -> None:
    talk = Talk(line(step("m", "message", text="a", variants=["b", "", "c"])))
    said = [(await talk.launch())[0] for _ in range(60)]
    assert set(said) == {"a", "b", "c"}
    assert all(one != next_one for one, next_one in pairwise(said))


async def test_variants_alone_are_enough() -> None:
    talk = Talk(line(step("m", "message", variants=["a"])))
    assert [await talk.launch(), await talk.launch()] == [["a"], ["a"]]


async def test_a_variant_that_is_remembered_and_gone_is_no_harm() -> None:
    talk = Talk(line(step("m", "message", text="a", variants=["b", "c"])), context=FakeContext(dealt=[0.99]))
    assert await talk.launch() == ["c"]
    talk.document = Talk(line(step("m", "message", text="a", variants=["b"]))).document
    assert (await talk.launch())[0] in {"a", "b"}


@pytest.mark.parametrize(
    ("language", "project", "expected"),
    [
        ("de-AT", "en", "Servus."),
        ("de-at", "en", "Servus."),
        ("de-CH", "en", "Hallo."),
        ("de", "en", "Hallo."),
        ("fr", "de", "Hallo."),
        ("fr", "it", "Hello."),
        (None, "de", "Hallo."),
    ],
)
async def test_the_language_picks_the_text(language: str | None, project: str, expected: str) -> None:
    talk = Talk(line(step("m", "message", text=HELLO)), language=project)
    if language:
        talk.state.internal["language"] = language
    assert await talk.launch() == [expected]


async def test_generated_text_needs_a_model_and_the_flow_goes_on() -> None:
    talk = Talk(line(step("m", "message", mode="generated", prompt="Greet."), step("after", "message", text="after")))
    assert await talk.launch() == ["error MODEL_NOT_CONFIGURED", "after"]


async def test_generated_text_is_one_text_of_a_model_that_knows_what_was_said() -> None:
    main = line(step("a", "message", text="First."), step("m", "message", mode="generated", prompt="Greet."))
    async with speaking("Good day, [look](https://evil.example/a).") as world:
        talk = Talk(main, context=world, behaviourConfig={"persona": "You are Ann."})
        assert await talk.say("Hi") == ["First.", "Good day, look."]
        for told in ("User: Hi", "Assistant: First.", "You are Ann."):
            assert told in world.prompt()


async def test_where_no_text_is_generated_a_written_one_is_said() -> None:
    message = step("m", "message", mode="generated", prompt="Greet.", text="Hello.")
    assert await Talk(line(message)).launch() == ["Hello.", "error MODEL_NOT_CONFIGURED"]


@pytest.mark.parametrize("config", [{}, {"text": " "}, {"text": {"en": ""}}, {"mode": "generated", "text": "x"}])
async def test_a_message_that_says_nothing_is_unfinished(config: dict[str, Any]) -> None:
    assert await Talk(line(step("m", "message", **config))).launch() == ["error UNFINISHED_STEP"]


async def test_what_is_laid_over_for_a_platform_may_be_empty() -> None:
    message = step("m", "message", text="Hi.", channels={"sms": {"text": ""}})
    assert await Talk(line(message), context=FakeContext(platform="sms")).launch() == []
