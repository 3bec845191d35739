"""The tool `api`: what it sends, what it gives, and how it fails."""

import json
from typing import Any

import pytest

from tests.engine.world import World
from tests.tools.using import SECRETS, failure, problems, replayed, talk, tool, use, wrong

PARAMETERS: Any = {
    "type": "object",
    "properties": {"order": {"type": "string"}, "days": {"type": "integer", "minimum": 1}, "tags": {"type": "array"}},
    "required": ["order"],
}


def api(world: World, **config: Any) -> dict[str, Any]:
    return tool("api", parameters=PARAMETERS, **{"url": f"{world.url}/orders/{{{{args.order}}}}", **config})


async def test_the_body_is_the_result(world: World) -> None:
    world.answer("/orders/7", {"state": "sent"})
    assert await use(world, api(world), order="7") == {"state": "sent"}
    assert world.sent[0].path == "/orders/7"


async def test_parameters_and_secrets_are_filled_in(world: World) -> None:
    world.answer("/orders/7", {})
    used = api(
        world,
        method="POST",
        headers={"Authorization": "Bearer {{secrets.KEY}}"},
        query={"who": "{{who}}"},
        body={"days": "{{args.days}}", "tags": "{{args.tags}}", "note": "for {{args.order | upper}}"},
    )
    await use(world, used, order="7", days="3", tags='["a"]')
    (sent,) = world.sent
    assert sent.headers["Authorization"] == "Bearer s3cr3t-value"
    assert sent.query == {"who": "Ann"}
    assert sent.json == {"days": 3, "tags": ["a"], "note": "for 7"}


async def test_the_result_is_made_of_the_parts_that_are_named(world: World) -> None:
    world.answer("/orders/7", {"state": "sent", "items": [{"n": 1}, {"n": 2}]}, headers={"X-Trace": "t"})
    parts = {"state": "$.body.state", "numbers": "$.body.items[*].n", "trace": "$.headers['x-trace']", "none": "$.no"}
    response = [{"path": path, "name": name} for name, path in parts.items()]
    assert await use(world, api(world, response=response), order="7") == {
        "state": "sent",
        "numbers": [1, 2],
        "trace": "t",
    }


async def test_variables_are_set_whatever_the_status(world: World) -> None:
    world.answer("/orders/7", {"why": "no stock"}, status=409)
    talking = talk(world, api(world, map=[{"path": "$.body.why", "variable": "who"}]), order="7")
    assert await talking.launch() == ["tool start helper", "tool end helper False", "error HTTP_ERROR", "failed"]
    assert talking.variables["who"] == "no stock"


@pytest.mark.parametrize("status", [300, 404, 500])
async def test_any_status_but_2xx_is_a_failure(world: World, status: int) -> None:
    world.answer("/orders/7", {}, status=status)
    told = await failure(world, api(world), order="7")
    assert told == ("HTTP_ERROR", f"The call was answered with status {status}.")


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({}, '"order" is a required property'),
        ({"order": ["7"]}, "order: "),
        ({"order": "7", "days": "0"}, "days: 0 is less than the minimum of 1"),
        ({"order": "7", "days": "soon"}, 'days: "soon" is not of type "integer"'),
    ],
)
async def test_what_does_not_fit_the_parameters_is_told_by_path_and_nothing_is_called(
    world: World, inputs: dict[str, Any], told: str
) -> None:
    code, message = await failure(world, api(world), **inputs)
    assert code == "WRONG_ARGUMENTS"
    assert told in message
    assert world.sent == []


async def test_an_empty_text_for_what_is_no_text_counts_as_left_out(world: World) -> None:
    world.answer("/orders/7", {})
    await use(world, api(world, method="POST", body={"days": "{{args.days}}"}), order="7", days="", tags="")
    assert world.sent[0].json == {"days": ""}


async def test_a_variable_that_does_not_take_what_came_keeps_its_value(world: World) -> None:
    world.answer("/orders/7", {"state": "sent"})
    talking = talk(world, api(world, map=[{"path": "$.body.state", "variable": "count"}]), order="7")
    assert await talking.launch() == [
        "tool start helper",
        "error WRONG_VALUE",
        "tool end helper True",
        'done {"state":"sent"}',
    ]


async def test_a_form_that_is_none_is_told_and_nothing_is_sent(world: World) -> None:
    used = api(world, method="POST", body="{{args.order}}", bodyType="form")
    assert (await failure(world, used, order="7"))[0] == "INVALID_CALL"
    assert world.sent == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1:1/", "ADDRESS_REFUSED"),
        ("{{args.none}}ftp://a.example", "INVALID_CALL"),
        ("{{args.order}}", "INVALID_CALL"),
    ],
)
async def test_what_cannot_be_called_is_a_failure(world: World, url: str, code: str) -> None:
    assert (await failure(world, api(world, url=url), order="7"))[0] == code


@pytest.mark.parametrize(
    ("mock", "lines"),
    [
        ({"status": 200, "body": {"state": "m"}}, "True"),
        ({"state": "m"}, "True"),
        ({"status": 500, "body": {"state": "m"}}, "False"),
    ],
)
async def test_a_mock_stands_for_the_answer_and_nothing_is_called(world: World, mock: Any, lines: str) -> None:
    talking = talk(world, api(world, response=[{"path": "$.body.state", "name": "it"}]), mocks={"t": mock}, order="7")
    assert (await talking.launch())[1] == f"tool end helper {lines}"
    assert world.sent == []
    if lines == "True":
        assert talking.variables["found"] == {"it": "m"}


async def test_a_replay_calls_nothing(world: World) -> None:
    world.answer("/orders/7", {"state": "sent"})
    talking = talk(world, api(world, headers={"X-Key": "{{secrets.KEY}}"}), order="7")
    lines = await talking.launch()
    assert await replayed(talking) == lines
    assert len(world.sent) == 1
    assert SECRETS["KEY"] not in json.dumps(talking.context.entries)


def test_secrets_and_parameters_that_nothing_declares_are_told() -> None:
    used = tool(
        "api",
        parameters=PARAMETERS,
        url="https://a.example/{{args.ordr}}",
        headers={"X-Key": "{{secrets.KEI}}"},
        map=[{"path": "body", "variable": "nobody"}],
        response=[{"path": "$.[", "name": ""}],
        extra=1,
    )
    told = {(problem.code, problem.path, problem.severity) for problem in problems(used)}
    assert (
        told
        == {
            ("UNKNOWN_PARAMETER", "tools[0].config.url", "warning"),
            ("UNKNOWN_SECRET", "tools[0].config.headers.X-Key", "warning"),
            ("UNREADABLE", "tools[0].config.map[0].path", "error"),
            ("UNKNOWN_VARIABLE", "tools[0].config.map[0].variable", "error"),
            ("UNREADABLE", "tools[0].config.response[0].path", "error"),
            ("REQUIRED", "tools[0].config.response[0].name", "error"),
            ("UNKNOWN_FIELD", "tools[0].config.extra", "warning"),
        }
        or told
    )


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ({"method": "FETCH"}, "method"),
        ({"timeoutMs": 60_001}, "timeoutMs"),
        ({"response": {"path": "$"}}, "response"),
        ({"response": [{"path": 1}]}, "response[0].path"),
    ],
)
def test_a_wrong_type_is_refused_by_path(config: dict[str, Any], path: str) -> None:
    (detail,) = wrong(tool("api", **config))
    assert detail.path == f"tools[0].config.{path}"
