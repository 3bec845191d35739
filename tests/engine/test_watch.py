"""Looking on while building: a `step` trace for each step, and a turn that begins at one."""

from typing import Any

from inline_snapshot import snapshot

from conduet.engine.run import find_step
from conduet.engine.trace import Step
from tests.engine.talk import FakeContext, Talk, line, open_stack, step, workflow

NAMES: list[dict[str, Any]] = [{"name": "n", "type": "number", "default": 1}, {"name": "name"}]
MAIN = workflow(
    "main",
    step(
        "set", "set", assignments=[{"variable": "n", "expression": "n + 1"}, {"variable": "n", "expression": "n + 1"}]
    ),
    step("ask", "capture", text="Your name?", variable="name"),
    step("call", "workflow", workflowId="other"),
    step("pause", "delay", seconds=2),
    step(
        "bad",
        "api",
        url="https://a.example/{{name}}",
        headers={"X": "{{secrets.KEY}}"},
        method="POST",
        body={"n": "{{n}}"},
    ),
    wires="start > set, set > ask, ask > call, call > pause, pause > bad",
)
OTHER = line(step("hi", "message", text="Hi {{name}}."), workflow_id="other")


def talk() -> Talk:
    secrets = [{"name": "KEY"}]
    return Talk(MAIN, OTHER, variables=NAMES, secrets=secrets, context=FakeContext(held={"KEY": "s3cr3t"}))


async def watched(talk: Talk, kind: str, payload: Any = None, **how: Any) -> list[dict[str, Any]]:
    traces = await talk.traces(kind, payload, watches=True, **how)
    return [trace.payload() for trace in traces if isinstance(trace, Step)]


def short(payload: dict[str, Any]) -> str:
    """A step in one line: where, how it was left, how long it took, and what changed."""
    place = f"{payload['workflowId']}/{payload['stepId']}"
    return f"{place} {payload['type']} > {payload['port']} {payload['durationMs']:g} {payload['changed']}"


async def test_each_step_tells_how_it_was_left_and_what_it_changed() -> None:
    looked_at = talk()
    assert [short(each) for each in await watched(looked_at, "launch")] == snapshot([
        "main/start start > next 0 {}",
        "main/set set > next 0 {'n': [1, 3]}",
        "main/ask capture > None 0 {}",
    ])  # fmt: skip
    assert [short(each) for each in await watched(looked_at, "text", "Ann")] == snapshot([
        "main/ask capture > next 0 {'name': [None, 'Ann']}",
        "main/call workflow > None 0 {}",
        "other/start start > next 0 {}",
        "other/hi message > next 0 {}",
        "main/call workflow > next 0 {}",
        "main/pause delay > next 2000 {}",
        "main/bad api > error 0 {}",
    ])  # fmt: skip


async def test_a_step_tells_what_it_took_and_gave_and_why_it_failed_and_no_secret() -> None:
    looked_at = talk()
    await looked_at.launch()
    first, *_, last = await watched(looked_at, "text", "Ann")
    assert first["input"] == {"type": "text", "payload": "Ann"}
    assert last == snapshot({
        "workflowId": "main",
        "stepId": "bad",
        "type": "api",
        "port": "error",
        "startedAt": "2026-03-01T12:30:02.000Z",
        "durationMs": 0.0,
        "input": {
            "method": "POST",
            "url": "https://a.example/Ann",
            "headers": {"X": "[secret KEY]", "Content-Type": "application/json"},
            "query": {},
            "body": '{"n":3}',
        },
        "output": None,
        "changed": {},
        "error": {"code": "UNREACHABLE", "message": "Nothing is called in this test."},
    })  # fmt: skip


async def test_nobody_looks_on_unless_asked() -> None:
    looked_at = talk()
    await looked_at.launch()
    assert not [trace for trace in looked_at.seen if isinstance(trace, Step)]
    assert not [place for place in looked_at.context.entries if place.endswith("/began")]


async def test_what_branches_change_is_told_of_them_and_of_the_step_that_forks() -> None:
    put = step("put", "set", assignments=[{"variable": "n", "value": 5}])
    main = workflow("main", step("fork", "parallel", branches=[{"id": "a"}]), put, wires="start > fork, fork.a > put")
    told = await watched(Talk(main, variables=NAMES), "launch")
    assert [short(each) for each in told] == [
        "main/start start > next 0 {}",
        "main/put set > next 0 {'n': [1, 5]}",
        "main/fork parallel > next 0 {'n': [1, 5]}",
    ]


async def test_the_language_is_a_change_too() -> None:
    put = step("put", "set", assignments=[{"variable": "sys.language", "value": "de"}])
    told = await watched(Talk(line(put)), "launch")
    assert told[-1]["changed"] == {"sys.language": ["en", "de"]}


async def test_a_turn_may_begin_at_any_step_and_what_was_open_is_forgotten() -> None:
    looked_at = talk()
    await looked_at.launch()
    hi = find_step(looked_at.document, "other", "hi")
    assert [short(each) for each in await watched(looked_at, "text", "x", start=hi)] == ["other/hi message > next 0 {}"]
    ask = find_step(looked_at.document, "main", "ask")
    await looked_at.traces("text", "not an answer", start=ask)
    assert open_stack(looked_at)[0]["stepId"] == "ask"
    assert (await looked_at.say("Bo"))[0] == "Hi Bo."


def test_a_step_is_found_by_its_place() -> None:
    document = talk().document
    found = find_step(document, "main", "ask")
    assert found is not None
    assert found.place == "main/ask"
    assert find_step(document, "main", "gone") is None
