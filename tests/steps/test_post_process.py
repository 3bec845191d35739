"""The step `post-process`: what is said in a turn is rewritten or blocked before anyone sees any of it."""

from typing import Any

import pytest

from conduet.engine.check import check
from conduet.engine.run import run
from tests.agents.obeying import speaking
from tests.engine.talk import ACTION, FakeContext, Talk, compiled, line, step, workflow
from tests.engine.world import World

SHOUT = "return {text: text.toUpperCase()};"


def say(step_id: str, text: str) -> dict[str, Any]:
    return step(step_id, "message", text=text)


def talk(world: World, code: str, *, more: list[dict[str, Any]] | None = None) -> Talk:
    main = line(say("a", "one"), say("b", "two"), step("post", "post-process", code=code), *(more or []))
    return Talk(main, context=FakeContext(outside=world))


async def test_what_was_said_is_rewritten_as_one_text(world: World) -> None:
    assert await talk(world, SHOUT).launch() == ["ONE\n\nTWO"]


async def test_what_is_said_behind_it_stays_as_it_is(world: World) -> None:
    assert await talk(world, SHOUT, more=[say("c", "three")]).launch() == ["ONE\n\nTWO", "three"]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("return {block: true};", []),
        ("return {block: true, text: 'Ask our team.'};", ["Ask our team."]),
        ("return {text: ''};", []),
        ("return {block: false, text};", ["one\n\ntwo"]),
    ],
)
async def test_what_was_said_can_be_blocked(world: World, code: str, told: list[str]) -> None:
    assert await talk(world, code).launch() == told


@pytest.mark.parametrize(
    "code", ["throw new Error('x');", "return 5;", "return {};", "return {text: 5};", "return;", "for (;;) {}", "(("]
)
async def test_what_could_not_be_looked_at_is_not_said(world: World, code: str) -> None:
    assert await talk(world, code, more=[say("c", "three")]).launch() == ["error CODE_FAILED", "three"]


PROMPTED = line(say("a", "one"), step("post", "post-process", **{"with": "prompt", "prompt": "Be kind."}))


async def test_with_a_prompt_a_model_rewrites_or_blocks_it() -> None:
    async with speaking("one, please", "BLOCK") as world:
        talk = Talk(PROMPTED, context=world)
        assert await talk.launch() == ["one, please"]
        assert await talk.launch() == []
        assert "Be kind." in world.prompt()


async def test_without_a_model_nothing_is_said_unseen() -> None:
    assert await Talk(PROMPTED).launch() == ["error MODEL_NOT_CONFIGURED"]


async def test_where_nothing_was_said_nothing_is_rewritten(world: World) -> None:
    main = line(step("post", "post-process", code="return {text: 'x'};"), say("a", "one"))
    assert await Talk(main, context=FakeContext(outside=world)).launch() == ["one"]


async def test_the_order_of_what_is_shown_stays(world: World) -> None:
    main = line(
        step("pause", "delay", seconds=1), say("a", "one"), step("pic", "media", url="u.png"), say("b", "two"),
        step("post", "post-process", code=SHOUT),
    )  # fmt: skip
    assert await Talk(main, context=FakeContext(outside=world)).launch() == ["typing 1.0", "ONE\n\nTWO", "image u.png"]


def paused(*, behind: str) -> dict[str, Any]:
    """Says something, pauses, and may come to a step that rewrites."""
    fork = step("fork", "condition", rules=[{"id": "yes", "expression": "true"}])
    return workflow(
        "main", say("a", "one"), fork, step("pause", "delay", seconds=1), step("post", "post-process", code=SHOUT),
        say("b", "two"), wires=f"start > a, a > fork, fork.yes > pause, {behind}",
    )  # fmt: skip


@pytest.mark.parametrize(("behind", "held"), [("pause > post", True), ("pause > b, fork.else > post", False)])
async def test_text_is_held_back_as_long_as_it_can_still_be_rewritten_and_no_longer(
    world: World, behind: str, held: bool
) -> None:
    talk = Talk(paused(behind=behind), context=FakeContext(outside=world))
    assert await held_at_the_pause(talk) is held


async def held_at_the_pause(talk: Talk) -> bool:
    """Whether nothing of the text has been seen when the pause begins."""
    seen: list[str] = []
    found: list[bool] = []

    async def sleep(place: str, *, seconds: float) -> None:
        found.append("text" not in seen)

    talk.context.sleep = sleep  # type: ignore[method-assign]  # a clock of the test's own
    launch = ACTION.validate_python({"type": "launch"})
    async for trace in run(talk.document, talk.state, launch, talk.context):
        seen += [trace.type]
    return found[0]


