"""The step `delay`."""

import pytest

from conduet.errors import BadRequest
from tests.engine.talk import Talk, compiled, line, step, workflow


async def test_a_delay_is_told_before_it_and_lets_time_pass() -> None:
    talk = Talk(line(step("wait", "delay", seconds=2.5), step("say", "message", text="Hi.")))
    before = talk.context.clock
    assert await talk.launch() == ["typing 2.5", "Hi."]
    assert (talk.context.clock - before).total_seconds() == 2.5
    assert talk.context.entries["main/wait#1/sleep"] == 2.5


@pytest.mark.parametrize("seconds", [31, -1, "2", True, None])
def test_a_length_that_is_none_is_refused_by_path(seconds: object) -> None:
    with pytest.raises(BadRequest) as refused:
        compiled(line(step("wait", "delay", seconds=seconds)))
    assert [detail.path for detail in refused.value.details] == ["workflows[0].steps[1].config.seconds"]


async def test_thirty_seconds_and_none_are_lengths() -> None:
    talk = Talk(line(step("short", "delay", seconds=0), step("long", "delay", seconds=30)))
    assert (await talk.launch())[-1] == "typing 30.0"


def test_it_leaves_by_next_alone() -> None:
    with pytest.raises(BadRequest, match="no port"):
        compiled(workflow("main", step("wait", "delay"), step("end", "end"), wires="start > wait, wait.later > end"))
