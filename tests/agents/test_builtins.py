"""The tools that an agent has of its own, each offered where it makes sense."""

from typing import Any

import pytest

from conduet.agents.agent import step_agent
from conduet.agents.stage import Answered, Approving, Exited, HandedOver
from conduet.engine.shape import Exit
from tests.agents.talking import MAIN, Chat, calling, tool
from tests.engine.talk import compiled

BOOKING: dict[str, Any] = {
    "id": "booking",
    "name": "Booking",
    "description": "Books a bike.",
    "instructions": "Find out the day.",
    "inputs": ["model"],
    "exits": [{"id": "booked", "description": "The day is known.", "collects": ["day"]}],
}
VARIABLES: list[dict[str, Any]] = [{"name": "day"}, {"name": "days", "type": "number"}]
GOING = ("handoff", {"playbookId": "booking", "reason": "Wants a bike.", "inputs": {"model": "Roadster"}})
LEAVING = ("take_exit", {"exitId": "booked", "day": "Monday"})


def chat(*script: Any, playbook: dict[str, Any] = BOOKING, **harness: Any) -> Chat:
    config = {"allowedPlaybookIds": ["booking"], **harness}
    return Chat(*script, harness=config, playbooks=[playbook], variables=VARIABLES)


async def test_without_variables_playbooks_phases_and_exits_little_is_offered() -> None:
    talk = Chat("Hi.")
    await talk.say("Hi")
    assert talk.tools() == ["escalate", "resolve"]


async def test_a_variable_of_the_wrong_type_keeps_its_value_and_the_model_is_told() -> None:
    talk = chat(calling(("set_variables", {"sys.language": "x"})), "Hm.")
    await talk.say("Hi")
    assert "Wrong arguments" in str(talk.requests[-1].messages[-1])


async def test_a_playbook_takes_over_and_returns_with_what_it_collected() -> None:
    talk = chat(calling(GOING), "Which day?", calling(LEAVING), "Booked for Monday.")
    traces = await talk.say("I want a Roadster")
    assert traces[2] == ["handoff", {"target": "Booking", "reason": "Wants a bike."}]
    assert traces[-1] == ["text", {"message": "Which day?"}]
    assert "Find out the day." in talk.system()
    assert '<data from="inputs">{"model":"Roadster"}</data>' in talk.words()
    assert talk.tools() == ["set_variables", "take_exit", "escalate"]
    await talk.say("Monday")
    assert talk.variables["day"] == "Monday"
    assert '{"exit":"booked","collected":{"day":"Monday"}}' in str(talk.requests[-1].messages[-1])
    assert "Find out the day." not in talk.system()
    assert "The playbook `Booking` is done: it took its exit `booked`." in talk.debug


async def test_an_exit_needs_what_it_collects_but_takes_what_is_known() -> None:
    bare = ("take_exit", {"exitId": "booked"})
    talk = chat(calling(GOING), calling(bare), "Which day?", calling(bare), "Booked.")
    await talk.say("A bike")
    assert "needs 'day'" in str(talk.requests[2].messages[-1])
    talk.state.variables["day"] = "Friday"
    await talk.say("It is Friday")
    assert '"collected":{"day":"Friday"}' in str(talk.requests[-1].messages[-1])


async def test_handoffs_are_bounded_in_a_turn() -> None:
    again = [calling(GOING), calling(LEAVING)]
    talk = chat(*again, *again, "Enough.", maxHandoffs=2)
    await talk.say("A bike")
    assert "handoff" in talk.tools(2)
    assert "handoff" not in talk.tools(4)


async def test_a_playbook_without_exits_gives_back_after_its_answer() -> None:
    talk = chat(calling(GOING), "Here is how.", "Mine again.", playbook={**BOOKING, "exits": []})
    await talk.say("How?")
    await talk.say("Thanks")
    assert "Find out the day." in talk.system(1)
    assert "Find out the day." not in talk.system(2)


async def test_a_playbook_that_is_gone_has_nothing_any_more() -> None:
    talk = chat(calling(GOING), "Which day?", "Mine.")
    await talk.say("A bike")
    gone = Chat("Mine.")
    gone.memory = talk.memory
    await gone.say("Hi")
    assert "Find out the day." not in gone.system()


async def test_a_person_takes_over_with_a_word_to_the_user() -> None:
    talk = chat(calling(("escalate", {"reason": "Wants a person."})))
    traces = await talk.say("A person!")
    assert [kind for kind, _ in traces] == ["tool_call", "tool-call", "handoff", "escalation", "tool-call", "text"]
    assert isinstance(talk.outcome, HandedOver)


async def test_a_matter_is_resolved_and_the_model_says_goodbye() -> None:
    talk = chat(calling(("resolve", {"reason": "Knows the price."})), "Bye!")
    traces = await talk.say("Thanks")
    assert ["resolution", {"reason": "Knows the price."}] in traces
    assert isinstance(talk.outcome, Answered)


