"""A small application that does nothing but ask who somebody is."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from conduet.accounts.access import Access
from conduet.accounts.principal import Principal, ProjectScope
from conduet.accounts.session_store import add_link
from conduet.accounts.store import Member, add_account
from conduet.app.edge import Edge
from conduet.errors import ConduetError
from conduet.kit.clock import milliseconds, now
from conduet.kit.crypto import KeyRing
from conduet.kit.db import Database, open_database
from conduet.kit.exchange import KEY, Exchange
from conduet.limits.rate import Rate
from conduet.limits.wide import WideLimits
from conduet.migrations import migrate
from conduet.projects.store import find_account
from tests.accounts.owners import a_project, an_owner
from tests.accounts.team import Person, Team


@dataclass(slots=True)
class Door:
    """Access to a database, and every way through it as a path."""

    access: Access
    database: Database
    ring: KeyRing
    app: ASGIApp
    address: str = "203.0.113.9"
    principal: Principal | None = None

    def client(self, secret: str | None = None, **headers: str) -> httpx2.AsyncClient:
        shown = {"Authorization": f"Bearer {secret}"} if secret else {}
        transport = httpx2.ASGITransport(self.app)
        return httpx2.AsyncClient(transport=transport, base_url="http://door.test", headers={**shown, **headers})

    async def opens(self, path: str, secret: str | None, **headers: str) -> int:
        """The status that a request with `secret` is answered with."""
        async with self.client(secret, **headers) as client:
            return (await client.get(path)).status_code


@pytest.fixture
async def door(database_url: str, tmp_path: Path) -> AsyncIterator[Door]:
    migrate(database_url)
    database = open_database(database_url, run_dir=tmp_path / "run")
    await database.start()
    ring = KeyRing.open(None, tmp_path)
    limits = WideLimits(Rate(count=2, seconds=60))
    access = Access(database, ring=ring, limits=limits, owner_of=find_account)
    door = Door(access, database, ring, Starlette())
    door.app = _application(door)
    yield door
    await access.close()
    await limits.close()
    await database.close()
    database.close_now()


@pytest.fixture
async def ada(door: Door) -> Member:
    """The owner of a new account."""
    return await an_owner(door.database)


@pytest.fixture
async def shop(door: Door, ada: Member) -> ProjectScope:
    """A new project of hers."""
    return await a_project(door.database, ada)


@pytest.fixture
async def team(server: Edge) -> AsyncIterator[Team]:
    async with AsyncExitStack() as stack:
        yield Team(server, stack)


@pytest.fixture
async def boss(team: Team, database: Database) -> Person:
    """The owner of a new account, signed in by a link."""

    def work(tx: Any) -> str:
        moment = milliseconds(now())
        return add_link(tx, add_account(tx, name="Test", owner="Ada", now_ms=moment), now_ms=moment)

    person = await team.somebody()
    assert (await person.enter("/sign-in", {"token": database.write_now(work)})).status_code == 200
    return person


def _application(door: Door) -> ASGIApp:
    access = door.access

    async def by_project(request: Request) -> Principal:
        return await access.by_project(request, request.path_params["project"])

    async def turn(request: Request) -> Principal:
        return await access.by_key(request, widget=True, turn=True)

    async def of_user(request: Request) -> Response:
        principal = await access.by_key(request, widget=True, turn=True)
        user, header = request.path_params["user"], request.headers.get("x-user-hash")
        return JSONResponse({"proven": await access.proves_user(principal, user, header)})

    async def failed(_: Request, error: Exception) -> Response:
        assert isinstance(error, ConduetError)
        return JSONResponse(error.body(), error.status, error.headers)

    def shows(ask: Callable[[Request], Awaitable[Principal]]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            door.principal = await ask(request)
            return JSONResponse({})

        return answer

    async def with_widgets(request: Request) -> Principal:
        return await access.by_key(request, widget=True)

    methods = ["GET", "POST"]
    routes = [
        Route("/secret", shows(access.by_key), methods=methods),
        Route("/widget", shows(with_widgets), methods=methods),
        Route("/turn", shows(turn), methods=methods),
        Route("/users/{user}", of_user),
        Route("/developer", shows(access.by_developer), methods=methods),
        Route("/projects/{project}", shows(by_project), methods=methods),
    ]
    inner = Starlette(routes=routes, exception_handlers={ConduetError: failed})

    async def outer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope[KEY] = Exchange("req_1", door.address)
        await inner(scope, receive, send)

    return outer
