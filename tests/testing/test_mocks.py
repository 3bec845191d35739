"""What a test answers in place of the world, and what becomes of a call that it does not answer."""

from typing import Any

from tests.engine.talk import line, step, workflow
from tests.testing.playing import LAUNCH, Object, case, played, turn

ORDER = line(
    step(
        "order", "api", url="https://shop.example/orders/{{7 * 6}}", map=[{"path": "$.body.state", "variable": "state"}]
    ),
    step("tell", "message", text="It is {{state}}."),
)
VARIABLES = [{"name": "state"}, {"name": "price", "type": "number"}]
LOOK_UP: Object = {
    "id": "look_up",
    "name": "look_up",
    "type": "api",
    "parameters": {"type": "object", "properties": {"id": {"type": "string"}}},
    "config": {"url": "https://shop.example/{{args.id}}"},
}


def ordered(*flow: Object, mocks: Object, expect: Object, **more: Any) -> Object:
    result = played(case(turn(LAUNCH, expect), mocks=mocks), *flow, variables=VARIABLES, **more)
    return result.wire()


def test_a_mock_answers_a_step() -> None:
    answer = {"status": 200, "headers": {}, "body": {"state": "on its way"}}
    for name in ("order", "main/order"):
        assert ordered(ORDER, mocks={name: answer}, expect={"contains": "It is on its way."})["ok"]


def test_a_mock_may_be_a_failure() -> None:
    expected = {"trace": {"type": "error", "payload": {"code": "HTTP_ERROR"}}}
    assert ordered(ORDER, mocks={"order": {"status": 503}}, expect=expected)["ok"]


def test_a_mock_of_one_workflow_goes_before_one_of_all() -> None:
    mocks = {"order": {"body": {"state": "lost"}}, "main/order": {"body": {"state": "here"}}}
    assert ordered(ORDER, mocks=mocks, expect={"contains": "here"})["ok"]


def test_a_call_without_a_mock_is_red_and_says_which_one_is_missing() -> None:
    assert ordered(ORDER, mocks={"oder": {}}, expect={"contains": "x"}) == {
        "id": "t",
        "name": "",
        "ok": False,
        "turn": 1,
        "workflowId": "main",
        "stepId": "order",
        "expected": "a mock for main/order or order",
        "got": "GET https://shop.example/orders/42, which nothing answers in a test",
    }


def test_a_tool_is_mocked_by_its_id() -> None:
    flow = line(step("use", "tool", toolId="look_up", inputs={"id": "7"}, saveTo="state"), ORDER["steps"][2])
    assert ordered(flow, mocks={"look_up": {"body": "found"}}, expect={"contains": "It is found."}, tools=[LOOK_UP])[
        "ok"
    ]
    told = ordered(flow, mocks={}, expect={"contains": "x"}, tools=[LOOK_UP])
    assert (told["stepId"], told["expected"], told["got"]) == (
        "use",
        "a mock for look_up",
        "GET https://shop.example/7, which nothing answers in a test",
    )


def test_no_secret_is_in_what_is_told() -> None:
    flow = line(step("order", "api", url="https://shop.example/?key={{secrets.KEY}}"))
    told = ordered(flow, mocks={}, expect={"contains": "x"}, secrets=[{"name": "KEY"}])
    assert told["got"] == "GET https://shop.example/?key=[secret KEY], which nothing answers in a test"


def test_code_really_runs_and_its_clock_and_chance_stand_still() -> None:
    flow = line(
        step("price", "code", code="return {variables: {price: 18 * 2}, say: `${Date.now()} ${Math.random()}`}"),
        step("end", "end"),
    )
    expected = {"contains": "nothing"}
    first, again = (ordered(flow, mocks={}, expect=expected) for _ in range(2))
    assert first == again
    assert "1767603600000 0." in first["got"]
    assert ordered(flow, mocks={}, expect={"variable": "price", "equals": 36})["ok"]


def test_code_may_be_mocked() -> None:
    flow = line(step("price", "code", code="return {variables: {price: 18}}"))
    mocks = {"price": {"variables": {"price": 99}}}
    assert ordered(flow, mocks=mocks, expect={"variable": "price", "equals": 99})["ok"]


def test_a_journal_answers_as_the_world_once_did() -> None:
    flow = line(
        step("order", "api", url="https://shop.example/a", map=[{"path": "$.body.state", "variable": "state"}]),
        step("tell", "message", text="{{state}} at {{sys.now}}"),
    )
    journal: Object = {
        "sys.now": "2026-03-01T12:30:00.000Z",
        "main/order#1/call1": {"answer": {"status": 200, "headers": {}, "body": '{"state": "sent"}'}},
    }
    expected = turn(LAUNCH, {"contains": "sent at 2026-03-01T12:30:00.000Z"}, journal=journal)
    assert played(case(expected), flow, variables=VARIABLES).ok
    mocked = turn(LAUNCH, {"contains": "lost at 2026-03-01"}, journal=journal)
    assert played(case(mocked, mocks={"order": {"body": {"state": "lost"}}}), flow, variables=VARIABLES).ok


def test_a_journal_answers_with_the_failure_that_there_was() -> None:
    flow = line(step("order", "api", url="https://shop.example/a"))
    journal: Object = {"main/order#1/call1": {"unreachable": {"code": "TIMEOUT", "message": "It took too long."}}}
    expected = {"trace": {"type": "error", "payload": {"code": "TIMEOUT"}}}
    assert played(case(turn(LAUNCH, expected, journal=journal)), flow).ok


