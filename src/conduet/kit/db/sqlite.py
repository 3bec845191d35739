"""SQLite: one writer thread with group commit, many readers, and other processes on the same file."""

import asyncio
import fcntl
import os
import queue
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from conduet.errors import ConduetError, Unavailable
from conduet.kit.db.database import Database, T, Work, orphan
from conduet.kit.db.peers import Peers
from conduet.kit.db.statement import Row, Statement

DIALECT = SQLiteDialect_pysqlite(paramstyle="named")
BATCH = 256
LOOK_SECONDS = 0.5
"""How often a process that waits looks for commits of others: they tell it at once, but a message may be lost."""
CHECKPOINT_PAGES = 4000
"""At so many pages the log is written back: those that every turn changes are so a quarter as often as by default."""


class SqliteTx:
    """A transaction on one connection; the caller begins and ends it."""

    __slots__ = ("_connection", "_database", "_raw", "topics")

    def __init__(self, connection: sa.Connection, database: "Sqlite") -> None:
        self._connection = connection
        self._raw: sqlite3.Connection = _raw(connection)
        self._database = database
        self.topics: list[str] = []

    def rows(self, statement: Statement, **values: Any) -> list[Row]:
        sql, constants = statement.on(DIALECT)
        return self._raw.execute(sql, constants | values).fetchall()

    def change(self, statement: Statement, **values: Any) -> int:
        sql, constants = statement.on(DIALECT)
        return self._raw.execute(sql, constants | values).rowcount

    def execute(self, statement: sa.Executable, values: Any = None) -> sa.CursorResult[Any]:
        return self._connection.execute(statement, values)

    def notify(self, topic: str) -> None:
        self.topics.append(topic)

    def alone(self, what: str) -> None:
        """Whoever writes is alone."""

    def alive(self, worker: str) -> bool:
        return self._database.alive(worker)

    def holds(self, holder: str) -> bool:
        return self._database.holds(holder)


@dataclass(slots=True)
class _Unit(Generic[T]):
    work: Work[T]
    durable: bool
    future: asyncio.Future[T]
    result: T | None = None
    error: BaseException | None = None


