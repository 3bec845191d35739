"""The step `tool`: what a tool is given, what is kept of its result, and how it waits for a yes."""

import json
from datetime import timedelta
from typing import Any

import pytest

from conduet.engine.check import check
from conduet.engine.run import approvals, at_rest
from conduet.engine.trace import Approval, Error, ToolCall
from tests.engine.talk import FakeContext, Talk, compiled, line, open_stack, step, workflow
from tests.engine.world import World

NAMES: list[dict[str, Any]] = [
    {"name": "order", "default": "o-1"},
    {"name": "result", "type": "object"},
    {"name": "euros", "type": "number"},
]
PRICE: dict[str, Any] = {
    "id": "price",
    "name": "price",
    "type": "function",
    "parameters": {"type": "object", "properties": {"days": {"type": "integer", "minimum": 1}}, "required": ["days"]},
    "config": {"code": "console.log(args.days); return {euros: args.days * 15, lines: [{n: 1}]};"},
}
FETCH: dict[str, Any] = {
    "id": "fetch",
    "name": "fetch",
    "type": "api",
    "config": {"url": "{{order}}", "headers": {"X-Key": "{{secrets.KEY}} {{args.extra}}"}},
}


def talk(world: World, tool: dict[str, Any], *, mocks: dict[str, Any] | None = None, **config: Any) -> Talk:
    main = workflow(
        "main",
        step("use", "tool", toolId=tool["id"], **config),
        step("done", "message", text="done {{euros}}"),
        step("failed", "message", text="failed"),
        wires="start > use, use > done, use.error > failed",
    )
    context = FakeContext(outside=world, held={"KEY": "s3cr3t-value"}, mocks=mocks or {})
    return Talk(main, context=context, variables=NAMES, tools=[tool], secrets=[{"name": "KEY"}])


async def test_a_result_is_kept_whole_and_in_parts(world: World) -> None:
    outputs = {"euros": "euros", "order": "lines[0].n"}
    asked = talk(world, PRICE, inputs={"days": "{{ 1 + 2 }}"}, saveTo="result", outputs=outputs)
    assert await asked.launch() == ["tool start price", "tool end price True", "done 45"]
    assert asked.variables == {"order": "1", "euros": 45, "result": {"euros": 45, "lines": [{"n": 1}]}}
    assert asked.debug == ["Tool `price`, line 1: 3"]


async def test_the_traces_around_a_tool_belong_together_and_tell_how_long_it_took(world: World) -> None:
    asked = talk(world, PRICE, inputs={"days": 1})
    await asked.launch()
    start, end = [trace for trace in asked.seen if isinstance(trace, ToolCall)]
    assert start.payload() == {"phase": "start", "toolName": "price", "callId": start.call_id}
    assert end.payload() == {**start.payload(), "phase": "end", "ok": True, "durationMs": 0}
    assert start.call_id.startswith("call_")


async def test_text_becomes_what_the_parameters_say_and_empty_text_is_left_out(world: World) -> None:
    assert (await talk(world, PRICE, inputs={"days": "4"}, outputs={"euros": "euros"}).launch())[-1] == "done 60"
    (error,) = [line for line in await talk(world, PRICE, inputs={"days": "{{gone}}"}).launch() if "error" in line]
    assert error == "error WRONG_ARGUMENTS"


@pytest.mark.parametrize("days", [0, "many", [1], None])
async def test_what_the_parameters_do_not_take_is_an_error(world: World, days: Any) -> None:
    assert await talk(world, PRICE, inputs={"days": days}).launch() == [
        "tool start price", "tool end price False", "error WRONG_ARGUMENTS", "failed",
    ]  # fmt: skip


async def test_what_the_result_does_not_have_is_told_and_changes_nothing(world: World) -> None:
    asked = talk(world, PRICE, inputs={"days": 1}, outputs={"order": "gone"})
    await asked.launch()
    assert asked.variables["order"] == "o-1"
    assert "The result has no `gone` for `order`." in asked.debug


async def test_a_tool_that_fails_leaves_by_error(world: World) -> None:
    broken = {**PRICE, "config": {"code": "throw new Error('no');"}}
    asked = talk(world, broken, inputs={"days": 1})
    assert await asked.launch() == ["tool start price", "tool end price False", "error CODE_FAILED", "failed"]


async def test_a_tool_reaches_secrets_and_what_it_was_given_and_tells_neither(world: World) -> None:
    world.answer("/x", {"n": 1}, status=500)
    asked = talk(world, FETCH, inputs={"extra": "e"})
    asked.variables["order"] = f"{world.url}/x"
    assert (await asked.launch())[2:] == ["error HTTP_ERROR", "failed"]
    assert world.sent[0].headers["X-Key"] == "s3cr3t-value e"
    assert "s3cr3t" not in json.dumps([trace.payload() for trace in asked.seen])


