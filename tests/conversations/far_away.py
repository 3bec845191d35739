"""A real HTTP server that turns call, and an application that may call it."""

import asyncio
import base64
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from aiohttp import web

from conduet.app.create import create_app
from conduet.app.edge import Edge
from conduet.settings import Settings
from tests.conftest import started


@dataclass
class FarAway:
    """What it was asked, and where it is."""

    url: str = ""
    asked: list[web.Request] = field(default_factory=list[web.Request])
    bodies: list[str] = field(default_factory=list[str])

    @property
    def place(self) -> str:
        return self.url.removeprefix("http://")

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request)
        self.bodies.append(await request.text())
        match request.path:
            case "/bikes":
                return web.json_response({"bikes": ["red", "blue"], "count": len(self.asked)})
            case "/echo":
                return web.json_response({"headers": dict(request.headers), "query": dict(request.query)})
            case "/leak":
                return web.Response(text=leaked(request.headers["X-Key"]), headers={"X-Back": request.headers["X-Key"]})
            case "/nul":
                return web.Response(text="a\0b")
            case "/large":
                return web.Response(text="x" * (1024 * 1024 + 1))
            case "/long":
                return web.Response(text="x" * 700_000)
            case "/number":
                return web.Response(text='{"id": 123456789012345678901234567890}')
            case "/slow":
                await asyncio.sleep(5)
                return web.Response(text="late")
            case _:
                return web.json_response({"message": "gone"}, status=410)


def leaked(secret: str) -> str:
    """A secret as services repeat it."""
    basic = base64.b64encode(f"user:{secret}".encode()).decode()
    bare = base64.urlsafe_b64encode(secret.encode()).decode()
    return "\n".join([secret, quote(secret, safe=""), json.dumps(secret), basic, bare, secret.encode().hex()])


@asynccontextmanager
async def far_away() -> AsyncGenerator[FarAway]:
    """Serves around a block."""
    far = FarAway()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", far.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    far.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield far
    finally:
        await runner.cleanup()


@asynccontextmanager
async def reaching(settings: Settings, *places: str) -> AsyncGenerator[Edge]:
    """Another process of the same server, that may call these."""
    app = create_app(settings.model_copy(update={"allow_private_urls": ",".join(places)}))
    async with started(app):
        yield app


def gone_wrong(traces: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Code and message of each error."""
    return [(each["payload"]["code"], each["payload"]["message"]) for each in traces if each["type"] == "error"]
