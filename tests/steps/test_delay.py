"""The step `delay`."""

from tests.engine.talk import Talk, line, step


async def test_a_delay_is_told_before_it_and_lets_time_pass() -> None:
    talk = Talk(line(step("wait", "delay", seconds=2.5), step("say", "message", text="Hi.")))
    before = talk.context.clock
    assert await talk.launch() == ["typing 2.5", "Hi."]
    assert (talk.context.clock - before).total_seconds() == 2.5
    assert talk.context.entries["main/wait#1/sleep"] == 2.5
