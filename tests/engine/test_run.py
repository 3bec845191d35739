"""A turn from action to traces: resting, launching, waiting, ending, and what keeps it in bounds."""

from typing import Any

import pytest

from conduet.engine.run import at_rest, rest
from conduet.engine.state import State
from tests.engine.talk import FakeContext, Talk, line, step, workflow

ASK = step("ask", "buttons", text="Tea?", buttons=[{"id": "yes", "label": "Yes!"}, {"id": "no", "label": "No"}])
TEA = workflow(
    "main",
    step("hello", "message", text="Hello."),
    ASK,
    step("great", "message", text="Great."),
    step("bye", "end", text="Bye.", resolved=True),
    wires="start > hello, hello > ask, ask.yes > great, ask.no > bye",
)


async def test_launch_starts_the_primary_workflow_and_waits_at_the_first_question() -> None:
    talk = Talk(TEA)
    assert await talk.launch() == ["Hello.", "Tea?", "[Yes!] [No]"]
    assert not at_rest(talk.state)


async def test_launch_while_a_step_waits_shows_its_question_again_and_changes_nothing() -> None:
    talk = Talk(TEA)
    await talk.launch()
    before = talk.state
    assert await talk.launch() == ["Tea?", "[Yes!] [No]"]
    assert talk.state == before


async def test_an_answer_goes_on_from_where_the_flow_stands() -> None:
    talk = Talk(TEA)
    await talk.launch()
    assert await talk.say("yes") == ["Great."]


async def test_an_unconnected_port_puts_the_conversation_at_rest_and_the_next_message_starts_again() -> None:
    talk = Talk(TEA)
    await talk.launch()
    await talk.say("yes")
    assert at_rest(talk.state)
    assert await talk.say("yes") == ["Hello.", "Tea?", "[Yes!] [No]"]


async def test_the_text_that_starts_a_workflow_is_no_answer_to_its_first_question() -> None:
    talk = Talk(TEA)
    assert await talk.say("yes") == ["Hello.", "Tea?", "[Yes!] [No]"]
    assert not at_rest(talk.state)


async def test_end_ends_the_conversation_and_the_next_launch_starts_again() -> None:
    talk = Talk(TEA)
    await talk.launch()
    assert await talk.say("no") == ["Bye.", "resolved", "end"]
    assert at_rest(talk.state)
    assert await talk.launch() == ["Hello.", "Tea?", "[Yes!] [No]"]


async def test_variables_outlive_the_end_of_a_flow() -> None:
    talk = Talk(line(step("set", "set", assignments=[{"variable": "n", "expression": "n + 1"}])), variables=[counter()])
    await talk.launch()
    await talk.launch()
    assert talk.variables == {"n": 2}


async def test_media_at_rest_starts_the_primary_workflow() -> None:
    assert await Talk(TEA).act("media", {"url": "https://a.example/x.png", "mimeType": "image/png"}) == [
        "Hello.",
        "Tea?",
        "[Yes!] [No]",
    ]


async def test_media_is_no_match_for_a_step_that_waits() -> None:
    talk = Talk(
        workflow("main", ASK, step("sorry", "message", text="Words, please."), wires="start>ask, ask.noMatch>sorry")
    )
    await talk.launch()
    assert await talk.act("media", {"url": "https://a.example/x.png"}) == ["Words, please."]


async def test_the_primary_workflow_is_the_one_that_says_so_else_the_first() -> None:
    first = line(step("m", "message", text="first"), workflow_id="first")
    second = line(step("m", "message", text="second"), workflow_id="second")
    assert await Talk(first, second).launch() == ["first"]
    assert await Talk(first, second | {"primary": True}).launch() == ["second"]


async def test_a_turn_ends_after_500_steps_with_an_error_and_the_session_is_kept() -> None:
    round_and_round = workflow(
        "main",
        ASK,
        step("count", "set", assignments=[{"variable": "n", "expression": "n + 1"}]),
        step("more", "set", assignments=[{"variable": "n", "expression": "n + 1"}]),
        wires="start > ask, ask.yes > count, count > more, more > count",
    )
    talk = Talk(round_and_round, variables=[counter()])
    await talk.launch()
    assert await talk.say("yes") == ["error TOO_MANY_STEPS"]
    assert talk.variables == {"n": 499}
    assert await talk.launch() == ["Tea?", "[Yes!] [No]"]


