"""The step `start`."""

from tests.engine.talk import Talk, line, step, workflow


async def test_a_workflow_begins_at_its_start() -> None:
    assert await Talk(line(step("m", "message", text="Hi."))).launch() == ["Hi."]


async def test_a_start_that_leads_nowhere_is_the_end_of_the_workflow() -> None:
    assert await Talk(workflow("main")).launch() == []