async def test_a_tool_of_somebody_elses_that_breaks_is_an_error_that_tells_nothing(world: World) -> None:
    asked = talk(world, PRICE, inputs={"days": 1})
    asked.context.outside = World(world.sandbox)
    asked.context.outside.compute = _broken  # type: ignore[method-assign]  # a sandbox that fails
    assert (await asked.launch())[1:] == ["tool end price False", "error TOOL_FAILED", "failed"]
    (error,) = [trace for trace in asked.seen if isinstance(trace, Error)]
    assert error.message == "The tool `price` failed by a mistake in its program."


async def _broken(_: Any) -> Any:
    raise RuntimeError("s3cr3t")


@pytest.mark.parametrize("name", ["use", "main/use"])
async def test_a_mock_of_the_step_is_the_result_and_the_tool_is_not_used(world: World, name: str) -> None:
    asked = talk(world, PRICE, mocks={name: {"euros": 9}}, outputs={"euros": "euros"})
    assert await asked.launch() == ["done 9"]


async def test_a_mock_of_the_tool_is_what_comes_of_it(world: World) -> None:
    asked = talk(world, PRICE, mocks={"price": {"euros": 9}}, inputs={"days": 1}, outputs={"euros": "euros"})
    assert (await asked.launch())[-1] == "done 9"


async def test_a_mock_of_an_api_tool_is_the_answer_to_its_call(world: World) -> None:
    mocks = {"fetch": {"status": 200, "body": {"euros": 3}}}
    assert (await talk(world, FETCH, mocks=mocks, outputs={"euros": "euros"}).launch())[-1] == "done 3"
    assert (await talk(world, FETCH, mocks={"fetch": {"status": 404}}).launch())[-2:] == ["error HTTP_ERROR", "failed"]


async def test_a_tool_that_is_unfinished_or_off_or_gone_cannot_be_used(world: World) -> None:
    assert (await talk(world, {**PRICE, "config": {}}, inputs={"days": 1}).launch())[2:] == [
        "error UNFINISHED_TOOL", "failed",
    ]  # fmt: skip
    assert await talk(world, {**PRICE, "enabled": False}).launch() == ["error UNFINISHED_STEP", "failed"]
    gone = Talk(line(step("use", "tool", toolId="gone")))
    assert await gone.launch() == ["error UNFINISHED_STEP"]


ASKED = 'price {"days": 2}? (user)'


ASKING = workflow(
    "main",
    step("hello", "message", text="Hello."),
    step("use", "tool", toolId="price", inputs={"days": 2}, outputs={"euros": "euros"}),
    step("done", "message", text="done {{euros}}"),
    step("failed", "message", text="failed"),
    wires="start > hello, hello > use, use > done, use.error > failed",
)
HOURS = line(step("say", "message", text="Nine to five."), workflow_id="hours")
BYE = line(step("end", "end", text="Bye."), workflow_id="bye")
INTENTS = [{"id": name, "name": name, "workflowId": name} for name in ("hours", "bye")]


def asking(world: World, by: str = "user") -> Talk:
    context = FakeContext(outside=world)
    tools = [{**PRICE, "approval": by}]
    return Talk(ASKING, HOURS, BYE, context=context, variables=NAMES, tools=tools, intents=INTENTS)


async def decide(asked: Talk, approval_id: str, *, approved: bool = True) -> list[str]:
    return await asked.act("approval", {"approvalId": approval_id, "approved": approved})


def open_calls(asked: Talk) -> list[str]:
    return [each.id for each in approvals(asked.document, asked.state)]


async def test_a_tool_that_needs_a_yes_ends_the_turn_and_keeps_the_call(world: World) -> None:
    asked = asking(world)
    assert await asked.launch() == ["Hello.", ASKED]
    (approval,) = [trace for trace in asked.seen if isinstance(trace, Approval)]
    assert approval.payload() == {
        "approvalId": approval.approval_id, "toolName": "price", "arguments": {"days": 2}, "by": "user",
    }  # fmt: skip
    (kept,) = approvals(asked.document, asked.state)
    assert (kept.id, kept.tool_id, kept.tool_name, kept.arguments, kept.by) == (
        approval.approval_id, "price", "price", {"days": 2}, "user",
    )  # fmt: skip
    assert kept.asked_at == asked.context.clock
    assert not at_rest(asked.state)


