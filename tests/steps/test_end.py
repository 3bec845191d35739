"""The step `end`."""

from conduet.engine.run import at_rest
from tests.engine.talk import Talk, line, step


async def test_end_says_its_text_tells_that_all_is_settled_and_ends() -> None:
    talk = Talk(line(step("end", "end", resolved=True, text="Bye, {{sys.userId}}.")))
    assert await talk.launch() == ["Bye, user_1.", "resolved", "end"]
    assert at_rest(talk.state)


async def test_end_alone_is_an_end() -> None:
    assert await Talk(line(step("end", "end"))).launch() == ["end"]
