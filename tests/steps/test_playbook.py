"""The step `playbook`, while there is no language model."""

from conduet.engine.check import check
from tests.engine.talk import Talk, compiled, line, step, workflow

IT = step("it", "playbook", playbookId="p")
PLAYBOOKS = [{"id": "p", "exits": [{"id": "done"}]}]


async def test_it_tells_that_a_model_is_needed_and_leaves_by_next() -> None:
    main = workflow("main", IT, step("m", "message", text="on"), wires="start > it, it.next > m")
    assert await Talk(main, playbooks=PLAYBOOKS).launch() == ["error MODEL_NEEDED", "on"]


def test_its_ports_are_the_exits_of_the_playbook() -> None:
    say = step("m", "message", text="x")
    wires = "start > it, it.done > m, it.gone > m"
    document = compiled(workflow("main", IT, say, wires=wires), playbooks=PLAYBOOKS)
    assert [each.code for each in check(document)] == ["MODEL_NEEDED", "DEAD_PORT"]
    (_, dead) = check(compiled(line(IT), playbooks=PLAYBOOKS))
    assert (dead.code, dead.path) == ("DEAD_PORT", "workflows[0].steps[1]")


def test_an_unknown_playbook_and_none_are_unfinished() -> None:
    assert check(compiled(line(IT)))[0].code == "UNKNOWN_PLAYBOOK"
    assert check(compiled(line(step("it", "playbook"))))[0].code == "REQUIRED"
