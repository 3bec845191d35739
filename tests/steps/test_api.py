"""The step `api`: what it sends, what it keeps of the answer, and how it fails."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import web

from conduet.engine.check import check
from conduet.engine.document import compile_document
from conduet.errors import BadRequest
from tests.engine.talk import PLUGINS, FakeContext, Talk, compiled, line, step, workflow
from tests.engine.world import World

NAMES: list[dict[str, Any]] = [
    {"name": "id"},
    {"name": "state", "type": "number"},
    {"name": "all", "type": "list"},
    {"name": "who", "default": "Ann & Bo"},
    {"name": "n", "type": "number", "default": 7},
    {"name": "order", "type": "object", "default": {"lines": [1, 2]}},
]
KEPT = [{"path": "$.body.id", "variable": "id"}, {"path": "$.status", "variable": "state"}]


def talk(world: World, *, mocks: dict[str, Any] | None = None, **config: Any) -> Talk:
    main = workflow(
        "main",
        step("call", "api", **{"url": f"{world.url}/orders", **config}),
        step("done", "message", text="done {{id}} {{state}}"),
        step("failed", "message", text="failed {{id}} {{state}}"),
        wires="start > call, call > done, call.error > failed",
    )
    context = FakeContext(outside=world, held={"KEY": "s3cr3t-value"}, mocks=mocks or {})
    return Talk(main, context=context, variables=NAMES, secrets=[{"name": "KEY"}])


async def test_an_answer_is_kept_and_the_flow_goes_on(world: World) -> None:
    world.answer("/orders", {"id": "o-1"})
    assert await talk(world, map=KEPT).launch() == ["done o-1 200"]
    assert (world.sent[0].method, world.sent[0].body) == ("GET", "")


async def test_several_matches_are_a_list_one_is_itself_and_none_changes_nothing(world: World) -> None:
    world.answer("/orders", {"items": [{"id": 1}, {"id": 2}], "one": [{"id": "x"}]})
    paths = {"all": "$.body.items[*].id", "id": "$.body.one[*].id", "n": "$.body.none"}
    asked = talk(world, map=[{"path": path, "variable": name} for name, path in paths.items()])
    await asked.launch()
    assert (asked.variables["all"], asked.variables["id"], asked.variables["n"]) == ([1, 2], "x", 7)


async def test_headers_and_text_are_reached_too(world: World) -> None:
    world.answer("/orders", "plain words", headers={"X-Trace": "t-9"})
    kept = [{"path": "$.headers['x-trace']", "variable": "id"}, {"path": "$.body", "variable": "who"}]
    asked = talk(world, map=kept)
    await asked.launch()
    assert (asked.variables["id"], asked.variables["who"]) == ("t-9", "plain words")


async def test_what_is_sent_is_filled_in(world: World) -> None:
    world.answer("/orders", {})
    asked = talk(
        world,
        method="POST",
        headers={"X-Key": "{{secrets.KEY}}", "X-N": "{{n}}"},
        query={"who": "{{who}}", "page": 2},
        body={"order": "{{order}}", "who": "for {{who}}", "n": "{{n}}", "list": ["{{n}}", None, True]},
    )
    assert await asked.launch() == ["done  "]
    (sent,) = world.sent
    assert sent.json == {"order": {"lines": [1, 2]}, "who": "for Ann & Bo", "n": 7, "list": [7, None, True]}
    assert sent.query == {"who": "Ann & Bo", "page": "2"}
    assert (sent.headers["X-Key"], sent.headers["X-N"]) == ("s3cr3t-value", "7")
    assert sent.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("body_type", "body", "sent", "content_type"),
    [
        ("json", '{"who": "{{who}}", "n": "{{n}}"}', {"who": "Ann & Bo", "n": 7}, "application/json"),
        ("json", "{{order}}", {"lines": [1, 2]}, "application/json"),
        ("json", 5, 5, "application/json"),
        ("form", {"who": "{{who}}", "l": ["{{n}}", 2]}, "who=Ann+%26+Bo&l=7&l=2", "application/x-www-form-urlencoded"),
        ("form", "{{order}}", "lines=1&lines=2", "application/x-www-form-urlencoded"),
        ("text", "Dear {{who}}", "Dear Ann & Bo", "text/plain; charset=utf-8"),
        ("text", {"a": "{{n}}"}, '{"a":7}', "text/plain; charset=utf-8"),
        ("json", "", "", ""),
    ],
)
async def test_a_body_is_sent_as_its_type_has_it(
    world: World, body_type: str, body: Any, sent: Any, content_type: str
) -> None:
    world.answer("/orders", {})
    await talk(world, method="POST", body=body, bodyType=body_type).launch()
    written = world.sent[0].body
    assert (json.loads(written) if body_type == "json" and written else written) == sent
    assert world.sent[0].headers.get("Content-Type", "").startswith(content_type)


@pytest.mark.parametrize("body", ["{{who}}", "{{n}}"])
async def test_a_form_that_is_no_object_is_an_error_and_nothing_is_sent(world: World, body: str) -> None:
    assert await talk(world, method="POST", body=body, bodyType="form").launch() == ["error INVALID_CALL", "failed  "]
    assert world.sent == []


async def test_half_a_character_is_an_error_and_nothing_is_sent(world: World) -> None:
    asked = talk(world, method="POST", body="{{who}}", bodyType="text")
    asked.variables["who"] = "\ud83d"
    assert await asked.launch() == ["error INVALID_CALL", "failed  "]
    assert world.sent == []


async def test_a_content_type_of_its_own_is_kept(world: World) -> None:
    world.answer("/orders", {})
    await talk(world, method="PATCH", body={"a": 1}, headers={"content-type": "application/merge-patch+json"}).launch()
    types = [value for name, value in world.sent[0].headers.items() if name.lower() == "content-type"]
    assert types == ["application/merge-patch+json"]


@pytest.mark.parametrize("status", [300, 404, 500])
async def test_any_status_but_2xx_leaves_by_error_and_its_answer_is_read_all_the_same(
    world: World, status: int
) -> None:
    world.answer("/orders", {"id": "why"}, status=status)
    assert await talk(world, map=KEPT).launch() == ["error HTTP_ERROR", f"failed why {status}"]


async def test_a_call_that_takes_too_long_is_given_up(world: World) -> None:
    async def slow(_: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    world.answers["/orders"] = slow
    assert await talk(world, timeoutMs=50).launch() == ["error TIMED_OUT", "failed  "]


async def test_a_failed_call_is_tried_again_as_often_as_it_says(world: World) -> None:
    async def at_last(_: web.Request) -> web.Response:
        if len(world.sent) < 3:
            return web.Response(status=503, headers={"Retry-After": "0"})
        return web.json_response({"id": "third"})

    world.answers["/orders"] = at_last
    assert await talk(world, retries=2, map=KEPT).launch() == ["done third 200"]
    assert len(world.sent) == 3


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1:1/", "ADDRESS_REFUSED"),
        ("http://localhost:1/", "ADDRESS_REFUSED"),
        ("{{gone}}file:///etc/passwd", "INVALID_CALL"),
        ("{{gone}}", "INVALID_CALL"),
        ("{{gone}}not an address", "INVALID_CALL"),
    ],
)
async def test_what_cannot_be_called_is_a_plain_error(world: World, url: str, code: str) -> None:
    assert await talk(world, url=url).launch() == [f"error {code}", "failed  "]


async def test_a_secret_is_in_no_trace_and_nothing_is_kept_of_it(world: World) -> None:
    world.answer("/orders", {"id": 1}, status=500)
    asked = talk(world, headers={"X-Key": "{{secrets.KEY}} {{secrets.GONE}} {{secrets.KEY | round}}"}, map=KEPT)
    traces = await asked.traces("launch", None)
    told = json.dumps([trace.payload() for trace in traces]) + json.dumps(asked.state.variables)
    assert "s3cr3t" not in told + json.dumps(asked.state.internal)
    assert "`secrets.GONE` has no value" in told


async def test_an_answer_that_a_variable_does_not_take_is_an_error_and_the_flow_goes_on(world: World) -> None:
    world.answer("/orders", {"id": "x"})
    asked = talk(world, map=[{"path": "$.body.id", "variable": "state"}])
    assert await asked.launch() == ["error WRONG_VALUE", "done  "]


async def test_a_path_that_goes_through_too_much_finds_nothing(world: World) -> None:
    many: Any = [[{"a": [1] * 50}] * 50] * 20
    world.answer("/orders", many)
    asked = talk(world, map=[{"path": "$..*..*..*", "variable": "id"}])
    assert await asked.launch() == ["done  "]
    assert any("goes through more than 50,000 values" in told for told in asked.debug)


@pytest.mark.parametrize(
    ("mock", "told"),
    [
        ({"status": 201, "body": {"id": "m"}}, ["done m 201"]),
        ({"status": 404, "body": {"id": "m"}}, ["error HTTP_ERROR", "failed m 404"]),
        ({"body": {"id": "m"}}, ["done m 200"]),
        ({"id": "m"}, ["done m 200"]),
    ],
)
@pytest.mark.parametrize("name", ["call", "main/call"])
async def test_a_mock_answers_and_nothing_is_called(world: World, name: str, mock: Any, told: list[str]) -> None:
    assert await talk(world, map=KEPT, mocks={name: mock}).launch() == told
    assert world.sent == []


@pytest.mark.parametrize(
    ("config", "path", "told"),
    [
        ({"method": "FETCH"}, "method", "Input should be 'GET', 'POST'"),
        ({"url": 5}, "url", "Input should be a valid string"),
        ({"timeoutMs": 60_001}, "timeoutMs", "less than or equal to 60000"),
        ({"timeoutMs": 0}, "timeoutMs", "greater than or equal to 1"),
        ({"retries": 6}, "retries", "less than or equal to 5"),
        ({"bodyType": "xml"}, "bodyType", "Input should be 'json', 'form' or 'text'"),
        ({"headers": ["a"]}, "headers", "Input should be an object"),
        ({"map": [{"path": 5}]}, "map[0].path", "Input should be a valid string"),
    ],
)
def test_a_wrong_type_is_refused_by_path(config: dict[str, Any], path: str, told: str) -> None:
    with pytest.raises(BadRequest) as refused:
        compile_document({"workflows": [line(step("call", "api", **config))]}, PLUGINS)
    (detail,) = refused.value.details
    assert detail.path == f"workflows[0].steps[1].config.{path}"
    assert detail.message.startswith(told) or told in detail.message


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({}, ""),
        ({"url": ""}, "error REQUIRED url"),
        ({"map": [{"variable": "id"}]}, "error REQUIRED map[0].path"),
        ({"map": [{"path": "$.a"}]}, "error REQUIRED map[0].variable"),
        ({"map": [{"path": "$.a", "variable": "gone"}]}, "error UNKNOWN_VARIABLE map[0].variable"),
        ({"map": [{"path": "a.b", "variable": "id"}]}, "error UNREADABLE map[0].path"),
        ({"map": [{"path": "$.a[", "variable": "id"}]}, "error UNREADABLE map[0].path"),
        ({"body": '{"a": {{n}}}'}, "error UNREADABLE body"),
        ({"body": "a=1", "bodyType": "form"}, "error UNREADABLE body"),
        ({"body": [1], "bodyType": "form"}, "error UNREADABLE body"),
        ({"headers": {"X": "{{secrets.KEY}}"}}, ""),
        ({"headers": {"X": "{{secrets.GONE}}"}}, "error UNKNOWN_SECRET headers.X"),
        ({"query": {"x": "{{gone}}"}}, "error UNKNOWN_VARIABLE query.x"),
    ],
)
def test_what_is_unfinished_is_a_problem(config: dict[str, Any], told: str) -> None:
    call = step("call", "api", **{"url": "https://a.example", **config})
    document = compiled(line(call), variables=NAMES, secrets=[{"name": "KEY"}])
    base = "workflows[0].steps[1].config."
    found = [f"{each.severity} {each.code} {each.path.removeprefix(base)}" for each in check(document)]
    assert found == ([told] if told else [])


def test_an_address_or_header_that_can_never_be_sent_is_told() -> None:
    config = {"method": "GET", "url": "ftp://x.example/", "headers": {"Host": "y", "X {{v}}": "z", "X-Key": "ok"}}
    problems = check(compiled(line(step("call", "api", **config))))
    told = [(problem.code, problem.path) for problem in problems if problem.step_id == "call"]
    assert ("BAD_HEADER", "workflows[0].steps[1].config.headers.Host") in told
    assert ("BAD_HEADER", "workflows[0].steps[1].config.headers.X {{v}}") in told
    assert ("BAD_URL", "workflows[0].steps[1].config.url") in told
