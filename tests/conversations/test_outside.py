"""Turns that reach other systems: what is sent, what comes back, and what is kept of it."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import orjson
import pytest
import sqlalchemy as sa

from conduet.app.edge import Edge
from conduet.conversations.journal import Journals
from conduet.kit.db import Database
from conduet.settings import Settings
from tests.conftest import Owned, new_client
from tests.conversations.far_away import FarAway, far_away, gone_wrong, reaching
from tests.conversations.talking import Talker, publish
from tests.conversations.talking import save as save_project
from tests.engine.talk import line, step, workflow

SECRET = 'p@ss/"wörd" +1'
LAUNCH = {"type": "launch"}
VARIABLES = [
    *({"name": name, "type": "text", "default": ""} for name in ("got", "back")),
    *({"name": name, "type": "number"} for name in ("count", "dice", "at", "drawn", "id")),
    {"name": "bikes", "type": "object"},
]


@pytest.fixture(scope="module")
async def far() -> AsyncIterator[FarAway]:
    async with far_away() as far:
        yield far


@pytest.fixture(scope="module")
async def reacher(far: FarAway, settings: Settings, server: Edge) -> AsyncIterator[Edge]:
    async with reaching(settings, far.place) as reacher:
        yield reacher


@pytest.fixture
async def user(reacher: Edge, project: Owned) -> AsyncIterator[Talker]:
    async with new_client(reacher, key=project.key) as client:
        yield Talker(client)


async def keep_secret(owner: httpx2.AsyncClient, project: Owned, value: str, **more: str) -> None:
    saved = await owner.patch(
        f"/api/v1/projects/{project.id}", json={"secrets": [{"name": "KEY", "value": value, **more}]}
    )
    assert saved.status_code == 200, saved.text


async def save(owner: httpx2.AsyncClient, project: Owned, *workflows: dict[str, Any], **more: Any) -> None:
    await save_project(owner, project, *workflows, variables=VARIABLES, **more)


def call(url: str, **config: Any) -> dict[str, Any]:
    """A flow that calls, and tells what came of it."""
    return workflow(
        "main",
        step("call", "api", url=url, **config),
        step("ok", "message", text="{{got}}"),
        step("no", "message", text="It failed: {{got}}"),
        wires="start > call, call > ok, call.error > no",
    )


def journal_of(database: Database, turn_id: str) -> dict[str, Any]:
    statement = sa.text("select journal from turn where id = :turn")
    stored = database.read_now(lambda tx: tx.execute(statement, {"turn": turn_id}).scalar_one())
    return dict(Journals().read(bytes(stored)).entries)


def everything_of(database: Database, project: Owned) -> str:
    """All that the database holds of the project's conversations."""
    found: list[str] = []
    for table in ("turn", "message", "conversation"):
        statement = sa.text(f"select * from {table} where project_id = :project")
        rows = database.read_now(lambda tx, s=statement: tx.execute(s, {"project": project.id}).all())
        for row in rows:
            found += [bytes(value).decode(errors="replace") if _is_bytes(value) else str(value) for value in row]
    return "\n".join(found)


def _is_bytes(value: object) -> bool:
    return isinstance(value, bytes | memoryview)


async def test_a_call_is_made_and_its_answer_kept(
    owner: httpx2.AsyncClient, project: Owned, far: FarAway, user: Talker, database: Database
) -> None:
    kept = [{"path": "$.body.bikes[0]", "variable": "got"}]
    flow = call(f"{far.url}/bikes", method="POST", query={"q": "a b"}, body={"who": "{{sys.userId}}"}, map=kept)
    await save(owner, project, flow)
    assert await user.launch() == ["red"]
    request = far.asked[-1]
    assert (request.method, request.query["q"], far.bodies[-1]) == ("POST", "a b", '{"who":"user_1"}')
    assert request.headers["traceparent"].split("-")[1] == user.turn_id.removeprefix("turn_")
    (entry,) = [each for place, each in journal_of(database, user.turn_id).items() if "/call" in place]
    assert (entry["request"]["method"], entry["request"]["url"]) == ("POST", f"{far.url}/bikes")
    assert (entry["request"]["body"], entry["answer"]["status"]) == ('{"who":"user_1"}', 200)


