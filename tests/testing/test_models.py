"""What answers in place of models in a conversation test: the built-in one, or what the test says."""

from typing import Any

from conduet.testing.result import TestResult
from tests.engine.talk import line, step, workflow
from tests.testing.playing import LAUNCH, Object, case, played, say, turn

EXITS = [
    {"id": "done", "description": "The size is known.", "collects": ["size"]},
    {"id": "dropped", "description": "Never mind, I have changed my mind."},
]
AGENT = workflow(
    "main",
    step("ask", "agent", instructions="Find out which size it shall be.", exits=EXITS),
    step("thanks", "message", text="A size of {{size}}, then."),
    wires="start > ask, ask.done > thanks",
)
SIZE = [{"name": "size", "type": "number", "description": "Which size shall it be?"}]
TAKEN: Object = {"calls": [{"name": "take_exit", "arguments": {"exitId": "done", "size": 42}}]}


def talked(*turns: Object, mocks: Object | None = None, flow: Object = AGENT, **document: Any) -> TestResult:
    return played(case(*turns, mocks=mocks or {}), flow, variables=SIZE, **document)


def test_the_built_in_model_answers_where_no_other_is_named() -> None:
    turns = (
        turn(LAUNCH, {"contains": "Which size shall it be?"}),
        turn(say("44"), {"contains": "A size of 44, then."}),
    )
    assert talked(*turns).ok
    named: Object = {"model": ["openai:gone", "local:extractive"]}
    assert talked(*turns, behaviourConfig=named).ok


def test_the_built_in_model_says_the_same_every_time() -> None:
    first, again = (talked(turn(LAUNCH), turn(say("Well?"), {"contains": "nothing like it"})) for _ in range(2))
    assert first == again
    assert first.got != "no text"


def test_a_model_of_a_provider_is_never_asked_and_the_missing_mock_is_named() -> None:
    told = talked(turn(LAUNCH, {"contains": "x"}), behaviourConfig={"model": "openai:gpt-6.1-terra"})
    assert (told.turn, told.step_id, told.expected, told.got) == (
        1,
        "ask",
        "a mock for main/ask or ask or model",
        "a model is asked, which nothing answers in a test",
    )


def test_what_the_built_in_model_cannot_do_needs_a_mock() -> None:
    flow = line(step("write", "message", mode="generated", prompt="Greet the user."))
    told = talked(turn(LAUNCH, {"contains": "x"}), flow=flow)
    assert (told.expected, told.got) == (
        "a mock for main/write or write or model",
        "a model is asked, which nothing answers in a test",
    )
    assert talked(turn(LAUNCH, {"contains": "Good day"}), flow=flow, mocks={"write": "Good day."}).ok
    assert talked(turn(LAUNCH, {"contains": "Good day"}), flow=flow, mocks={"model": "Good day."}).ok


def test_an_agent_of_a_flow_is_mocked_by_its_step() -> None:
    for name in ("ask", "main/ask"):
        mocks: Object = {name: "What size?", "model": "No."}
        assert talked(turn(LAUNCH, {"contains": "What size?"}, {"notContains": "No."}), mocks=mocks).ok


def test_a_list_answers_one_call_after_the_other_over_the_turns() -> None:
    turns = (
        turn(LAUNCH, {"contains": "What size?"}),
        turn(say("The largest"), {"contains": "size of 42"}, {"variable": "size", "equals": 42}),
    )
    assert talked(*turns, mocks={"ask": ["What size?", TAKEN]}).ok
    assert talked(*turns, mocks={"model": ["What size?", TAKEN]}).ok


def test_a_list_that_is_used_up_is_red() -> None:
    told = talked(turn(LAUNCH), turn(say("44")), mocks={"ask": ["What size?"]})
    assert (told.turn, told.step_id, told.got) == (
        2,
        "ask",
        "The mock ask is a list of 1, and a model is asked once more, which nothing answers in a test",
    )


def test_a_playbook_is_mocked_by_its_step_too() -> None:
    flow = line(step("call", "playbook", playbookId="sizes"))
    playbook: Object = {"id": "sizes", "instructions": "Find out the size.", "exits": EXITS}
    collected: Object = {**TAKEN, "text": "I see."}
    assert talked(turn(LAUNCH, {"contains": "I see."}), flow=flow, playbooks=[playbook], mocks={"call": collected}).ok


def test_an_agentic_project_is_mocked_by_the_name_of_all_models() -> None:
    turns = (turn(say("Hi"), {"contains": "Hello!"}), turn(say("Bye"), {"contains": "See you."}))
    assert talked(*turns, framework="agentic", mocks={"model": ["Hello!", "See you."]}).ok
    told = talked(*turns, framework="agentic", behaviourConfig={"model": "openai:m"})
    assert (told.step_id, told.expected) == (None, "a mock for model")


def test_what_is_meant_is_understood_without_its_very_words() -> None:
    intents = [
        {"id": "book", "name": "book", "utterances": ["I want to rent a bike", "Can I borrow a bike?"]},
        {"id": "hours", "name": "hours", "utterances": ["When are you open?", "Are you open on Sundays?"]},
    ]
    flow = workflow(
        "main",
        step("what", "intent", text="What can I do?", intents=intents),
        step("booked", "message", text="A bike!"),
        wires="start > what, what.book > booked",
    )
    turns = (turn(LAUNCH), turn(say("could I hire one of your bikes tomorrow"), {"contains": "A bike!"}))
    assert talked(*turns, flow=flow).ok
