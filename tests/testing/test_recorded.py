"""A test that is made of what was recorded: green as it stands, red once the flow says something else."""

import asyncio
import json
import random
from typing import Any

import pytest

from conduet.conversations.record import trace_json
from conduet.engine.document import compile_document
from conduet.engine.outside import Request, Response
from conduet.engine.run import fresh_state, run
from conduet.engine.state import State
from conduet.projects.demo import read_demo
from conduet.testing.recorded import RecordedTalk, RecordedTurn, recorded_test
from tests.engine.talk import ACTION, FakeContext, Outside, line, step, stored
from tests.testing.playing import LAUNCH, PLUGINS, Object, all_played, played, say

CHANCE = line(
    step("hello", "message", text="one", variants=["two", "three", "four", "five", "six"]),
    step("order", "api", url="https://shop.example/a", map=[{"path": "$.body.state", "variable": "state"}]),
    step("ask", "buttons", text="{{state}} at {{sys.now}}", buttons=[{"id": "yes", "label": "Yes"}]),
    step("bye", "end", text="Bye!", resolved=True),
)
CHANCE["connections"][3]["sourcePort"] = "yes"
DOCUMENT: Object = {"workflows": [CHANCE], "variables": [{"name": "state"}]}


class Shop(Outside):
    async def call(self, request: Request) -> Response:
        return Response(200, {}, '{"state": "sent"}')


def talked(document: Object, *actions: Object, context: FakeContext, state: State | None = None) -> RecordedTalk:
    """A conversation as it is stored: traces with their time, and the journal of each turn."""
    compiled = compile_document(document, PLUGINS)
    state = state or fresh_state(compiled)
    before = stored(state)

    async def taken(action: Object) -> RecordedTurn:
        context.entries = {}
        traces = [trace async for trace in run(compiled, state, ACTION.validate_python(action), context)]
        sent = [trace_json(trace, time="2026-03-01T12:30:00.000Z") for trace in traces]
        return RecordedTurn(action, json.loads(json.dumps(sent)), json.loads(json.dumps(context.entries)))

    async def talk() -> list[RecordedTurn]:
        return [await taken(action) for action in actions]

    return RecordedTalk(context.user_id, context.platform, before, asyncio.run(talk()))


def made(talk: RecordedTalk) -> Any:
    return recorded_test(talk, test_id="made", name="Made")


@pytest.mark.parametrize("seed", range(5))
def test_what_was_recorded_is_green_whatever_chance_clock_and_world_were(seed: int) -> None:
    context = FakeContext(user_id=f"user_{seed}", platform="web", outside=Shop())
    context.chance = random.Random(seed)
    talk = talked(DOCUMENT, LAUNCH, say("yes"), LAUNCH, context=context)
    result = all_played([made(talk)], DOCUMENT)[0]
    assert result.ok, result


def test_a_flow_that_says_something_else_is_red() -> None:
    talk = talked(DOCUMENT, LAUNCH, say("yes"), context=FakeContext(outside=Shop()))
    changed = json.loads(json.dumps(DOCUMENT).replace("Bye!", "Farewell!"))
    result = all_played([made(talk)], changed)[0]
    assert (result.turn, result.step_id, result.expected) == (2, "bye", 'a text that contains "Bye!"')


def test_the_demo_recorded_is_green() -> None:
    actions = [LAUNCH, say("Book a repair"), say("The chain squeaks"), say("Kim"), say("kim@example.com"), say("yes")]
    talk = talked(read_demo(), *actions, context=FakeContext(user_id="someone"))
    result = all_played([made(talk)], read_demo())[0]
    assert result.ok, result


@pytest.mark.parametrize("seed", range(5))
def test_what_was_there_before_is_taken_along(seed: int) -> None:
    before = fresh_state(compile_document(DOCUMENT, PLUGINS))
    context = FakeContext(outside=Shop())
    context.chance = random.Random(seed)
    talked(DOCUMENT, LAUNCH, context=context, state=before)
    before.variables["other"] = 4
    # It stands at the question, and no wording comes twice running.
    talk = talked(DOCUMENT, LAUNCH, say("yes"), LAUNCH, context=context, state=before)
    test = made(talk)
    assert test["variables"]["other"] == 4
    result = all_played([test], DOCUMENT)[0]
    assert result.ok, result
    assert test["turns"][0]["expect"][0] == {"contains": "sent at 2026-03-01T12:30:00.000Z"}


