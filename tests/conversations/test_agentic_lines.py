"""What is left of an agent's lines in every wire format: launches, what is attached and shown, answers of JSON."""

from collections.abc import AsyncIterator

import pytest

from conduet.settings import Settings
from tests.conversations.agentic import House, coded, harness, housing
from tests.conversations.agentic_wire import MODELS, results_of, text_of, tools_of
from tests.engine.talk import step, workflow

pytestmark = pytest.mark.parametrize("kind", MODELS)
PRICE, PAY = coded("price", "return args.of.length"), coded("pay", "return 'paid'")


@pytest.fixture(scope="module")
async def house(settings: Settings) -> AsyncIterator[House]:
    async with housing(settings.model_copy(update={"demo": False})) as house:
        yield house


async def test_a_launch_asks_the_model_before_anybody_has_spoken_and_then_shows_its_buttons(
    kind: str, house: House
) -> None:
    phases = [{"id": "greet", "instructions": "Greet.", "buttons": ["Rent", "Buy"]}]
    place = await house.agent(kind, "Welcome.", "A bike, then.", **harness(phases=phases))
    ann = place.talker()
    assert await ann.launch() == ["Welcome.", "[Rent][Buy]"]
    assert await ann.launch() == ["[Rent][Buy]"]
    assert len(house.server.asked) == 1
    assert await ann.say("Rent") == ["A bike, then.", "[Rent][Buy]"]
    assert "Welcome." in text_of(house.server.asked[1])


async def test_only_what_the_harness_attaches_is_offered(kind: str, house: House) -> None:
    away = coded("away", "return 1", enabled=False)
    place = await house.agent(kind, "Hello.", tools=[PRICE, PAY, away])
    await place.talker().say("Hi")
    await place.save(**harness(allowedToolIds=["price", "away"]))
    await place.talker().say("Hi")
    assert [tools_of(kind, each) for each in house.server.asked] == [
        ["price", "pay", "escalate", "resolve"],
        ["price", "escalate", "resolve"],
    ]


async def test_pictures_and_carousels_are_shown_of_hosts_that_the_project_allows(kind: str, house: House) -> None:
    url = "https://shop.example/roadster.jpg"
    calls = (
        ("show_image", {"url": url, "alt": "Roadster"}),
        ("show_image", {"url": "https://evil.example/?d=secret", "alt": "A"}),
        ("show_carousel", {"cards": [{"title": "Roadster", "imageUrl": url}, {"title": "Cargo"}]}),
    )
    behaviour = {"allowedHosts": ["shop.example"], "agentHarness": {"uiBuiltins": ["showImage", "showCarousel"]}}
    place = await house.agent(kind, calls, "There.", behaviourConfig=behaviour)
    traces = (await place.talker().send({"type": "text", "payload": "Show me"})).json()
    seen = [(trace["type"], trace["payload"]) for trace in traces if trace["type"] in ("image", "carousel")]
    assert [name for name, _ in seen] == ["image", "carousel"]
    assert (seen[0][1]["url"], [card["title"] for card in seen[1][1]["cards"]]) == (url, ["Roadster", "Cargo"])
    assert tools_of(kind, house.server.asked[0])[-2:] == ["show_carousel", "show_image"]
    assert "does not allow the address" in results_of(kind, house.server.asked[1])[1]


async def test_a_long_result_is_cut_with_a_notice(kind: str, house: House) -> None:
    place = await house.agent(
        kind, (("list", {}),), "Many.", tools=[coded("list", "return 'bike '.repeat(20000)", parameters={})]
    )
    assert (await place.talker().say("All bikes"))[-1] == "Many."
    [result] = results_of(kind, house.server.asked[1])
    assert len(result) < 20_000
    assert "characters" in result


async def test_two_handoffs_are_made_in_a_turn_where_nothing_else_is_said(kind: str, house: House) -> None:
    exits = [{"id": "done", "description": "It is done."}]
    playbooks = [{"id": "help", "name": "Help", "description": "Helps.", "instructions": "Help.", "exits": exits}]
    over, back = (("handoff", {"playbookId": "help", "reason": "x"}),), (("take_exit", {"exitId": "done"}),)
    place = await house.agent(
        kind, over, back, over, back, "Enough.", playbooks=playbooks, **harness(allowedPlaybookIds=["help"])
    )
    assert (await place.talker().say("Help"))[-1] == "Enough."
    offered = ["handoff" in tools_of(kind, each) for each in house.server.asked]
    assert offered == [True, False, True, False, False]


async def test_an_answer_of_json_is_held_to_its_schema_and_mended_once(kind: str, house: House) -> None:
    schema = {"type": "object", "properties": {"day": {"type": "string"}}, "required": ["day"]}
    ask = step("ask", "prompt", prompt="Which day?", output="json", schema=schema, saveTo="found")
    flow = workflow(
        "main",
        ask,
        step("good", "message", text="On {{found.day}}."),
        step("bad", "message", text="No day."),
        wires="start > ask, ask > good, ask.error > bad",
    )
    house.script(kind, '{"day": 5}', '{"day": "Friday"}', "nothing", '{"day": 6}')
    place = await house.place(
        workflows=[flow], variables=[{"name": "found", "type": "object"}], behaviourConfig={"model": MODELS[kind]}
    )
    asked = house.server.asked
    assert await place.talker().say("Friday") == ["On Friday."]
    assert '"day"' in text_of(asked[0])
    assert "string" in text_of(asked[1])
    assert await place.talker().say("Sunday") == ["error BAD_ANSWER", "No day."]
    assert len(asked) == 4
