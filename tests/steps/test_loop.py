"""The step `loop`: its body once for each item."""

from typing import Any

import pytest

from tests.engine.talk import Talk, line, open_stack, step, workflow

VARIABLES = [
    {"name": "items", "type": "list", "default": ["a", "b", "c"]},
    {"name": "item"},
    {"name": "number", "type": "number", "default": 0},
]
SAY = step("say", "message", text="{{item}}")
DONE = step("done", "message", text="done")
WIRES = "start > loop, loop.body > say, loop > done"


def loop(**config: object) -> dict[str, Any]:
    return step("loop", "loop", **{"items": "items", "itemVariable": "item", **config})


@pytest.mark.parametrize("items", ["items", "{{items}}", ["a", "{{items[1]}}", "c"], "['a', 'b', 'c']"])
async def test_the_body_runs_once_for_each_item_of_an_expression_a_template_or_a_list(items: object) -> None:
    talk = Talk(workflow("main", loop(items=items), SAY, DONE, wires=WIRES), variables=VARIABLES)
    assert await talk.launch() == ["a", "b", "c", "done"]
    assert talk.variables["item"] == "c"


async def test_a_body_may_be_wired_back_to_the_loop() -> None:
    talk = Talk(workflow("main", loop(), SAY, DONE, wires=f"{WIRES}, say > loop"), variables=VARIABLES)
    assert await talk.launch() == ["a", "b", "c", "done"]


async def test_a_body_may_wait() -> None:
    ask = step("ask", "buttons", text="{{item}}?", buttons=[{"id": "y", "label": "Yes"}])
    main = workflow("main", loop(items="['a', 'b']"), ask, DONE, wires="start > loop, loop.body > ask, loop > done")
    talk = Talk(main, variables=VARIABLES)
    assert await talk.launch() == ["a?", "[Yes]"]
    assert await talk.say("yes") == ["b?", "[Yes]"]
    assert await talk.say("yes") == ["done"]


async def test_the_loop_goes_over_the_list_as_it_was() -> None:
    empty = step("empty", "set", assignments=[{"variable": "items", "value": []}])
    main = workflow("main", loop(), SAY, empty, DONE, wires=f"{WIRES}, say > empty")
    assert await Talk(main, variables=VARIABLES).launch() == ["a", "b", "c", "done"]


async def test_no_more_than_max_iterations() -> None:
    main = workflow("main", loop(maxIterations=2), SAY, DONE, wires=WIRES)
    assert await Talk(main, variables=VARIABLES).launch() == ["a", "b", "done"]


async def test_an_empty_list_and_a_body_without_steps_are_over_at_once() -> None:
    assert await Talk(workflow("main", loop(items="[]"), SAY, DONE, wires=WIRES), variables=VARIABLES).launch() == [
        "done"
    ]
    assert await Talk(
        workflow("main", loop(), DONE, wires="start > loop, loop > done"), variables=VARIABLES
    ).launch() == ["done"]


async def test_what_is_no_list_is_an_error_and_the_flow_goes_on() -> None:
    main = workflow("main", loop(items="number"), SAY, DONE, wires=WIRES)
    assert await Talk(main, variables=VARIABLES).launch() == ["error NOT_A_LIST", "done"]


async def test_an_expression_without_a_value_is_over_at_once() -> None:
    talk = Talk(workflow("main", loop(items="1 +"), SAY, DONE, wires=WIRES), variables=VARIABLES)
    assert await talk.launch() == ["done"]
    assert "`1 +`" in talk.debug[0]


async def test_an_item_of_the_wrong_type_is_an_error_and_the_body_runs() -> None:
    main = workflow(
        "main",
        loop(itemVariable="number", items="['x', 2]"),
        step("say", "message", text="{{number}}"),
        wires=WIRES[:31],
    )
    assert await Talk(main, variables=VARIABLES).launch() == ["error WRONG_VALUE", "0", "2"]


async def test_loops_lie_within_each_other() -> None:
    inner = step("inner", "loop", items="[1, 2]", itemVariable="number")
    say = step("say", "message", text="{{item}}{{number}}")
    main = workflow("main", loop(items="['a', 'b']"), inner, say, DONE, wires=(
        "start > loop, loop.body > inner, inner.body > say, loop > done"
    ))  # fmt: skip
    assert await Talk(main, variables=VARIABLES).launch() == ["a1", "a2", "b1", "b2", "done"]


async def test_a_body_wired_to_the_outer_loop_goes_on_with_the_outer_item() -> None:
    inner = step("inner", "loop", items="[1, 2]", itemVariable="number")
    say = step("say", "message", text="{{item}}{{number}}")
    main = workflow("main", loop(items="['a', 'b']"), inner, say, DONE, wires=(
        "start > loop, loop.body > inner, inner.body > say, say > loop, loop > done"
    ))  # fmt: skip
    assert await Talk(main, variables=VARIABLES).launch() == ["a1", "b1", "done"]


async def test_a_jump_leaves_the_loop() -> None:
    jump = step("jump", "workflow", workflowId="other", mode="jump")
    main = workflow("main", loop(), jump, DONE, wires="start > loop, loop.body > jump, loop > done")
    other = line(step("say", "message", text="other"), workflow_id="other")
    assert await Talk(main, other, variables=VARIABLES).launch() == ["other"]


async def test_loops_within_loops_are_bounded() -> None:
    again = step("again", "workflow", workflowId="main")
    main = workflow("main", loop(items="[1]"), again, wires="start > loop, loop.body > again")
    assert await Talk(main, variables=VARIABLES).launch() == ["error TOO_DEEP"]


async def test_numbers_that_no_json_reader_takes_become_floats_or_are_refused() -> None:
    say = step("say", "message", text="{{number}}")
    main = workflow(
        "main", step("loop", "loop", items="[x * x]", itemVariable="number"), say, wires="start>loop, loop.body>say"
    )
    variables = [*VARIABLES, {"name": "x", "type": "number", "default": 10**10}]
    talk = Talk(main, variables=variables)
    assert await talk.launch() == ["100000000000000000000"]
    assert talk.variables["number"] == 1e20


@pytest.mark.parametrize(
    "memory", [{}, {"items": 3, "index": 0}, {"items": [1], "index": "x"}, {"items": [1], "index": -1}]
)
async def test_a_loop_whose_memory_makes_no_sense_is_over(memory: Any) -> None:
    ask = step("ask", "buttons", text="?", buttons=[{"id": "y", "label": "Yes"}])
    main = workflow("main", loop(), ask, DONE, wires="start > loop, loop.body > ask, loop > done")
    talk = Talk(main, variables=VARIABLES)
    await talk.launch()
    open_stack(talk)[0]["memory"] = memory
    assert await talk.say("yes") == ["done"]


async def test_a_list_that_is_nested_too_deeply_is_not_gone_over() -> None:
    deep: Any = []
    for _ in range(60):
        deep = [deep]
    talk = Talk(workflow("main", loop(items=deep), SAY, DONE, wires=WIRES), variables=VARIABLES)
    assert await talk.launch() == ["error WRONG_VALUE", "done"]
