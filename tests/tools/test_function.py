"""The tool `function`: what it sees, what it gives, and how it fails."""

from typing import Any

import pytest

from tests.engine.world import World
from tests.tools.using import failure, problems, replayed, talk, tool, use, wrong

PARAMETERS: Any = {"type": "object", "properties": {"days": {"type": "number"}}, "required": ["days"]}


def function(code: str, **config: Any) -> dict[str, Any]:
    return tool("function", parameters=PARAMETERS, code=code, **config)


async def test_it_sees_its_arguments_and_the_variables(world: World) -> None:
    code = "return { euros: args.days * 15, for: variables.who };"
    assert await use(world, function(code), days="3") == {"euros": 45, "for": "Ann"}


async def test_it_sees_copies_and_no_secret(world: World) -> None:
    code = "variables.who = 'Bob'; args.days = 9; return { who: typeof secrets };"
    talking = talk(world, function(code), days=1)
    await talking.launch()
    assert talking.variables["who"] == "Ann"
    assert talking.variables["found"] == {"who": "undefined"}


async def test_what_it_writes_on_its_console_is_a_remark_with_the_line(world: World) -> None:
    talking = talk(world, function("const n = 1;\nconsole.warn('n is', n);\nreturn n;"), days=1)
    await talking.launch()
    assert "Tool `helper`, line 2: n is 1" in talking.debug


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("const a = 1;\nthrow new Error('no bicycles');", "Line 2: Error: no bicycles"),
        ("return (", "Line 1"),
        ("while (true) {}", "longer than 50 ms"),
    ],
)
async def test_a_failure_names_its_line(world: World, code: str, told: str) -> None:
    failed = await failure(world, function(code, timeoutMs=50), days=1)
    assert failed[0] == "CODE_FAILED"
    assert told in failed[1]


async def test_a_mock_stands_for_the_result(world: World) -> None:
    talking = talk(world, function("return 1"), mocks={"t": {"euros": 5}}, days=1)
    await talking.launch()
    assert talking.variables["found"] == {"euros": 5}


async def test_a_replay_runs_nothing(world: World) -> None:
    talking = talk(world, function("return { at: Math.random() }"), days=1)
    lines = await talking.launch()
    assert await replayed(talking) == lines


def test_a_function_without_code_is_unfinished() -> None:
    (problem,) = problems(function(""))
    assert (problem.code, problem.path) == ("REQUIRED", "tools[0].config.code")


@pytest.mark.parametrize(
    ("config", "path"),
    [({"code": 1}, "code"), ({"timeoutMs": 5_001}, "timeoutMs"), ({"language": "python"}, "language")],
)
def test_a_wrong_type_is_refused_by_path(config: dict[str, Any], path: str) -> None:
    (detail,) = wrong(tool("function", **config))
    assert detail.path == f"tools[0].config.{path}"


async def test_an_unfinished_tool_is_told_when_it_is_used(world: World) -> None:
    code, message = await failure(world, function(""), days=1)
    assert (code, message) == ("UNFINISHED_TOOL", "The tool `helper` is not finished: This field is empty.")
