"""The guard: topics and personal data, on their way to a model and back, in agents and in the steps of a flow."""

import json
import re
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from conduet.agents.guard import REFUSED, Watch
from conduet.engine.shape import Guard
from conduet.llm.message import System, User
from conduet.settings import Settings
from tests.agents.talking import tool
from tests.conversations.agentic import House, Place, housing
from tests.conversations.agentic_wire import text_of
from tests.conversations.talking import Talker
from tests.engine.talk import line, step, workflow

ANN = "ann@mail.example"
MASK = {"guard": {"personalData": "mask"}}
BLOCK = {"guard": {"personalData": "block"}}
TOPICS = {"guard": {"blockedTopics": ["politics", "the war"]}}
HEARD = [{"name": "heard", "type": "text"}, {"name": "answer", "type": "text"}]


@pytest.fixture(scope="module")
async def house(settings: Settings) -> AsyncIterator[House]:
    async with housing(settings.model_copy(update={"demo": False})) as house:
        yield house


async def flow(house: House, behaviour: dict[str, Any], *answers: str, workflows: Any, **document: Any) -> Place:
    """A project with a flow that asks a model."""
    house.script("openai", *answers)
    config = {"model": "openai:m", **behaviour}
    return await house.place(workflows=[*workflows], behaviourConfig=config, variables=HEARD, **document)


def traces_of(user: Talker, kind: str) -> list[dict[str, Any]]:
    """What the traces of a kind said in the user's last turn."""
    assert user.last is not None
    return [trace["payload"] for trace in user.last.json() if trace["type"] == kind]


def watch(**guard: Any) -> Watch:
    return Watch(Guard.model_validate(guard))


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("it is ann.o-neil+shop@mail.example.com, thanks", "it is [e-mail], thanks"),
        ("call +49 (0)171 234-5678", "call [phone]"),
        ("call 0171 2345678 or 0049 171 2345678", "call [phone] or [phone]"),
        ("4111 1111 1111 1111 it is", "[card] it is"),
        ("378282246310005", "[card]"),
        ("to DE89 3704 0044 0532 0130 00 please", "to [bank account] please"),
        ("GB29NWBK60161331926819", "[bank account]"),
    ],
)
def test_personal_data_are_masked(said: str, masked: str) -> None:
    assert watch(personalData="mask").masked(said) == masked
    assert watch(personalData="block").refuses(said) == "there are personal data in it"
    assert watch().masked(said) == said


@pytest.mark.parametrize(
    "said",
    [
        "on 05/11/2026 at 10:30",
        "05-11-2026",
        "from 2026-05-03 to 2026-05-09",
        "1767603600000 is a moment",
        "order 1234 5678 9012 3456",
        "0.0512345678 and 12.0312345678",
        "A-1009",
        "it costs 45.00 euros",
        "room 042",
        "@ann",
    ],
)
def test_what_is_no_personal_datum_is_left_as_it_is(said: str) -> None:
    assert watch(personalData="mask").masked(said) == said
    assert watch(personalData="block").refuses(said) is None


@pytest.mark.parametrize(
    ("said", "is_refused"),
    [
        ("What about politics?", True),
        ("POLITICS!", True),
        ("sport/politics", True),
        ("sport,politics", True),
        ("poli\u200btics", True),
        ("ｐｏｌｉｔｉｃｓ", True),
        ("It was the  war.", True),
        ("It was the warden", False),
        ("geopolitics", False),
        ("a war", False),
    ],
)
def test_a_topic_is_found_by_its_words_whatever_stands_around_them(said: str, *, is_refused: bool) -> None:
    assert (watch(blockedTopics=["politics", "The war"]).refuses(said) is not None) is is_refused


def test_a_topic_of_no_words_blocks_nothing() -> None:
    guard = watch(blockedTopics=["", "?!"])
    assert guard.refuses("?!") is None
    assert not guard.holds_back


