"""Which model answers: the phase's, the step's or the playbook's, the project's, the server's."""

from collections.abc import AsyncIterator

import pytest

from conduet.settings import Settings
from tests.agents.obeying import reply
from tests.conversations.agentic import House, housing
from tests.engine.talk import step, workflow


@pytest.fixture(scope="module")
async def house(settings: Settings) -> AsyncIterator[House]:
    async with housing(settings.model_copy(update={"demo": False, "model": "openai:server"})) as house:
        yield house


def asked(house: House) -> list[str]:
    """The models that were asked since the last look."""
    found = [each.body["model"] for each in house.server.asked]
    house.server.asked.clear()
    return found


async def test_a_phase_goes_before_the_project_and_that_before_the_server(house: House) -> None:
    house.server.replies = [reply("Hello.")]
    place = await house.place(framework="agentic")
    asked(house)
    ben = place.talker()
    await ben.say("Hi")
    assert asked(house) == ["server"]
    await place.save(behaviourConfig={"model": "openai:project"})
    await ben.say("Hi")
    assert asked(house) == ["project"]
    phases = [{"id": "only", "model": ["openai:phase"]}]
    await place.save(behaviourConfig={"agentHarness": {"phases": phases}})
    await ben.say("Hi")
    assert asked(house) == ["phase"]


async def test_a_model_of_a_phase_that_is_none_is_told_by_its_path(house: House) -> None:
    phases = [{"id": "only", "model": "phase"}]
    body = {"framework": "agentic", "behaviourConfig": {"agentHarness": {"phases": phases}}}
    place = await house.place()
    saved = await place.owner.patch(place.path, json=body)
    found = {problem["path"]: problem["code"] for problem in saved.json()["problems"]}
    assert found["behaviourConfig.agentHarness.phases[0].model"] == "WRONG_MODEL"


async def test_a_step_and_a_playbook_go_before_the_project(house: House) -> None:
    flow = workflow(
        "main",
        step("first", "agent", instructions="Help.", model="openai:step"),
        step("second", "playbook", playbookId="help"),
        step("third", "prompt", prompt="Write a poem.", say=True),
        wires="start > first, first > second, second > third",
    )
    house.server.replies = [reply("Hello.")]
    playbook = {"id": "help", "name": "Help", "instructions": "Help.", "model": "openai:playbook"}
    place = await house.place(
        workflows=[flow], playbooks=[playbook], behaviourConfig={"model": ["openai:project", "openai:other"]}
    )
    asked(house)
    assert await place.talker().say("Hi") == ["Hello.", "Hello.", "Hello."]
    assert asked(house) == ["step", "playbook", "project"]