def test_a_test_expects_what_the_user_saw() -> None:
    talk = talked(DOCUMENT, LAUNCH, say("yes"), context=FakeContext(outside=Shop()))
    first, second = made(talk)["turns"]
    assert first["action"] == LAUNCH
    assert first["expect"][1:] == [
        {"contains": "sent at 2026-03-01T12:30:00.000Z"},
        {"trace": {"type": "buttons", "payload": {"buttons": [{"label": "Yes"}]}}},
    ]
    assert second["expect"] == [{"contains": "Bye!"}, {"trace": "resolution"}, {"trace": "end"}]


def expected(kind: str, payload: Object) -> Any:
    turns = [RecordedTurn(LAUNCH, [{"type": kind, "payload": payload, "time": "2026-03-01T12:30:00.000Z"}])]
    return made(RecordedTalk("u", "api", State(), turns))["turns"][0]["expect"]


@pytest.mark.parametrize(
    ("kind", "payload", "expectation"),
    [
        ("image", {"url": "https://a.example/x.png", "alt": "x"}, {"url": "https://a.example/x.png"}),
        ("card", {"title": "Bike", "buttons": []}, {"title": "Bike"}),
        ("carousel", {"cards": [{"title": "A"}, {"title": "B"}]}, {"cards": [{"title": "A"}, {"title": "B"}]}),
        ("client-action", {"callId": "call_1", "name": "pay", "paths": [], "wait": True}, {"name": "pay"}),
        ("approval", {"approvalId": "a", "toolName": "t", "by": "user"}, {"toolName": "t", "by": "user"}),
        ("handoff", {"target": "person", "reason": "r"}, {"target": "person"}),
        ("error", {"code": "TIMEOUT", "message": "m"}, {"code": "TIMEOUT"}),
    ],
)
def test_of_a_payload_only_what_stays_the_same_is_expected(kind: str, payload: Object, expectation: Object) -> None:
    assert expected(kind, payload) == [{"trace": {"type": kind, "payload": expectation}}]


def test_grounds_are_expected_by_name() -> None:
    sources = [{"documentId": "doc_1", "name": "hours.md", "score": 0.9}, {"documentId": "doc_2", "name": "b.md"}]
    assert expected("knowledge", {"query": "q", "sources": sources}) == [{"source": "hours.md"}]
    assert expected("knowledge", {"query": "q", "sources": []}) == []


@pytest.mark.parametrize("kind", ["debug", "typing", "tool-call", "tool_call", "step"])
def test_remarks_beside_the_conversation_are_not_expected(kind: str) -> None:
    assert expected(kind, {"level": "info", "message": "x"}) == []


def test_a_trace_that_was_cut_is_expected_by_its_type() -> None:
    assert expected("carousel", {"cards": [], "ref": "turns/turn_1/traces/0"}) == [{"trace": "carousel"}]


def test_what_is_said_twice_is_expected_once_and_no_more_than_a_test_may_hold() -> None:
    text: Object = {"type": "text", "payload": {"message": "Hi"}}
    texts: list[Object] = [{"type": "text", "payload": {"message": f"Hi {number}"}} for number in range(200)]
    turns = [RecordedTurn(LAUNCH, [text, text])] + [RecordedTurn(LAUNCH, texts)] * 600
    test = made(RecordedTalk("u", "api", State(), turns))
    assert test["turns"][0]["expect"] == [{"contains": "Hi"}]
    compile_document({"tests": [test]}, PLUGINS)


def test_a_journal_is_taken_along_without_what_was_asked() -> None:
    journal: Object = {
        "sys.now": "2026-03-01T12:30:00.000Z",
        "main/s#1/random1": 0.25,
        "main/s#1/call1": {"request": {"url": "https://a.example"}, "answer": {"status": 200}},
        "main/s#1/mock": {"mock": None},
    }
    test = made(RecordedTalk("u", "api", State(), [RecordedTurn(LAUNCH, [], journal)]))
    assert test["turns"][0]["journal"] == {**journal, "main/s#1/call1": {"answer": {"status": 200}}}


def test_a_call_that_was_not_made_then_is_told() -> None:
    talk = talked(DOCUMENT, LAUNCH, context=FakeContext(outside=Shop()))
    changed = line(step("hello", "api", url="https://shop.example/new"), workflow_id="main")
    result = played(made(talk), changed)
    assert result.got == "GET https://shop.example/new, which nothing answers in a test"
