"""The step `end`."""

import pytest

from conduet.engine.run import at_rest
from conduet.errors import BadRequest
from tests.engine.talk import Talk, compiled, line, step, workflow


async def test_end_says_its_text_tells_that_all_is_settled_and_ends() -> None:
    talk = Talk(line(step("end", "end", resolved=True, text="Bye, {{sys.userId}}.")))
    assert await talk.launch() == ["Bye, user_1.", "resolved", "end"]
    assert at_rest(talk.state)


async def test_end_alone_is_an_end() -> None:
    assert await Talk(line(step("end", "end"))).launch() == ["end"]


async def test_end_ends_the_conversation_from_within_a_loop_of_a_called_workflow() -> None:
    inner = workflow(
        "inner",
        step("each", "loop", items="[1, 2, 3]", itemVariable="n"),
        step("stop", "end", text="Stopped at {{n}}."),
        wires="start > each, each.body > stop",
    )
    outer = line(
        step("call", "workflow", workflowId="inner"), step("never", "message", text="Never said."), primary=True
    )
    talk = Talk(outer, inner, variables=[{"name": "n", "type": "number"}])
    assert await talk.launch() == ["Stopped at 1.", "end"]
    assert at_rest(talk.state)


def test_nothing_leads_on_from_an_end() -> None:
    with pytest.raises(BadRequest, match="no port"):
        compiled(
            workflow("main", step("end", "end"), step("more", "message", text="x"), wires="start > end, end > more")
        )


@pytest.mark.parametrize(("field", "value"), [("resolved", "yes"), ("text", 5)])
def test_a_field_of_another_type_is_refused_by_path(field: str, value: object) -> None:
    with pytest.raises(BadRequest) as refused:
        compiled(line(step("end", "end", **{field: value})))
    assert refused.value.details[0].path.startswith(f"workflows[0].steps[1].config.{field}")
