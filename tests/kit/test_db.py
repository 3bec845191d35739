"""Units of work on both databases."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from conduet.errors import NotFound, Unavailable
from conduet.kit.db import Database, Statement, Tx, open_database
from conduet.kit.db.sqlite import Sqlite
from tests.conftest import new_database

meta = sa.MetaData()
thing = sa.Table(
    "thing", meta, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String, nullable=False)
)
part = sa.Table(
    "part",
    meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("of", sa.Integer, sa.ForeignKey("thing.id", ondelete="CASCADE"), nullable=False),
)
ADD = Statement(sa.insert(thing))
ADD_PART = Statement(sa.insert(part))
NAMES = Statement(sa.select(thing.c.name).order_by(thing.c.id))
RENAME = Statement(sa.update(thing).where(thing.c.id == sa.bindparam("which")).values(name=sa.bindparam("called")))


def names(tx: Tx) -> list[str]:
    return [row[0] for row in tx.rows(NAMES)]


@pytest.fixture
async def database(database_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    database = open_database(database_url, run_dir=tmp_path / "run")
    database.write_now(
        lambda tx: [tx.execute(sa.schema.CreateTable(thing, if_not_exists=True)), tx.execute(sa.delete(thing))]
    )
    database.write_now(lambda tx: tx.execute(sa.schema.CreateTable(part, if_not_exists=True)))
    await database.start()
    yield database
    await database.write(lambda tx: [tx.execute(sa.schema.DropTable(table)) for table in (part, thing)])
    await database.close()
    database.close_now()


async def test_what_was_written_is_read(database: Database) -> None:
    assert await database.write(lambda tx: tx.change(ADD, id=1, name="a")) == 1
    assert await database.read(names) == ["a"]
    assert await database.glance(names) == ["a"]
    assert database.read_now(names) == ["a"]


async def test_a_unit_that_fails_leaves_nothing_and_harms_no_other(database: Database) -> None:
    def half(tx: Tx) -> None:
        tx.change(ADD, id=2, name="half")
        raise KeyError("on purpose")

    results = await asyncio.gather(
        database.write(lambda tx: tx.change(ADD, id=1, name="before")),
        database.write(half),
        database.write(lambda tx: tx.change(ADD, id=3, name="after")),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [int, KeyError, int]
    assert await database.read(names) == ["before", "after"]


async def test_a_row_whose_parent_was_removed_is_a_not_found(database: Database) -> None:
    await database.write(lambda tx: tx.change(ADD, id=1, name="a"))
    assert await database.write(lambda tx: tx.change(ADD_PART, id=1, of=1)) == 1
    await database.write(lambda tx: tx.execute(sa.delete(thing)))
    with pytest.raises(NotFound):
        await database.write(lambda tx: tx.change(ADD_PART, id=2, of=1))
    with pytest.raises(NotFound):
        await database.write(lambda tx: tx.execute(sa.insert(part).values(id=2, of=1)))


async def test_an_error_of_a_statement_tells_nothing_of_its_values(database: Database) -> None:
    def twice(tx: Tx) -> None:
        for _ in range(2):
            tx.execute(sa.insert(thing).values(id=1, name="what somebody said"))

    with pytest.raises(IntegrityError) as raised:
        await database.write(twice)
    assert "what somebody said" not in str(raised.value)


async def test_a_unit_whose_waiter_has_gone_is_still_done(database: Database) -> None:
    task = asyncio.create_task(database.write(lambda tx: tx.change(ADD, id=1, name="a")))
    await asyncio.sleep(0)
    if isinstance(database, Sqlite):
        task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await database.write(lambda tx: tx.change(ADD, id=2, name="b"))
    assert await database.read(names) == ["a", "b"]


async def test_a_notice_wakes_who_waits_for_its_topic_only(database: Database) -> None:
    mine, other = database.wake.begin("mine"), database.wake.begin("other")
    await database.write(lambda tx: tx.notify("mine"))
    await database.wake.wait("mine", mine, seconds=5)
    assert mine.done()
    assert not mine.cancelled()
    await database.wake.wait("other", other, seconds=0.01)
    assert other.cancelled()
    assert not database.wake


async def test_a_notice_of_a_unit_that_fails_wakes_nobody(database: Database) -> None:
    def fail(tx: Tx) -> None:
        tx.notify("topic")
        raise KeyError("on purpose")

    waiting = database.wake.begin("topic")
    with pytest.raises(KeyError):
        await database.write(fail)
    await database.wake.wait("topic", waiting, seconds=0.05)
    assert waiting.cancelled()


async def test_a_commit_of_another_process_wakes_who_waits(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    other = open_database(database_url, run_dir=tmp_path / "run")
    await other.start()
    try:
        waiting = database.wake.begin("topic")

        def tell(tx: Tx) -> None:
            tx.change(ADD, id=9, name="news")
            tx.notify("topic")

        await other.write(tell)
        await database.wake.wait("topic", waiting, seconds=5)
        assert waiting.done()
        assert not waiting.cancelled()
        assert await database.read(names) == ["news"]
    finally:
        await other.close()


async def test_a_process_is_alive_until_it_ends_however_it_ends(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    script = (
        "import asyncio, sys, pathlib\n"
        "from conduet.kit.db import open_database\n"
        "async def main():\n"
        "    database = open_database(sys.argv[1], run_dir=pathlib.Path(sys.argv[2]))\n"
        "    await database.start()\n"
        "    print(database.worker, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, database_url, str(tmp_path / "run"), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        worker = (await process.stdout.readline()).decode().strip()
        assert await database.write(lambda tx: tx.alive(worker))
        assert await database.write(lambda tx: tx.alive(database.worker))
    finally:
        process.kill()
        await process.wait()
    for _ in range(100):
        if not await database.write(lambda tx: tx.alive(worker)):
            break
        await asyncio.sleep(0.02)
    else:
        pytest.fail("a killed process still counts as alive")


async def test_a_finished_unit_is_synced_and_a_mere_claim_is_not(tmp_path: Path) -> None:
    """The pragma of the writing connection is what makes SQLite call fsync at the commit."""
    database = open_database(f"sqlite:///{tmp_path}/sync.sqlite", run_dir=tmp_path / "run")
    await database.start()
    level = Statement(sa.text("pragma synchronous"))
    try:
        assert (await database.write(lambda tx: tx.rows(level)))[0][0] == 2
        assert (await database.write(lambda tx: tx.rows(level), durable=False))[0][0] == 1
        assert (await database.write(lambda tx: tx.rows(level)))[0][0] == 2
    finally:
        await database.close()


async def test_a_database_that_cannot_be_written_is_an_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "full.sqlite"
    database = open_database(f"sqlite:///{path}", run_dir=tmp_path / "run")
    database.write_now(lambda tx: tx.execute(sa.schema.CreateTable(thing)))
    await database.start()
    holder = open_database(f"sqlite:///{path}", run_dir=tmp_path / "run")
    try:

        def held(_tx: Tx) -> None:
            raise RuntimeError

        await database.write(lambda tx: tx.execute(sa.text("pragma max_page_count=1")))
        with pytest.raises(Unavailable):
            await database.write(lambda tx: tx.change(ADD, id=1, name="x" * 100_000))
        await database.write(lambda tx: tx.execute(sa.text("pragma max_page_count=100000")))
        assert await database.write(lambda tx: tx.change(ADD, id=1, name="room again")) == 1
        with pytest.raises(RuntimeError):
            holder.write_now(held)
    finally:
        holder.close_now()
        await database.close()


@pytest.mark.postgres
async def test_connections_that_were_cut_are_an_unavailable_once(tmp_path: Path) -> None:
    others = "datname = current_database() and pid != pg_backend_pid()"
    cut = sa.text(f"select pg_terminate_backend(pid) from pg_stat_activity where {others}")
    # A database of its own: what is cut here may not be another test's.
    with new_database("postgresql", tmp_path) as url:
        database = open_database(url, run_dir=tmp_path / "run")
        database.write_now(lambda tx: tx.execute(sa.schema.CreateTable(thing)))
        await database.start()
        try:
            await asyncio.gather(*(database.write(lambda tx: tx.rows(NAMES)) for _ in range(20)))
            database.write_now(lambda tx: tx.execute(cut))
            results = await asyncio.gather(*(database.read(names) for _ in range(20)), return_exceptions=True)
            assert {type(result) for result in results} <= {Unavailable, list}
            assert [await database.read(names) for _ in range(20)] == [[]] * 20
        finally:
            await database.close()
            database.close_now()


def test_another_scheme_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="CONDUET_DATABASE_URL"):
        open_database("mysql://nowhere/x", run_dir=tmp_path)