class Sqlite(Database):
    """The database file at `path`; `run_dir` holds a lock file a living process and one for the writers."""

    def __init__(self, path: Path, *, run_dir: Path) -> None:
        super().__init__()
        self._path = path
        self._run_dir = run_dir
        self._engine = _engine(path)
        self._readers = ThreadPoolExecutor(4, thread_name_prefix="reader")
        self._units: queue.SimpleQueue[_Unit[Any] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._glance: SqliteTx | None = None
        self._glance_connection: sa.Connection | None = None
        self._presence: int | None = None
        self._looker: asyncio.Task[None] | None = None
        self._peers = Peers(run_dir, self.worker, self._hear)
        self.wake.on_first = self._watch

    @property
    def dialect(self) -> str:
        return "sqlite"

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self._loop.run_in_executor(self._readers, self._open)
        self._peers.listen()
        self._thread = threading.Thread(target=self._write_forever, name="writer", daemon=True)
        self._thread.start()

    def _open(self) -> None:
        self._run_dir.mkdir(parents=True, exist_ok=True)
        self._presence = os.open(self._run_dir / f"{self.worker}.lock", os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(self._presence, fcntl.LOCK_EX)
        self._peers.open()
        self._glance_connection = self._engine.connect()
        self._glance = SqliteTx(self._glance_connection, self)

    async def close(self) -> None:
        if self._looker:
            self._looker.cancel()
            with suppress(asyncio.CancelledError):
                await self._looker
        if self._thread:
            self._units.put(None)
            await asyncio.get_running_loop().run_in_executor(self._readers, self._thread.join)
        self._peers.close()
        await asyncio.get_running_loop().run_in_executor(self._readers, self._shut)
        self._readers.shutdown()

    def _shut(self) -> None:
        if self._glance_connection:
            self._glance_connection.close()
        if self._presence is not None:
            os.close(self._presence)
            (self._run_dir / f"{self.worker}.lock").unlink(missing_ok=True)
        self._engine.dispose()

    def alive(self, worker: str) -> bool:
        """A process holds its lock file for as long as it lives: the kernel lets go of it however the process ends."""
        if worker == self.worker:
            return True
        try:
            descriptor = os.open(self._run_dir / f"{worker}.lock", os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            (self._run_dir / f"{worker}.lock").unlink(missing_ok=True)
            return False
        finally:
            os.close(descriptor)

    async def write(self, work: Work[T], *, durable: bool = True) -> T:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._units.put(_Unit(work, durable, future))
        return await future

    async def read(self, work: Work[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, work)

    async def glance(self, work: Work[T]) -> T:
        if self._glance is None:
            raise RuntimeError("the database is not started")
        try:
            return work(self._glance)
        finally:
            if self._glance_connection and self._glance_connection.in_transaction():
                self._glance_connection.rollback()

    def read_now(self, work: Work[T]) -> T:
        with self._engine.connect() as connection:
            connection.exec_driver_sql("begin")
            try:
                return work(SqliteTx(connection, self))
            finally:
                connection.rollback()

    def write_now(self, work: Work[T]) -> T:
        with self._engine.connect() as connection:
            connection.exec_driver_sql("begin immediate")
            try:
                result = work(SqliteTx(connection, self))
            except BaseException:
                connection.rollback()
                raise
            connection.commit()
            return result

    def close_now(self) -> None:
        self._readers.shutdown()
        self._engine.dispose()

    def _write_forever(self) -> None:
        lock = os.open(self._run_dir / "writer.lock", os.O_CREAT | os.O_RDWR, 0o600)
        with self._engine.connect() as connection:
            raw = _raw(connection)
            tx = SqliteTx(connection, self)
            synchronous = True
            while (unit := self._units.get()) is not None:
                batch = [unit]
                stop = False
                while len(batch) < BATCH:
                    try:
                        following = self._units.get_nowait()
                    except queue.Empty:
                        break
                    if following is None:
                        stop = True
                        break
                    batch.append(following)
                durable = any(unit.durable for unit in batch)
                # Processes on one file that wait for SQLite's own lock sleep; this one wakes them in order.
                fcntl.flock(lock, fcntl.LOCK_EX)
                try:
                    if durable != synchronous:
                        raw.execute(f"pragma synchronous={'full' if durable else 'normal'}")
                        synchronous = durable
                    self._commit(raw, tx, batch)
                finally:
                    fcntl.flock(lock, fcntl.LOCK_UN)
                if connection.in_transaction():
                    connection.rollback()
                topics, tx.topics = tx.topics, []
                if topics:
                    self._peers.tell(topics)
                if self._loop and not self._loop.is_closed():
                    self._loop.call_soon_threadsafe(self._settle, batch, topics)
                if stop:
                    break
        os.close(lock)

    @staticmethod
    def _commit(raw: sqlite3.Connection, tx: SqliteTx, batch: "list[_Unit[Any]]") -> None:
        if len(batch) == 1:
            Sqlite._commit_alone(raw, tx, batch[0])
            return
        try:
            raw.execute("begin immediate")
            for unit in batch:
                raw.execute("savepoint unit")
                told = len(tx.topics)
                try:
                    unit.result = unit.work(tx)
                except BaseException as error:  # noqa: BLE001  # a unit's failure belongs to whoever awaits it, not to the batch
                    unit.error = _told(error)
                    del tx.topics[told:]
                    raw.execute("rollback to unit")
                raw.execute("release unit")
            raw.execute("commit")
        except sqlite3.Error as error:
            if raw.in_transaction:
                raw.execute("rollback")
            tx.topics.clear()
            for unit in batch:
                unit.error = unit.error or _told(error)

    @staticmethod
    def _commit_alone(raw: sqlite3.Connection, tx: SqliteTx, unit: "_Unit[Any]") -> None:
        """A savepoint has SQLite keep a copy of each page; where nobody shares the transaction, it is one itself."""
        try:
            raw.execute("begin immediate")
            unit.result = unit.work(tx)
            raw.execute("commit")
        except BaseException as error:  # noqa: BLE001  # it belongs to whoever awaits the unit
            unit.error = _told(error)
            tx.topics.clear()
            if raw.in_transaction:
                raw.execute("rollback")

    def _settle(self, batch: "list[_Unit[Any]]", topics: list[str]) -> None:
        for unit in batch:
            if unit.future.done():
                continue
            if unit.error is not None:
                unit.future.set_exception(unit.error)
            else:
                unit.future.set_result(unit.result)
        for topic in topics:
            self.wake.wake(topic)

    def _hear(self, topics: list[str]) -> None:
        for topic in topics:
            self.wake.wake(topic)
        if not topics:
            self.wake.wake_all()

    def _watch(self) -> None:
        if self._looker is None or self._looker.done():
            self._looker = asyncio.get_running_loop().create_task(self._look())

    async def _look(self) -> None:
        """While somebody waits, looks for commits of others (`data_version` counts those of other connections)."""
        tx = self._glance
        if tx is None:
            return
        seen = tx.rows(_DATA_VERSION)[0][0]
        while self.wake:
            await asyncio.sleep(LOOK_SECONDS)
            version = tx.rows(_DATA_VERSION)[0][0]
            if version != seen:
                seen = version
                self.wake.wake_all()


_DATA_VERSION = Statement(sa.text("pragma data_version"))


OUTSIDE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
}


def _told(error: BaseException) -> BaseException:
    """`error`, or what it means: `Unavailable` where the disk is at fault, `NotFound` where a row's parent has gone."""
    cause = error.__cause__ if isinstance(error, DBAPIError) else error
    meant: ConduetError | None = None
    if isinstance(cause, sqlite3.IntegrityError) and cause.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
        meant = orphan()
    elif isinstance(cause, sqlite3.OperationalError) and cause.sqlite_errorcode & 0xFF in OUTSIDE:
        meant = Unavailable(f"The database cannot be written to just now: {cause}.")
    if meant is None:
        return error
    meant.__cause__ = error
    return meant


def _raw(connection: sa.Connection) -> sqlite3.Connection:
    raw = connection.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        raise TypeError("not a sqlite3 connection")
    return raw


def _engine(path: Path) -> sa.Engine:
    # Autocommit in the driver: this module writes BEGIN and COMMIT itself, because a plain BEGIN that reads first
    # and writes later fails with "database is locked" when another writer came between.
    engine = sa.create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=-1,
        # Errors end in the log: what people said does not.
        hide_parameters=True,
        connect_args={"isolation_level": None, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:  # pyright: ignore[reportUnusedFunction]  # called by the event
        for pragma in (
            "journal_mode=wal",
            "synchronous=full",
            "busy_timeout=5000",
            "foreign_keys=on",
            f"wal_autocheckpoint={CHECKPOINT_PAGES}",
        ):
            connection.execute(f"pragma {pragma}")

    return engine
