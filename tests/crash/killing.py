"""Kills a server under load again and again, starts it anew, and checks after each time what is left."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.client import Connection
from benchmarks.processes import Server
from benchmarks.served import Place, Project, make_project
from tests.crash.check import Findings, check, read_postgres, read_sqlite
from tests.crash.talk import GONE, User, document

USERS = 32
LOAD_SECONDS = (0.1, 1.2)
ANSWERED_SECONDS = 3.0
GONE_SECONDS = 15.0


@dataclass(slots=True)
class Counts:
    """What came of all kills so far; the last two are the longest, in seconds."""

    kills: int = 0
    sent: int = 0
    answered: int = 0
    stored: int = 0
    lost: list[str] = field(default_factory=list[str])
    half_written: list[str] = field(default_factory=list[str])
    failures: list[str] = field(default_factory=list[str])
    restart_seconds: float = 0.0
    next_action_seconds: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.sent} sent, {self.answered} answered, {self.stored} stored, "
            f"{len(self.lost)} lost, {len(self.half_written)} half-written, {len(self.failures)} failures; "
            f"longest restart {self.restart_seconds:.2f} s, longest next action {self.next_action_seconds:.2f} s"
        )

    @property
    def mistakes(self) -> list[str]:
        """Everything that should not have been."""
        late = self.next_action_seconds >= ANSWERED_SECONDS
        return [*self.damage, *(["a next action came too late"] if late else [])]

    @property
    def damage(self) -> list[str]:
        """The same without what only took long, which on a busy machine says nothing."""
        return [*self.lost, *self.half_written, *self.failures]

    def add(self, users: list[User], findings: Findings) -> None:
        """Counts one kill."""
        self.kills += 1
        self.sent += sum(len(user.sent) for user in users)
        self.answered += sum(sent.traces is not None for user in users for sent in user.sent)
        self.stored += findings.stored
        self.lost += findings.lost
        self.half_written += findings.half_written
        self.failures += [f"{user.id}: {failure}" for user in users for failure in user.failures]


def kill_often(place: Place, *, kills: int) -> Iterator[Counts]:
    """Yields the counts after each kill; those of before are added up in them."""
    counts = Counts()
    server = place.serve()
    try:
        server.wait_ready()
        project = make_project(place, server.url, document())
        while counts.kills < kills:
            server = asyncio.run(_round(place, server, project, counts))
            yield counts
    finally:
        server.kill()


async def _round(place: Place, server: Server, project: Project, counts: Counts) -> Server:
    """Load by users never seen before, a kill at a random moment, a start, one action more of each user, the check."""
    prefix = f"k{counts.kills}."
    headers = {"Authorization": f"Bearer {project.key}"}
    users = [User(f"{prefix}{number}", Connection(server.url, headers)) for number in range(USERS)]
    stop = asyncio.Event()
    await asyncio.gather(*(user.say() for user in users))
    async with asyncio.TaskGroup() as group:
        for user in users:
            group.create_task(user.talk(stop))
        await asyncio.sleep(random.uniform(*LOAD_SECONDS))
        server = await asyncio.to_thread(_kill, place, server, counts)
        stop.set()
    waits = await asyncio.gather(*(_go_on(user, again=number % 2 == 0) for number, user in enumerate(users)))
    counts.next_action_seconds = max(counts.next_action_seconds, *waits)
    states = [await user.state() for user in users]
    if place.database_url:
        turns = read_postgres(place.database_url, prefix=prefix)
    else:
        turns = read_sqlite(place.data / "conduet.sqlite", prefix=prefix)
    counts.add(users, check(users, states, turns))
    for user in users:
        user.connection.close()
    return server


def _kill(place: Place, server: Server, counts: Counts) -> Server:
    """Kills all of the server and starts it again or, where there are several, now and then only one worker."""
    workers = _workers(server)
    if place.workers > 1 and random.random() < 0.5:
        os.kill(random.choice(workers), signal.SIGKILL)
        return server
    server.kill()
    begun = time.perf_counter()
    again = place.serve()
    counts.restart_seconds = max(counts.restart_seconds, again.wait_ready() - begun)
    return again


def _workers(server: Server) -> list[int]:
    """The processes that serve: children, without Python's own resource tracker."""

    def serves(pid: int) -> bool:
        with suppress(OSError):
            return b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
        return False

    return [pid for pid in server.pids[1:] if serves(pid)]


async def _go_on(user: User, *, again: bool) -> float:
    """The user's next action; one that meets a worker's end while it is under way is sent once more."""
    begun = time.perf_counter()
    while True:
        try:
            await user.go_on(again=again)
        except GONE:
            if time.perf_counter() - begun > GONE_SECONDS:
                raise
            await asyncio.sleep(0.01)
        else:
            return time.perf_counter() - begun