def using(tool: Object, **inputs: Any) -> Object:
    """What a test without mocks comes to on a flow that uses a tool."""
    tool = {"id": "it", "name": "it", "parameters": {"type": "object"}, **tool}
    flow = line(step("use", "tool", toolId="it", inputs=inputs))
    return ordered(flow, mocks={}, expect={"contains": "x"}, tools=[tool], secrets=[{"name": "TOKEN"}])


SLACK: Object = {
    "type": "integration",
    "config": {
        "provider": "slack",
        "action": "post-message",
        "credentials": {"token": "{{secrets.TOKEN}}"},
        "inputs": {"channel": "C0123456789", "text": "{{args.text}}"},
    },
}
MAIL: Object = {
    "type": "integration",
    "config": {
        "provider": "smtp",
        "action": "send",
        "credentials": {"host": "mail.example", "sender": "shop@example.com"},
        "inputs": {"to": ["kim@example.com"], "subject": "Hi", "text": "Hello"},
    },
}
BIKES: Object = {"type": "mcp", "config": {"url": "https://mcp.bikes.example/mcp", "tools": ["find_bikes"]}}


def test_a_service_a_mail_and_an_mcp_server_need_a_mock_too() -> None:
    for tool, asked in (
        (SLACK, "POST https://slack.com/api/chat.postMessage"),
        (MAIL, "mail to kim@example.com"),
        (BIKES, "the MCP tool find_bikes of https://mcp.bikes.example/mcp"),
    ):
        told = using(tool, text="Hi")
        assert (told["stepId"], told["expected"]) == ("use", "a mock for it")
        assert told["got"] == f"{asked}, which nothing answers in a test"


def test_what_was_kept_as_one_answer_is_read_from_the_journal() -> None:
    tool = {"id": "it", "name": "it", "parameters": {"type": "object"}, **SLACK}
    flow = line(step("use", "tool", toolId="it", inputs={"text": "Hi"}, saveTo="state"), ORDER["steps"][2])
    journal: Object = {"main/use#1/it/call1": {"answer": "posted"}}
    expected = turn(LAUNCH, {"contains": "It is posted."}, journal=journal)
    result = played(case(expected), flow, variables=VARIABLES, tools=[tool], secrets=[{"name": "TOKEN"}])
    assert result.ok, result


def test_a_yes_answers_the_tool_that_asked_last() -> None:
    tool = {**LOOK_UP, "approval": "user"}
    flow = line(step("use", "tool", toolId="look_up", inputs={"id": "7"}, saveTo="state"), ORDER["steps"][2])
    asked = turn(LAUNCH, {"trace": {"type": "approval", "payload": {"toolName": "look_up"}}}, {"notContains": "It is"})
    for payload in ({"approved": True}, {"approved": True, "approvalId": "appr_of_long_ago"}):
        answered = turn({"type": "approval", "payload": payload}, {"contains": "It is found."})
        mocks = {"look_up": {"body": "found"}}
        result = played(case(asked, answered, mocks=mocks), flow, variables=VARIABLES, tools=[tool])
        assert result.ok, result
    refused = turn({"type": "approval", "payload": {"approved": False}}, {"trace": "error"})
    assert played(case(asked, refused), flow, variables=VARIABLES, tools=[tool]).ok


def test_a_call_in_a_branch_is_told_with_its_own_step() -> None:
    flow = workflow(
        "main",
        step("side", "parallel", branches=[{"id": "a"}, {"id": "b"}]),
        step("order", "api", url="https://shop.example/a"),
        step("other", "message", text="b"),
        wires="start > side, side.a > order, side.b > other",
    )
    told = ordered(flow, mocks={}, expect={"contains": "b"})
    assert (told["stepId"], told["expected"], told["got"]) == (
        "order",
        "a mock for main/order or order",
        "GET https://shop.example/a, which nothing answers in a test",
    )
    assert ordered(flow, mocks={"order": {}}, expect={"step": "main/other"})["ok"]


def test_a_branch_has_all_the_time_there_is() -> None:
    flow = workflow(
        "main",
        step("side", "parallel", branches=[{"id": "a"}], timeoutMs=1),
        step("slow", "delay", seconds=30),
        step("after", "message", text="after"),
        wires="start > side, side.a > slow, slow > after",
    )
    assert ordered(flow, mocks={}, expect={"contains": "after"})["ok"]


def test_an_answer_of_the_page_is_to_what_was_asked_last() -> None:
    flow = workflow(
        "main",
        step("pay", "client-action", name="pay", paths=[{"id": "paid"}, {"id": "gone"}], saveTo="state"),
        step("tell", "message", text="It is {{state}}."),
        wires="start > pay, pay.paid > tell",
    )
    asked = turn(LAUNCH, {"trace": {"type": "client-action", "payload": {"name": "pay"}}})
    for payload in ({"path": "paid", "payload": "paid"}, {"callId": "call_x", "path": "paid", "payload": "paid"}):
        answered = turn({"type": "client", "payload": payload}, {"contains": "It is paid."}, {"step": "main/tell"})
        result = played(case(asked, answered), flow, variables=VARIABLES)
        assert result.ok, result
