"""Global intents and events: what goes before a waiting step's retry, and the way back to its question."""

from typing import Any

from conduet.engine.run import at_rest, knows_event
from tests.engine.talk import Talk, line, open_stack, step, workflow

ASK = step("ask", "buttons", text="Tea?", buttons=[{"id": "yes", "label": "Yes"}])
MAIN = workflow(
    "main", ASK, step("great", "message", text="Great."), step("what", "message", text="What?"),
    wires="start > ask, ask.yes > great, ask.noMatch > what",
)  # fmt: skip
HOURS = line(step("say", "message", text="Nine to five."), workflow_id="hours")
HELP = workflow(
    "help", step("which", "buttons", text="Help with what?", buttons=[{"id": "a", "label": "Bikes"}]),
    step("done", "message", text="Bikes have wheels."), wires="start > which, which.a > done",
)  # fmt: skip


def intent(name: str, workflow_id: str, *utterances: str, **more: Any) -> dict[str, Any]:
    return {"id": f"int_{name}", "name": name, "utterances": list(utterances), "workflowId": workflow_id, **more}


INTENTS = [intent("opening hours", "hours", "When are you open?"), intent("help", "help", "I need help")]


async def test_an_intent_is_tried_before_no_match_and_then_the_step_asks_again() -> None:
    talk = Talk(MAIN, HOURS, intents=INTENTS)
    await talk.launch()
    assert await talk.say("WHEN are you open") == ["Nine to five.", "Tea?", "[Yes]"]
    assert await talk.say("yes") == ["Great."]


async def test_an_intent_matches_by_its_name_too() -> None:
    talk = Talk(MAIN, HOURS, intents=INTENTS)
    await talk.launch()
    assert await talk.say("Opening hours!") == ["Nine to five.", "Tea?", "[Yes]"]


async def test_the_waiting_step_is_tried_before_the_intents() -> None:
    talk = Talk(MAIN, HOURS, intents=[intent("yes", "hours")])
    await talk.launch()
    assert await talk.say("yes") == ["Great."]


async def test_what_no_intent_means_goes_to_no_match() -> None:
    talk = Talk(MAIN, HOURS, intents=INTENTS)
    await talk.launch()
    assert await talk.say("blue") == ["What?"]


async def test_a_text_at_rest_is_tried_on_the_intents_first() -> None:
    talk = Talk(MAIN, HOURS, intents=INTENTS)
    assert await talk.say("when are you open") == ["Nine to five."]
    assert at_rest(talk.state)
    assert await talk.say("blue") == ["Tea?", "[Yes]"]


async def test_an_unknown_button_is_the_text_of_its_label_for_intents_too() -> None:
    talk = Talk(MAIN, HOURS, intents=INTENTS)
    await talk.launch()
    assert await talk.press("Opening hours", "old_button") == ["Nine to five.", "Tea?", "[Yes]"]


async def test_a_local_intent_is_only_known_inside_its_workflow() -> None:
    talk = Talk(MAIN, HELP, intents=[intent("more", "help", local=True), intent("help", "help")])
    await talk.launch()
    assert await talk.say("more") == ["What?"]
    await talk.say("help")
    assert await talk.say("more") == ["Help with what?", "[Bikes]"]


async def test_the_first_intent_that_may_be_meant_is_taken() -> None:
    talk = Talk(MAIN, HELP, HOURS, intents=[intent("it", "help", local=True), intent("It!", "hours")])
    await talk.launch()
    assert await talk.say("it") == ["Nine to five.", "Tea?", "[Yes]"]


async def test_a_digression_may_wait_itself() -> None:
    talk = Talk(MAIN, HELP, intents=INTENTS)
    await talk.launch()
    assert await talk.say("help") == ["Help with what?", "[Bikes]"]
    assert await talk.say("bikes") == ["Bikes have wheels.", "Tea?", "[Yes]"]
    assert await talk.say("yes") == ["Great."]


