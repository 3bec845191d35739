"""The harness in every wire format, over HTTP: tools, phases, bounds, and what the model is shown."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from conduet.kit.clock import now
from conduet.settings import Settings
from tests.conversations.agentic import House, coded, harness, housing
from tests.conversations.agentic_wire import MODELS, model_of, results_of, text_of, tools_of
from tests.conversations.talking import told
from tests.engine.talk import step, workflow

pytestmark = pytest.mark.parametrize("kind", MODELS)
PRICE, STOCK, PAY = coded("price", "return args.of.length"), coded("stock", "throw 1"), coded("pay", "return 'paid'")
PHASES = [
    {
        "id": "greet",
        "instructions": "Find out the name.",
        "allowedToolIds": ["price", "stock"],
        "exit": {"expression": "name", "to": "sell"},
    },
    {"id": "sell", "instructions": "Take the money.", "allowedToolIds": ["pay"], "buttons": ["By card"]},
]
NAME = [{"name": "name", "type": "text"}]


@pytest.fixture(scope="module")
async def house(settings: Settings) -> AsyncIterator[House]:
    async with housing(settings.model_copy(update={"demo": False})) as house:
        yield house


async def test_tools_run_side_by_side_and_a_phase_gives_way_to_the_next(kind: str, house: House) -> None:
    place = await house.agent(
        kind,
        (("set_variables", {"name": "Ann"}), ("price", {"of": "Roadster"}), ("stock", {"of": "Cargo"})),
        "Eight euros, Ann.",
        (("pay", {"of": "Roadster"}),),
        "Thank you.",
        tools=[PRICE, STOCK, PAY],
        variables=NAME,
        behaviourConfig={"persona": "You are Ben of the bike shop.", "agentHarness": {"phases": PHASES}},
    )
    ann, asked = place.talker(), house.server.asked
    traces = (await ann.send({"type": "text", "payload": "I am Ann"})).json()
    assert told(traces) == [*["tool_call", "tool-call", "tool-call"] * 3, "phase", "Eight euros, Ann.", "[By card]"]
    assert [trace["payload"]["ok"] for trace in traces if trace["payload"].get("phase") == "end"] == [True, True, False]
    assert tools_of(kind, asked[0]) == ["price", "stock", "set_variables", "escalate", "resolve"]
    assert "You are Ben of the bike shop." in text_of(asked[0])
    assert "Find out the name." in text_of(asked[0])
    assert tools_of(kind, asked[1])[0] == "pay"
    assert "Take the money." in text_of(asked[1])
    assert "Find out the name." not in text_of(asked[1])
    set_up, price, stock = results_of(kind, asked[1])
    assert (set_up, "8" in price, "CODE_FAILED" in stock) == ("Set: name.", True, True)
    assert (await ann.state())["variables"]["name"] == "Ann"
    assert (await ann.say("By card"))[-2:] == ["Thank you.", "[By card]"]
    assert "paid" in results_of(kind, asked[3])[-1]
    again = await ann.client.post(ann.path(f"turns/{ann.turn_id}/replay"), json={})
    assert (again.status_code, again.json()["differences"], len(asked)) == (200, [], 4)


async def test_a_tool_that_the_phase_does_not_allow_is_refused_and_the_model_goes_on(kind: str, house: House) -> None:
    place = await house.agent(
        kind,
        (("pay", {"of": "Roadster"}),),
        "First your name, please.",
        tools=[PRICE, STOCK, PAY],
        variables=NAME,
        **harness(phases=PHASES),
    )
    assert await place.talker().say("I pay") == ["tool_call", "First your name, please."]
    [refused] = results_of(kind, house.server.asked[1])
    assert refused.startswith("There is no tool of that name here. There are: price, stock, set_variables")


BOUNDS: list[tuple[dict[str, Any], str, int, str]] = [
    ({"agentHarness": {"maxRounds": 2}}, "MAX_ROUNDS", 2, "I could not finish this in one go."),
    ({"agentHarness": {"maxToolCalls": 3}}, "MAX_TOOL_CALLS", 2, "I could not finish this in one go."),
    ({"budget": {"perTurnTokens": 31}}, "TOKEN_BUDGET", 3, "This is more than I can take on at once."),
    ({}, "TURN_TIMED_OUT", 2, "This takes me too long just now."),
]


@pytest.mark.parametrize(("behaviour", "code", "rounds", "said"), BOUNDS, ids=[each[1] for each in BOUNDS])
async def test_a_bound_ends_the_turn_with_a_sentence_and_an_error(
    kind: str,
    behaviour: dict[str, Any],
    code: str,
    rounds: int,
    said: str,
    house: House,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = (("price", {"of": "a"}), ("price", {"of": "b"}))
    place = await house.agent(kind, calls, tools=[PRICE], behaviourConfig=behaviour)
    ben = place.talker()
    with monkeypatch.context() as patch:
        if code == "TURN_TIMED_OUT":
            patch.setattr("conduet.conversations.context.now", lambda: later(len(house.server.asked)))
        heard = await ben.say("What does it cost?")
    assert heard[-1] == f"error {code}"
    assert heard[-2].startswith(said)
    assert len(house.server.asked) == rounds
    house.script(kind, "Two euros.")
    assert await ben.say("And now?") == ["Two euros."]
    assert len(results_of(kind, house.server.asked[0])) == 2 * rounds


def later(rounds: int) -> datetime:
    """The clock when each answer of a model has taken a minute."""
    return now() + timedelta(minutes=rounds)


async def test_the_model_goes_on_to_a_phase_in_words_and_that_phase_has_its_own_model(kind: str, house: House) -> None:
    phases = [
        {"id": "greet", "exit": {"description": "The user wants to buy.", "to": "sell"}},
        {"id": "sell", "instructions": "Take the money.", "model": f"{MODELS[kind]}-large"},
    ]
    place = await house.agent(kind, (("advance_phase", {"to": "sell"}),), "How do you pay?", **harness(phases=phases))
    asked = house.server.asked
    heard = await place.talker().say("I take it")
    assert heard == ["tool_call", "tool-call", "phase", "tool-call", "How do you pay?"]
    assert "Call advance_phase as soon as one of these is so:" in text_of(asked[0])
    assert tools_of(kind, asked[0]) == ["advance_phase", "escalate", "resolve"]
    assert tools_of(kind, asked[1]) == ["escalate", "resolve"]
    assert [model_of(kind, each) for each in asked] == ["m", "m-large"]


async def test_a_mistake_goes_back_to_the_model_and_a_call_that_failed_is_not_made_twice(
    kind: str, house: House
) -> None:
    parameters = {"type": "object", "properties": {"of": {"type": "string"}}, "required": ["of"]}
    stock = coded("stock", "throw new Error('closed')", parameters=parameters)
    wrong, right = (("stock", {"off": "Cargo"}),), (("stock", {"of": "Cargo"}),)
    place = await house.agent(kind, wrong, right, right, "I cannot tell.", tools=[stock])
    heard = await place.talker().say("Any left?")
    assert heard[-1] == "I cannot tell."
    mistaken, failed, repeated = results_of(kind, house.server.asked[3])
    assert "`stock` cannot take this" in mistaken
    assert "CODE_FAILED" in failed
    assert repeated.startswith("Not run: this very call has failed already.")


async def test_an_agent_in_a_flow_leaves_by_its_exit_with_what_it_found_out(kind: str, house: House) -> None:
    exits = [{"id": "known", "description": "The day is known.", "collects": ["day"]}]
    flow = workflow(
        "main",
        step("ask", "agent", instructions="Find out the day.", toolIds=["price"], exits=exits),
        step("done", "message", text="Booked for {{day}}."),
        wires="start > ask, ask.known > done",
    )
    house.script(
        kind, (("price", {"of": "Cargo"}),), "Which day?", (("take_exit", {"exitId": "known", "day": "Friday"}),)
    )
    place = await house.place(
        workflows=[flow],
        tools=[PRICE, PAY],
        variables=[{"name": "day", "type": "text"}],
        behaviourConfig={"model": MODELS[kind]},
    )
    ann, asked = place.talker(), house.server.asked
    assert await ann.say("A bike") == ["tool_call", "tool-call", "tool-call", "Which day?"]
    assert tools_of(kind, asked[0]) == ["price", "set_variables", "take_exit", "escalate"]
    assert await ann.say("Friday") == ["tool_call", "tool-call", "tool-call", "Booked for Friday."]
    assert len(asked) == 3


async def test_a_picture_that_the_user_sends_reaches_the_model(kind: str, house: House) -> None:
    place = await house.agent(kind, "A bicycle.")
    picture = {"url": "https://shop.example/bike.jpg", "mimeType": "image/jpeg"}
    assert await place.talker().act({"type": "media", "payload": picture}) == ["A bicycle."]
    assert "https://shop.example/bike.jpg" in text_of(house.server.asked[0])


async def test_the_model_sees_the_variables_that_are_chosen_for_it(kind: str, house: House) -> None:
    variables = [
        {"name": "city", "type": "text", "default": "Cork"},
        {"name": "wish", "type": "text", "default": "Roadster"},
        {"name": "mail", "type": "text", "default": "ann@mail.example", "pii": True},
    ]
    place = await house.agent(kind, "Hello.", variables=variables)

    async def shown() -> set[str]:
        """The values that the model is told."""
        house.server.asked.clear()
        await place.talker().say("Hi")
        told_so = text_of(house.server.asked[0])
        return {value for value in ("Cork", "Roadster", "ann@mail.example", "[known, not shown]") if value in told_so}

    assert await shown() == {"Cork", "Roadster", "ann@mail.example"}
    await place.save(behaviourConfig={"guard": {"personalData": "mask"}})
    assert await shown() == {"Cork", "Roadster", "[known, not shown]"}
    await place.save(**harness(snapshotKeys=["city"]))
    assert await shown() == {"Cork"}
    await place.save(**harness(phases=[{"id": "a", "snapshotKeys": ["wish"]}, {"id": "b"}]))
    assert await shown() == {"Roadster"}
