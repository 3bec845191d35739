"""PostgreSQL: a pool, one LISTEN connection a process, several machines."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from conduet.errors import Unavailable
from conduet.kit.db.database import Database, T, Work
from conduet.kit.db.statement import Row, Statement

CHANNEL = "conduet"
RECONNECT_SECONDS = 1.0


class PostgresTx:
    """A transaction on one pooled connection."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def rows(self, statement: Statement, **values: Any) -> list[Row]:
        sql, constants = statement.on(self._connection.dialect)
        return [tuple(row) for row in self._connection.exec_driver_sql(sql, constants | values)]

    def change(self, statement: Statement, **values: Any) -> int:
        sql, constants = statement.on(self._connection.dialect)
        return self._connection.exec_driver_sql(sql, constants | values).rowcount

    def execute(self, statement: sa.Executable, values: Any = None) -> sa.CursorResult[Any]:
        return self._connection.execute(statement, values)

    def notify(self, topic: str) -> None:
        self._connection.execute(_NOTIFY, {"channel": CHANNEL, "topic": topic})

    def alive(self, worker: str) -> bool:
        """A process holds its advisory lock for as long as its session lives."""
        number = _lock_number(worker)
        if self._connection.execute(_TRY, {"number": number}).scalar_one():
            self._connection.execute(_LET_GO, {"number": number})
            return False
        return True


_NOTIFY = sa.text("select pg_notify(:channel, :topic)")
_TRY = sa.text("select pg_try_advisory_lock_shared(:number)")
_LET_GO = sa.text("select pg_advisory_unlock_shared(:number)")


def _lock_number(worker: str) -> int:
    return int(worker[-15:], 16)


class Postgres(Database):
    """The database at `url`; a pool of `pool_size` connections for each process."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        super().__init__()
        self._url = sa.engine.make_url(url).set(drivername="postgresql+psycopg")
        self._pool_size = pool_size
        self._async: AsyncEngine | None = None
        self._sync: sa.Engine | None = None
        self._listener: asyncio.Task[None] | None = None

    @property
    def dialect(self) -> str:
        return "postgresql"

    async def start(self) -> None:
        self._async = create_async_engine(self._url, pool_size=self._pool_size, max_overflow=0, pool_timeout=30)
        listening = asyncio.get_running_loop().create_future()
        self._listener = asyncio.create_task(self._listen(listening))
        await listening

    async def close(self) -> None:
        if self._listener:
            self._listener.cancel()
            with suppress(asyncio.CancelledError):
                await self._listener
        if self._async:
            await self._async.dispose()

    async def _listen(self, listening: "asyncio.Future[None]") -> None:
        """Holds the lock that says this process lives and passes on what others notify; connects again when cut off."""
        dsn = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
                    await connection.execute("select pg_advisory_lock(%s)", (_lock_number(self.worker),))
                    await connection.execute(f"listen {CHANNEL}")
                    if not listening.done():
                        listening.set_result(None)
                    self.wake.wake_all()
                    async for notice in connection.notifies():
                        self.wake.wake(notice.payload)
            except psycopg.Error as error:
                if not listening.done():
                    listening.set_exception(error)
                    return
            await asyncio.sleep(RECONNECT_SECONDS)

    def _engine(self) -> AsyncEngine:
        if self._async is None:
            raise RuntimeError("the database is not started")
        return self._async

    async def write(self, work: Work[T], *, durable: bool = True) -> T:
        def unit(connection: sa.Connection) -> T:
            if not durable:
                connection.exec_driver_sql("set local synchronous_commit = off")
            return work(PostgresTx(connection))

        with _told():
            async with self._engine().begin() as connection:
                return await connection.run_sync(unit)

    async def read(self, work: Work[T]) -> T:
        with _told():
            async with self._engine().connect() as connection:
                return await connection.run_sync(lambda sync: work(PostgresTx(sync)))

    async def glance(self, work: Work[T]) -> T:
        return await self.read(work)

    def _sync_engine(self) -> sa.Engine:
        if self._sync is None:
            self._sync = sa.create_engine(self._url, pool_size=1)
        return self._sync

    def write_now(self, work: Work[T]) -> T:
        with self._sync_engine().begin() as connection:
            return work(PostgresTx(connection))

    def read_now(self, work: Work[T]) -> T:
        with self._sync_engine().connect() as connection:
            return work(PostgresTx(connection))

    def close_now(self) -> None:
        if self._sync:
            self._sync.dispose()


@contextmanager
def _told() -> Generator[None]:
    """Tells a server that is away, or a pool that is exhausted, from a mistake in a statement."""
    try:
        yield
    except (OperationalError, PoolTimeoutError) as error:
        raise Unavailable("The database does not answer just now.") from error
