"""Jobs: done once, whichever process lives to do them, in order where they have a lane, and cancelled for good."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Self

import pytest
import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.app.edge import Edge
from conduet.errors import Conflict
from conduet.jobs.store import NewJob, Running, add_job, find_payload, list_left, remove_job, renew, take
from conduet.jobs.worker import Jobs, Kind, Later
from conduet.kit.db import Database, Tx, open_database
from conduet.settings import Settings
from tests.conftest import Owned
from tests.jobs.hanging import HELD

PATIENCE_SECONDS = 30.0


@pytest.fixture
async def scope(project: Owned) -> ProjectScope:
    return ProjectScope(project.id)


async def until(true: Callable[[], bool]) -> None:
    """Waits for something that happens soon."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not true():  # noqa: ASYNC110  # what is waited for lies in the database
            await asyncio.sleep(0.02)


class Doing:
    """Runs jobs of one kind beside the server, which knows none of it."""

    def __init__(self, database: Database, work: Callable[[Running], Awaitable[None]] | None = None) -> None:
        self.done: list[str] = []
        self.dead: list[tuple[str, str]] = []
        self._database = database
        self.jobs = Jobs(database, {"test": Kind(work or self.finish, self._on_dead)})

    async def finish(self, running: Running) -> None:
        await self._database.write(running.finish)
        self.done.append(running.key)

    def _on_dead(self, _tx: Tx, running: Running, reason: str) -> None:
        self.dead.append((running.key, reason))

    async def __aenter__(self) -> Self:
        await self.jobs.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.jobs.close()


@pytest.fixture
async def own(database_url: str, server: Edge, settings: Settings) -> AsyncIterator[Database]:
    """The server's database, opened once more with an event loop."""
    database = open_database(database_url, run_dir=settings.run_dir)
    await database.start()
    yield database
    await database.close()


async def test_a_job_is_done_once_and_then_gone(own: Database, scope: ProjectScope) -> None:
    async with Doing(own) as doing, Doing(own) as beside:
        await own.write(lambda tx: add_job(tx, scope, NewJob("test", "one")))
        await until(lambda: bool(doing.done or beside.done))
        await asyncio.sleep(0.5)
    assert [*doing.done, *beside.done] == ["one"]
    assert not await own.write(lambda tx: remove_job(tx, scope, kind="test", key="one"))


async def test_jobs_of_a_lane_run_in_order_one_after_another(own: Database, scope: ProjectScope) -> None:
    at_once: list[int] = []
    running = 0

    async def work(job: Running) -> None:
        nonlocal running
        running += 1
        at_once.append(running)
        await asyncio.sleep(0.05)
        running -= 1
        await doing.finish(job)

    doing = Doing(own, work)

    def add(tx: Tx) -> None:
        for key in "abc":
            add_job(tx, scope, NewJob("test", key, lane="one"))

    await own.write(add)
    async with doing:
        await until(lambda: len(doing.done) == 3)
    assert (doing.done, at_once) == (["a", "b", "c"], [1, 1, 1])


async def test_no_job_of_a_lane_is_taken_while_a_later_one_runs(own: Database, scope: ProjectScope) -> None:
    """As when the clock of the machine that adds it is behind, or its transaction ends after the later one's."""
    taken, is_added = threading.Event(), threading.Event()

    def take_one(tx: Tx, *, waits: bool) -> list[str]:
        found = take(tx, worker=own.worker, kinds=("lane",), busy=(), limit=4)
        taken.set()
        if waits and own.dialect != "sqlite":
            is_added.wait(PATIENCE_SECONDS)
            time.sleep(0.3)
        return [each.key for each in found]

    def smallest(_prefix: str) -> str:
        return f"job_{0:032x}"

    await own.write(lambda tx: add_job(tx, scope, NewJob("lane", "later", lane="one")))
    first = asyncio.create_task(own.write(partial(take_one, waits=True)))
    await asyncio.to_thread(taken.wait)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("conduet.jobs.store.new_id", smallest)
        await own.write(lambda tx: add_job(tx, scope, NewJob("lane", "earlier", lane="one")))
    is_added.set()
    second = await own.write(partial(take_one, waits=False))
    assert (await first, second) == (["later"], [])
    await own.write(lambda tx: remove_job(tx, scope, kind="lane", key="later"))
    assert await own.write(partial(take_one, waits=False)) == ["earlier"]