async def test_a_yes_uses_the_tool_exactly_once(world: World) -> None:
    asked = asking(world)
    await asked.launch()
    (call_id,) = open_calls(asked)
    assert await decide(asked, call_id) == ["tool start price", "tool end price True", "done 30"]
    assert await decide(asked, call_id) == ["error UNKNOWN_CALL"]
    assert open_calls(asked) == []
    assert at_rest(asked.state)


async def test_a_no_takes_its_error_and_the_tool_is_not_used(world: World) -> None:
    asked = asking(world)
    await asked.launch()
    assert await decide(asked, *open_calls(asked), approved=False) == ["error NOT_APPROVED", "failed"]
    assert asked.variables == {"order": "o-1"}


async def test_an_id_that_nobody_knows_leaves_the_call_open(world: World) -> None:
    asked = asking(world)
    await asked.launch()
    assert await decide(asked, "appr_other") == ["error UNKNOWN_CALL"]
    assert await asked.launch() == [ASKED]


async def test_what_was_asked_is_what_is_used_whatever_became_of_the_variables(world: World) -> None:
    main = line(step("use", "tool", toolId="price", inputs={"days": "{{euros}}"}, outputs={"euros": "euros"}))
    tools = [{**PRICE, "approval": "user"}]
    asked = Talk(main, context=FakeContext(outside=world), tools=tools, variables=NAMES)
    asked.variables["euros"] = 2
    await asked.launch()
    asked.variables["euros"] = 50
    await decide(asked, *open_calls(asked))
    assert asked.variables["euros"] == 30


@pytest.mark.parametrize("said", ["what?", "yes"])
async def test_other_words_of_the_user_who_is_asked_show_the_question_again(world: World, said: str) -> None:
    asked = asking(world)
    await asked.launch()
    before = open_calls(asked)
    assert await asked.say(said) == [ASKED]
    assert open_calls(asked) == before


@pytest.mark.parametrize("by", ["user", "person"])
async def test_an_intent_is_answered_while_the_call_stays_open(world: World, by: str) -> None:
    asked = asking(world, by)
    await asked.launch()
    assert await asked.say("hours") == ["Nine to five.", ASKED.replace("user", by)]
    assert (await decide(asked, *open_calls(asked)))[-1] == "done 30"


async def test_while_a_person_decides_the_user_is_answered_as_if_nothing_waited_and_nothing_is_asked_twice(
    world: World,
) -> None:
    asked = asking(world, "person")
    await asked.launch()
    before = open_calls(asked)
    assert await asked.say("anybody there?") == ["Hello.", 'price {"days": 2}? (person)']
    assert open_calls(asked) == before
    assert (await decide(asked, *before))[-1] == "done 30"
    assert at_rest(asked.state)


async def test_a_yes_comes_while_another_question_is_open_and_that_is_asked_again(world: World) -> None:
    main = workflow(
        "main",
        step("menu", "buttons", text="What?", buttons=[{"id": "go", "label": "Go"}, {"id": "no", "label": "No"}]),
        step("use", "tool", toolId="price", inputs={"days": 2}),
        step("done", "message", text="done"),
        wires="start > menu, menu.go > use, use > done",
    )
    tools = [{**PRICE, "approval": "person"}]
    asked = Talk(main, context=FakeContext(outside=world), tools=tools)
    await asked.launch()
    await asked.say("go")
    assert await asked.say("hello") == ["What?", "[Go] [No]"]
    assert await decide(asked, *open_calls(asked)) == [
        "tool start price", "tool end price True", "done", "What?", "[Go] [No]",
    ]  # fmt: skip
    assert await asked.say("no") == []
    assert at_rest(asked.state)


async def test_what_a_person_still_has_to_decide_outlives_the_end_of_the_conversation(world: World) -> None:
    for by, left in (("user", 0), ("person", 1)):
        asked = asking(world, by)
        await asked.launch()
        assert await asked.say("bye") == ["Bye.", "end"]
        assert len(open_calls(asked)) == left


@pytest.mark.parametrize("by", ["user", "person"])
async def test_after_a_day_it_is_a_no(world: World, by: str) -> None:
    asked = asking(world, by)
    await asked.launch()
    (waiting,) = approvals(asked.document, asked.state)
    asked.context.clock += timedelta(hours=24)
    assert waiting.is_over(asked.context.clock)
    assert await decide(asked, waiting.id) == ["error APPROVAL_EXPIRED", "failed"]


@pytest.mark.parametrize("by", ["user", "person"])
@pytest.mark.parametrize("do", ["launch", "text"])
async def test_after_a_day_the_flow_goes_on_without_it(world: World, by: str, do: str) -> None:
    asked = asking(world, by)
    await asked.launch()
    asked.context.clock += timedelta(hours=23, minutes=59)
    await asked.launch()
    asked.context.clock += timedelta(minutes=1)
    told = await asked.act(do, None if do == "launch" else "hello?")
    assert told == ["error APPROVAL_EXPIRED", "failed"]
    assert at_rest(asked.state)


