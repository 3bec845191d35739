"""The demo's own conversation tests are green, and walk everywhere."""

from collections.abc import Iterator

import pytest

from conduet.engine.conversation_test import Expectation, Test
from conduet.engine.document import compile_document
from conduet.kit.sandbox.pool import Sandbox
from conduet.projects.demo import read_demo
from conduet.providers.minilm import MiniLm
from conduet.testing.context import Stage
from conduet.testing.minds import built_in
from conduet.testing.play import play, play_all
from tests.testing.playing import PLUGINS

DEMO = compile_document(read_demo(), PLUGINS)
TESTS = DEMO.shape.tests


@pytest.fixture
def stage(sandbox: Sandbox) -> Iterator[Stage]:
    """Where the demo is played, with nothing to think with but what comes with Conduet."""
    embedder = MiniLm()
    yield Stage("development", sandbox, "demo", built_in(embedder))
    embedder.close()


async def test_every_test_of_the_demo_is_green(stage: Stage) -> None:
    results = await play_all(TESTS, DEMO, stage)
    assert [result for result in results if not result.ok or result.skipped] == []
    assert len(results) >= 5


async def test_every_test_is_green_where_no_embedding_model_runs(sandbox: Sandbox) -> None:
    results = await play_all(TESTS, DEMO, Stage("development", sandbox, "demo", built_in(None)))
    assert [result for result in results if not result.ok] == []


async def test_they_reach_every_step(stage: Stage) -> None:
    reached: set[str] = set()
    for test in TESTS:
        for number in range(len(test.turns)):
            red = await play(ending(test, number), DEMO, stage)
            reached |= {*(red.got or "").split(", ")}
    assert DEMO.nodes.keys() - reached == set()


def ending(test: Test, number: int) -> Test:
    """The test up to a turn that is red because it reaches no step of that name, and tells those that it reaches."""
    nowhere = test.turns[number].model_copy(update={"expect": (Expectation(step="nowhere"),)})
    return test.model_copy(update={"turns": (*test.turns[:number], nowhere)})


def test_each_expects_something_in_every_turn() -> None:
    for test in TESTS:
        assert test.name, test.id
        assert all(turn.expect for turn in test.turns), test.id
