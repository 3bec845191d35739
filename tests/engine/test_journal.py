"""A turn run again from its journal says the same, or says where it parts."""

from collections.abc import Mapping

import pytest

from conduet.engine.action import Action
from conduet.engine.document import Document
from conduet.engine.journal import Parted, ReplayContext
from conduet.engine.run import fresh_state, run
from conduet.engine.trace import Trace
from conduet.engine.values import Json
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
