"""The step `handoff`: a person takes over, the agent is silent, and the flow goes on when it is handed back."""

from conduet.engine.check import check
from conduet.engine.run import at_rest, hand_back, is_silent, rest
from conduet.engine.trace import Escalation, Handoff
from tests.agents.obeying import speaking
from tests.engine.talk import Talk, compiled, line, step, workflow

ASK = step("ask", "buttons", text="More?", buttons=[{"id": "yes", "label": "Yes"}])
MAIN = workflow(
    "main",
    step("hand", "handoff", target="Workshop", reason="{{name}} is stuck"),
    step("back", "message", text="I am back. You said: {{sys.lastUserMessage}}"),
    ASK,
    wires="start > hand, hand > back, back > ask",
)
NAMES = [{"name": "name", "default": "Ann"}]


async def test_it_tells_who_takes_over_and_why() -> None:
    talk = Talk(MAIN, variables=NAMES)
    assert await talk.launch() == ["handoff to Workshop: Ann is stuck", "escalation"]
    assert talk.seen == [Handoff("Workshop", "Ann is stuck"), Escalation("Ann is stuck")]
    assert is_silent(talk.state)
    assert not at_rest(talk.state)


async def test_without_words_of_its_own_it_says_that_a_person_takes_over() -> None:
    await (talk := Talk(line(step("hand", "handoff")))).launch()
    assert talk.seen[0] == Handoff("person", "The flow hands over to a person.")


async def test_the_agent_is_silent_whatever_happens() -> None:
    talk = Talk(MAIN, variables=NAMES, events=[{"name": "paid", "workflowId": "main"}])
    await talk.launch()
    before = talk.state
    assert await talk.say("hello?") == []
    assert await talk.launch() == []
    assert await talk.act("event", {"name": "paid"}) == []
    assert await talk.press("Yes") == []
    assert talk.state == before


async def test_handed_back_the_flow_goes_on_behind_it_with_the_next_words() -> None:
    talk = Talk(MAIN, variables=NAMES)
    await talk.launch()
    assert hand_back(talk.state)
    assert await talk.say("thanks") == ["I am back. You said: thanks", "More?", "[Yes]"]
    assert not is_silent(talk.state)


async def test_handed_back_a_launch_goes_on_too() -> None:
    talk = Talk(MAIN, variables=NAMES)
    await talk.launch()
    hand_back(talk.state)
    assert await talk.launch() == ["I am back. You said: ", "More?", "[Yes]"]


async def test_handed_back_with_nothing_behind_it_the_next_words_begin_anew() -> None:
    main = workflow("main", ASK, step("hand", "handoff"), wires="start > ask, ask.yes > hand")
    hours = line(step("say", "message", text="Nine to five."), workflow_id="hours")
    talk = Talk(main, hours, intents=[{"id": "i", "name": "hours", "workflowId": "hours"}])
    await talk.launch()
    await talk.say("yes")
    hand_back(talk.state)
    assert await talk.say("hours") == ["Nine to five."]
    assert await talk.say("hi") == ["More?", "[Yes]"]


async def test_handed_back_in_a_digression_the_question_is_asked_again() -> None:
    main = workflow("main", ASK, wires="start > ask")
    help_ = line(step("hand", "handoff"), workflow_id="help")
    talk = Talk(main, help_, intents=[{"id": "i", "name": "help", "workflowId": "help"}])
    await talk.launch()
    await talk.say("help")
    hand_back(talk.state)
    assert await talk.say("ok") == ["More?", "[Yes]"]


async def test_an_event_after_it_is_handed_back_is_a_digression() -> None:
    paid = line(step("say", "message", text="Paid."), workflow_id="paid")
    talk = Talk(MAIN, paid, variables=NAMES, events=[{"name": "paid", "workflowId": "paid"}])
    await talk.launch()
    hand_back(talk.state)
    assert await talk.act("event", {"name": "paid"}) == ["Paid.", "I am back. You said: ", "More?", "[Yes]"]


async def test_a_person_keeps_a_conversation_that_is_idle() -> None:
    talk = Talk(MAIN, variables=NAMES)
    await talk.launch()
    rest(talk.state)
    assert await talk.say("hello?") == []
    hand_back(talk.state)
    assert (await talk.say("hello?"))[0].startswith("handoff")


async def test_nothing_is_handed_back_that_nobody_has() -> None:
    talk = Talk(MAIN, variables=NAMES)
    assert not hand_back(talk.state)


def test_a_template_that_reads_nothing_is_a_problem() -> None:
    (problem,) = check(compiled(line(step("hand", "handoff", reason="{{gone}}"))))
    assert (problem.code, problem.path) == ("UNKNOWN_VARIABLE", "workflows[0].steps[1].config.reason")


async def test_a_summary_goes_along_where_one_is_wanted_and_a_model_writes_it() -> None:
    main = line(step("a", "message", text="Yes?"), step("hand", "handoff", reason="Stuck", summary=True))
    async with speaking("The user wants a bike.") as world:
        await (talk := Talk(main, context=world)).say("A bike!")
        assert Handoff("person", "Stuck", "The user wants a bike.") in talk.seen
        assert "User: A bike!" in world.prompt()
    await (talk := Talk(main)).say("A bike!")
    assert Handoff("person", "Stuck") in talk.seen
