"""Tool calls: side by side, with a yes first, and what the model is told of them."""

import asyncio
from datetime import timedelta
from typing import Any

from conduet.agents.stage import Approving
from conduet.engine.outside import Code, Computed, ConsoleLine, Request, Response
from conduet.llm.message import ToolResult
from tests.agents.talking import Chat, calling, tool
from tests.engine.talk import FakeContext, Outside


class Meeting(Outside):
    """Code that comes back only once two of it run at the same time; the second to come is done first."""

    def __init__(self) -> None:
        self.there: list[asyncio.Event] = []

    async def compute(self, code: Code) -> Computed:
        self.there.append(asyncio.Event())
        number = len(self.there)
        if number == 2:
            self.there[0].set()
            return Computed("second")
        await self.there[0].wait()
        return Computed("first")


async def test_tools_run_side_by_side_and_are_told_in_order() -> None:
    context = FakeContext(outside=Meeting())
    chat = Chat(
        calling(("price", {"of": "a"}), ("stock", {"of": "b"})),
        "Both.",
        tools=[tool("price"), tool("stock")],
        context=context,
    )
    traces = await asyncio.wait_for(chat.say("Both!"), 5)
    assert [(kind, payload.get("phase"), payload.get("toolName", payload.get("name"))) for kind, payload in traces] == [
        ("tool_call", None, "price"),
        ("tool-call", "start", "price"),
        ("tool-call", "end", "price"),
        ("tool_call", None, "stock"),
        ("tool-call", "start", "stock"),
        ("tool-call", "end", "stock"),
        ("text", None, None),
    ]
    results = [each.content for each in chat.requests[-1].messages if isinstance(each, ToolResult)]
    assert results == ['<data from="price">"first"</data>', '<data from="stock">"second"</data>']


async def test_a_call_that_fails_does_not_hold_up_the_other() -> None:
    chat = Chat(
        calling(("price", {}), ("stock", {})),
        "The price is 5.",
        tools=[tool("price"), tool("stock")],
        context=FakeContext(mocks={"price": 5}),
    )
    traces = await chat.say("Both!")
    assert [payload["ok"] for _, payload in traces if "ok" in payload] == [True, False]
    assert "The tool failed (CODE_FAILED)." in str(chat.requests[-1].messages[-1])


async def test_each_answer_is_kept_under_a_place_of_its_own() -> None:
    chat = Chat(calling(("price", {}), ("price", {"of": "b"})), "So.", tools=[tool("price")])
    chat.context.mocks["price"] = 5
    await chat.say("Both!")
    assert chat.scene.places == ["agent/round1/model", "agent/round2/model"]
    assert {place for place in chat.context.entries if place.endswith("/mock")} == {
        "agent/round1/call1/price/mock",
        "agent/round1/call2/price/mock",
    }


def paying(*script: Any, by: str = "user") -> Chat:
    context = FakeContext(mocks={"pay": {"receipt": 7}})
    return Chat(*script, tools=[tool("pay", approval=by)], context=context)


async def asked(chat: Chat) -> str:
    """The id under which the call waits."""
    traces = await chat.say("Pay!")
    assert isinstance(chat.outcome, Approving)
    (approval,) = [payload for kind, payload in traces if kind == "approval"]
    assert approval["toolName"] == "pay"
    return approval["approvalId"]


async def test_a_call_waits_for_a_yes_and_then_runs() -> None:
    chat = paying(calling(("pay", {"of": "bike"})), "Paid.")
    approval_id = await asked(chat)
    traces = await chat.act("approval", {"approvalId": approval_id, "approved": True})
    assert [kind for kind, _ in traces] == ["tool_call", "tool-call", "tool-call", "text"]
    assert '{"receipt":7}' in str(chat.requests[-1].messages[-1])
    # It is answered once.
    assert await chat.act("approval", {"approvalId": approval_id, "approved": True}) == []
    assert len(chat.requests) == 2


async def test_a_no_is_told_with_its_note_and_nothing_runs() -> None:
    chat = paying(calling(("pay", {"of": "bike"})), "Then not.", by="person")
    approval_id = await asked(chat)
    traces = await chat.act("approval", {"approvalId": approval_id, "approved": False, "note": "Too dear"})
    assert traces == [["text", {"message": "Then not."}]]
    assert '"answer":"no","note":"Too dear"' in chat.words()


async def test_while_a_call_waits_other_words_are_answered_and_it_is_not_asked_twice() -> None:
    same = ("pay", {"of": "bike"})
    chat = paying(calling(same), "It waits.", calling(same), "Still waiting.", "Paid.")
    approval_id = await asked(chat)
    assert await chat.say("What is going on?") == [["text", {"message": "It waits."}]]
    assert [kind for kind, _ in await chat.say("Pay now!")] == ["tool_call", "text"]
    traces = await chat.act("approval", {"approvalId": approval_id, "approved": True})
    assert traces[-1] == ["text", {"message": "Paid."}]


