"""The step `parallel`: branches side by side, told in their order, and what makes them fail."""

import asyncio
from typing import Any

import pytest
from aiohttp import web

from conduet.engine.check import check
from conduet.engine.document import compile_document
from conduet.engine.journal import ReplayContext
from conduet.engine.run import at_rest, fresh_state, run
from conduet.errors import BadRequest
from tests.engine.talk import ACTION, PLUGINS, FakeContext, Talk, compiled, line, step, workflow
from tests.engine.world import World

NAMES: list[dict[str, Any]] = [{"name": name} for name in ("a", "b", "last")]
BRANCHES = [{"id": "one"}, {"id": "two"}]
ENDS = (step("done", "message", text="done {{a}}{{b}} {{last}}"), step("failed", "message", text="failed {{a}}{{b}}"))


def forked(*steps: dict[str, Any], wires: str, **config: Any) -> dict[str, Any]:
    fork = step("fork", "parallel", **{"branches": BRANCHES, **config})
    wires = f"start > fork, fork > done, fork.error > failed, {wires}"
    return workflow("main", fork, *ENDS, *steps, wires=wires)


def say(step_id: str, text: str) -> dict[str, Any]:
    return step(step_id, "message", text=text)


def put(step_id: str, **values: Any) -> dict[str, Any]:
    return step(step_id, "set", assignments=[{"variable": name, "value": value} for name, value in values.items()])


async def test_what_branches_say_and_set_comes_in_their_order() -> None:
    main = forked(
        step("wait", "delay", seconds=2), say("one", "one"), put("set1", a="A", last="1"),
        say("two", "two"), put("set2", b="B", last="2"),
        wires="fork.one > wait, wait > one, one > set1, fork.two > two, two > set2",
    )  # fmt: skip
    assert await Talk(main, variables=NAMES).launch() == ["typing 2.0", "one", "two", "done AB 2"]


@pytest.mark.parametrize("slow", ["one", "two"])
async def test_the_order_in_which_they_end_changes_nothing(world: World, slow: str) -> None:
    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(0.1 if request.path == f"/{slow}" else 0)
        return web.json_response(request.path)

    for path in ("/one", "/two"):
        world.answers[path] = answer
    kept = [{"path": "$.body", "variable": "last"}]
    main = forked(
        *(step(f"call_{name}", "api", url=f"{world.url}/{name}", map=kept) for name in ("one", "two")),
        say("say_one", "1 {{last}}"), say("say_two", "2 {{last}}"),
        wires="fork.one > call_one, call_one > say_one, fork.two > call_two, call_two > say_two",
    )  # fmt: skip
    talk = Talk(main, context=FakeContext(outside=world), variables=NAMES)
    assert await talk.launch() == ["1 /one", "2 /two", "done  /two"]


async def test_branches_really_run_at_once(world: World) -> None:
    both = asyncio.Barrier(2)

    async def answer(_: web.Request) -> web.Response:
        async with asyncio.timeout(30), both:
            return web.Response()

    world.answers["/"] = answer
    main = forked(
        *(step(name, "api", url=world.url) for name in ("one", "two")), wires="fork.one > one, fork.two > two"
    )
    assert await Talk(main, context=FakeContext(outside=world)).launch() == ["done  "]


async def test_a_branch_sees_nothing_of_the_others() -> None:
    main = forked(
        put("set1", a="A"), say("one", "1: {{a}}{{b}}"), put("set2", b="B"), say("two", "2: {{a}}{{b}}"),
        wires="fork.one > set1, set1 > one, fork.two > set2, set2 > two",
    )  # fmt: skip
    assert await Talk(main, variables=NAMES).launch() == ["1: A", "2: B", "done AB "]


async def test_an_unconnected_branch_is_done_at_once_and_no_branch_at_all_too() -> None:
    assert await Talk(forked(wires=""), variables=NAMES).launch() == ["done  "]


async def test_a_branch_calls_workflows_goes_round_loops_and_forks_itself() -> None:
    inner = forked(say("one", "inner 1"), say("two", "inner 2"), wires="fork.one > one, fork.two > two")
    inner = {**inner, "id": "inner"}
    main = forked(
        step("call", "workflow", workflowId="inner"),
        step("loop", "loop", items="[1, 2]", itemVariable="last"), say("item", "item {{last}}"),
        wires="fork.one > call, fork.two > loop, loop.body > item",
    )  # fmt: skip
    talk = Talk(main, inner, variables=NAMES)
    assert await talk.launch() == ["inner 1", "inner 2", "done  ", "item 1", "item 2", "done  2"]


async def test_an_end_in_a_branch_ends_the_conversation_once_all_branches_are_done() -> None:
    main = forked(
        step("end", "end", text="Bye."), say("two", "two"), step("end2", "end", resolved=True),
        wires="fork.one > end, fork.two > two, two > end2",
    )  # fmt: skip
    talk = Talk(main, variables=NAMES)
    assert await talk.launch() == ["Bye.", "two", "resolved", "end"]
    assert at_rest(talk.state)


async def test_a_step_that_fails_in_a_branch_takes_its_own_error_port() -> None:
    main = forked(
        step("call", "api", url="https://a.example"), say("sorry", "sorry"),
        wires="fork.one > call, call.error > sorry",
    )  # fmt: skip
    assert await Talk(main, variables=NAMES).launch() == ["error UNREACHABLE", "sorry", "done  "]


