"""The step `code`: what it sees, what it may change, where it leads, and how it fails."""

import json
from typing import Any

import pytest

from conduet.engine.check import check
from conduet.engine.document import compile_document
from conduet.engine.trace import Debug, Error
from conduet.errors import BadRequest
from tests.engine.talk import PLUGINS, FakeContext, Talk, compiled, line, step, workflow
from tests.engine.world import World

NAMES: list[dict[str, Any]] = [
    {"name": "days", "type": "number", "default": 3},
    {"name": "price", "type": "number"},
    {"name": "order", "type": "object", "default": {"lines": [1]}},
    {"name": "name", "default": "Ann"},
]


def talk(world: World, code: str, *, mocks: dict[str, Any] | None = None, **config: Any) -> Talk:
    main = workflow(
        "main",
        step("code", "code", code=code, **config),
        step("done", "message", text="done {{price}}"),
        step("failed", "message", text="failed"),
        step("large", "message", text="large {{price}}"),
        wires="start > code, code > done, code.error > failed, code.large > large",
    )
    return Talk(main, context=FakeContext(outside=world, mocks=mocks or {}), variables=NAMES)


async def test_it_sets_only_what_it_returns(world: World) -> None:
    asked = talk(
        world, "variables.name = 'Bo'; variables.order.lines.push(2); return {variables: {price: variables.days * 15}};"
    )
    assert await asked.launch() == ["done 45"]
    assert asked.variables == {"days": 3, "price": 45, "order": {"lines": [1]}, "name": "Ann"}


async def test_it_is_the_body_of_an_async_function(world: World) -> None:
    code = "const wait = async () => 7; return {variables: {price: await wait()}};"
    assert await talk(world, code).launch() == ["done 7"]


async def test_what_it_says_is_said_before_the_flow_goes_on(world: World) -> None:
    assert await talk(world, "return {say: `Hello ${variables.name}`};").launch() == ["Hello Ann", "done "]
    assert await talk(world, "return {say: 3.0};").launch() == ["3", "done "]


@pytest.mark.parametrize(
    ("returned", "told"),
    [
        ("return;", ["done "]),
        ("return null;", ["done "]),
        ("return {};", ["done "]),
        ("return {port: 'next'};", ["done "]),
        ("return {port: 'error'};", ["failed"]),
        ("return {port: 'large', variables: {price: 9}};", ["large 9"]),
        ("return {port: 'nowhere'};", []),
        ("return {say: ''};", ["done "]),
    ],
)
async def test_it_leaves_by_the_port_that_it_names(world: World, returned: str, told: list[str]) -> None:
    assert await talk(world, returned).launch() == told


async def test_a_value_that_its_variable_does_not_take_is_an_error_and_the_others_are_set(world: World) -> None:
    asked = talk(world, "return {variables: {price: 'many', name: 'Bo', sys: 1, 'sys.now': 2, extra: [1]}};")
    assert await asked.launch() == ["error WRONG_VALUE", "error WRONG_VALUE", "error WRONG_VALUE", "done "]
    assert (asked.variables["name"], asked.variables["extra"]) == ("Bo", [1])
    assert "price" not in asked.variables


async def test_the_language_can_be_set(world: World) -> None:
    asked = talk(world, "return {variables: {'sys.language': 'de'}};")
    await asked.launch()
    assert asked.state.internal["language"] == "de"


@pytest.mark.parametrize("returned", ["5", "'x'", "[1]", "true"])
async def test_what_is_no_object_is_an_error(world: World, returned: str) -> None:
    assert await talk(world, f"return {returned};").launch() == ["error CODE_FAILED", "failed"]


async def test_what_means_nothing_in_what_it_returns_is_told(world: World) -> None:
    asked = talk(world, "return {variables: [1], ports: 2, answer: 3};")
    assert await asked.launch() == ["done "]
    assert asked.debug[:3] == [
        "`answer` is returned to nobody: there are `variables`, `say` and `port`.",
        "`ports` is returned to nobody: there are `variables`, `say` and `port`.",
        "`variables` is an object of names and values, not a list.",
    ]


async def test_an_error_names_its_line(world: World) -> None:
    asked = talk(world, "const a = 1;\nconst b = null;\nreturn b.c;")
    assert await asked.launch() == ["error CODE_FAILED", "failed"]
    (error,) = [trace for trace in asked.seen if isinstance(trace, Error)]
    assert error.message.startswith("Line 3: TypeError")


async def test_code_that_cannot_be_read_is_an_error_that_names_its_line(world: World) -> None:
    asked = talk(world, "const a = 1;\nreturn {{;")
    assert await asked.launch() == ["error CODE_FAILED", "failed"]
    (error,) = [trace for trace in asked.seen if isinstance(trace, Error)]
    assert error.message.startswith("Line 2: SyntaxError")


async def test_what_it_writes_on_its_console_is_told_with_the_line(world: World) -> None:
    code = "console.log('a', 1);\nconsole.warn({b: 2});\nconsole.error('c');\nthrow new Error('d');"
    asked = talk(world, code)
    await asked.launch()
    told = [(trace.level, trace.message) for trace in asked.seen if isinstance(trace, Debug)]
    assert told == [
        ("info", "Step `main/code`, line 1: a 1"),
        ("warning", 'Step `main/code`, line 2: {"b":2}'),
        ("error", "Step `main/code`, line 3: c"),
    ]


async def test_code_that_does_not_end_is_stopped(world: World) -> None:
    assert await talk(world, "for (;;) {}", timeoutMs=100).launch() == ["error CODE_FAILED", "failed"]


async def test_a_mock_is_what_the_code_returns(world: World) -> None:
    mocks = {"code": {"port": "large", "variables": {"price": 1}}}
    assert await talk(world, "throw new Error('not run');", mocks=mocks).launch() == ["large 1"]


async def test_code_is_given_nothing_but_the_variables(world: World) -> None:
    asked = talk(world, "return {say: JSON.stringify([Object.keys(variables), typeof require, typeof fetch])};")
    said, _ = await asked.launch()
    assert json.loads(said) == [["days", "order", "name"], "undefined", "undefined"]


async def test_without_a_sandbox_the_flow_leaves_by_error() -> None:
    main = workflow(
        "main", step("code", "code", code="return 1"), step("failed", "message", text="failed"),
        wires="start > code, code.error > failed",
    )  # fmt: skip
    assert await Talk(main).launch() == ["error CODE_FAILED", "failed"]


def test_a_connection_may_leave_from_a_port_of_any_name() -> None:
    main = workflow("main", step("c", "code", code="x"), step("m", "message", text="x"), wires="start > c, c.foo > m")
    assert check(compiled(main)) == []


@pytest.mark.parametrize(
    ("config", "path", "told"),
    [
        ({"code": 5}, "code", "Input should be a valid string."),
        ({"timeoutMs": 5001}, "timeoutMs", "Input should be less than or equal to 5000."),
        ({"language": "python"}, "language", "Input should be 'javascript'."),
    ],
)
def test_a_wrong_type_is_refused_by_path(config: dict[str, Any], path: str, told: str) -> None:
    with pytest.raises(BadRequest) as refused:
        compile_document({"workflows": [line(step("c", "code", **config))]}, PLUGINS)
    assert [(each.path, each.message) for each in refused.value.details] == [
        (f"workflows[0].steps[1].config.{path}", told)
    ]


def test_code_that_is_not_written_yet_is_a_problem() -> None:
    (problem,) = check(compiled(line(step("c", "code"))))
    assert (problem.code, problem.path) == ("REQUIRED", "workflows[0].steps[1].config.code")
