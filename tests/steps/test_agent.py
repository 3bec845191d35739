"""The step `agent`, while there is no language model."""

from conduet.engine.check import check
from tests.engine.talk import Talk, compiled, line, step, workflow

IT = step("it", "agent", instructions="x")
PLAYBOOKS = [{"id": "p", "exits": [{"id": "done"}]}]


async def test_it_tells_that_a_model_is_needed_and_leaves_by_next() -> None:
    main = workflow("main", IT, step("m", "message", text="on"), wires="start > it, it.next > m")
    assert await Talk(main, playbooks=PLAYBOOKS).launch() == ["error MODEL_NEEDED", "on"]


def test_it_is_doubtful_and_without_instructions_unfinished() -> None:
    assert [(each.severity, each.code) for each in check(compiled(line(IT)))] == [("warning", "MODEL_NEEDED")]
    assert check(compiled(line(step("it", "agent"))))[0].code == "REQUIRED"
