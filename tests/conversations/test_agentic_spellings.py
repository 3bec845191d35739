"""The harness in its shorter spellings, and what is kept of one that is not ours."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from conduet.settings import Settings
from tests.conversations.agentic import House, housing
from tests.conversations.agentic_wire import text_of, tools_of


@pytest.fixture(scope="module")
async def house(settings: Settings) -> AsyncIterator[House]:
    async with housing(settings.model_copy(update={"demo": False})) as house:
        yield house


@pytest.mark.parametrize(
    "way_out",
    [
        {"expression": "name", "to": "sell"},
        [{"expression": "name", "to": "sell"}],
        {"when": {"expression": "name"}, "to": "sell"},
        [{"when": {"description": "Never."}, "to": "greet"}, {"when": {"expression": "name"}, "to": "sell"}],
    ],
)
async def test_the_exit_of_a_phase_is_one_object_or_a_list_of_them(way_out: Any, house: House) -> None:
    phases = [{"id": "greet", "exit": way_out}, {"id": "sell", "instructions": "Take the money."}]
    place = await house.agent(
        "openai",
        (("set_variables", {"name": "Ann"}),),
        "Hello Ann.",
        variables=[{"name": "name", "type": "text"}],
        behaviourConfig={"agentHarness": {"phases": phases}},
    )
    assert (await place.talker().say("I am Ann"))[-2:] == ["phase", "Hello Ann."]
    assert "Take the money." in text_of(house.server.asked[1])


async def test_a_single_phase_and_a_list_of_builtins_are_taken(house: House) -> None:
    config = {"phases": {"id": "only", "instructions": "Sell bikes."}, "uiBuiltins": ["showImage", "showCarousel"]}
    place = await house.agent("openai", "Hello.", behaviourConfig={"agentHarness": config})
    await place.talker().say("Hi")
    assert "Sell bikes." in text_of(house.server.asked[0])
    assert tools_of("openai", house.server.asked[0]) == ["escalate", "resolve", "show_carousel", "show_image"]


async def test_another_implementation_is_kept_and_told_and_ours_runs(house: House) -> None:
    config = {"implementation": "theirs-v2", "theirs": {"depth": 3}}
    place = await house.agent("openai", "Hello.", behaviourConfig={"agentHarness": config})
    document = (await place.owner.patch(place.path, json={"name": "Bikes"})).json()
    assert document["behaviourConfig"]["agentHarness"] == config
    told = {problem["code"]: problem for problem in document["problems"]}
    assert told["UNKNOWN_IMPLEMENTATION"]["severity"] == "warning"
    assert told["UNKNOWN_IMPLEMENTATION"]["path"] == "behaviourConfig.agentHarness.implementation"
    assert told["UNKNOWN_FIELD"]["path"] == "behaviourConfig.agentHarness.theirs"
    assert await place.talker().say("Hi") == ["Hello."]
    assert (await place.owner.post(f"{place.path}/publish", json={})).status_code == 201