async def test_the_agent_of_a_step_ends_by_its_exits() -> None:
    document = compiled(variables=VARIABLES)
    exits = (Exit(id="chosen", description="The user has chosen.", collects=("days",)),)
    agent = step_agent(
        document.facts,
        server=MAIN,
        instructions="Help.",
        model=None,
        tool_ids=(),
        playbook_ids=(),
        exits=exits,
        max_rounds=8,
    )
    talk = Chat(
        "How many days?",
        calling(("take_exit", {"exitId": "chosen", "days": "3"})),
        variables=VARIABLES,
        agent=agent,
    )
    await talk.say("Hi")
    assert isinstance(talk.outcome, Answered)
    await talk.say("Three")
    assert talk.outcome == Exited("chosen", {"days": 3})


RICH = ["showButtons", "showCard", "showCarousel", "showBadge", "showImage"]
HERE = "https://shop.example/a"


SHOWN: list[tuple[str, dict[str, Any], list[Any]]] = [
    ("show_badge", {"text": "Sent", "tone": "ok"}, ["badge", {"text": "Sent", "tone": "ok"}]),
    ("show_badge", {"text": "Sent"}, ["badge", {"text": "Sent"}]),
    ("show_image", {"url": HERE, "alt": "A"}, ["image", {"url": HERE, "alt": "A"}]),
    (
        "show_buttons",
        {"buttons": ["Yes"]},
        ["buttons", {"buttons": [{"id": "button1", "label": "Yes", "value": "Yes"}]}],
    ),
    (
        "show_card",
        {"title": "T", "url": HERE, "buttons": [{"label": "Go", "url": HERE}]},
        [
            "card",
            {
                "title": "T",
                "url": HERE,
                "buttons": [{"id": "button1", "label": "Go", "value": "Go", "url": HERE}],
            },
        ],
    ),
    ("show_carousel", {"cards": [{"title": "T"}]}, ["carousel", {"cards": [{"title": "T", "buttons": []}]}]),
]


@pytest.mark.parametrize(("name", "args", "trace"), SHOWN)
async def test_what_can_be_shown(name: str, args: dict[str, Any], trace: list[Any]) -> None:
    talk = Chat(
        calling((name, args)), "There.", harness={"uiBuiltins": RICH}, behaviour={"allowedHosts": ["shop.example"]}
    )
    assert trace in await talk.say("Show me")
    assert talk.tools()[2:] == ["show_buttons", "show_card", "show_carousel", "show_badge", "show_image"]


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("show_image", {"url": "https://evil.example/?d=secret", "alt": "A"}),
        ("show_card", {"title": "T", "imageUrl": "https://evil.example/?d=secret"}),
        ("show_carousel", {"cards": [{"title": "T", "buttons": [{"label": "Go", "url": "javascript:x"}]}]}),
    ],
)
async def test_nothing_of_another_host_is_shown(name: str, args: dict[str, Any]) -> None:
    talk = Chat(calling((name, args)), "Sorry.", harness={"uiBuiltins": RICH})
    assert [kind for kind, _ in await talk.say("Show me")] == ["tool_call", "tool-call", "tool-call", "text"]
    assert "does not allow the address" in str(talk.requests[-1].messages[-1])


async def test_what_spells_the_type_of_a_variable_becomes_it() -> None:
    variables = [{"name": "days", "type": "number"}, {"name": "all", "type": "list"}, {"name": "zip"}]
    talk = Chat(calling(("set_variables", {"days": "3", "all": "[1]", "zip": 8010})), "So.", variables=variables)
    await talk.say("Three")
    assert talk.variables == {"days": 3, "all": [1], "zip": "8010"}


async def test_what_does_not_fit_into_the_variables_is_told() -> None:
    talk = chat(calling(("set_variables", {"day": "x" * 300_000})), "Too long.")
    traces = await talk.say("Hi")
    assert [payload["code"] for kind, payload in traces if kind == "error"] == ["VARIABLES_TOO_LARGE"]
    assert "`day` keeps its value" in str(talk.requests[-1].messages[-1])


async def test_an_exit_takes_nothing_that_does_not_fit() -> None:
    exits = [{"id": "booked", "collects": ["days"]}]
    wrong = ("take_exit", {"exitId": "booked", "days": "many"})
    talk = chat(calling(GOING), calling(wrong), "How many?", playbook={**BOOKING, "exits": exits})
    await talk.say("A bike")
    assert "`days` keeps its value: expected a number" in str(talk.requests[-1].messages[-1])


async def test_buttons_come_under_the_answer() -> None:
    talk = Chat(calling(("show_buttons", {"buttons": ["Yes", "No"]})), "Shall I?", harness={"uiBuiltins": RICH})
    assert [kind for kind, _ in await talk.say("Hi")][-2:] == ["text", "buttons"]


async def test_an_agent_does_not_leave_a_call_that_waits() -> None:
    both = calling(("take_exit", {"exitId": "out"}), ("pay", {}))
    agent = step_agent(
        compiled().facts,
        server=MAIN,
        instructions="Help.",
        model=None,
        tool_ids=["pay"],
        playbook_ids=(),
        exits=(Exit(id="out"),),
        max_rounds=8,
    )
    talk = Chat(both, tools=[tool("pay", approval="user")], agent=agent)
    await talk.say("Pay and leave")
    assert isinstance(talk.outcome, Approving)
