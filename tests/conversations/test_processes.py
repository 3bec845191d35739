"""One turn at a time over all that serve one database: two applications stand for two processes or machines."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
import sqlalchemy as sa

from conduet.app.create import create_app
from conduet.app.edge import Edge
from conduet.conversations.tables import conversation, waiting
from conduet.kit.db import Database
from conduet.settings import Settings
from tests.conftest import Owned, new_client, started
from tests.conversations.listening import Listener, streamed
from tests.conversations.talking import COUNTING, HELLO, VARIABLES, Talker, save, slow, told
from tests.engine.talk import line, step

pytestmark = pytest.mark.slow

LAUNCH = {"type": "launch"}


@pytest.fixture
async def elsewhere(server: Edge, settings: Settings, project: Owned) -> AsyncIterator[httpx2.AsyncClient]:
    """The project's key at another process."""
    app = create_app(settings)
    async with started(app), new_client(app, key=project.key) as client:
        yield client


async def test_turns_of_one_user_never_overlap(
    owner: httpx2.AsyncClient, project: Owned, elsewhere: httpx2.AsyncClient
) -> None:
    await save(owner, project, COUNTING[0], variables=COUNTING[1])
    users = [Talker(client) for client in (project.client, elsewhere) for _ in range(4)]
    answers = [line for answer in await asyncio.gather(*(user.launch() for user in users)) for line in answer]
    assert sorted(answer for answer in answers if answer != "typing") == [str(number) for number in range(1, 9)]
    assert (await users[0].state())["revision"] == 8


async def test_who_waited_longer_comes_first(
    owner: httpx2.AsyncClient, project: Owned, elsewhere: httpx2.AsyncClient, database: Database
) -> None:
    await save(owner, project, slow(1))
    queued = sa.select(sa.func.count()).select_from(waiting).where(waiting.c.project_id == project.id)
    mine = (conversation.c.project_id == project.id) & conversation.c.lease_by.is_not(None)
    held = sa.select(sa.func.count()).select_from(conversation).where(mine)
    order: list[int] = []

    async def launch(number: int, client: httpx2.AsyncClient) -> None:
        await Talker(client).launch()
        order.append(number)

    launching = [asyncio.create_task(launch(0, project.client))]
    await _until(database, held, 1)
    for number in range(1, 5):
        launching.append(asyncio.create_task(launch(number, (project.client, elsewhere)[number % 2])))
        await _until(database, queued, number)
    await asyncio.gather(*launching)
    assert order == [0, 1, 2, 3, 4]


async def _until(database: Database, counted: sa.Select[int], number: int) -> None:
    """Returns once there are as many rows."""
    for _ in range(1000):
        if database.read_now(lambda tx: tx.execute(counted).scalar_one()) == number:
            return
        await asyncio.sleep(0.01)
    pytest.fail(f"there are never {number}")


async def test_more_than_eight_waiting_is_a_409(
    owner: httpx2.AsyncClient, project: Owned, elsewhere: httpx2.AsyncClient
) -> None:
    await save(owner, project, slow(2))
    user = Talker(project.client)
    holding = asyncio.create_task(user.launch())
    await asyncio.sleep(0.1)
    await save(owner, project, HELLO)
    clients = [project.client, elsewhere] * 5
    answers = await asyncio.gather(*(Talker(client).send(LAUNCH) for client in clients))
    await holding
    assert sorted(answer.status_code for answer in answers) == [200] * 8 + [409] * 2
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"CONFLICT"}
    assert (await user.state())["revision"] == 9
    # Refused or not, they were counted.
    await user.launch()
    assert user.last is not None
    assert user.last.headers["X-RateLimit-Remaining"] == str(60 - 12)