async def test_a_replay_calls_nothing_and_says_the_same(
    owner: httpx2.AsyncClient, project: Owned, far: FarAway, user: Talker
) -> None:
    """HTTP, a tool of each kind that calls or computes, and code whose clock and chance are its own."""
    code = "return { variables: { dice: Math.random(), at: Date.now() }, say: 'rolled' }"
    tools: list[dict[str, Any]] = [
        {
            "id": "t_api",
            "name": "bikes",
            "description": "Lists bikes.",
            "type": "api",
            "parameters": {"type": "object", "properties": {}},
            "config": {"url": f"{far.url}/bikes"},
        },
        {
            "id": "t_code",
            "name": "draw",
            "description": "Draws a number.",
            "type": "function",
            "parameters": {"type": "object", "properties": {}},
            "config": {"code": "console.log('drawing'); return Math.random()"},
        },
    ]
    flow = line(
        step("call", "api", url=f"{far.url}/bikes", map=[{"path": "$.body.count", "variable": "count"}]),
        step("code", "code", code=code),
        step("use", "tool", toolId="t_api", saveTo="bikes"),
        step("draw", "tool", toolId="t_code", saveTo="drawn"),
        step("gone", "api", url="http://127.0.0.1:1/"),
        step("say", "message", text="{{count}} {{dice}} {{at}} {{bikes.count}} {{drawn}}"),
    )
    flow["connections"].append({"id": "e", "source": "gone", "sourcePort": "error", "target": "say"})
    await save(owner, project, flow, tools=tools)
    traces = (await user.send(LAUNCH)).json()
    assert [trace["type"] for trace in traces] == [
        "text",
        "tool-call",
        "tool-call",
        "tool-call",
        "debug",
        "tool-call",
        "error",
        "text",
    ]
    asked = len(far.asked)
    for _ in range(2):
        answer = await user.client.post(user.path(f"turns/{user.turn_id}/replay"), json={})
        assert answer.status_code == 200, answer.text
        assert answer.json()["differences"] == []
        assert [trace["payload"] for trace in answer.json()["traces"]] == [trace["payload"] for trace in traces]
    assert len(far.asked) == asked


async def test_a_secret_reaches_the_service_and_nobody_else(
    owner: httpx2.AsyncClient,
    project: Owned,
    far: FarAway,
    user: Talker,
    database: Database,
    capfd: pytest.CaptureFixture[str],
) -> None:
    value = "sk-live-4f9a/Zq+81=="
    await keep_secret(owner, project, value)
    kept = [{"path": "$.body", "variable": "got"}, {"path": "$.headers['x-back']", "variable": "back"}]
    flow = call(f"{far.url}/leak", headers={"X-Key": "{{secrets.KEY}}"}, query={"k": "{{secrets.KEY}}"}, map=kept)
    flow["steps"][2]["config"]["text"] = "{{got}} {{back}}"
    await save(owner, project, flow)
    (said,) = await user.launch()
    assert far.asked[-1].headers["X-Key"] == value
    assert said.count("[secret KEY]") == 7
    assert not any(part in said for part in (value, "sk-live", "c2stbGl2ZS00", value.encode().hex()))
    (entry,) = [each for place, each in journal_of(database, user.turn_id).items() if "/call" in place]
    assert entry["request"]["headers"]["X-Key"] == "[secret KEY]"
    assert entry["request"]["query"] == {"k": "[secret KEY]"}
    assert value not in everything_of(database, project) + str(journal_of(database, user.turn_id))
    assert value not in str(await user.state())
    logged = capfd.readouterr()
    assert user.turn_id in logged.out
    assert value not in logged.out + logged.err


async def test_an_echoed_secret_stays_masked_in_replay_and_for_who_builds(
    owner: httpx2.AsyncClient, project: Owned, far: FarAway, reacher: Edge
) -> None:
    await keep_secret(owner, project, SECRET)
    kept = [{"path": "$.body.query.k", "variable": "got"}]
    await save(owner, project, call(f"{far.url}/echo", query={"k": "{{secrets.KEY}}"}, map=kept))
    token = {"Authorization": owner.headers["Authorization"]}
    async with new_client(reacher, headers=token) as developer:
        answer = await developer.post(f"/api/v1/projects/{project.id}/chat", json={"userId": "u", "message": "Hi"})
        assert answer.status_code == 200, answer.text
        base = f"/api/v1/projects/{project.id}/conversations/u/turns/{answer.headers['X-Turn-Id']}"
        replayed = await developer.post(f"{base}/replay", json={})
    assert far.asked[-1].query["k"] == SECRET
    assert replayed.json()["differences"] == []
    for text in (answer.text, replayed.text):
        assert "[secret KEY]" in text
        assert all(part not in text for part in (SECRET, orjson.dumps(SECRET).decode()[1:-1], "p%40ss"))


async def test_each_environment_has_its_own_secrets(
    owner: httpx2.AsyncClient, project: Owned, far: FarAway, user: Talker
) -> None:
    await keep_secret(owner, project, "for-development", environment="development")
    await keep_secret(owner, project, "for-production", environment="production")
    await save(owner, project, call(f"{far.url}/echo", headers={"X-Key": "{{secrets.KEY}}"}))
    version_id = await publish(owner, project)
    for asked, value in (
        ("development", "for-development"),
        ("production", "for-production"),
        (version_id, "for-production"),
    ):
        await user.launch(versionId=asked)
        assert far.asked[-1].headers["X-Key"] == value