async def test_after_a_day_without_a_yes_it_is_a_no() -> None:
    chat = paying(calling(("pay", {"of": "bike"})), "Nobody answered.")
    approval_id = await asked(chat)
    chat.context.clock += timedelta(hours=25)
    await chat.say("And?")
    assert "Nobody said yes within 24 hours." in str(chat.requests[-1].messages)
    assert await chat.act("approval", {"approvalId": approval_id, "approved": True}) == []


async def test_arguments_are_checked_before_anybody_is_asked() -> None:
    parameters = {"type": "object", "properties": {"days": {"type": "number"}}, "required": ["days"]}
    chat = Chat(calling(("pay", {})), "Which days?", tools=[tool("pay", approval="user", parameters=parameters)])
    assert [kind for kind, _ in await chat.say("Pay!")] == ["tool_call", "text"]
    assert '"days" is a required property' in str(chat.requests[-1].messages[-1])


async def test_a_tool_that_was_switched_off_since_does_not_run_whatever_was_said() -> None:
    chat = paying(calling(("pay", {"of": "bike"})), "I cannot pay any more.")
    approval_id = await asked(chat)
    off = Chat(tools=[tool("pay", approval="user", enabled=False)])
    off.memory, off.scene = chat.memory, chat.scene
    traces = await off.act("approval", {"approvalId": approval_id, "approved": True})
    assert traces == [["text", {"message": "I cannot pay any more."}]]
    assert "The tool is not there any more." in chat.words()


async def test_so_many_calls_wait_and_no_more() -> None:
    script = [calling(*[("pay", {"of": str(number)}) for number in range(9)]) for _ in range(2)]
    script[1] = calling(*[("pay", {"of": str(number)}) for number in range(9, 18)])
    chat = paying(*script)
    await chat.say("Pay!")
    traces = await chat.say("More!")
    assert sum(kind == "approval" for kind, _ in traces) == 7


async def test_the_remarks_of_a_tool_are_told_within_its_traces() -> None:
    class Talking(Outside):
        async def compute(self, code: Code) -> Computed:
            return Computed(5, console=(ConsoleLine("log", "looking", 1),))

    chat = Chat(calling(("price", {})), "Five.", tools=[tool("price")], context=FakeContext(outside=Talking()))
    traces = await chat.turn("text", "How much?")
    assert [trace.type for trace in traces[:4]] == ["tool_call", "tool-call", "debug", "tool-call"]


class Setting(Outside):
    """Answers with the last letter of the address, many times."""

    def __init__(self, times: int) -> None:
        self.times = times

    async def call(self, request: Request) -> Response:
        return Response(200, {}, f'{{"who": "{request.url[-1] * self.times}"}}')


def both(times: int, kind: str = "text") -> Chat:
    """A model that uses two tools at once, which set the same variable, and one of their own."""

    def setting(name: str) -> dict[str, Any]:
        found = [{"path": "$.body.who", "variable": each} for each in ("who", name)]
        config = {"method": "GET", "url": "https://x.example/{{args.of}}", "map": found}
        return tool(name, type="api", config=config)

    return Chat(
        calling(("one", {"of": "a"}), ("two", {"of": "b"})),
        "So.",
        tools=[setting("one"), setting("two")],
        variables=[{"name": "who", "type": kind}, {"name": "one"}, {"name": "two"}],
        context=FakeContext(outside=Setting(times)),
    )


def errors(traces: list[Any]) -> list[str]:
    return [payload["code"] for kind, payload in traces if kind == "error"]


async def test_what_side_by_side_calls_set_is_taken_over_in_their_order() -> None:
    chat = both(1)
    assert errors(await chat.say("Both")) == []
    assert chat.variables == {"who": "b", "one": "a", "two": "b"}


async def test_what_side_by_side_calls_cannot_set_is_told() -> None:
    assert errors(await both(1, "number").say("Both")) == ["WRONG_VALUE", "WRONG_VALUE"]
    # Each fits by itself, and both together do not.
    assert errors(await both(100_000).say("Both")) == ["VARIABLES_TOO_LARGE"]


async def test_a_launch_shows_the_call_that_waits_until_its_day_is_over() -> None:
    chat = paying(calling(("pay", {"of": "bike"})))
    approval_id = await asked(chat)
    ((kind, payload),) = await chat.act("launch")
    assert (kind, payload["approvalId"], payload["arguments"]) == ("approval", approval_id, {"of": "bike"})
    chat.context.clock += timedelta(hours=25)
    assert await chat.act("launch") == []