def test_a_long_text_is_looked_over_in_no_time() -> None:
    guard = watch(personalData="block", blockedTopics=["politics"])
    for text in ("a" * 60_000, "1 " * 30_000, "0" * 60_000, "a@" * 30_000, "AB12 " * 12_000, "+1(" * 20_000):
        began = time.perf_counter()
        guard.refuses(text)
        assert time.perf_counter() - began < 0.5, text[:10]


def test_nothing_is_lost_of_a_message_but_what_is_masked() -> None:
    guard = watch(personalData="mask")
    assert guard.over(User(ANN, again=True)) == User("[e-mail]", again=True)
    system = System(f'Write to {ANN}. <data from="variable">"{ANN}"</data>', again=True)
    assert guard._message(system) == System(f'Write to {ANN}. <data from="variable">"[e-mail]"</data>', again=True)  # pyright: ignore[reportPrivateUsage]  # what it hides is what is looked at


async def test_an_agent_is_told_no_personal_data_wherever_they_come_from(house: House) -> None:
    look = tool("look", config={"language": "javascript", "code": f"return {{mail: 'bob{ANN}'}}"})
    place = await house.agent(
        "openai",
        (("look", {}),),
        f"Write to {ANN}.",
        tools=[look],
        variables=[{"name": "contact", "type": "text", "default": f"kim{ANN}"}],
        behaviourConfig={**MASK, "persona": "You are the desk of shop@shop.example. Ask {{contact}}."},
    )
    assert (await place.talker().say(f"I am joe{ANN}"))[-1] == "Write to [e-mail]."
    assert len(house.server.asked) == 2
    for asked in house.server.asked:
        assert ANN not in text_of(asked)
        # What the project itself says is no personal datum.
        assert "shop@shop.example" in text_of(asked)
    assert ANN not in json.dumps(house.server.asked[1].body)


async def test_what_a_user_says_is_refused_by_an_agent_and_forgotten(house: House) -> None:
    for guard, said in ((TOPICS, "Tell me about politics"), (BLOCK, f"I am {ANN}")):
        place = await house.agent("openai", "Hello.", behaviourConfig=guard)
        user = place.talker()
        assert await user.say(said) == [REFUSED]
        assert house.server.asked == []
        assert await user.say("Then hello") == ["Hello."]
        assert said not in text_of(house.server.asked[0])


async def test_what_an_agent_says_is_held_back(house: House) -> None:
    place = await house.agent("openai", "Politics is a wide field.", behaviourConfig=TOPICS)
    assert await place.talker().say("Well?") == [REFUSED]


async def test_a_prompt_is_told_no_personal_data(house: House) -> None:
    ask = step("ask", "prompt", system="Of {{heard}}.", prompt="Sort this: {{heard}}", say=True)
    place = await flow(house, MASK, f"From {ANN}.", workflows=[line(ask)])
    user = place.talker()
    await user.say(f"Hi, this is {ANN}", variables={"heard": ANN})
    assert ANN not in text_of(house.server.asked[0])
    assert text_of(house.server.asked[0]).count("[e-mail]") == 3
    assert traces_of(user, "text") == [{"message": "From [e-mail]."}]


PROMPT = workflow(
    "main",
    step("ask", "prompt", prompt="Answer this: {{heard}}", saveTo="answer"),
    step("good", "message", text="Fine: {{answer}}"),
    step("bad", "message", text="Not with us."),
    wires="start > ask, ask.next > good, ask.error > bad",
)


@pytest.mark.parametrize("heard", ["politics", "sport\npolitics", {"on": "politics"}, ["politics"]])
async def test_a_prompt_with_a_blocked_topic_is_not_put_and_leaves_by_error(house: House, heard: Any) -> None:
    place = await flow(house, TOPICS, "Never.", workflows=[PROMPT])
    kind = {str: "text", dict: "object", list: "list"}[type(heard)]
    await place.save(variables=[{"name": "heard", "type": kind}, HEARD[1]])
    user = place.talker()
    assert await user.say("Go on", variables={"heard": heard}) == ["error MODEL_HELD_BACK", "Not with us."]
    assert house.server.asked == []


