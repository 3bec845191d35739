"""Each row of the contract asked for real: its answer by status and by name, and every error that it tells of."""

import json
from typing import Any

import httpx2
import pytest

from conduet.app.create import create_app
from conduet.limits.rate import Rate
from conduet.settings import Settings
from tests.conftest import new_client, started
from tests.contract.conftest import World
from tests.contract.fitting import misfits
from tests.contract.row import Row
from tests.contract.rows import ANALYTICS, ROWS
from tests.contract.test_rows import named

WRONG = [pytest.param(row, body, path, id=f"{row.name} {path or 'body'}") for row in ROWS for body, path in row.wrong]
WRONG_QUERIES = [
    pytest.param(row, query, path, id=f"{row.name} {query}") for row in ROWS for query, path in row.wrong_queries
]
TAKES_JSON = [row for row in ROWS if row.body is not None]
TURNS = ("/interact", "/chat", "/stream")
OTHERS = [row for row in ROWS if "{" in row.path.replace("{userId}", "")]


def failed(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """The body of an error, which is always the same."""
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert isinstance(answer.json()["error"], str)
    assert answer.json().keys() <= {"error", "code", "details"}
    return answer.json()


def events(answer: httpx2.Response) -> list[dict[str, Any]]:
    """The traces of a stream that was read to its end."""
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    data = [line.removeprefix("data: ") for line in answer.text.splitlines() if line.startswith("data: ")]
    assert data[-1] == "[DONE]"
    return [json.loads(line) for line in data[:-1]]


@pytest.mark.parametrize("row", ROWS, ids=named)
async def test_a_row_answers_as_the_contract_says(world: World, row: Row) -> None:
    ids = await world.expendable(row) if row.method == "DELETE" else {}
    answer = await world.ask(row, ids)
    assert answer.status_code == row.status, answer.text
    windows = [int(answer.headers[f"X-RateLimit-{name}"]) for name in ("Limit", "Remaining", "Reset")]
    assert windows[0] > windows[1] >= 0
    assert windows[2] > 10**12
    assert answer.headers["X-Request-Id"]
    if row.path.endswith("/stream"):
        assert [*misfits(events(answer), [{"type": "", "payload": {}}])] == []
    elif row.status == 204:
        assert answer.content == b""
    else:
        assert answer.headers["Content-Type"] == "application/json"
        assert [*misfits(answer.json(), row.shape)] == []


@pytest.mark.parametrize("row", ROWS, ids=named)
async def test_a_row_is_closed_to_who_shows_no_key_or_one_of_the_other_family(world: World, row: Row) -> None:
    other = world.key if row.shown == "developer token" else world.token
    for shown in (None, "nonsense", "cdt_" + "x" * 43, other):
        async with new_client(world.app, key=shown) as client:
            answer = await world.ask(row, client=client)
            failed(answer, 401, "UNAUTHORIZED")
            assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("row", "body", "path"), WRONG)
async def test_a_wrong_body_is_told_by_its_path(world: World, row: Row, body: Any, path: str) -> None:
    told = failed(await world.asker(row).request(row.method, world.path(row), json=body), 400, "BAD_REQUEST")
    assert path in [detail["path"] for detail in told["details"]]


@pytest.mark.parametrize(("row", "query", "path"), WRONG_QUERIES)
async def test_a_wrong_query_is_told_by_its_path(world: World, row: Row, query: str, path: str) -> None:
    told = failed(await world.asker(row).get(f"{world.path(row)}?{query}"), 400, "BAD_REQUEST")
    assert [detail["path"] for detail in told["details"]] == [path]


@pytest.mark.parametrize("row", TAKES_JSON, ids=named)
@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b'{"a": ', "application/json", 400, "BAD_REQUEST"),
        (b'{"a": NaN}', "application/json", 400, "BAD_REQUEST"),
        (b"[" * 300, "application/json", 413, "PAYLOAD_TOO_LARGE"),
        (b"a=b", "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE"),
    ],
    ids=["cut", "nan", "deep", "form"],
)
async def test_what_is_no_good_json_is_refused(
    world: World, row: Row, content: bytes, kind: str, status: int, code: str
) -> None:
    if kind == "text/plain" and row.path.endswith("/import"):
        pytest.skip("an export may come as whatever kind its sender takes it for")
    headers = {"Content-Type": kind}
    answer = await world.asker(row).request(row.method, world.path(row), content=content, headers=headers)
    failed(answer, status, code)


@pytest.mark.parametrize("row", OTHERS, ids=named)
async def test_what_is_unknown_or_somebody_elses_looks_the_same(world: World, row: Row) -> None:
    names = [name for name in world.ids if f"{{{name}}}" in row.path and name != "userId"]
    unknown = failed(await world.ask(row, {names[-1]: "nothing_there"}), 404, "NOT_FOUND")
    if row.shown == "developer token":
        assert failed(await world.ask(row, client=world.stranger), 404, "NOT_FOUND")["error"]
        gone = await world.ask(row, {"projectId": "proj_missing"}, client=world.stranger)
        assert gone.json() == (await world.ask(row, client=world.stranger)).json()
    assert "nothing_there" not in unknown["error"]


@pytest.mark.parametrize("row", [row for row in ROWS if row.revision], ids=named)
async def test_a_change_of_another_revision_is_a_412(world: World, row: Row) -> None:
    headers = {"If-Match": '"999999"'}
    answer = await world.asker(row).request(row.method, world.path(row), json=row.body, headers=headers)
    failed(answer, 412, "PRECONDITION_FAILED")
    assert answer.headers["ETag"]


@pytest.mark.parametrize("row", [row for row in ROWS if not row.path.endswith(TURNS)], ids=named)
async def test_one_request_too_many_is_a_429(world: World, row: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conduet.limits.wide.PER_CREDENTIAL", Rate(count=0, seconds=60))
    answer = await world.ask(row)
    failed(answer, 429, "RATE_LIMITED")
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["X-RateLimit-Remaining"] == "0"


async def test_one_turn_too_many_is_a_429(world: World, settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"rate_limit": "1/minute"}))
    async with started(app), new_client(app, key=world.token) as owner, new_client(app, key=world.key) as client:
        for row in (row for row in ROWS if row.path.endswith(TURNS)):
            asker = owner if row.shown == "developer token" else client
            user = f"eager-{row.group}-{row.number}"
            for status in (row.status, 429):
                body = {**row.body, **({"userId": user} if row.group == "management" else {})}
                answer = await asker.request(row.method, world.path(row, userId=user), json=body)
                assert answer.status_code == status, (row.name, answer.text)
            failed(answer, 429, "RATE_LIMITED")
            assert 0 < int(answer.headers["Retry-After"]) <= 60


async def test_analytics_and_transcripts_are_the_same_below_the_project(world: World) -> None:
    for row in ANALYTICS:
        path = world.path(row)
        twin = path.replace("/api/v1/", f"/api/v1/projects/{world.ids['projectId']}/")
        mine, theirs = await world.client.get(path), await world.owner.get(twin)
        assert (theirs.status_code, theirs.json()) == (200, mine.json()), row.name
        failed(await world.stranger.get(twin), 404, "NOT_FOUND")
        failed(await world.client.get(twin), 401, "UNAUTHORIZED")
