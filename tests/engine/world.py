"""The world outside a turn, real: a server on this machine that plays another system, and the sandbox."""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from conduet.engine.outside import Broken, Code, Computed, ConsoleLine, Request, Response, Unreachable
from conduet.engine.values import Json
from conduet.kit.http import AllowPrivate, Outgoing, OutgoingError, Place
from conduet.kit.sandbox.outcome import Failure
from conduet.kit.sandbox.pool import Sandbox
from tests.engine.talk import Outside

NOW_MS = 1_772_368_200_000
"""The moment at which the clock of the tests stands."""

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Sent:
    """What the other system was sent."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class World(Outside):
    """Calls go to the server, whose answers `answers` holds by path; code goes to the sandbox."""

    sandbox: Sandbox
    outgoing: Outgoing = field(default_factory=lambda: Outgoing(AllowPrivate()))
    answers: dict[str, Answering] = field(default_factory=dict[str, Answering])
    sent: list[Sent] = field(default_factory=list[Sent])
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, path: str, body: Json, *, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """What is answered there from now on: JSON, or text as it is."""
        text = body if isinstance(body, str) else json.dumps(body)

        async def answering(_: web.Request) -> web.Response:
            return web.Response(status=status, text=text, headers=headers)

        self.answers[path] = answering

    async def serve(self, request: web.Request) -> web.StreamResponse:
        body = await request.text()
        self.sent.append(Sent(request.method, request.path, request.query, request.headers, body))
        return await self.answers[request.path](request)

    async def call(self, request: Request) -> Response:
        try:
            found = await self.outgoing.request(
                request.method,
                request.url,
                headers=request.headers,
                query=request.query,
                body=request.body,
                timeout_seconds=request.timeout_seconds,
                retries=request.retries,
                admit={Place("127.0.0.1", self.port)},
            )
        except OutgoingError as error:
            raise Unreachable(error.code, error.message) from None
        return Response(found.status, {name.lower(): value for name, value in found.headers}, found.text())

    async def compute(self, code: Code) -> Computed:
        outcome = await self.sandbox.run(
            code.source, project="p", inputs=code.inputs, timeout_seconds=code.timeout_seconds, now_ms=NOW_MS, seed=1
        )
        console = tuple(ConsoleLine(line.level, line.text, line.line) for line in outcome.console)
        if isinstance(outcome, Failure):
            return Computed(None, Broken(outcome.kind, outcome.message, outcome.line), console)
        return Computed(outcome.value, None, console)


@asynccontextmanager
async def open_world(sandbox: Sandbox) -> AsyncGenerator[World]:
    """A world whose server knows no path yet."""
    world = World(sandbox)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", world.serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    world.port = runner.addresses[0][1]
    yield world
    await world.outgoing.close()
    await runner.cleanup()