async def test_of_two_that_add_a_job_of_one_key_at_once_the_later_one_stays(own: Database, scope: ProjectScope) -> None:
    is_added = threading.Event()

    def add(tx: Tx, payload: str, *, waits: bool) -> None:
        add_job(tx, scope, NewJob("twice", "one", payload))
        is_added.set()
        if waits:
            time.sleep(0.3)

    first = asyncio.create_task(own.write(partial(add, payload="first", waits=True)))
    await asyncio.to_thread(is_added.wait)
    await asyncio.gather(first, own.write(partial(add, payload="second", waits=False)))
    assert await own.read(lambda tx: find_payload(tx, scope, kind="twice", key="one")) == "second"


async def test_a_cancelled_job_is_stopped_and_cannot_finish(own: Database, scope: ProjectScope) -> None:
    await own.write(lambda tx: add_job(tx, scope, NewJob("test", "gone")))
    taken = await own.write(lambda tx: take(tx, worker=own.worker, kinds=["test"], busy=[], limit=1))
    assert [job.key for job in taken] == ["gone"]
    assert await own.write(lambda tx: remove_job(tx, scope, kind="test", key="gone"))
    with pytest.raises(Conflict):
        await own.write(taken[0].finish)


async def test_a_job_that_fails_runs_again_and_one_that_asks_for_later_too(own: Database, scope: ProjectScope) -> None:
    seen: list[int] = []

    async def work(job: Running) -> None:
        seen.append(job.attempts)
        if len(seen) == 1:
            raise Later(0.1)
        if len(seen) == 2:
            raise OSError("no luck")
        await doing.finish(job)

    doing = Doing(own, work)
    await own.write(lambda tx: add_job(tx, scope, NewJob("test", "again")))
    async with doing:
        await until(lambda: bool(doing.done))
    # Later is no failure: it does not count.
    assert seen == [1, 1, 2]


async def test_a_job_that_repeats_runs_again_after_its_end(own: Database, scope: ProjectScope) -> None:
    async with Doing(own) as doing:
        await own.write(lambda tx: add_job(tx, scope, NewJob("test", "daily", every=1)))
        await until(lambda: len(doing.done) == 2)
    assert await own.write(lambda tx: remove_job(tx, scope, kind="test", key="daily"))


async def test_who_stops_lets_go_at_once(own: Database, scope: ProjectScope) -> None:
    begun: list[str] = []

    async def hang(job: Running) -> None:
        begun.append(job.key)
        await asyncio.sleep(60)

    await own.write(lambda tx: add_job(tx, scope, NewJob("test", "long")))
    async with Doing(own, hang):
        await until(lambda: bool(begun))
    async with Doing(own) as doing:
        await until(lambda: doing.done == ["long"])


async def test_a_process_that_was_kept_from_renewing_loses_no_job_to_itself(own: Database, scope: ProjectScope) -> None:
    left: list[str] = []

    async def stall(running: Running) -> None:
        # In one transaction: the server beside would be right to take it.
        def lapse(tx: Tx) -> None:
            tx.execute(sa.text("update job set taken_until = 0 where id = :id"), {"id": running.id})
            left.extend(holder for holder in list_left(tx) if holder == running.holder)
            renew(tx, running)

        await own.write(lapse)
        await doing.finish(running)

    async with Doing(own, stall) as doing:
        await own.write(lambda tx: add_job(tx, scope, NewJob("test", "stalled")))
        await until(lambda: bool(doing.done))
    assert left == []


async def test_what_a_killed_process_held_is_taken_over(
    own: Database, scope: ProjectScope, database_url: str, settings: Settings
) -> None:
    await own.write(lambda tx: add_job(tx, scope, NewJob("test", "left")))
    run_dir = str(settings.run_dir)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.hanging", database_url, run_dir], stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        assert (await asyncio.to_thread(process.stdout.readline)).decode().strip() == HELD
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout:
            process.stdout.close()
    killed = time.monotonic()
    async with Doing(own) as doing:
        await until(lambda: doing.done == ["left"])
    assert time.monotonic() - killed < 10