async def test_what_cannot_be_reached_is_a_plain_error(
    owner: httpx2.AsyncClient, project: Owned, far: FarAway, user: Talker
) -> None:
    await keep_secret(owner, project, "hidden-host")
    for url, config, code in (
        ("http://127.0.0.1:9/", {}, "ADDRESS_REFUSED"),
        ("http://localhost:9/", {}, "ADDRESS_REFUSED"),
        ("http://{{secrets.KEY}}:70000/", {}, "INVALID_CALL"),
        ("{{none}}file:///etc/passwd", {}, "INVALID_CALL"),
        (f"{far.url}/large", {}, "RESPONSE_TOO_LARGE"),
        (f"{far.url}/slow", {"timeoutMs": 100}, "TIMED_OUT"),
        (f"{far.url}/none", {}, "HTTP_ERROR"),
        (f"{far.url}/x", {"headers": {"X {{secrets.KEY}}": "1"}}, "UNFINISHED_STEP"),
        (f"{far.url}/x", {"headers": {f"X-{number}": "x" * 900 for number in range(100)}}, "INVALID_CALL"),
        (f"{far.url}/x", {"query": {"q": "x" * 9000}}, "INVALID_CALL"),
    ):
        await save(owner, project, call(url, **config))
        traces = (await user.send(LAUNCH)).json()
        ((told, message),) = gone_wrong(traces)
        assert told == code, message
        assert "hidden-host" not in message
        replayed = await user.client.post(user.path(f"turns/{user.turn_id}/replay"), json={})
        assert replayed.json()["differences"] == []


async def test_a_turn_takes_in_no_more_than_its_journal_holds(
    owner: httpx2.AsyncClient, project: Owned, far: FarAway, user: Talker
) -> None:
    calls = [step(f"call{number}", "api", url=f"{far.url}/long") for number in range(25)]
    await save(owner, project, line(*calls, step("say", "message", text="done")))
    traces = (await user.send(LAUNCH)).json()
    assert gone_wrong(traces)[0][0] == "TOO_MUCH"
    assert len(gone_wrong(traces)) == 1
    replayed = await user.client.post(user.path(f"turns/{user.turn_id}/replay"), json={})
    assert replayed.json()["differences"] == []


async def test_nor_does_it_take_in_more_of_what_code_writes(
    owner: httpx2.AsyncClient, project: Owned, user: Talker
) -> None:
    code = "for (let i = 0; i < 32; i++) console.log('x'.repeat(8000))"
    await save(owner, project, line(*(step(f"code{number}", "code", code=code) for number in range(70))))
    traces = (await user.send(LAUNCH)).json()
    assert gone_wrong(traces)[0][0] == "CODE_FAILED"
    assert sum(len(trace["payload"]["message"]) for trace in traces if trace["type"] == "debug") < 17 * 1024 * 1024
    replayed = await user.client.post(user.path(f"turns/{user.turn_id}/replay"), json={})
    assert replayed.json()["differences"] == []


async def test_a_turn_says_no_more_than_can_be_sent_in_one_piece(
    owner: httpx2.AsyncClient, project: Owned, user: Talker
) -> None:
    flow = line(*(step(f"say{number}", "message", text="{{got}}") for number in range(200)))
    await save(owner, project, flow)
    answer = await user.send(LAUNCH, variables={"got": "x" * 200_000})
    assert len(answer.content) < 33 * 1024 * 1024
    assert gone_wrong(answer.json())[-1][0] == "TURN_TOO_LARGE"
    replayed = await user.client.post(user.path(f"turns/{user.turn_id}/replay"), json={})
    assert replayed.json()["differences"] == []


async def test_odd_answers_harm_nothing(
    owner: httpx2.AsyncClient, project: Owned, far: FarAway, user: Talker, reacher: Edge
) -> None:
    token = {"Authorization": owner.headers["Authorization"]}
    for path, part, said in (("nul", "$.body", "a\ufffdb"), ("number", "$.body.id", "123456789012345678901234567890")):
        await save(owner, project, call(f"{far.url}/{path}", map=[{"path": part, "variable": "got"}]))
        assert await user.launch() == [said]
        async with new_client(reacher, headers=token) as developer:
            answer = await developer.post(f"/api/v1/projects/{project.id}/chat", json={"message": "Hi"})
        assert answer.status_code == 200
        assert gone_wrong(answer.json()["traces"]) == []
        assert "step" in {trace["type"] for trace in answer.json()["traces"]}
