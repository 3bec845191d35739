"""A turn run again from its journal says the same, or says where it parts."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from conduet.engine.action import Action
from conduet.engine.context import Context
from conduet.engine.document import Document
from conduet.engine.journal import Parted, ReplayContext, write_answer, write_mock, write_value
from conduet.engine.outside import (
    Broken,
    Code,
    Computed,
    ConsoleLine,
    Mail,
    McpRequest,
    Request,
    Response,
    Unreachable,
)
from conduet.engine.run import fresh_state, run
from conduet.engine.trace import Trace
from conduet.engine.values import MISSING, Json
from tests.engine.talk import ACTION, FakeContext, compiled, step, workflow

MAIN = workflow(
    "main",
    step("fork", "random", paths=[{"id": "a"}, {"id": "b"}]),
    step("wait", "delay", seconds=3),
    step("say_a", "message", text="a at {{sys.now}}", variants=["still a"]),
    step("say_b", "message", text="b at {{sys.now}}"),
    wires="start > wait, wait > fork, fork.a > say_a, fork.b > say_b",
)
LAUNCH = ACTION.validate_python({"type": "launch"})


async def played(document: Document, action: Action, context: FakeContext | ReplayContext) -> list[Trace]:
    return [trace async for trace in run(document, fresh_state(document), action, context)]


def replay(entries: Mapping[str, Json]) -> ReplayContext:
    return ReplayContext(entries, user_id="user_1", platform="api", version_id="development")


@pytest.mark.parametrize("dealt", [[0.1, 0.9], [0.7]])
async def test_a_replay_answers_as_the_world_did(dealt: list[float]) -> None:
    context = FakeContext(dealt=dealt)
    document = compiled(MAIN)
    recorded = await played(document, LAUNCH, context)
    assert await played(document, LAUNCH, replay(context.entries)) == recorded


async def test_places_name_the_step_and_its_visit() -> None:
    context = FakeContext(dealt=[0.1, 0.9])
    await played(compiled(MAIN), LAUNCH, context)
    assert [*context.entries] == ["sys.now", "main/wait#1/sleep", "main/fork#1/random1", "main/say_a#1/random1"]


@pytest.mark.parametrize(
    ("place", "entry"),
    [
        ("sys.now", None),
        ("sys.now", "yesterday"),
        ("main/wait#1/sleep", None),
        ("main/fork#1/random1", None),
        ("main/fork#1/random1", "0.5"),
        ("main/fork#1/random1", 1.0),
    ],
)
async def test_a_replay_parts_at_the_place_that_the_journal_does_not_answer(place: str, entry: Json) -> None:
    context = FakeContext(dealt=[0.1, 0.9])
    document = compiled(MAIN)
    await played(document, LAUNCH, context)
    entries = {name: value for name, value in {**context.entries, place: entry}.items() if value is not None}
    with pytest.raises(Parted, match="parts from the recorded one at") as caught:
        await played(document, LAUNCH, replay(entries))
    assert caught.value.place == place


OUTSIDE: list[tuple[str, Any]] = [
    ("call", write_answer(Response(201, {"x-a": "b"}, '{"n": 1}'))),
    ("compute", write_answer(Computed({"a": [1]}, None, (ConsoleLine("warn", "x", 3),)))),
    ("compute", write_answer(Computed(failure=Broken("error", "no", 2)))),
    ("mail", write_answer(None)),
    ("mcp", write_value([{"name": "find"}])),
    ("once", write_value({"token": "t"})),
]
CODE, REQUEST = Code("return 1", {}), Request("GET", "https://a.example")
MAIL = Mail("a.example", 25, "none", None, None, sender="a@a.example", recipients=("b@a.example",), content=b"x")


async def asked(world: ReplayContext, what: str) -> Any:
    """What the world answers at the place `it`."""
    asking: dict[str, Callable[[], Awaitable[Any]]] = {
        "call": lambda: world.call("it", REQUEST),
        "compute": lambda: world.compute("it", CODE),
        "mail": lambda: world.mail("it", MAIL),
        "mcp": lambda: world.mcp("it", McpRequest("https://a.example")),
        "once": lambda: world.once("it", never),
    }
    return await asking[what]()


async def never(_: Context) -> Json:
    raise AssertionError("a replay does no work")


@pytest.mark.parametrize(("what", "entry"), OUTSIDE)
async def test_an_answer_from_outside_is_read_as_it_was_written(what: str, entry: dict[str, Json]) -> None:
    written = json.loads(json.dumps({**entry, "request": "kept beside it"}))
    answer = await asked(replay({"it": written}), what)
    again = write_value(answer) if what in {"mcp", "once"} else write_answer(answer)
    assert again == entry


@pytest.mark.parametrize("what", ["call", "compute", "mcp", "mail", "once"])
async def test_a_call_without_an_answer_has_none_again(what: str) -> None:
    world = replay({"it": write_answer(Unreachable("TIMED_OUT", "Too late."))})
    with pytest.raises(Unreachable, match=r"Too late\.") as raised:
        await asked(world, what)
    assert raised.value.code == "TIMED_OUT"


@pytest.mark.parametrize(
    ("what", "entry"),
    [
        ("call", None),
        ("call", 5),
        ("call", {"answer": {"status": "ok"}}),
        ("call", {"unreachable": {"code": 5}}),
        ("compute", {"answer": {"failure": {}}}),
        ("mail", {}),
        ("mcp", "x"),
    ],
)
async def test_a_replay_parts_where_the_answer_is_none_of_the_kind(what: str, entry: Json) -> None:
    with pytest.raises(Parted):
        await asked(replay({"it": entry} if entry is not None else {}), what)


async def test_a_mock_answers_again_and_a_secret_is_its_name() -> None:
    world = ReplayContext(
        {"it": write_mock({"a": 1}), "other": 5}, user_id="u", platform="api", version_id="v", secrets=["KEY"]
    )
    assert world.mocked("it", ()) == {"a": 1}
    assert world.mocked("other", ()) is MISSING
    assert world.mocked("gone", ()) is MISSING
    assert await world.secrets() == {"KEY": "[secret KEY]"}


async def test_time_that_was_over_is_over_at_once_and_other_time_never() -> None:
    world = replay({"it": 0.5})
    await world.elapse("it", seconds=1000)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await world.elapse("other", seconds=0)
