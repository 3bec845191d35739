"""A whole application on each database, and somebody who owns a project in it."""

import atexit
import gc
import itertools
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx2
import psycopg
import pytest
import structlog
from blockbuster import blockbuster_ctx
from hypothesis import settings as hypothesis_settings
from psycopg import sql
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import make_url

from conduet.accounts.store import add_account, add_token
from conduet.app.create import create_app
from conduet.app.edge import Edge
from conduet.cli.serve import COLLECT_AFTER
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database, open_database
from conduet.migrations import migrate
from conduet.settings import Settings
from tests.described import Described

# As the server does: what a run is made of is kept, and a collection looks through all of it.
gc.set_threshold(*COLLECT_AFTER)
# Each request in memory looks for it in all folders, and is done sooner where it is known to be missing.
sys.modules.setdefault("sniffio", None)  # pyright: ignore[reportArgumentType]  # what the import system takes it for
POSTGRES = os.environ.get("CONDUET_TEST_POSTGRES")
DIALECTS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))
# `./test` tries the same examples on every run, so that one commit gets one answer; `make thorough` many others.
hypothesis_settings.register_profile("suite", hypothesis_settings.get_profile("ci"), max_examples=40)
hypothesis_settings.register_profile("thorough", max_examples=1000, deadline=None)
# Each client of a test has an address of its own, so that no test uses up another's windows.
ADDRESSES = (f"198.18.{high}.{low}" for high in itertools.cycle(range(256)) for low in range(256))


@dataclass(frozen=True, slots=True)
class Owned:
    """A project, its secret key, and a client that shows it."""

    id: str
    key: str
    client: httpx2.AsyncClient


@contextmanager
def new_database(dialect: str, folder: Path, *, template: str = "template1") -> Generator[str]:
    """The URL of an empty database, or of a copy of `template`, which is a PostgreSQL's."""
    if dialect == "sqlite":
        yield f"sqlite:///{folder / 'conduet.sqlite'}"
        return
    if POSTGRES is None:
        pytest.skip("scripts/with-postgres.sh starts the PostgreSQL that this needs")
    name = f"test_{uuid4().hex}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {} template {}").format(*map(sql.Identifier, (name, template))))
        info = connection.info
        yield f"postgresql://{info.user}@/{name}?host={info.host}&port={info.port}"
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@contextmanager
def migrated_database(dialect: str, folder: Path) -> Generator[str]:
    """The URL of a database of the newest version without a row: a copy of one that each process makes once."""
    if dialect == "sqlite":
        url = f"sqlite:///{folder / 'conduet.sqlite'}"
        (folder / "conduet.sqlite").write_bytes(_migrated_sqlite())
        yield url
        return
    with new_database(dialect, folder, template=_migrated_postgres()) as url:
        yield url


@cache
def _migrated_sqlite() -> bytes:
    with TemporaryDirectory() as folder, new_database("sqlite", Path(folder)) as url:
        migrate(url)
        return (Path(folder) / "conduet.sqlite").read_bytes()


@cache
def _migrated_postgres() -> str:
    kept = ExitStack()
    url = kept.enter_context(new_database("postgresql", Path()))
    atexit.register(kept.close)
    migrate(url)
    return str(make_url(url).database)


def pytest_sessionfinish() -> None:
    """Keeps pytest from looking five times through all that a run leaves: seconds, for what no test can fail of."""
    gc.freeze()


@pytest.fixture(scope="session", params=DIALECTS)
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One database of each dialect for the whole run; it begins empty."""
    with new_database(request.param, tmp_path_factory.mktemp("database")) as url:
        yield url


@pytest.fixture(scope="session", autouse=True)
def _plain_logs() -> None:
    """Log lines as they are in a file; a failing test shows them."""
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(default=str),
        ]
    )


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Argon2id with the least work there is: what is recommended takes 64 MB and a third of a second each time."""
    quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PasswordHash, "recommended", lambda: quick)
        yield


@pytest.fixture(scope="session", autouse=True)
def _unblocked() -> Iterator[None]:
    """What blocks the event loop while a request is answered fails the test that did it."""
    with blockbuster_ctx("conduet.app.edge") as blockbuster:
        for name, function in blockbuster.functions.items():
            if name.startswith("sqlite3."):
                # Reads of an indexed row cost less than a hop to a thread.
                function.can_block_in("conduet/kit/db/sqlite.py", {"glance", "_poll"})
            # While it starts and stops there is nobody to keep waiting.
            function.can_block_in("conduet/app/create.py", {"lifespan"})
            # What is imported late is imported once.
            function.can_block_in("<frozen importlib._bootstrap>", {"_find_and_load"})
        yield


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the server under test: the defaults, but for where things are."""
    return Settings(data=tmp_path_factory.mktemp("data"), database_url=database_url)


@pytest.fixture(scope="session")
def app(settings: Settings) -> Edge:
    """The application, on a migrated database; not started."""
    migrate(settings.database)
    return create_app(settings)


@pytest.fixture(scope="session")
async def server(app: Edge) -> AsyncIterator[Edge]:
    """The application, started."""
    async with started(app):
        await described(app).load()
        yield app


@pytest.fixture(scope="session")
def database(settings: Settings, server: Edge) -> Iterator[Database]:
    """The server's database, for the `*_now` methods."""
    database = open_database(settings.database, run_dir=settings.run_dir)
    yield database
    database.close_now()


@pytest.fixture
async def client(server: Edge) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody without a key, from an address that nobody else has."""
    async with new_client(server) as client:
        yield client


@pytest.fixture
async def owner(server: Edge, database: Database) -> AsyncIterator[httpx2.AsyncClient]:
    """The owner of a new account, by a developer token."""
    async with new_client(server, key=new_token(database)) as client:
        yield client


@pytest.fixture
async def project(server: Edge, owner: httpx2.AsyncClient) -> AsyncIterator[Owned]:
    """A new project of `owner` with a secret key."""
    made = await owner.post("/api/v1/projects", json={"name": "Test"})
    assert made.status_code == 201, made.text
    identifier = made.json()["id"]
    key = await new_key(owner, identifier)
    async with new_client(server, key=key) as client:
        yield Owned(identifier, key, client)


@asynccontextmanager
async def started(app: Edge) -> AsyncGenerator[None]:
    """Runs an application's lifespan around a block."""
    async with app.api.router.lifespan_context(app.api):
        yield


def new_client(app: Edge, *, key: str | None = None, headers: dict[str, str] | None = None) -> httpx2.AsyncClient:
    """A client with a new address that shows `key`."""
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False, client=(next(ADDRESSES), 50_000))
    shown = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx2.AsyncClient(
        transport=transport,
        base_url="http://conduet.test",
        headers={**shown, **(headers or {})},
        event_hooks={"response": [described(app).check]},
    )


@cache
def described(app: Edge) -> Described:
    """What the application says of itself: every answer is held against it."""
    return Described(app)


def new_token(database: Database) -> str:
    """A developer token of a new account."""
    moment = milliseconds(now())
    member = database.write_now(lambda tx: add_account(tx, name="Test", owner="Test", now_ms=moment))
    return database.write_now(lambda tx: add_token(tx, member, name="test", now_ms=moment))[1]


async def new_key(owner: httpx2.AsyncClient, project_id: str, **more: object) -> str:
    """A new key of a project; `more` is the rest of the body (`type`, `allowedOrigins`, …)."""
    made = await owner.post(f"/api/v1/projects/{project_id}/api-keys", json={"name": "Test", **more})
    assert made.status_code == 201, made.text
    return made.json()["key"]