async def test_wrong_arguments_are_asked_of_nobody(world: World) -> None:
    main = line(step("use", "tool", toolId="price", inputs={"days": 0}))
    asked = Talk(main, context=FakeContext(outside=world), tools=[{**PRICE, "approval": "user"}])
    assert await asked.launch() == ["error WRONG_ARGUMENTS"]


async def test_only_so_many_tools_wait_at_once(world: World) -> None:
    main = workflow("main", step("use", "tool", toolId="price", inputs={"days": "{{sys.turn}}"}), wires="start > use")
    asked = Talk(main, context=FakeContext(outside=world), tools=[{**PRICE, "approval": "person"}])
    for _ in range(16):
        assert len(await asked.say("again")) == 1
    assert len(open_calls(asked)) == 16
    assert (await asked.say("again"))[0] == "error TOO_MANY_APPROVALS"
    assert len(open_calls(asked)) == 16


MEMORIES: list[dict[str, Any]] = [
    {},
    {"callId": 5},
    {"callId": "a", "args": [], "askedAt": "2026-03-01T12:30:00Z", "by": "user", "toolId": "price"},
    {"callId": "a", "args": {"days": 2}, "askedAt": "yesterday", "by": "user", "toolId": "price"},
    {"callId": "a", "args": {"days": 2}, "askedAt": "2026-03-01T12:30:00", "by": "god", "toolId": "price"},
    {"callId": "a", "args": {"days": 2}, "askedAt": "2026-03-01T12:30:00", "by": ["user"], "toolId": "price"},
    {"callId": "a", "args": {"days": 2}, "askedAt": "2026-03-01T12:30:00Z", "by": "user", "toolId": "gone"},
]


@pytest.mark.parametrize("memory", MEMORIES)
async def test_a_call_that_a_client_made_up_is_never_used_without_its_parts(world: World, memory: Any) -> None:
    asked = asking(world)
    await asked.launch()
    open_stack(asked)[0]["memory"] = memory
    list(approvals(asked.document, asked.state))
    assert "tool start price" not in await decide(asked, "a")


async def test_a_yes_to_one_tool_uses_no_other_that_took_its_place(world: World) -> None:
    asked = asking(world)
    await asked.launch()
    calls = open_calls(asked)
    other = {**PRICE, "id": "other", "name": "other", "approval": "user"}
    changed = json.loads(json.dumps(ASKING).replace('"price"', '"other"'))
    asked.document = compiled(changed, variables=NAMES, tools=[{**PRICE, "approval": "user"}, other])
    assert await decide(asked, *calls) == ["error NOT_APPROVED", "failed"]


async def test_a_tool_that_is_gone_while_it_waits_is_not_used(world: World) -> None:
    asked = asking(world)
    await asked.launch()
    call_ids = open_calls(asked)
    asked.document = compiled(ASKING, variables=NAMES)
    assert open_calls(asked) == []
    assert await asked.launch() == ['price {"days": 2}? (user)']
    assert await decide(asked, *call_ids) == ["error NOT_APPROVED", "failed"]


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"toolId": ""}, ["error REQUIRED toolId"]),
        ({"toolId": "gone"}, ["error UNKNOWN_TOOL toolId"]),
        ({"toolId": "price", "inputs": {"days": "{{gone}}"}}, ["error UNKNOWN_VARIABLE inputs.days"]),
        ({"toolId": "price", "inputs": {"weeks": 1}}, ["warning UNKNOWN_PARAMETER inputs.weeks"]),
        ({"toolId": "price", "saveTo": "gone"}, ["error UNKNOWN_VARIABLE saveTo"]),
        ({"toolId": "price", "outputs": {"gone": "a"}}, ["error UNKNOWN_VARIABLE outputs.gone"]),
        ({"toolId": "price", "inputs": {"days": "{{secrets.KEY}}"}}, ["error SECRET_OUT_OF_PLACE inputs.days"]),
    ],
)
def test_what_is_unfinished_is_a_problem(config: dict[str, Any], told: list[str]) -> None:
    tools = [{**PRICE, "description": "Tells the price."}]
    document = compiled(line(step("use", "tool", **config)), tools=tools, secrets=[{"name": "KEY"}])
    base = "workflows[0].steps[1].config."
    assert [f"{each.severity} {each.code} {each.path.removeprefix(base)}" for each in check(document)] == told