async def test_a_prompt_is_not_put_after_words_that_are_not_let_through(house: House) -> None:
    for guard, said in ((TOPICS, "Let us talk politics"), (BLOCK, f"I am {ANN}")):
        place = await flow(house, guard, "Never.", workflows=[PROMPT])
        assert await place.talker().say(said) == ["error MODEL_HELD_BACK", "Not with us."]
        assert house.server.asked == []


async def test_an_answer_that_is_held_back_leaves_by_error_and_is_kept_nowhere(house: House) -> None:
    place = await flow(house, TOPICS, "That is politics.", workflows=[PROMPT])
    user = place.talker()
    assert await user.say("Go on") == ["error MODEL_HELD_BACK", "Not with us."]
    assert "answer" not in (await user.state())["variables"]


async def test_who_builds_is_told_why_and_nobody_else(house: House) -> None:
    place = await flow(house, TOPICS, "Never.", workflows=[PROMPT])
    user = place.talker()
    await user.say("politics")
    debug = [payload["message"] for payload in traces_of(user, "debug")]
    assert "No model was asked: the topic 'politics' is blocked (`behaviourConfig.guard`)." in debug
    assert (await place.owner.post(f"{place.path}/publish", json={})).status_code == 201
    await user.say("politics", versionId="production")
    assert traces_of(user, "debug") == []
    assert [payload["code"] for payload in traces_of(user, "error")] == ["MODEL_HELD_BACK"]


async def test_a_generated_message_says_that_it_cannot_help_or_its_own_text(house: House) -> None:
    for text, said in (("", REFUSED), ("Ask me something else.", "Ask me something else.")):
        message = step("say", "message", mode="generated", prompt="Answer the user.", text=text)
        place = await flow(house, TOPICS, "Never.", workflows=[line(message)])
        assert await place.talker().say("What of politics?") == [said]
        assert house.server.asked == []
        house.script("openai", "It is all politics.")
        assert await place.talker("user_2").say("What of it?") == [said]


async def test_what_was_held_back_is_not_told_later(house: House) -> None:
    flow_of_two = line(
        step("one", "capture", text="What?", variable="heard", type="text"),
        step("two", "buttons", text="And?", buttons=[{"id": "a", "label": "Go"}]),
        step("ask", "message", mode="generated", prompt="Sum it up."),
    )
    flow_of_two["connections"][-1]["sourcePort"] = "a"
    place = await flow(house, TOPICS, "Done.", workflows=[flow_of_two])
    user = place.talker()
    await user.launch()
    await user.say("politics, what else")
    assert "Done." in await user.press("Go")
    told = text_of(house.server.asked[0])
    assert "politics" not in told
    assert "User: (held back)" in told


async def test_words_that_are_not_let_through_are_not_sorted_by_a_model(house: House) -> None:
    capture = step("city", "capture", text="Where?", variable="heard", type="entity", entity="city", retries=0)
    flow_of_one = workflow(
        "main", capture, step("bad", "message", text="Nowhere."), wires="start > city, city.noMatch > bad"
    )
    city = {"id": "city", "name": "city", "values": [{"value": "Cork"}]}
    place = await flow(house, TOPICS, "Cork", workflows=[flow_of_one], entities=[city])
    user = place.talker()
    await user.launch()
    assert "Nowhere." in await user.say("where politics is made")
    assert house.server.asked == []


async def test_a_reply_with_personal_data_is_masked_before_a_model_rewrites_it(house: House) -> None:
    flow_of_two = line(
        step("say", "message", text="We write to {{heard}}."),
        step("nicer", "post-process", target="reply", **{"with": "prompt"}, prompt="Make it nicer."),
    )
    place = await flow(house, MASK, "We shall write.", workflows=[flow_of_two])
    assert await place.talker().say("Hi", variables={"heard": ANN}) == ["We shall write."]
    assert ANN not in text_of(house.server.asked[0])
    assert re.search(r"We write to \[e-mail\]", text_of(house.server.asked[0]))
