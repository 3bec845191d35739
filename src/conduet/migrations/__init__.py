"""The database's schema over time: one numbered file a step, run by itself at start, on SQLite and PostgreSQL.

An empty database gets the tables as they are today, without the steps that led to them.
"""

import sqlite3
import time
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, OperationalError

from conduet.errors import Unavailable
from conduet.kit.db import Statement, Tx

VERSIONS = Path(__file__).parent / "versions"
# Any number that nothing else takes: one process migrates a PostgreSQL database, the others wait for it.
LOCK = 4_036_225_014
WAL_ATTEMPTS = 100
WAL_PAUSE_SECONDS = 0.05
_DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)

_CURRENT = Statement(sa.text("select version_num from alembic_version"))


class NewerDatabase(ValueError):
    """The database was written by a later Conduet than this one."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"this database is of version {version}, and this Conduet knows versions up to {newest()}: "
            "run the newer Conduet that wrote it, or restore a backup from before it did"
        )


@cache
def known() -> tuple[str, ...]:
    """Every version that this Conduet knows, in order: the numbers that the files in `versions/` begin with."""
    return tuple(sorted(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py")))


def newest() -> str:
    """The version that this Conduet works with."""
    return known()[-1]


def is_current(tx: Tx) -> bool:
    """Whether the database is of the newest version."""
    return [row[0] for row in tx.rows(_CURRENT)] == [newest()]


def migrate(url: str, *, step_by_step: bool = False) -> bool:
    """Brings the database at `url` to the newest version and tells whether there was anything to do.

    Whole or not at all; processes that come at the same time wait. An empty database takes all steps only when told to
    go `step_by_step`. Raises `NewerDatabase`, and `Unavailable` for a
    database that cannot be reached.
    """
    with _connected(url) as connection:
        if _version(connection) == newest():
            return False
        with _alone(connection):
            if _version(connection) == newest():
                return False
            _bring_up(connection, step_by_step=step_by_step)
            return True


def find_version(url: str) -> str | None:
    """The version of the database at `url`, `None` when it is empty. Raises as `migrate` does."""
    with _connected(url) as connection:
        return _version(connection)


def _bring_up(connection: sa.Connection, *, step_by_step: bool) -> None:
    # Both are imported by whoever needs them: alembic takes a third of a second, and memory that is not given back.
    if step_by_step or sa.inspect(connection).get_table_names():
        from conduet.migrations.steps import upgrade

        upgrade(connection)
    else:
        from conduet.migrations.schema import create

        create(connection, newest())


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version = connection.execute(sa.text("select version_num from alembic_version")).scalar()
    if version is not None and version not in known():
        raise NewerDatabase(version)
    return version


@contextmanager
def _connected(url: str) -> Generator[sa.Connection]:
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = sa.create_engine(parsed.set(drivername="postgresql+psycopg"), poolclass=sa.NullPool)
    else:
        # Autocommit in the driver: BEGIN and COMMIT are written here, so that DDL is inside them too.
        engine = sa.create_engine(parsed, poolclass=sa.NullPool, connect_args={"isolation_level": None, "timeout": 60})
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                _write_ahead(connection)
            yield connection
    except DatabaseError as error:
        if isinstance(error, OperationalError) or _is_damaged(error.orig):
            raise Unavailable(f"The database cannot be opened: {error.orig}") from error
        raise
    finally:
        engine.dispose()


def _write_ahead(connection: sa.Connection) -> None:
    """Sets SQLite's journal mode; two that set it at once are told `locked` without waiting, so it is tried again."""
    for attempt in range(WAL_ATTEMPTS, 0, -1):
        try:
            connection.exec_driver_sql("pragma journal_mode=wal")
        except OperationalError:
            if attempt == 1:
                raise
            time.sleep(WAL_PAUSE_SECONDS)
        else:
            return


def _is_damaged(error: BaseException | None) -> bool:
    """Whether the file is none of SQLite's, or broken."""
    return isinstance(error, sqlite3.DatabaseError) and error.sqlite_errorcode & 0xFF in _DAMAGED


@contextmanager
def _alone(connection: sa.Connection) -> Generator[None]:
    """A transaction in which no other process migrates."""
    connection.rollback()
    if connection.dialect.name == "sqlite":
        # A table that is rebuilt is dropped for a moment: what refers to it must not follow.
        connection.exec_driver_sql("pragma foreign_keys=off")
        connection.exec_driver_sql("begin immediate")
    else:
        connection.execute(sa.text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    try:
        yield
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("commit")
        connection.commit()
    except BaseException:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("rollback")
        connection.rollback()
        raise
