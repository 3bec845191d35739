"""Two real worker processes behind one port: limits, order, idempotency and resuming hold over both."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any, Self

import httpx2
import pytest
import sqlalchemy as sa

from benchmarks.served import Place, Project, make_project
from conduet.kit.db import open_database
from tests.cli.forked import Forked
from tests.conftest import new_database
from tests.conversations.listening import Listener, streamed
from tests.conversations.talking import COUNTING, Talker, slow, told

pytestmark = pytest.mark.slow
LAUNCH = {"action": {"type": "launch"}, "versionId": "production"}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Two workers on a database of each kind."""
    folder = tmp_path_factory.mktemp("workers")
    with new_database(request.param, folder) as url:
        served = Limited(folder / "data", url, workers=2, popen=Forked)
        server = served.serve("--no-demo")
        try:
            server.wait_ready()
            yield served
        finally:
            server.stop()


class Limited(Place):
    """Counts a user's rate as it does by default."""

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "CONDUET_RATE_LIMIT": "60/minute"}


def made(place: Place, *workflows: dict[str, Any], variables: list[dict[str, Any]] | None = None) -> Project:
    return make_project(place, url(place), {"workflows": [*workflows], "variables": variables or []})


def url(place: Place) -> str:
    return f"http://127.0.0.1:{place.port}"


class Clients:
    """Clients with a connection each, so that both workers get some."""

    def __init__(self, place: Place, project: Project) -> None:
        self.url = url(place)
        self.headers = {"Authorization": f"Bearer {project.key}"}
        self.stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stack.aclose()

    async def new(self) -> httpx2.AsyncClient:
        client = httpx2.AsyncClient(base_url=self.url, headers=self.headers, trust_env=False, timeout=60, verify=False)
        return await self.stack.enter_async_context(client)


async def test_turns_of_one_user_never_overlap_and_both_workers_take_some(place: Place) -> None:
    workflow, variables = COUNTING
    project = made(place, workflow, variables=variables)
    async with Clients(place, project) as clients:
        answers: list[list[str]] = []
        # Which worker gets a connection is chance, and the second one may still be starting.
        for number in range(20):
            users = [Talker(await clients.new(), f"user_{number // 5}") for _ in range(8)]
            answers += await asyncio.gather(*(user.launch(versionId="production") for user in users))
            if number % 5 == 4:
                assert sorted(int(answer[-1]) for answer in answers) == [*range(1, 41)]
                assert (await users[0].state())["revision"] == 40
                answers.clear()
                if _workers(place, project) == 2:
                    return
    raise AssertionError("one worker took all turns")


def _workers(place: Place, project: Project) -> int:
    """How many processes have taken turns of the project."""
    statement = sa.text("select count(distinct worker) from turn where project_id = :project")
    database = open_database(place.database_url or "", run_dir=place.data / "run")
    workers = database.read_now(lambda tx: tx.execute(statement, {"project": project.id}).scalar_one())
    database.close_now()
    return workers


async def test_the_users_rate_is_exact(place: Place) -> None:
    workflow, variables = COUNTING
    project = made(place, workflow, variables=variables)
    async with Clients(place, project) as clients:
        statuses: list[int] = []
        for _ in range(9):
            users = [Talker(await clients.new()) for _ in range(8)]
            answers = await asyncio.gather(*(user.send({"type": "launch"}, versionId="production") for user in users))
            statuses += [answer.status_code for answer in answers]
        assert (statuses.count(200), statuses.count(429)) == (60, 12)


async def test_a_request_that_is_sent_to_both_is_done_once(place: Place) -> None:
    workflow, variables = COUNTING
    project = made(place, workflow, variables=variables)
    async with Clients(place, project) as clients:
        for number in range(3):
            users = [Talker(await clients.new()) for _ in range(6)]
            key = {"Idempotency-Key": f"key-{number}"}
            sent = (user.send({"type": "launch"}, versionId="production", headers=key) for user in users)
            answers = await asyncio.gather(*sent)
            assert {answer.content for answer in answers} == {answers[0].content}
            assert [answer.headers.get("Idempotent-Replayed") for answer in answers].count(None) == 1
        assert (await Talker(await clients.new()).state())["revision"] == 3


async def test_a_stream_is_resumed_wherever_one_lands(place: Place) -> None:
    project = made(place, slow(1.5))
    async with Clients(place, project) as clients:
        user = Talker(await clients.new())
        path = user.path("interact/stream")
        async with Listener(url(place)).open("POST", path, key=project.key, json=LAUNCH) as stream:
            turn_id = stream.headers["X-Turn-Id"]
            first = await stream.next()
        resume = user.path(f"turns/{turn_id}/stream")
        headers = {"Last-Event-ID": first.id or ""}
        followers = [await clients.new() for _ in range(8)]
        streams = await asyncio.gather(*(streamed(each, "GET", resume, headers=headers) for each in followers))
        assert all(told(stream.traces) == ["typing", "Two."] and stream.is_done for stream in streams)
        assert len({tuple(event.id for event in stream.events) for stream in streams}) == 1


async def test_metrics_tell_the_turns_that_run_in_both(place: Place) -> None:
    project = made(place, slow(4))
    async with Clients(place, project) as clients:
        users = [Talker(await clients.new(), f"user_{number}") for number in range(5)]
        before = await _turns_running(clients)
        tasks = [asyncio.create_task(user.launch(versionId="production")) for user in users]
        await asyncio.sleep(1.5)
        assert [await _turns_running(clients) for _ in range(3)] == [before + 5] * 3
        await asyncio.gather(*tasks)
        assert await _turns_running(clients) == before == 0


async def _turns_running(clients: Clients) -> float:
    """What the metrics say, by whichever worker answers."""
    text = (await (await clients.new()).get("/metrics")).text
    (value,) = (line.split()[1] for line in text.splitlines() if line.startswith("conduet_turns_running "))
    return float(value)


async def test_a_revoked_key_is_dead_at_both_and_ends_its_open_streams(place: Place) -> None:
    project = made(place, slow(8))
    token = place.command("token", "create", "--name", "owner")
    async with Clients(place, project) as clients:
        users = [Talker(await clients.new(), f"user_{number}") for number in range(6)]
        paths = [user.path("interact/stream") for user in users]
        streams = [
            asyncio.create_task(streamed(user.client, "POST", path, json=LAUNCH))
            for user, path in zip(users, paths, strict=True)
        ]
        await asyncio.sleep(1)
        below = f"{url(place)}/api/v1/projects/{project.id}/api-keys"
        async with httpx2.AsyncClient(
            headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=60
        ) as owner:
            (key,) = (await owner.get(below)).json()
            assert (await owner.delete(f"{below}/{key['id']}")).status_code == 204
        refused = [await (await clients.new()).get(user.path("state")) for user in users]
        assert [answer.status_code for answer in refused] == [401] * 6
        ended = await asyncio.wait_for(asyncio.gather(*streams), 10)
        assert not any(stream.is_done for stream in ended)
        assert all(told(stream.traces) == ["One.", "typing"] for stream in ended)
