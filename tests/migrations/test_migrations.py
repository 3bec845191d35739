"""The schema that the migrations make, on both databases."""

import json
import subprocess
import sys
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from conduet.kit.db import open_database
from conduet.migrations import NewerDatabase, is_current, known, migrate, newest
from conduet.migrations.schema import schema
from tests.conftest import DIALECTS, new_database


@pytest.fixture(params=DIALECTS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    with new_database(request.param, tmp_path) as url:
        yield url


@contextmanager
def way_in(url: str) -> Generator[sa.Engine]:
    """A way in beside the migrations."""
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg") if "postgres" in url else url)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    """A way into the database of `url`."""
    with way_in(url) as engine:
        yield engine


TRIGGERS = {
    "sqlite": "select name, sql from sqlite_master where type = 'trigger' order by name",
    "postgresql": """
        select tgname, pg_get_triggerdef(t.oid), pg_get_functiondef(tgfoid) from pg_trigger t
        where not tgisinternal order by tgname
    """,
}


def _described(url: str) -> object:
    """Every table with all that belongs to it, and every trigger, in an order that does not depend on how they came."""
    with way_in(url) as engine:
        seen = sa.inspect(engine)
        look = (
            seen.get_columns,
            seen.get_foreign_keys,
            seen.get_indexes,
            seen.get_unique_constraints,
            seen.get_check_constraints,
        )
        tables = {
            table: [
                seen.get_pk_constraint(table),
                *(sorted(json.dumps(one, default=str, sort_keys=True) for one in each(table)) for each in look),
            ]
            for table in seen.get_table_names()
        }
        with engine.connect() as connection:
            triggers = connection.execute(sa.text(TRIGGERS[engine.dialect.name])).all()
        assert triggers
        return tables, triggers


@pytest.mark.parametrize("step_by_step", [True, False])
def test_the_migrations_make_what_the_tables_say(url: str, engine: sa.Engine, *, step_by_step: bool) -> None:
    assert migrate(url, step_by_step=step_by_step)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, schema()) == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_empty_database_gets_at_once_what_the_steps_lead_to(dialect: str, tmp_path: Path) -> None:
    made: list[object] = []
    for step_by_step in (True, False):
        folder = tmp_path / str(step_by_step)
        folder.mkdir()
        with new_database(dialect, folder) as url:
            migrate(url, step_by_step=step_by_step)
            made.append(_described(url))
    assert made[0] == made[1]


def test_a_second_time_there_is_nothing_to_do(url: str) -> None:
    assert migrate(url)
    assert not migrate(url)


def test_nothing_of_alembic_is_loaded_when_there_is_nothing_to_do(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'conduet.sqlite'}"
    migrate(url)
    program = (
        f"import sys; from conduet.migrations import migrate; migrate({url!r}); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_processes_that_start_at_once_migrate_once(url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(migrate, [url] * 4)) == [False, False, False, True]


def test_a_newer_database_is_left_alone_and_told_in_one_sentence(url: str, engine: sa.Engine) -> None:
    migrate(url)
    with engine.begin() as connection:
        connection.execute(sa.text("update alembic_version set version_num = '9999'"))
    with pytest.raises(NewerDatabase, match="version 9999") as raised:
        migrate(url)
    assert "\n" not in str(raised.value)
    with engine.connect() as connection:
        assert connection.execute(sa.text("select version_num from alembic_version")).scalar() == "9999"


@pytest.mark.parametrize(("step_by_step", "part"), [(True, "steps.upgrade"), (False, "schema.create")])
def test_what_fails_half_way_leaves_nothing(
    url: str, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, *, step_by_step: bool, part: str
) -> None:
    def half(connection: sa.Connection, *_: object) -> None:
        connection.execute(sa.text("create table half (id integer)"))
        raise KeyError("on purpose")

    monkeypatch.setattr(f"conduet.migrations.{part}", half)
    with pytest.raises(KeyError):
        migrate(url, step_by_step=step_by_step)
    assert sa.inspect(engine).get_table_names() == []
    monkeypatch.undo()
    assert migrate(url)


def test_a_database_tells_whether_it_is_current(url: str, tmp_path: Path) -> None:
    migrate(url)
    database = open_database(url, run_dir=tmp_path / "run")
    assert database.read_now(is_current)
    database.write_now(lambda tx: tx.execute(sa.text("delete from alembic_version")))
    assert not database.read_now(is_current)
    database.close_now()


def test_versions_are_numbered_without_gaps() -> None:
    assert [int(version) for version in known()] == list(range(1, len(known()) + 1))
    assert newest() == known()[-1]