async def test_who_waits_too_long_gets_a_409(
    owner: httpx2.AsyncClient, project: Owned, elsewhere: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conduet.conversations.queue.WAIT_SECONDS", 0.3)
    await save(owner, project, slow(4))
    user = Talker(project.client)
    holding = asyncio.create_task(user.launch())
    await asyncio.sleep(0.1)
    for client in (project.client, elsewhere):
        refused = await Talker(client).send(LAUNCH)
        assert (refused.status_code, refused.json()["code"]) == (409, "CONFLICT")
    changed = await elsewhere.patch(user.path("variables"), json={"name": "Ada"})
    assert changed.status_code == 409
    assert await holding == ["One.", "typing", "Two."]
    await save(owner, project, HELLO)
    assert await Talker(elsewhere).launch() == ["Hello!"]


async def test_a_change_of_the_state_waits_for_a_turn_elsewhere(
    owner: httpx2.AsyncClient, project: Owned, elsewhere: httpx2.AsyncClient
) -> None:
    await save(owner, project, slow(0.4), variables=VARIABLES)
    user = Talker(project.client)
    running = asyncio.create_task(user.launch())
    await asyncio.sleep(0.15)
    changed = await elsewhere.patch(user.path("variables"), json={"name": "Ada"})
    assert (changed.json()["revision"], changed.json()["variables"]["name"]) == (2, "Ada")
    await running


async def test_the_rate_is_one_over_processes(
    owner: httpx2.AsyncClient, project: Owned, elsewhere: httpx2.AsyncClient
) -> None:
    await save(owner, project, HELLO)
    here, there = Talker(project.client), Talker(elsewhere)
    for left in range(59, 49, -2):
        await here.launch()
        await there.launch()
        assert here.last is not None
        assert there.last is not None
        assert here.last.headers["X-RateLimit-Remaining"] == str(left)
        assert there.last.headers["X-RateLimit-Remaining"] == str(left - 1)


async def test_a_key_is_one_over_processes(
    owner: httpx2.AsyncClient, project: Owned, elsewhere: httpx2.AsyncClient
) -> None:
    await save(owner, project, slow(0.4))
    key = {"Idempotency-Key": "once"}
    here, there = Talker(project.client), Talker(elsewhere)
    first = asyncio.create_task(here.send(LAUNCH, headers=key))
    await asyncio.sleep(0.1)
    second = await there.send(LAUNCH, headers=key)
    assert second.content == (await first).content
    assert second.headers["Idempotent-Replayed"] == "true"
    assert (await there.send(LAUNCH, headers=key)).content == second.content
    assert (await here.state())["revision"] == 1


async def test_a_stream_is_resumed_at_another_process(
    listener: Listener, owner: httpx2.AsyncClient, project: Owned, elsewhere: httpx2.AsyncClient
) -> None:
    steps = [
        part
        for number in range(8)
        for part in (
            step(f"say{number}", "message", text=str(number)),
            step(f"wait{number}", "delay", seconds=0.2),
        )
    ]
    await save(owner, project, line(*steps))
    user = Talker(project.client)
    path = user.path("interact/stream")
    async with listener.open("POST", path, key=project.key, json={"action": LAUNCH}) as stream:
        turn_id = stream.headers["X-Turn-Id"]
        last = [await stream.next() for _ in range(3)][-1]
    assert last.id is not None
    resume = user.path(f"turns/{turn_id}/stream")
    loop = asyncio.get_running_loop()
    began = loop.time()
    rest, whole = await asyncio.gather(
        streamed(elsewhere, "GET", resume, headers={"Last-Event-ID": last.id}), streamed(elsewhere, "GET", resume)
    )
    assert 0.5 < loop.time() - began < 3
    assert told(whole.traces) == [part for number in range(8) for part in (str(number), "typing")]
    assert whole.is_done
    assert rest.events == whole.events[3:]
    after = await streamed(project.client, "GET", resume)
    assert after.events == whole.events


async def test_what_somebody_followed_elsewhere_is_cleaned_up(
    owner: httpx2.AsyncClient, project: Owned, elsewhere: httpx2.AsyncClient, database: Database
) -> None:
    await save(owner, project, slow(1))
    user = Talker(project.client)
    running = asyncio.create_task(user.launch())
    await asyncio.sleep(0.3)
    turn_id = database.read_now(
        lambda tx: tx.execute(
            sa.text("select id from turn where project_id = :project and status = 'running'"), {"project": project.id}
        ).scalar_one()
    )
    stream = await streamed(elsewhere, "GET", user.path(f"turns/{turn_id}/stream"))
    assert told(stream.traces) == await running

    def left(table: str) -> int:
        statement = sa.text(f"select count(*) from {table} where project_id = :project")
        return database.read_now(lambda tx: tx.execute(statement, {"project": project.id}).scalar_one())

    assert {table: left(table) for table in ("turn_trace", "turn_listener", "waiting")} == {
        "turn_trace": 0,
        "turn_listener": 0,
        "waiting": 0,
    }
