"""The step `prompt`, while there is no language model."""

from conduet.engine.check import check
from tests.engine.talk import Talk, compiled, line, step, workflow

IT = step("it", "prompt", prompt="x")
PLAYBOOKS = [{"id": "p", "exits": [{"id": "done"}]}]


async def test_it_tells_that_a_model_is_needed_and_leaves_by_error() -> None:
    main = workflow("main", IT, step("m", "message", text="on"), wires="start > it, it.error > m")
    assert await Talk(main, playbooks=PLAYBOOKS).launch() == ["error MODEL_NEEDED", "on"]


def test_it_is_doubtful_and_without_a_prompt_unfinished() -> None:
    assert [(each.severity, each.code) for each in check(compiled(line(IT)))] == [("warning", "MODEL_NEEDED")]
    assert check(compiled(line(step("it", "prompt"))))[0].code == "REQUIRED"
