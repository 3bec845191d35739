"""The step `capture`: what counts as an answer, and what happens when none comes."""

from typing import Any

import pytest

from conduet.engine.run import at_rest
from tests.agents.obeying import speaking
from tests.engine.talk import Talk, line, open_stack, step, workflow

SAID = step("said", "message", text="{{answer}}")
NO_NUMBER = "That is not a number. Please write one such as 42 or 3.5."
GIVEN_UP = step("given_up", "message", text="given up")


def talk(variable_type: str = "text", *, project: dict[str, Any] | None = None, **config: object) -> Talk:
    ask = step("ask", "capture", **{"text": "Well?", "variable": "answer", **config})
    main = workflow("main", ask, SAID, GIVEN_UP, wires="start > ask, ask > said, ask.noMatch > given_up")
    return Talk(main, variables=[{"name": "answer", "type": variable_type}], **(project or {}))


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
    assert await asked.say("x") == [NO_NUMBER, "Well?"]
    assert await asked.say("x") == ["given up"]
    assert at_rest(asked.state)


async def test_without_retries_the_first_miss_leaves_by_no_match() -> None:
    asked = talk(type="number", retries=0)
    await asked.launch()
    assert await asked.say("x") == ["given up"]


async def test_a_step_without_words_waits_and_tells_only_what_was_wrong() -> None:
    asked = talk(text="", type="number")
    assert await asked.launch() == []
    assert await asked.say("x") == [NO_NUMBER]
    assert await asked.say("7") == ["7"]


async def test_a_button_answers_with_its_label_and_media_with_nothing() -> None:
    asked = talk()
    await asked.launch()
    assert await asked.act("media", {"url": "https://a.example/x.png"}) == ["Please answer in words.", "Well?"]
    assert await asked.press("Blue", "b1") == ["Blue"]


async def test_an_answer_that_its_variable_does_not_take_is_an_error_and_the_flow_goes_on() -> None:
    asked = talk("number")
    await asked.launch()
    assert await asked.say("blue") == ["error WRONG_VALUE", ""]
    assert asked.variables == {}


@pytest.mark.parametrize("config", [{"variable": ""}, {"variable": "unknown"}, {"type": "regex"}, {"type": "entity"}])
async def test_without_what_it_needs_the_step_is_unfinished(config: dict[str, Any]) -> None:
    assert await talk(**config).launch() == ["error UNFINISHED_STEP"]


@pytest.mark.parametrize("memory", [{"retries": "x"}, {"retries": None}, {}])
async def test_a_memory_that_makes_no_sense_counts_from_nothing(memory: Any) -> None:
    asked = talk(type="number", retries=1)
    await asked.launch()
    open_stack(asked)[0]["memory"] = memory
    assert await asked.say("x") == [NO_NUMBER, "Well?"]
    assert await asked.say("x") == ["given up"]


@pytest.mark.parametrize("kind", ["regex", "entity"])
async def test_a_step_that_became_unfinished_while_it_waits_takes_no_answer(kind: str) -> None:
    asked = talk()
    await asked.launch()
    asked.document = talk(type=kind, retries=0).document
    assert await asked.say("x") == ["given up"]


@pytest.mark.parametrize(
    ("language", "said", "kept"),
    [
        ("de", "030 901820", "+4930901820"),
        ("de-AT", "0664 1234567", "+436641234567"),
        ("de", "+1 (201) 555-0123", "+12015550123"),
        ("en", "(201) 555-0123", "+12015550123"),
        ("en-GB", "020 7946 0958", "+442079460958"),
        ("fr", "01 23 45 67 89", "+33123456789"),
        ("ja", "03-3224-9999", "+81332249999"),
    ],
)
async def test_a_phone_number_is_of_the_projects_country_unless_it_says_another(
    language: str, said: str, kept: str
) -> None:
    asked = talk(type="phone", project={"language": language})
    await asked.launch()
    assert await asked.say(said) == [kept]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "12"),
        ("de", "call me"),
        ("de", "030 901820 please"),
        ("xx", "030 901820"),
        ("de", "1" * 300),
        ("de", "-"),
    ],
)
async def test_what_is_no_phone_number_is_told(language: str, said: str) -> None:
    asked = talk(type="phone", project={"language": language})
    await asked.launch()
    told = await asked.say(said)
    assert told[0].startswith("Das ist keine Telefonnummer." if language == "de" else "That is not a phone number.")
    assert asked.variables == {}


