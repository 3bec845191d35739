"""The floor: what a turn would cost if it were nothing but JSON in, one read, one durable write, JSON out.

A Starlette app on SQLite with WAL, `synchronous=FULL` and a writer thread that commits together what waits together. It
answers the traces of `benchmarks.flow` and shares no line with the server that is measured against it.
"""

import asyncio
import os
import queue
import sqlite3
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.flow import ANSWERS

PATH = "CONDUET_FLOOR_DATABASE"
BATCH = 256
READ = "select turn from conversation where user_id = ?"
WRITE = """insert into conversation (user_id, turn, traces) values (?, ?, ?)
on conflict (user_id) do update set turn = excluded.turn, traces = excluded.traces"""

Row = tuple[str, int, bytes]


def connect(path: str) -> sqlite3.Connection:
    """A connection that makes its table where there is none."""
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    database.execute("pragma journal_mode=wal")
    database.execute("pragma synchronous=full")
    database.execute("create table if not exists conversation (user_id text primary key, turn integer, traces blob)")
    return database


class Writer(threading.Thread):
    """Writes rows in the order they came; one commit, and so one fsync, for all that wait."""

    def __init__(self, path: str, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(daemon=True)
        self._database = connect(path)
        self._loop = loop
        self._queue: queue.SimpleQueue[tuple[Row, asyncio.Future[None]] | None] = queue.SimpleQueue()

    def write(self, row: Row) -> "asyncio.Future[None]":
        """Hands a row in; the future is done when it is on the disk."""
        future: asyncio.Future[None] = self._loop.create_future()
        self._queue.put((row, future))
        return future

    def stop(self) -> None:
        """Ends the thread after what was handed in."""
        self._queue.put(None)

    def run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            while len(batch) < BATCH and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    self._queue.put(None)
                    break
                batch.append(following)
            self._database.execute("begin immediate")
            for row, _ in batch:
                self._database.execute(WRITE, row)
            self._database.execute("commit")
            self._loop.call_soon_threadsafe(self._settle, batch)
        self._database.close()

    @staticmethod
    def _settle(batch: "list[tuple[Row, asyncio.Future[None]]]") -> None:
        for _, future in batch:
            if not future.done():
                future.set_result(None)


async def interact(request: Request) -> Response:
    """One action in, its traces out."""
    body: dict[str, Any] = orjson.loads(await request.body())
    if "action" not in body:
        return Response(b'{"error":"No action.","code":"BAD_REQUEST"}', 400, media_type="application/json")
    user = request.path_params["user_id"]
    found = request.app.state.reader.execute(READ, (user,)).fetchone()
    turn = found[0] if found else 0
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    traces = orjson.dumps([{**trace, "time": now} for trace in ANSWERS[turn % len(ANSWERS)]])
    await request.app.state.writer.write((user, turn + 1, traces))
    return Response(traces, media_type="application/json")


async def ready(_request: Request) -> Response:
    """That it answers."""
    return Response(b"{}", media_type="application/json")


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncGenerator[None]:
    """Opens the database; on the way out lets the writer finish."""
    path = os.environ[PATH]
    app.state.reader = connect(path)
    app.state.writer = Writer(path, asyncio.get_running_loop())
    app.state.writer.start()
    yield
    app.state.writer.stop()
    app.state.writer.join(5)
    app.state.reader.close()


app = Starlette(
    routes=[
        Route("/api/v1/conversations/{user_id}/interact", interact, methods=["POST"]),
        Route("/readyz", ready, methods=["GET"]),
    ],
    lifespan=lifespan,
)
