"""A real HTTP server that takes deliveries, as well or as badly as it is told."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

PATIENCE_SECONDS = 30.0


@dataclass
class Receiver:
    """What came, in its order; each request is answered with the next of `answers`, and 204 after them.

    A 0 among them breaks the connection off; `text` is what an answer of 200 says, which is then the usual one.
    """

    url: str = ""
    answers: list[int] = field(default_factory=list[int])
    slow_seconds: float = 0.0
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list[tuple[dict[str, str], bytes]])

    @property
    def place(self) -> str:
        return self.url.removeprefix("http://")

    @property
    def events(self) -> list[dict[str, Any]]:
        return [orjson.loads(body) for _, body in self.came]

    async def answer(self, request: web.Request) -> web.Response:
        self.came.append(({**request.headers}, await request.read()))
        await asyncio.sleep(self.slow_seconds)
        status = self.answers.pop(0) if self.answers else 200 if self.text else 204
        if status == 0 and request.transport is not None:
            request.transport.close()
        headers = {"Location": "/elsewhere", **self.headers}
        return web.Response(status=status or 204, text=self.text if status == 200 else None, headers=headers)

    async def wait(self, count: int) -> list[dict[str, Any]]:
        """The events, once so many have come."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                if len(self.came) >= count:
                    return self.events
                await asyncio.sleep(0.02)


@asynccontextmanager
async def receiver() -> AsyncGenerator[Receiver]:
    """Serves around a block."""
    found = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", found.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield found
    finally:
        await runner.cleanup()
