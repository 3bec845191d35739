"""The demo's own conversation tests are green, and walk everywhere."""

from conduet.engine.conversation_test import Expectation, Test
from conduet.engine.document import compile_document
from conduet.kit.sandbox.pool import Sandbox
from conduet.projects.demo import read_demo
from conduet.testing.context import Stage
from conduet.testing.play import play, play_all
from tests.testing.playing import PLUGINS

DEMO = compile_document(read_demo(), PLUGINS)
TESTS = DEMO.shape.tests


async def test_every_test_of_the_demo_is_green(sandbox: Sandbox) -> None:
    results = await play_all(TESTS, DEMO, Stage("development", sandbox, owner="demo"))
    assert [result for result in results if not result.ok or result.skipped] == []
    assert len(results) >= 5


async def test_they_reach_every_step(sandbox: Sandbox) -> None:
    stage = Stage("development", sandbox, owner="demo")
    reached: set[str] = set()
    for test in TESTS:
        for number in range(len(test.turns)):
            red = await play(ending(test, number), DEMO, stage)
            reached |= {*(red.got or "").split(", ")}
    # A test has no model: what the agent says is tested in `tests/conversations/test_demo_agent.py`.
    assert {place for place in DEMO.nodes.keys() - reached if not place.startswith("rental/")} == set()


def ending(test: Test, number: int) -> Test:
    """The test up to a turn that is red because it reaches no step of that name, and tells those that it reaches."""
    nowhere = test.turns[number].model_copy(update={"expect": (Expectation(step="nowhere"),)})
    return test.model_copy(update={"turns": (*test.turns[:number], nowhere)})


def test_each_expects_something_in_every_turn() -> None:
    for test in TESTS:
        assert test.name, test.id
        assert all(turn.expect for turn in test.turns), test.id
