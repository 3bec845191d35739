"""At least one fsync stands between a turn and its answer."""

import asyncio
import re
import shutil
import sqlite3
import subprocess
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Self

import httpx2
import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import event

from benchmarks.client import Connection
from benchmarks.served import Place, make_project
from conduet.app.create import create_app
from conduet.kit.db import open_database
from conduet.migrations import migrate
from conduet.settings import Settings
from tests.conftest import new_client, new_database, new_key, new_token, started
from tests.crash.talk import User, document

FINISHING = re.compile(r"update conversation set revision", re.IGNORECASE)
Told = list[tuple[int, str]]


@pytest.fixture
def told() -> Iterator[Told]:
    """Every statement that a driver gets from now on, with the connection that runs it."""
    statements: Told = []

    class Telling(psycopg.Cursor[Any]):
        def execute(self, query: Any, *values: Any, **options: Any) -> Self:
            statements.append((id(self.connection), str(query)))
            return super().execute(query, *values, **options)

    def connected(connection: Any, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(lambda statement: statements.append((id(connection), statement)))
        else:
            connection.cursor_factory = Telling

    event.listen(sa.Engine, "connect", connected)
    yield statements
    event.remove(sa.Engine, "connect", connected)


async def test_sqlite_commits_a_turn_with_full_synchronisation_before_it_is_answered(told: Told, tmp_path: Path):
    with new_database("sqlite", tmp_path) as url:
        async with _talking(url, tmp_path) as say:
            for _ in range(5):
                begun = len(told)
                await say()
                before, after = _around_the_end(told, begun=begun)
                synchronous = [sql for sql in before if sql.startswith("pragma synchronous")]
                assert synchronous[-1:] == ["pragma synchronous=full"]
                assert "commit" in after, "answered before the commit"


@pytest.mark.postgres
async def test_postgresql_commits_a_turn_synchronously_before_it_is_answered(told: Told, tmp_path: Path):
    with new_database("postgresql", tmp_path) as url:
        database = open_database(url, run_dir=tmp_path)
        for setting in ("fsync", "synchronous_commit"):
            assert database.read_now(lambda tx, name=setting: tx.execute(sa.text(f"show {name}")).scalar()) == "on"
        stored = sa.text("select count(*) from turn where status = 'done'")
        async with _talking(url, tmp_path) as say:
            for number in range(1, 6):
                begun = len(told)
                await say()
                assert database.read_now(lambda tx: tx.execute(stored).scalar()) == number, "answered before the commit"
                before, _ = _around_the_end(told, begun=begun)
                start = max(place for place, sql in enumerate(before) if sql.startswith("begin"))
                assert not any("synchronous_commit" in sql for sql in before[start:])
        database.close_now()


@pytest.mark.slow
async def test_the_kernel_sees_a_sync_before_each_answer(tmp_path: Path):
    if not shutil.which("strace"):
        pytest.skip("strace is not installed")
    place = Place(tmp_path / "data")
    server = await asyncio.to_thread(place.serve)
    try:
        await asyncio.to_thread(server.wait_ready)
        project = await asyncio.to_thread(make_project, place, server.url, document())
        user = User("lone", Connection(server.url, {"Authorization": f"Bearer {project.key}"}))
        await user.say()
        calls = tmp_path / "calls"
        with _tracing(server.process.pid, calls):
            for _ in range(10):
                await user.say()
        user.connection.close()
        assert user.failures == []
    finally:
        server.kill()
    order = re.findall(r"(fsync|fdatasync)(?:\(| resumed)|\"(HTTP/1.1) 200", calls.read_text())
    seen = "".join("a" if answer else "s" for _, answer in order)
    assert seen.count("a") == 10
    assert all(between for between in seen.split("a")[:-1]), f"answers (a) and syncs (s): {seen}"


def _around_the_end(told: Told, *, begun: int) -> tuple[list[str], list[str]]:
    """What the connection that finished the turn was told before and after it stored the state."""
    (number,) = [number for number in range(begun, len(told)) if FINISHING.search(told[number][1])]
    connection = told[number][0]
    before = [sql for other, sql in told[:number] if other == connection]
    return before, [sql for other, sql in told[number:] if other == connection]


@asynccontextmanager
async def _talking(url: str, folder: Path) -> AsyncGenerator[Callable[[], Awaitable[None]]]:
    """An application on an empty database, and how its one user takes a turn."""
    migrate(url)
    app = create_app(Settings(data=folder, database_url=url))
    async with started(app):
        database = open_database(url, run_dir=folder / "run")
        async with new_client(app, key=new_token(database)) as owner:
            database.close_now()
            project = (await owner.post("/api/v1/projects", json={"name": "Test"})).json()["id"]
            assert (await owner.patch(f"/api/v1/projects/{project}", json=document())).status_code == 200
            async with new_client(app, key=await new_key(owner, project)) as client:
                yield lambda: _say(client)


async def _say(client: httpx2.AsyncClient) -> None:
    body = {"action": {"type": "text", "payload": "word"}}
    answer = await client.post("/api/v1/conversations/lone/interact", json=body)
    assert answer.status_code == 200, answer.text


@contextmanager
def _tracing(pid: int, calls: Path) -> Generator[None]:
    """Writes the syncs and sends of a process, all its threads', in their order; skips the test where nobody may."""
    command = [
        "strace",
        "-f",
        "-p",
        str(pid),
        "-o",
        str(calls),
        "-e",
        "trace=fsync,fdatasync,write,writev,sendto,sendmsg",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        told = tracer.stderr.readline()
        if "attached" not in told:
            tracer.kill()
            pytest.skip(f"strace may not attach: {told}")
        yield
        tracer.terminate()
