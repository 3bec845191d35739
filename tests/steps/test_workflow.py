"""The step `workflow`: calls that come back and jumps that do not."""

from conduet.engine.run import at_rest
from tests.engine.talk import Talk, compiled, line, step, workflow

INNER = line(step("say", "message", text="inner {{who}}"), workflow_id="inner")
ASKING = workflow(
    "asking", step("ask", "buttons", text="Sure?", buttons=[{"id": "y", "label": "Yes"}]),
    step("ok", "message", text="ok"), wires="start > ask, ask.y > ok",
)  # fmt: skip
WHO = [{"name": "who"}]
AFTER = step("after", "message", text="after")


async def test_a_call_comes_back_when_the_workflow_is_over() -> None:
    talk = Talk(line(step("go", "workflow", workflowId="inner", inputs={"who": "{{who}}!"}), AFTER), INNER, variables=[
        {"name": "who", "default": "ann"}
    ])  # fmt: skip
    assert await talk.launch() == ["inner ann!", "after"]
    assert talk.variables == {"who": "ann!"}


async def test_a_jump_does_not_come_back() -> None:
    talk = Talk(line(step("go", "workflow", workflowId="inner", mode="jump"), AFTER), INNER, variables=WHO)
    assert await talk.launch() == ["inner "]
    assert at_rest(talk.state)


async def test_a_call_may_wait_and_comes_back_in_a_later_turn() -> None:
    talk = Talk(line(step("go", "workflow", workflowId="asking"), AFTER), ASKING)
    assert await talk.launch() == ["Sure?", "[Yes]"]
    assert await talk.say("yes") == ["ok", "after"]


async def test_a_jump_inside_a_call_comes_back_to_the_caller() -> None:
    jump = line(step("go", "workflow", workflowId="inner", mode="jump"), AFTER, workflow_id="jump")
    talk = Talk(
        line(step("go", "workflow", workflowId="jump"), step("back", "message", text="back")),
        jump,
        INNER,
        variables=WHO,
    )
    assert await talk.launch() == ["inner ", "back"]


async def test_end_ends_the_conversation_from_any_depth() -> None:
    ends = line(step("end", "end"), workflow_id="ends")
    talk = Talk(line(step("go", "workflow", workflowId="ends"), AFTER), ends)
    assert await talk.launch() == ["end"]
    assert at_rest(talk.state)


async def test_a_caller_that_is_gone_leaves_the_conversation_at_rest() -> None:
    talk = Talk(line(step("go", "workflow", workflowId="asking"), AFTER), ASKING)
    await talk.launch()
    talk.document = compiled(line(AFTER), ASKING)
    assert await talk.say("yes") == ["ok"]
    assert at_rest(talk.state)


async def test_a_workflow_that_calls_itself_for_ever_is_bounded() -> None:
    talk = Talk(line(step("again", "workflow", workflowId="main")))
    found = await talk.launch()
    assert set(found) == {"error TOO_DEEP"}
    assert at_rest(talk.state)


async def test_calls_that_wait_in_between_are_bounded_too() -> None:
    ask = step("ask", "buttons", text="Deeper?", buttons=[{"id": "y", "label": "Yes"}])
    talk = Talk(workflow("main", ask, step("again", "workflow", workflowId="main"), wires="start > ask, ask.y > again"))
    await talk.launch()
    for _ in range(62):
        assert await talk.say("yes") == ["Deeper?", "[Yes]"]
    assert await talk.say("yes") == ["Deeper?", "[Yes]"]
    assert await talk.say("yes") == ["error TOO_DEEP"]
    assert at_rest(talk.state)


async def test_an_unknown_workflow_is_an_unfinished_step() -> None:
    assert await Talk(line(step("go", "workflow", workflowId="gone"), AFTER)).launch() == ["error UNFINISHED_STEP"]


async def test_a_workflow_without_a_start_cannot_be_called() -> None:
    talk = Talk(line(step("go", "workflow", workflowId="empty"), AFTER), {"id": "empty", "name": "Empty", "steps": []})
    assert await talk.launch() == ["error NO_START"]


async def test_an_input_that_is_no_variable_is_unfinished() -> None:
    talk = Talk(line(step("go", "workflow", workflowId="inner", inputs={"whom": 1})), INNER, variables=WHO)
    assert await talk.launch() == ["error UNFINISHED_STEP"]
