"""Processes that die or stop in the middle of a turn."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa

from benchmarks.processes import Server
from benchmarks.served import Place
from conduet.app.create import create_app
from conduet.app.edge import Edge
from conduet.conversations.store import finish as ending
from conduet.errors import Unavailable
from conduet.kit.db import Database, Tx
from conduet.settings import Settings
from tests.cli.forked import Forked
from tests.conftest import Owned, new_client, started
from tests.conversations.listening import Listener, streamed
from tests.conversations.talking import HELLO, Talker, save, slow, told

pytestmark = pytest.mark.slow

LAUNCH = {"type": "launch"}
SOON_SECONDS = 12.0
"""Sooner than the lease of a process that has just been killed ends by itself, later than a machine that stalls."""


@dataclass
class Doomed:
    """A process that serves the same database as the application under test, until it is killed."""

    server: Server
    client: httpx2.AsyncClient
    key: str

    async def begin(self, user: Talker) -> str:
        """Begins a turn there; its id, once its first event has come."""
        path = user.path("interact/stream")
        async with Listener(self.server.url).open("POST", path, key=self.key, json={"action": LAUNCH}) as stream:
            await stream.next()
            return stream.headers["X-Turn-Id"]

    def kill(self) -> None:
        os.kill(self.server.process.pid, signal.SIGKILL)
        self.server.process.wait()


@pytest.fixture
async def doomed(server: Edge, settings: Settings, project: Owned, tmp_path: Path) -> AsyncIterator[Doomed]:
    # Its log stands beside its data.
    place = Place(settings.data, settings.database, popen=Forked)
    process = place.serve("--no-demo")
    try:
        await asyncio.to_thread(process.wait_ready)
        headers = {"Authorization": f"Bearer {project.key}"}
        async with httpx2.AsyncClient(
            base_url=process.url, headers=headers, trust_env=False, verify=False, timeout=60
        ) as client:
            yield Doomed(process, client, project.key)
    finally:
        process.kill()


async def test_after_a_kill_the_next_action_runs_at_once(
    doomed: Doomed, owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, slow(20))
    user = Talker(project.client)
    turn_id = await doomed.begin(user)
    waiting = asyncio.create_task(user.say("Hi"))
    await save(owner, project, HELLO)
    await asyncio.sleep(0.1)
    doomed.kill()
    # Whoever already waits is the next, and so is whoever comes.
    assert await asyncio.wait_for(waiting, SOON_SECONDS) == ["Hello!"]
    assert await asyncio.wait_for(user.say("Hi"), SOON_SECONDS) == ["Hello!"]
    assert [said["content"] for said in (await user.state())["history"]] == ["Hi", "Hello!", "Hi", "Hello!"]
    resumed = await streamed(project.client, "GET", user.path(f"turns/{turn_id}/stream"))
    assert told(resumed.traces) == ["error TURN_INTERRUPTED"]
    assert resumed.is_done
    headers = {"Last-Event-ID": f"{turn_id}/1"}
    resumed = await streamed(project.client, "GET", user.path(f"turns/{turn_id}/stream"), headers=headers)
    assert told(resumed.traces) == ["error TURN_INTERRUPTED"]
    assert resumed.events[0].id == f"{turn_id}/2"
    refused = await project.client.post(user.path(f"turns/{turn_id}/replay"), json={})
    assert refused.status_code == 409


async def test_who_follows_elsewhere_is_told_of_a_death(
    doomed: Doomed, owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, slow(20))
    user = Talker(project.client)
    turn_id = await doomed.begin(user)
    path = user.path(f"turns/{turn_id}/stream")
    following = asyncio.create_task(streamed(project.client, "GET", path))
    await asyncio.sleep(1)
    doomed.kill()
    stream = await asyncio.wait_for(following, SOON_SECONDS)
    assert told(stream.traces) == ["One.", "typing", "error TURN_INTERRUPTED"]
    assert stream.is_done
    # What somebody had seen of it stays.
    assert (await streamed(project.client, "GET", path)).traces[:2] == stream.traces[:2]
    await save(owner, project, HELLO)
    assert await user.launch() == ["Hello!"]


async def test_a_dead_process_frees_its_idempotency_keys_and_its_place_in_the_queue(
    doomed: Doomed, owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, slow(1.2))
    here, there = Talker(project.client), Talker(doomed.client)
    holding = asyncio.create_task(here.launch())
    await asyncio.sleep(0.2)
    # A ticket of the process that will die, and behind it one of ours with the same key.
    key = {"Idempotency-Key": "once"}
    dying = asyncio.create_task(there.send(LAUNCH, headers=key))
    await asyncio.sleep(0.2)
    ours = asyncio.create_task(Talker(project.client).send(LAUNCH, headers=key))
    await asyncio.sleep(0.2)
    doomed.kill()
    with pytest.raises(httpx2.TransportError):
        await dying
    assert (await holding)[-1] == "Two."
    answer = await asyncio.wait_for(ours, SOON_SECONDS)
    assert (answer.status_code, "Idempotent-Replayed" in answer.headers) == (200, False)
    assert (await here.state())["revision"] == 2


async def test_a_request_is_done_again_when_its_process_died(
    doomed: Doomed, owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, slow(20))
    key = {"Idempotency-Key": "once"}
    dying = asyncio.create_task(Talker(doomed.client).send(LAUNCH, headers=key))
    await asyncio.sleep(0.3)
    # The second of two same requests waits for the first, and does it itself once the first cannot.
    waiting = asyncio.create_task(Talker(project.client).send(LAUNCH, headers=key))
    await asyncio.sleep(0.2)
    await save(owner, project, HELLO)
    doomed.kill()
    with pytest.raises(httpx2.TransportError):
        await dying
    answer = await asyncio.wait_for(waiting, SOON_SECONDS)
    assert (told(answer.json()), "Idempotent-Replayed" in answer.headers) == (["Hello!"], False)
    again = await Talker(project.client).send(LAUNCH, headers=key)
    assert (again.content, again.headers["Idempotent-Replayed"]) == (answer.content, "true")


async def test_a_server_that_starts_settles_what_the_dead_left(
    doomed: Doomed, owner: httpx2.AsyncClient, project: Owned, settings: Settings, database: Database
) -> None:
    await save(owner, project, slow(20))
    turn_id = await doomed.begin(Talker(project.client))
    waiting = asyncio.create_task(Talker(doomed.client).send(LAUNCH))
    await asyncio.sleep(0.2)
    tickets = sa.text("select count(*) from waiting where project_id = :project")
    assert database.read_now(lambda tx: tx.execute(tickets, {"project": project.id}).scalar_one()) == 1
    doomed.kill()
    with pytest.raises(httpx2.TransportError):
        await waiting
    async with started(create_app(settings)):
        assert database.read_now(lambda tx: tx.execute(tickets, {"project": project.id}).scalar_one()) == 0
        found = database.read_now(
            lambda tx: tx.execute(
                sa.text(
                    "select status, lease_by from turn join conversation on conversation.project_id = turn.project_id "
                    "where id = :turn"
                ),
                {"turn": turn_id},
            ).one()
        )
    assert tuple(found) == ("interrupted", None)


async def test_a_server_that_stops_waits_for_its_turns(
    server: Edge, owner: httpx2.AsyncClient, project: Owned, settings: Settings
) -> None:
    await save(owner, project, slow(0.6))
    app = create_app(settings)
    async with new_client(app, key=project.key) as client:
        async with started(app):
            running = asyncio.create_task(Talker(client).launch())
            await asyncio.sleep(0.2)
            late = asyncio.create_task(_send_later(client))
        assert await running == ["One.", "typing", "Two."]
        # Nothing new is begun meanwhile.
        assert ((await late).status_code, (await late).json()["code"]) == (503, "UNAVAILABLE")
    assert (await Talker(project.client).state())["revision"] == 1
    assert (await Talker(project.client, "late").state())["revision"] == 0


async def _send_later(client: httpx2.AsyncClient) -> httpx2.Response:
    await asyncio.sleep(0.1)
    return await Talker(client, "late").send(LAUNCH)


async def test_a_server_that_stops_interrupts_what_takes_too_long(
    server: Edge, owner: httpx2.AsyncClient, project: Owned, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conduet.conversations.turns.GRACE_SECONDS", 0.2)
    await save(owner, project, slow(20))
    app = create_app(settings)
    key = {"Idempotency-Key": "once"}
    async with new_client(app, key=project.key) as client:
        user = Talker(client)
        async with started(app):
            whole = asyncio.create_task(user.send(LAUNCH, headers=key))
            other = Talker(client, "other")
            stream = asyncio.create_task(
                streamed(client, "POST", other.path("interact/stream"), json={"action": LAUNCH})
            )
            await asyncio.sleep(0.3)
        answer = await whole
        assert (answer.status_code, answer.json()["code"]) == (503, "UNAVAILABLE")
        assert told((await stream).traces) == ["One.", "typing", "error TURN_INTERRUPTED"]
    await save(owner, project, HELLO)
    again = await Talker(project.client).send(LAUNCH, headers=key)
    assert (told(again.json()), "Idempotent-Replayed" in again.headers) == (["Hello!"], False)
    assert await Talker(project.client, "other").launch() == ["Hello!"]


async def test_a_server_that_stops_does_not_interrupt_what_it_is_storing(
    server: Edge, owner: httpx2.AsyncClient, project: Owned, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    storing, finish = threading.Event(), ending.finish

    def slowly(tx: Tx, done: ending.Finished) -> bool:
        storing.set()
        time.sleep(0.5)
        return finish(tx, done)

    monkeypatch.setattr("conduet.conversations.turns.GRACE_SECONDS", 0.0)
    await save(owner, project, HELLO)
    app = create_app(settings)
    async with new_client(app, key=project.key) as client:
        async with started(app):
            monkeypatch.setattr(ending, "finish", slowly)
            running = asyncio.create_task(Talker(client).launch())
            await asyncio.to_thread(storing.wait)
        assert await running == ["Hello!"]
    assert (await Talker(project.client).state())["revision"] == 1


async def test_a_key_is_free_when_the_end_of_its_turn_could_not_be_written_down(
    owner: httpx2.AsyncClient, project: Owned, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise Unavailable("The database does not answer just now.")

    await save(owner, project, HELLO)
    user, key = Talker(project.client), {"Idempotency-Key": "once"}
    with monkeypatch.context() as patch:
        # As when the database is begun anew while turns run.
        patch.setattr(ending, "finish", away)
        patch.setattr(ending, "stop", away)
        assert (await user.send(LAUNCH, headers=key)).status_code == 503
    lapse(database, project)
    again = await user.send(LAUNCH, headers=key)
    assert (told(again.json()), "Idempotent-Replayed" in again.headers) == (["Hello!"], False)
    assert (await user.state())["revision"] == 1


async def test_a_turn_that_lost_its_conversation_stores_nothing(
    owner: httpx2.AsyncClient, project: Owned, settings: Settings, database: Database
) -> None:
    await save(owner, project, slow(0.6))
    user = Talker(project.client)
    app = create_app(settings)
    async with started(app), new_client(app, key=project.key) as client:
        running = asyncio.create_task(user.send(LAUNCH))
        await holding(database, project)
        # As after a network that was cut for longer than a lease.
        lapse(database, project)
        await save(owner, project, HELLO)
        assert await Talker(client).launch() == ["Hello!"]
    lost = await running
    assert (lost.status_code, lost.json()["code"]) == (503, "UNAVAILABLE")
    state = await user.state()
    assert (state["revision"], [said["content"] for said in state["history"]]) == (1, ["Hello!"])


async def test_a_process_that_was_kept_from_renewing_loses_nothing_to_itself(
    owner: httpx2.AsyncClient, project: Owned, database: Database
) -> None:
    await save(owner, project, slow(0.6))
    users = [Talker(project.client), Talker(project.client), Talker(project.client)]
    asked: list[asyncio.Task[list[str]]] = []
    for waiting, user in enumerate(users):
        asked.append(asyncio.create_task(user.launch()))
        await holding(database, project, waiting=waiting)
    # As when the machine stalls for longer than a lease and a ticket hold, and what waits looks before what renews.
    lapse(database, project)
    assert [await answer for answer in asked] == 3 * [["One.", "typing", "Two."]]
    taken = sa.text("select id from turn where project_id = :project and status = 'done' order by started_at")
    found = database.read_now(lambda tx: tx.execute(taken, {"project": project.id}).scalars().all())
    assert list(found) == [user.turn_id for user in users]


async def holding(database: Database, project: Owned, *, waiting: int = 0) -> None:
    """Returns once a turn of the project holds its conversation and so many others wait for it."""
    statement = sa.text(
        "select (select count(*) from conversation where project_id = :project and lease_by is not null),"
        " (select count(*) from waiting where project_id = :project)"
    )
    async with asyncio.timeout(30):
        while tuple(database.read_now(lambda tx: tx.execute(statement, {"project": project.id}).one())) != (1, waiting):  # noqa: ASYNC110  # it lies in the database
            await asyncio.sleep(0.01)


def lapse(database: Database, project: Owned) -> None:
    """Lets the time of leases and tickets run out."""

    def work(tx: Tx) -> None:
        tx.execute(sa.text("update conversation set lease_until = 0 where project_id = :p"), {"p": project.id})
        tx.execute(sa.text("update waiting set until = 0 where project_id = :p"), {"p": project.id})

    database.write_now(work)


async def test_a_lease_is_renewed_as_long_as_the_turn_runs(
    owner: httpx2.AsyncClient, project: Owned, monkeypatch: pytest.MonkeyPatch, settings: Settings, server: Edge
) -> None:
    monkeypatch.setattr("conduet.conversations.keeper.RENEW_SECONDS", 0.1)
    monkeypatch.setattr("conduet.conversations.store.lease.LEASE_MS", 700)
    await save(owner, project, slow(1.5))
    app = create_app(settings)
    async with started(app), new_client(app, key=project.key) as client:
        running = asyncio.create_task(Talker(client).launch())
        await asyncio.sleep(1.2)
        second = asyncio.create_task(Talker(project.client).say("Hi"))
        assert await running == ["One.", "typing", "Two."]
        assert await second == ["One.", "typing", "Two."]


async def test_a_lease_that_is_lost_ends_the_turn(
    owner: httpx2.AsyncClient, project: Owned, monkeypatch: pytest.MonkeyPatch, settings: Settings, database: Database
) -> None:
    monkeypatch.setattr("conduet.conversations.keeper.RENEW_SECONDS", 0.1)
    await save(owner, project, slow(20))
    app = create_app(settings)
    async with started(app), new_client(app, key=project.key) as client:
        running = asyncio.create_task(Talker(client).send(LAUNCH))
        await asyncio.sleep(0.4)
        await save(owner, project, HELLO)
        # As when another machine, to which this one seemed dead, has taken it and let it go again.
        statement = sa.text("update conversation set lease_by = null where project_id = :project")
        database.write_now(lambda tx: tx.execute(statement, {"project": project.id}) and None)
        assert await Talker(project.client).launch() == ["Hello!"]
        assert (await asyncio.wait_for(running, SOON_SECONDS)).status_code == 503