WAITING = [
    step("w", "buttons", text="?", buttons=[{"id": "y", "label": "Y"}]),
    step("w", "capture", variable="a"),
    step("w", "tool", toolId="asked"),
    step("w", "client-action", name="form"),
    step("w", "media", kind="card", title="t", buttons=[{"id": "y", "label": "Y"}]),
    step("w", "handoff"),
    step("w", "workflow", workflowId="asks"),
]
ASKS = {**line(step("w", "capture", variable="a"), workflow_id="asks")}
TOOLS = [{"id": "asked", "name": "asked", "description": "x", "type": "function", "approval": "person"}]


@pytest.mark.parametrize("waits", WAITING, ids=[each["type"] for each in WAITING])
async def test_a_branch_that_waits_stops_and_the_step_leaves_by_error(waits: dict[str, Any]) -> None:
    wires = "fork.one > set, set > w, fork.two > set2" + (", w.y > set3" if waits["type"] == "media" else "")
    main = forked(put("set", a="A"), put("set2", b="B"), put("set3", b="C"), waits, wires=wires)
    talk = Talk(main, ASKS, variables=NAMES, tools=[{**TOOLS[0], "config": {"code": "return 1"}}])
    assert await talk.launch() == ["error BRANCH_WAITS", "failed AB"]
    assert at_rest(talk.state)
    (problem,) = [each for each in check(talk.document) if each.code == "BRANCH_WAITS"]
    assert (problem.severity, problem.path) == ("error", "workflows[0].steps[1].config.branches[0]")


async def test_a_branch_that_takes_too_long_is_given_up_and_nothing_is_kept_of_it(world: World) -> None:
    async def answer(_: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    world.answers["/"] = answer
    main = forked(
        put("set1", a="A"), say("one", "one"), step("call", "api", url=world.url), put("set2", b="B"),
        wires="fork.one > set1, set1 > one, one > call, fork.two > set2",
        timeoutMs=50,
    )  # fmt: skip
    talk = Talk(main, context=FakeContext(outside=world), variables=NAMES)
    assert await talk.launch() == ["error BRANCH_TIMED_OUT", "failed B"]
    context = ReplayContext(talk.context.entries, user_id="user_1", platform="api", version_id="development")
    launch = ACTION.validate_python({"type": "launch"})
    state = fresh_state(talk.document)
    assert [trace async for trace in run(talk.document, state, launch, context)] == talk.seen
    assert state.variables == talk.variables


async def test_a_branch_within_its_time_is_done() -> None:
    assert await Talk(forked(put("s", a="A"), wires="fork.one > s", timeoutMs=5000), variables=NAMES).launch() == [
        "done A "
    ]


async def test_each_branch_has_its_share_of_the_steps_that_are_left() -> None:
    main = forked(
        *(put(f"{name}{number}", a=name) for name in ("x", "y") for number in (1, 2)), put("b", b="B"),
        wires="fork.one > x1, x1 > x2, x2 > x1, fork.two > b",
    )  # fmt: skip
    talk = Talk(main, variables=NAMES)
    assert await talk.launch() == ["error TOO_MANY_STEPS", "failed xB"]


async def test_branches_within_branches_come_to_an_end() -> None:
    main = forked(wires="fork.one > fork", branches=[{"id": "one"}])
    talk = Talk(main, variables=NAMES)
    told = await talk.launch()
    assert told == ["error TOO_DEEP", "failed ", *["done  "] * 8]
    assert [each.code for each in check(talk.document)] == ["ENDLESS"]


async def test_variables_that_would_grow_too_large_together_are_not_taken_over() -> None:
    large = "x" * 150_000
    main = forked(put("s1", a=large), put("s2", b=large), wires="fork.one > s1, fork.two > s2")
    talk = Talk(main, variables=NAMES)
    told = await talk.launch()
    assert told[0] == "error VARIABLES_TOO_LARGE"
    assert "b" not in talk.variables


async def test_what_steps_remember_in_branches_is_kept_of_all() -> None:
    variants = {"variants": ["other"]}
    main = forked(
        step("m1", "message", text="x", **variants), step("m2", "message", text="y", **variants),
        wires="fork.one > m1, fork.two > m2",
    )  # fmt: skip
    talk = Talk(main, variables=NAMES)
    first, second = await talk.launch(), await talk.launch()
    assert {first[0], second[0]} == {"x", "other"}
    assert {first[1], second[1]} == {"y", "other"}


async def test_the_language_of_a_branch_is_spoken_behind_it() -> None:
    main = workflow(
        "main", step("fork", "parallel", branches=[{"id": "one"}]), put("de", **{"sys.language": "de"}),
        step("m", "message", text={"en": "Hello", "de": "Hallo"}), wires="start > fork, fork.one > de, fork > m",
    )  # fmt: skip
    assert await Talk(main).launch() == ["Hallo"]


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ({"branches": [{"id": "a"}, {"id": "a"}]}, "branches[1].id"),
        ({"branches": [{"id": "next"}]}, "branches[0].id"),
        ({"branches": [{"id": str(number)} for number in range(21)]}, "branches"),
        ({"branches": BRANCHES, "timeoutMs": 120_001}, "timeoutMs"),
    ],
)
def test_a_wrong_shape_is_refused_by_path(config: dict[str, Any], path: str) -> None:
    with pytest.raises(BadRequest) as refused:
        compile_document({"workflows": [line(step("p", "parallel", **config))]}, PLUGINS)
    assert [each.path for each in refused.value.details] == [f"workflows[0].steps[1].config.{path}"]


def test_a_step_without_branches_is_a_problem() -> None:
    (problem,) = check(compiled(line(step("p", "parallel"))))
    assert (problem.severity, problem.code) == ("error", "REQUIRED")
