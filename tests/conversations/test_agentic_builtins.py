"""What an agent can do by itself, in every wire format: look up, show, hand over, give to a person, resolve."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from conduet.settings import Settings
from tests.conversations.agentic import House, Place, coded, harness, housing
from tests.conversations.agentic_wire import MODELS, results_of, text_of, tools_of
from tests.conversations.talking import told

pytestmark = pytest.mark.parametrize("kind", MODELS)
PRICE = coded("price", "return args.of.length")


@pytest.fixture(scope="module")
async def house(settings: Settings) -> AsyncIterator[House]:
    async with housing(settings.model_copy(update={"demo": False})) as house:
        yield house


async def flags(place: Place) -> tuple[bool, bool]:
    """Whether the conversation counts as resolved, and as escalated."""
    [found] = (await place.project.client.get("/api/v1/transcripts")).json()
    return found["resolved"], found["escalated"]


async def test_a_person_takes_over_and_the_model_is_asked_no_more(kind: str, house: House) -> None:
    place = await house.agent(kind, (("escalate", {"reason": "Wants a person."}),))
    ben = place.talker()
    heard = await ben.say("A person, please")
    assert heard == ["tool_call", "tool-call", "handoff", "escalation", "tool-call", "A person takes over from here."]
    assert await ben.say("Hello?") == []
    assert len(house.server.asked) == 1
    assert await flags(place) == (False, True)


async def test_a_matter_is_resolved_and_the_conversation_can_go_on(kind: str, house: House) -> None:
    place = await house.agent(kind, (("resolve", {"reason": "Paid."}),), "Goodbye.", "Hello again.")
    ben = place.talker()
    assert await ben.say("That is all") == ["tool_call", "tool-call", "resolution", "tool-call", "Goodbye."]
    assert await flags(place) == (True, False)
    assert await ben.say("Hi") == ["Hello again."]


async def learn(place: Place, content: str) -> None:
    """Puts a text into the project's knowledge base, and waits until it is found."""
    base = "/api/v1/knowledge-base"
    body = {"name": "Shop", "type": "text", "content": content}
    made = await place.project.client.post(base, json=body)
    assert made.status_code == 201, made.text
    async with asyncio.timeout(30):
        while True:
            if (await place.project.client.get(f"{base}/{made.json()['id']}")).json()["status"] == "ready":
                return
            await asyncio.sleep(0.02)


async def test_the_knowledge_base_is_searched_in_every_phase_once_there_is_one(kind: str, house: House) -> None:
    closed: list[dict[str, Any]] = [{"id": "only", "instructions": "Help.", "allowedToolIds": []}]
    place = await house.agent(kind, "I do not know.", tools=[PRICE], **harness(phases=closed, allowedToolIds=[]))
    ben = place.talker()
    await ben.say("May I send it back?")
    assert tools_of(kind, house.server.asked[0]) == ["escalate", "resolve"]
    await learn(place, "# Returns\n\nYou can send a bicycle back within 30 days.")
    house.script(kind, (("kb_search", {"query": "send a bicycle back"}),), "Within 30 days.")
    traces = (await ben.send({"type": "text", "payload": "May I send it back?"})).json()
    assert tools_of(kind, house.server.asked[0]) == ["kb_search", "escalate", "resolve"]
    assert told(traces) == ["tool_call", "tool-call", "knowledge", "tool-call", "Within 30 days."]
    found = next(trace["payload"] for trace in traces if trace["type"] == "knowledge")
    assert (found["query"], found["sources"][0]["name"]) == ("send a bicycle back", "Shop")
    assert "within 30 days" in results_of(kind, house.server.asked[1])[-1]


async def test_what_has_nothing_to_do_with_a_question_is_no_source_of_its_answer(kind: str, house: House) -> None:
    place = await house.agent(kind, (("kb_search", {"query": "rivers of Bolivia"}),), "I do not know that.")
    await learn(place, "# Opening hours\n\nThe workshop is open from Monday to Friday, from nine to six.")
    traces = (await place.talker().send({"type": "text", "payload": "Which rivers flow through Bolivia?"})).json()
    assert told(traces) == ["tool_call", "tool-call", "tool-call", "I do not know that."]
    assert "from nine to six" in results_of(kind, house.server.asked[1])[-1], "the model may see it nevertheless"


async def test_rich_messages_are_offered_where_they_are_asked_for_and_shown(kind: str, house: House) -> None:
    shown = (
        ("show_badge", {"text": "In stock", "tone": "ok"}),
        ("show_card", {"title": "Roadster", "buttons": [{"label": "Take it"}]}),
        ("show_buttons", {"buttons": ["Yes", "No"]}),
    )
    place = await house.agent(kind, shown, "Do you want it?")
    ben = place.talker()
    assert await ben.say("Show me") == [*["tool_call"] * 3, "Do you want it?"]
    assert tools_of(kind, house.server.asked[0]) == ["escalate", "resolve"]
    await place.save(**harness(uiBuiltins={"showBadge": True, "showCard": True, "showButtons": True}))
    house.script(kind, shown, "Do you want it?")
    traces = (await ben.send({"type": "text", "payload": "Show me"})).json()
    assert tools_of(kind, house.server.asked[0])[-3:] == ["show_buttons", "show_card", "show_badge"]
    seen = {trace["type"]: trace["payload"] for trace in traces}
    assert seen["badge"] == {"text": "In stock", "tone": "ok"}
    assert seen["card"]["title"] == "Roadster"
    assert told(traces)[-2:] == ["Do you want it?", "[Yes][No]"]


async def test_a_playbook_takes_over_returns_with_what_it_found_and_comes_only_so_often(
    kind: str, house: House
) -> None:
    booking = {
        "id": "booking",
        "name": "Booking",
        "description": "Books a bike.",
        "instructions": "Find out the day.",
        "exits": [{"id": "booked", "description": "The day is known.", "collects": ["day"]}],
    }
    over = ("handoff", {"playbookId": "booking", "reason": "Books."})
    place = await house.agent(
        kind,
        (over,),
        "Which day?",
        (("take_exit", {"exitId": "booked", "day": "Monday"}),),
        (over,),
        "Monday it is.",
        playbooks=[booking],
        variables=[{"name": "day", "type": "text"}],
        **harness(allowedPlaybookIds=["booking"], maxHandoffs=1),
    )
    ann, asked = place.talker(), house.server.asked
    assert await ann.say("A bike") == ["tool_call", "tool-call", "handoff", "tool-call", "Which day?"]
    assert tools_of(kind, asked[0]) == ["set_variables", "handoff", "escalate", "resolve"]
    assert tools_of(kind, asked[1]) == ["set_variables", "take_exit", "escalate"]
    assert "Find out the day." in text_of(asked[1])
    heard = await ann.say("Monday")
    taken, handed = ["tool_call", "tool-call", "tool-call"], ["tool_call", "tool-call", "handoff", "tool-call"]
    assert heard == [*taken, *handed, "Monday it is."]
    assert "handoff" in tools_of(kind, asked[3])
    assert "handoff" not in tools_of(kind, asked[4])
    assert (await ann.state())["variables"]["day"] == "Monday"