async def test_a_caller_that_rewrites_holds_back_what_the_workflow_that_it_called_says(world: World) -> None:
    inner = line(say("i", "inner"), step("pause", "delay", seconds=1), workflow_id="inner")
    main = line(step("call", "workflow", workflowId="inner"), step("post", "post-process", code=SHOUT))
    assert await Talk(main, inner, context=FakeContext(outside=world)).launch() == ["INNER", "typing 1.0"]
    assert await held_at_the_pause(Talk(main, inner, context=FakeContext(outside=world)))


async def test_a_called_workflow_that_rewrites_holds_back_what_was_said_before_it(world: World) -> None:
    inner = line(step("post", "post-process", code=SHOUT), workflow_id="inner")
    main = line(say("a", "one"), step("pause", "delay", seconds=1), step("call", "workflow", workflowId="inner"))
    assert await Talk(main, inner, context=FakeContext(outside=world)).launch() == ["ONE", "typing 1.0"]


async def test_a_loop_that_rewrites_behind_its_end_holds_back_what_its_body_says(world: World) -> None:
    loop = step("loop", "loop", items="[1, 2]", itemVariable="n")
    main = workflow(
        "main", loop, say("item", "item {{n}}"), step("post", "post-process", code=SHOUT),
        wires="start > loop, loop.body > item, loop > post",
    )  # fmt: skip
    talk = Talk(main, context=FakeContext(outside=world), variables=[{"name": "n", "type": "number"}])
    assert await talk.launch() == ["ITEM 1\n\nITEM 2"]


async def test_a_question_ends_the_turn_and_what_was_said_is_seen_as_it_was(world: World) -> None:
    ask = step("ask", "buttons", text="Sure?", buttons=[{"id": "yes", "label": "Yes"}])
    main = workflow(
        "main", say("a", "one"), ask, say("b", "two"), step("post", "post-process", code=SHOUT),
        wires="start > a, a > ask, ask.yes > b, b > post",
    )  # fmt: skip
    talk = Talk(main, context=FakeContext(outside=world))
    assert await talk.launch() == ["one", "Sure?", "[Yes]"]
    assert await talk.say("yes") == ["TWO"]


async def test_a_flow_that_goes_another_way_says_what_it_held_back(world: World) -> None:
    fork = step("fork", "condition", rules=[{"id": "no", "expression": "false"}])
    main = workflow(
        "main", say("a", "one"), fork, step("post", "post-process", code=SHOUT), say("b", "two"),
        wires="start > a, a > fork, fork.no > post, fork.else > b",
    )  # fmt: skip
    assert await Talk(main, context=FakeContext(outside=world)).launch() == ["one", "two"]


async def test_a_turn_that_takes_too_many_steps_says_what_it_held_back(world: World) -> None:
    main = workflow(
        "main", say("a", "one"), step("set", "set", assignments=[{"variable": "sys.language", "value": "en"}]),
        step("fork", "condition", rules=[{"id": "never", "expression": "false"}]),
        step("post", "post-process", code=SHOUT),
        wires="start > a, a > set, set > fork, fork.else > set, fork.never > post",
    )  # fmt: skip
    assert await Talk(main, context=FakeContext(outside=world)).launch() == ["one", "error TOO_MANY_STEPS"]


async def test_in_a_branch_only_what_the_branch_says_is_rewritten(world: World) -> None:
    main = workflow(
        "main", say("a", "one"), step("fork", "parallel", branches=[{"id": "x"}, {"id": "y"}]),
        say("bx", "x"), step("post", "post-process", code=SHOUT), say("by", "y"),
        wires="start > a, a > fork, fork.x > bx, bx > post, fork.y > by",
    )  # fmt: skip
    assert await Talk(main, context=FakeContext(outside=world)).launch() == ["one", "X", "y"]


async def test_a_long_text_is_rewritten_whole(world: World) -> None:
    long = "word " * 30_000
    main = line(say("a", long), step("post", "post-process", code="return {text: `${text.length}`};"))
    assert await Talk(main, context=FakeContext(outside=world)).launch() == ["150000"]


@pytest.mark.parametrize(
    ("config", "path"),
    [({}, "code"), ({"with": "code", "code": " "}, "code"), ({"with": "prompt"}, "prompt")],
)
def test_what_is_unfinished_is_a_problem(config: dict[str, Any], path: str) -> None:
    (problem,) = [
        each for each in check(compiled(line(step("p", "post-process", **config)))) if each.severity == "error"
    ]
    assert (problem.code, problem.path) == ("REQUIRED", f"workflows[0].steps[1].config.{path}")