async def test_digressions_lie_within_each_other() -> None:
    talk = Talk(MAIN, HOURS, HELP, intents=INTENTS)
    await talk.launch()
    await talk.say("help")
    assert await talk.say("opening hours") == ["Nine to five.", "Help with what?", "[Bikes]"]


async def test_a_digression_that_is_open_already_begins_anew_instead_of_piling_up() -> None:
    talk = Talk(MAIN, HELP, intents=INTENTS)
    await talk.launch()
    for _ in range(100):
        assert await talk.say("help") == ["Help with what?", "[Bikes]"]
    assert len(open_stack(talk)) == 2


async def test_the_outermost_question_is_forgotten_where_too_much_is_open() -> None:
    helps = [HELP | {"id": f"help{number}"} for number in range(70)]
    talk = Talk(MAIN, *helps, intents=[intent(f"help{number}", f"help{number}") for number in range(70)])
    await talk.launch()
    for number in range(70):
        assert await talk.say(f"help{number}") == ["Help with what?", "[Bikes]"]
    assert len(open_stack(talk)) <= 64
    answered = 0
    while await talk.say("bikes") != ["Bikes have wheels."]:
        answered += 1
    assert answered == 62
    assert at_rest(talk.state)


async def test_an_event_starts_its_workflow_and_the_waiting_step_asks_again() -> None:
    paid = line(
        step("say", "message", text="Paid {{sys.event.payload.amount}} ({{sys.event.name}})."), workflow_id="paid"
    )
    talk = Talk(MAIN, paid, events=[{"name": "payment", "workflowId": "paid"}])
    assert await talk.act("event", {"name": "payment", "payload": {"amount": 5}}) == ["Paid 5 (payment)."]
    await talk.launch()
    assert await talk.act("event", {"name": "payment", "payload": {"amount": 7}}) == [
        "Paid 7 (payment).",
        "Tea?",
        "[Yes]",
    ]


async def test_the_last_event_is_known_in_later_turns() -> None:
    asks = workflow(
        "asks", ASK, step("say", "message", text="{{sys.event.payload}}"), wires="start > ask, ask.yes > say"
    )
    talk = Talk(asks, events=[{"name": "e", "workflowId": "asks"}])
    await talk.act("event", {"name": "e", "payload": "kept"})
    assert await talk.say("yes") == ["kept"]


async def test_an_unknown_event_is_an_error_and_the_step_asks_again() -> None:
    talk = Talk(MAIN)
    await talk.launch()
    assert await talk.act("event", {"name": "nothing"}) == ["error UNKNOWN_EVENT", "Tea?", "[Yes]"]


async def test_an_event_without_its_workflow_is_an_error() -> None:
    talk = Talk(MAIN, events=[{"name": "e", "workflowId": "gone"}])
    assert await talk.act("event", {"name": "e"}) == ["error UNKNOWN_WORKFLOW"]


async def test_end_in_a_digression_ends_the_conversation() -> None:
    stop = line(step("end", "end", text="Bye."), workflow_id="stop")
    talk = Talk(MAIN, stop, intents=[intent("stop", "stop")])
    await talk.launch()
    assert await talk.say("stop") == ["Bye.", "end"]
    assert at_rest(talk.state)


async def test_a_jump_out_of_a_digression_comes_back_to_the_question_all_the_same() -> None:
    jump = line(step("go", "workflow", workflowId="hours", mode="jump"), workflow_id="jump")
    talk = Talk(MAIN, HOURS, jump, intents=[intent("jump", "jump")])
    await talk.launch()
    assert await talk.say("jump") == ["Nine to five.", "Tea?", "[Yes]"]


async def test_an_intent_whose_workflow_is_gone_is_no_intent() -> None:
    talk = Talk(MAIN, intents=[intent("gone", "gone")])
    await talk.launch()
    assert await talk.say("gone") == ["What?"]


def test_the_caller_can_ask_which_events_there_are() -> None:
    document = Talk(MAIN, events=[{"name": "paid", "workflowId": "main", "client": True}]).document
    event = knows_event(document, "paid")
    assert event is not None
    assert event.client
    assert knows_event(document, "gone") is None