async def test_500_steps_are_not_too_many() -> None:
    steps = [step(f"s{number}", "set", assignments=[{"variable": "n", "expression": "n + 1"}]) for number in range(499)]
    talk = Talk(line(*steps), variables=[counter()])
    assert await talk.launch() == []
    assert talk.variables == {"n": 499}


@pytest.mark.parametrize("framework", ["agentic", "outbound"])
async def test_a_project_that_needs_a_model_answers_with_one_sentence(framework: str) -> None:
    talk = Talk(TEA, framework=framework)
    sentence, error = await talk.say("hello")
    assert sentence.startswith("I cannot answer just now")
    assert error == "error MODEL_NOT_CONFIGURED"
    assert at_rest(talk.state)


async def test_a_project_without_a_workflow_says_so() -> None:
    assert await Talk().launch() == ["error NO_WORKFLOW"]


async def test_a_workflow_without_a_start_says_so() -> None:
    assert await Talk({"id": "main", "steps": []}).launch() == ["error NO_START"]


async def test_an_unfinished_step_is_an_error_and_the_end_of_its_workflow() -> None:
    talk = Talk(line(step("empty", "message"), step("after", "message", text="after")))
    assert await talk.launch() == ["error UNFINISHED_STEP"]
    assert at_rest(talk.state)


async def test_a_waiting_step_that_is_gone_means_at_rest() -> None:
    talk = Talk(TEA)
    await talk.launch()
    talk.document = Talk(line(step("new", "message", text="New."))).document
    assert await talk.say("yes") == ["New."]


async def test_a_waiting_step_that_no_longer_waits_means_at_rest() -> None:
    talk = Talk(TEA)
    await talk.launch()
    talk.document = Talk(line(step("ask", "message", text="New."))).document
    assert await talk.say("yes") == ["New."]


async def test_rest_forgets_where_the_flow_stands() -> None:
    talk = Talk(TEA)
    await talk.launch()
    rest(talk.state)
    assert at_rest(talk.state)
    rest(talk.state)
    assert await talk.say("yes") == ["Hello.", "Tea?", "[Yes!] [No]"]


MALFORMED: list[dict[str, Any]] = [
    {"stack": "here"},
    {"stack": {}},
    {"stack": [1]},
    {"stack": [{}]},
    {"stack": [{"workflowId": "main", "stepId": "ask", "why": "waiting", "memory": []}]},
    {"stack": [{"workflowId": "main", "stepId": "ask", "why": "sleeping", "memory": {}}]},
    {"stack": [{"workflowId": "main", "stepId": "ask", "why": ["waiting"], "memory": {}}]},
    {"stack": [{"workflowId": "main", "stepId": "hello", "why": "waiting", "memory": {}}]},
    {"stack": [{"workflowId": "main", "stepId": "hello", "why": "calling", "memory": {}}]},
    {"stack": [{"workflowId": 1, "stepId": None, "why": "waiting", "memory": {}}]},
    {"turn": "many", "said": 3, "language": 7, "event": "x", "kept": []},
    {"turn": -1, "kept": {"main/hello": 1, "gone/gone": {"said": 1}}},
    {"turn": True},
    {"turn": 2**60},
]


@pytest.mark.parametrize("internal", MALFORMED)
async def test_an_internal_state_that_makes_no_sense_means_at_rest(internal: Any) -> None:
    talk = Talk(TEA)
    talk.state = State(internal=internal)
    assert await talk.say("yes") == ["Hello.", "Tea?", "[Yes!] [No]"]
    assert await talk.say("yes") == ["Great."]


