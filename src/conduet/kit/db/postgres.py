"""PostgreSQL: a pool, one LISTEN connection a process, several machines.

Units of work run in threads, on connections that wait in libpq: waiting on the event loop costs three times the CPU.
"""

import asyncio
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, LiteralString, cast

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from conduet.errors import Unavailable
from conduet.kit.db.database import Database, T, Work, orphan
from conduet.kit.db.statement import Row, Statement

CHANNEL = "conduet"
RECONNECT_SECONDS = 1.0

WRITING = "begin"
FORGETFUL = "begin; set local synchronous_commit = off"
READING = "begin isolation level repeatable read, read only"


class PostgresTx:
    """A transaction on one pooled connection; the caller begins and ends it."""

    __slots__ = ("_connection", "_database", "_raw")

    def __init__(self, connection: sa.Connection, database: "Postgres") -> None:
        self._connection = connection
        self._database = database
        self._raw = _raw(connection)

    def rows(self, statement: Statement, **values: Any) -> list[Row]:
        return list(self._run(statement, values).fetchall())

    def change(self, statement: Statement, **values: Any) -> int:
        return self._run(statement, values).rowcount

    def _run(self, statement: Statement, values: dict[str, Any]) -> "psycopg.Cursor[Row]":
        sql, constants = statement.on(self._connection.dialect)
        # What is not literal in it are names of binds, which Core wrote.
        return self._raw.execute(cast(LiteralString, sql), constants | values)

    def execute(self, statement: sa.Executable, values: Any = None) -> sa.CursorResult[Any]:
        return self._connection.execute(statement, values)

    def notify(self, topic: str) -> None:
        self._connection.execute(_NOTIFY, {"channel": CHANNEL, "topic": topic})

    def alone(self, what: str) -> None:
        self._connection.execute(_ALONE, {"what": what})

    def alive(self, worker: str) -> bool:
        """A process holds its advisory lock for as long as its session lives."""
        number = _lock_number(worker)
        if self._connection.execute(_TRY, {"number": number}).scalar_one():
            self._connection.execute(_LET_GO, {"number": number})
            return False
        return True

    def holds(self, holder: str) -> bool:
        return self._database.holds(holder)


_NOTIFY = sa.text("select pg_notify(:channel, :topic)")
_ALONE = sa.text("select pg_advisory_xact_lock(hashtextextended(:what, 0))")
_TRY = sa.text("select pg_try_advisory_lock_shared(:number)")
_LET_GO = sa.text("select pg_advisory_unlock_shared(:number)")


def _lock_number(worker: str) -> int:
    return int(worker[-15:], 16)


class Postgres(Database):
    """The database at `url`; `pool_size` threads and connections for each process."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        super().__init__()
        self._url = sa.engine.make_url(url).set(drivername="postgresql+psycopg")
        # Autocommit in the driver: this module writes BEGIN and COMMIT itself, and a look at one row needs neither.
        # Errors end in the log: what people said, which the parameters are, does not.
        self._engine = sa.create_engine(
            self._url,
            pool_size=pool_size,
            max_overflow=-1,
            pool_reset_on_return=None,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
        )
        self._threads = ThreadPoolExecutor(pool_size, thread_name_prefix="database")
        self._listener: asyncio.Task[None] | None = None

    @property
    def dialect(self) -> str:
        return "postgresql"

    async def start(self) -> None:
        listening = asyncio.get_running_loop().create_future()
        self._listener = asyncio.create_task(self._listen(listening))
        await listening

    async def close(self) -> None:
        if self._listener:
            self._listener.cancel()
            with suppress(asyncio.CancelledError):
                await self._listener
        await asyncio.to_thread(self.close_now)

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

    async def write(self, work: Work[T], *, durable: bool = True) -> T:
        return await self._in_thread(work, WRITING if durable else FORGETFUL)

    async def read(self, work: Work[T]) -> T:
        return await self._in_thread(work, READING)

    async def glance(self, work: Work[T]) -> T:
        return await self._in_thread(work, None)

    def write_now(self, work: Work[T]) -> T:
        return self._run(work, WRITING)

    def read_now(self, work: Work[T]) -> T:
        return self._run(work, READING)

    def close_now(self) -> None:
        self._threads.shutdown()
        self._engine.dispose()

    async def _in_thread(self, work: Work[T], begin: LiteralString | None) -> T:
        try:
            running = asyncio.get_running_loop().run_in_executor(self._threads, self._run, work, begin)
        except RuntimeError:
            # The pool takes nothing any more once it was closed.
            raise Unavailable("The server is shutting down: send it again.") from None
        return await running

    def _run(self, work: Work[T], begin: LiteralString | None) -> T:
        """Runs `work`, inside a transaction when there is a statement that begins it."""
        with _told(), self._engine.connect() as connection:
            raw = _raw(connection)
            try:
                if begin:
                    # Not to be prepared: it may be two statements in one message.
                    raw.execute(begin, prepare=False)
                result = work(PostgresTx(connection, self))
                raw.commit()
            except BaseException:
                if raw.broken:
                    # So are the others, most likely: SQLAlchemy finds out, and gives up what the pool holds.
                    connection.exec_driver_sql("select 1")
                else:
                    raw.rollback()
                raise
            return result


@contextmanager
def _told() -> Generator[None]:
    """Tells a server that is away, and a row whose parent has gone, from a mistake in a statement."""
    try:
        yield
    except (IntegrityError, psycopg.IntegrityError) as error:
        cause = error.orig if isinstance(error, IntegrityError) else error
        if isinstance(cause, psycopg.errors.ForeignKeyViolation):
            raise orphan() from error
        raise
    except (OperationalError, psycopg.OperationalError) as error:
        raise Unavailable("The database does not answer just now.") from error


def _raw(connection: sa.Connection) -> "psycopg.Connection[Row]":
    return cast("psycopg.Connection[Row]", connection.connection.driver_connection)
