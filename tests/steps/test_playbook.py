"""The step `playbook`: a reusable agent within a flow."""

from conduet.engine.check import check
from tests.agents.obeying import speaking
from tests.engine.talk import Talk, compiled, line, step, workflow

IT = step("it", "playbook", playbookId="p", inputs={"bike": "{{bike}}"}, outputs={"when": "day"})
PLAYBOOKS = [{"id": "p", "name": "Booking", "instructions": "Book it.", "exits": [{"id": "done", "collects": ["day"]}]}]
VARIABLES = [{"name": "day"}, {"name": "when"}, {"name": "bike", "default": "a red one"}]
SAY = [step("done", "message", text="done {{when}}"), step("after", "message", text="after")]
MAIN = workflow("main", IT, *SAY, wires="start > it, it.done > done, it > after")


async def test_it_has_the_conversation_until_it_is_done_and_what_it_collected_comes_back() -> None:
    exits = (("take_exit", {"exitId": "done", "day": "Friday"}),)
    async with speaking("Which day?", exits) as world:
        talk = Talk(MAIN, context=world, playbooks=PLAYBOOKS, variables=VARIABLES)
        await talk.launch()
        assert "Book it." in world.prompt()
        assert (await talk.say("Friday"))[-1] == "done Friday"
        assert 'from=\\"inputs\\">{\\"bike\\":\\"a red one\\"}' in world.prompt().replace("\\\\", "\\")


async def test_without_a_model_it_leaves_by_next() -> None:
    talk = Talk(MAIN, playbooks=PLAYBOOKS, variables=VARIABLES)
    assert (await talk.launch())[1:] == ["error MODEL_NOT_CONFIGURED", "after"]


def test_its_ports_are_the_exits_of_the_playbook() -> None:
    it, say = step("it", "playbook", playbookId="p"), step("m", "message", text="x")
    wires = "start > it, it.done > m, it.gone > m"
    document = compiled(workflow("main", it, say, wires=wires), playbooks=PLAYBOOKS, variables=VARIABLES)
    assert [each.code for each in check(document)] == ["DEAD_PORT"]
    (dead,) = check(compiled(line(it), playbooks=PLAYBOOKS, variables=VARIABLES))
    assert (dead.code, dead.path) == ("DEAD_PORT", "workflows[0].steps[1]")


def test_an_unknown_playbook_and_none_are_unfinished() -> None:
    assert check(compiled(line(step("it", "playbook", playbookId="p"))))[0].code == "UNKNOWN_PLAYBOOK"
    assert check(compiled(line(step("it", "playbook"))))[0].code == "REQUIRED"