@pytest.mark.parametrize(
    ("language", "said", "kept"),
    [
        ("en", "tomorrow", "2026-03-02"),
        ("en", "in 3 days", "2026-03-04"),
        ("en", "next friday", "2026-03-06"),
        ("en", "Friday", "2026-03-06"),
        ("en", "24 March", "2026-03-24"),
        ("en", "february 1", "2027-02-01"),
        ("en", "03/04/2026", "2026-03-04"),
        ("en-GB", "03/04/2026", "2026-04-03"),
        ("en", "2026-12-24", "2026-12-24"),
        ("en", "tomorrow at 5pm", "2026-03-02T17:00:00+01:00"),
        ("en", "2026-07-01T10:00:00+02:00", "2026-07-01T10:00:00+02:00"),
        ("de", "morgen", "2026-03-02"),
        ("de", "24.3.", "2026-03-24"),
        ("de-AT", "1. Jänner", "2027-01-01"),
        ("fr", "demain", "2026-03-02"),
        ("qq", "tomorrow", "2026-03-02"),
    ],
)
async def test_a_date_is_read_in_the_language_of_the_conversation_and_means_the_next_one(
    language: str, said: str, kept: str
) -> None:
    asked = talk(type="date", project={"language": language, "behaviourConfig": {"timeZone": "Europe/Vienna"}})
    await asked.launch()
    assert await asked.say(said) == [kept]


@pytest.mark.parametrize("said", ["1", "42", "2026", "March", "hello", "30 february", "x" * 300, "tomorrow " * 60])
async def test_what_names_no_day_is_told(said: str) -> None:
    asked = talk(type="date")
    await asked.launch()
    assert (await asked.say(said))[0].startswith("That is not a date.")


async def test_the_day_is_the_one_in_the_projects_zone() -> None:
    asked = talk(type="date", project={"behaviourConfig": {"timeZone": "Pacific/Auckland"}})
    await asked.launch()
    assert await asked.say("today") == ["2026-03-02"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        ("a.example", "https://a.example/"),
        ("HTTP://A.example", "http://a.example/"),
        ("bücher.example/neu", "https://xn--bcher-kva.example/neu"),
    ],
)
async def test_a_web_address_is_kept_whole(said: str, kept: str) -> None:
    asked = talk(type="url")
    await asked.launch()
    assert await asked.say(said) == [kept]


@pytest.mark.parametrize("said", ["hello", "ftp://a.example", "a@b.example", "http://", "a b.example", "https://."])
async def test_what_is_no_web_address_is_told(said: str) -> None:
    asked = talk(type="url")
    await asked.launch()
    assert (await asked.say(said))[0].startswith("That is not a web address.")


async def test_a_step_that_cannot_read_an_answer_any_more_asks_again() -> None:
    asked = talk()
    await asked.launch()
    asked.document = talk(type="entity").document
    assert await asked.say("x") == ["Well?"]


async def test_what_was_wrong_is_told_in_the_language_of_the_conversation() -> None:
    asked = talk(type="email", project={"language": "es"})
    await asked.launch()
    assert (await asked.say("x"))[0].startswith("Eso no es una dirección de correo.")


COLOURS = [{"id": "e", "name": "colour", "values": [{"value": "red", "synonyms": ["crimson"]}, {"value": "blue"}]}]


async def test_an_entity_is_captured_by_its_values_and_synonyms_then_by_a_model() -> None:
    main = line(
        step("ask", "capture", variable="colour", type="entity"), step("m", "message", text="It is {{colour}}.")
    )
    for said, told, asked in (("The CRIMSON one!", "It is red.", 0), ("like the sky", "It is blue.", 1)):
        async with speaking("blue") as world:
            it = Talk(main, context=world, entities=COLOURS, variables=[{"name": "colour"}])
            await it.launch()
            assert await it.say(said) == [told]
            assert len(world.asked) == asked