async def test_system_variables_tell_of_the_turn() -> None:
    told = "{{sys.userId}} {{sys.platform}} {{sys.versionId}} {{sys.now}} {{sys.turn}} {{sys.language}}"
    talk = Talk(
        line(step("m", "message", text=told)), context=FakeContext(user_id="ann", platform="web"), language="de"
    )
    assert await talk.launch() == ["ann web development 2026-03-01T12:30:00.000Z 1 de"]
    assert await talk.launch() == ["ann web development 2026-03-01T12:30:00.000Z 2 de"]


@pytest.mark.parametrize(
    ("kind", "payload", "expected"),
    [
        ("text", "hi there", 'hi there {"type":"text","payload":"hi there"}'),
        ("launch", None, ' {"type":"launch","payload":null}'),
        ("button", {"label": "Go", "value": 3}, 'Go {"type":"button","payload":{"label":"Go","value":3}}'),
        ("media", {"url": "u"}, ' {"type":"media","payload":{"url":"u","mimeType":null}}'),
        ("event", {"name": "paid", "payload": [1]}, ' {"type":"event","payload":{"name":"paid","payload":[1]}}'),
    ],
)
async def test_the_last_action_and_the_last_message_are_known(kind: str, payload: Any, expected: str) -> None:
    main = line(step("m", "message", text="{{sys.lastUserMessage}} {{sys.lastAction | json}}"))
    talk = Talk(main, events=[{"name": "paid", "workflowId": "main"}])
    assert await talk.act(kind, payload) == [expected]


async def test_the_last_message_is_remembered_over_a_turn_without_words() -> None:
    talk = Talk(line(step("m", "message", text="<{{sys.lastUserMessage}}>")))
    await talk.say("hello")
    assert await talk.launch() == ["<hello>"]


async def test_a_missing_variable_is_empty_and_a_broken_template_stays_as_typed_with_a_debug_trace_each() -> None:
    talk = Talk(line(step("m", "message", text="Hi {{nobody}}! {{ 1 + }}")))
    assert await talk.launch() == ["Hi ! {{ 1 + }}"]
    missing, broken = talk.debug
    assert missing == "`nobody` has no value in step `main/m`."
    assert broken.startswith("In step `main/m`: {{ 1 + }}: ")


async def test_a_long_text_comes_in_pieces_of_64_kb_that_are_the_text_again() -> None:
    long = "word " * 30_000
    pieces = await Talk(line(step("m", "message", text=long))).launch()
    assert len(pieces) == 3
    assert "".join(pieces) == long


async def test_secrets_are_no_names_of_a_template() -> None:
    talk = Talk(line(step("m", "message", text="<{{secrets.TOKEN}}>")), secrets=[{"name": "TOKEN"}])
    assert await talk.launch() == ["<>"]


async def test_a_production_turn_takes_the_production_default() -> None:
    host: Any = {"name": "host", "default": "test.example", "environments": {"production": "shop.example"}}
    main = line(step("m", "message", text="{{host}}"))
    assert await Talk(main, variables=[host]).launch() == ["test.example"]
    assert await Talk(main, variables=[host], context=FakeContext(version_id="ver_1")).launch() == ["shop.example"]


async def test_a_variable_that_is_declared_later_has_its_default_in_running_conversations() -> None:
    talk = Talk(TEA)
    await talk.launch()
    talk.document = Talk(TEA, variables=[{"name": "plan", "default": "free"}]).document
    await talk.launch()
    assert talk.variables == {"plan": "free"}


async def test_a_platform_may_have_its_own_text() -> None:
    message = step("m", "message", text="Long and *bold*.", channels={"sms": {"text": "Short."}})
    assert await Talk(line(message)).launch() == ["Long and *bold*."]
    assert await Talk(line(message), context=FakeContext(platform="sms")).launch() == ["Short."]


def counter() -> dict[str, Any]:
    return {"name": "n", "type": "number", "default": 0}


async def test_a_remark_repeats_only_the_beginning_of_a_long_expression() -> None:
    long = "missing + 1" + " + 1" * 10_000
    set_step = step("set", "set", assignments=[{"variable": "n", "expression": long}])
    talk = Talk(line(set_step), variables=[{"name": "n", "type": "number"}])
    await talk.launch()
    assert talk.debug
    assert all(len(remark) < 1_000 for remark in talk.debug)
