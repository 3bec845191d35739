"""A real HTTP server that plays a model provider: what its documentation says is sent, in pieces of any size."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from aiohttp import web
from pydantic import SecretStr

from conduet.llm.answer import Assembly, ModelAnswer
from conduet.llm.event import Event
from conduet.llm.message import ModelRequest, ToolSpec, User
from conduet.llm.remote import RemoteProvider
from conduet.llm.transport import Direct, Opener
from conduet.providers.anthropic import Anthropic
from conduet.providers.google import Google
from conduet.providers.openai import OpenAI
from conduet.providers.openai_responses import OpenAIResponses

WIRE = Path(__file__).parent / "wire"
KEY = "sk-do-not-tell-anybody-this"
HELLO = ModelRequest((User("Hello"),))
FIND_ORDER = ToolSpec(
    "find_order",
    "Finds an order by its number.",
    {"type": "object", "properties": {"number": {"type": "string"}}, "required": ["number"]},
)
OPENING_HOURS = ToolSpec("opening_hours", "When the shop is open.")

FORMATS: Mapping[str, type[RemoteProvider]] = {
    "openai": OpenAI,
    "openai_responses": OpenAIResponses,
    "anthropic": Anthropic,
    "google": Google,
}


def wire(name: str) -> bytes:
    """What a file of `wire/` holds: `openai/text`."""
    return (WIRE / f"{name}.sse").read_bytes()


@dataclass(frozen=True)
class Reply:
    """One answer of the server; `then` is what happens after the body: `end`, `cut` the connection, or `hang`."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    cuts: Sequence[int] = ()
    then: Literal["end", "cut", "hang"] = "end"
    seconds: float = 0.0
    pause: float = 0.0

    @classmethod
    def json(cls, body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> "Reply":
        """An answer that is no stream."""
        told = {"Content-Type": "application/json", **(headers or {})}
        return cls(json.dumps(body).encode(), status, told)


@dataclass(frozen=True)
class Asked:
    """A request that the server got."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: dict[str, Any]


@dataclass
class Playing:
    """Answers by a script, its last reply for ever."""

    replies: Sequence[Reply] = ()
    asked: list[Asked] = field(default_factory=list[Asked])
    connections: set[int] = field(default_factory=set[int])
    port: int = 0
    under_way: int = 0
    most: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def provider(self, kind: type[RemoteProvider], opener: Opener, **more: Any) -> RemoteProvider:
        """The provider, which finds its server here."""
        return kind(api_key=SecretStr(KEY), base_url=self.url, opener=opener, **more)  # pyright: ignore[reportCallIssue]  # each kind has more of its own

    async def serve(self, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        self.connections.add(request.transport.get_extra_info("peername")[1])
        reply = self.replies[min(len(self.asked), len(self.replies) - 1)]
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.asked.append(Asked(request.path, request.query, headers, await request.json()))
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            return await self._answer(request, reply)
        finally:
            self.under_way -= 1
            if not self.under_way:
                self.idle.set()

    async def _answer(self, request: web.Request, reply: Reply) -> web.StreamResponse:
        await asyncio.sleep(reply.seconds)
        if reply.then == "hang" and not reply.body:
            await asyncio.Event().wait()
        transport = request.transport
        assert transport is not None
        if reply.then == "cut" and not reply.body:
            transport.abort()
            return web.Response()
        answer = web.StreamResponse(status=reply.status, headers={"Content-Type": "text/event-stream", **reply.headers})
        await answer.prepare(request)
        for start, end in zip((0, *reply.cuts), (*reply.cuts, len(reply.body)), strict=True):
            await answer.write(reply.body[start:end])
            await asyncio.sleep(reply.pause)
        if reply.then == "hang":
            await asyncio.Event().wait()
        if reply.then == "cut":
            await asyncio.sleep(0.01)
            transport.abort()
        return answer


@asynccontextmanager
async def playing(*replies: Reply) -> AsyncGenerator[Playing]:
    """The server, while a block lasts."""
    server = Playing(replies)
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_post("/{path:.*}", server.serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.port = runner.addresses[0][1]
    try:
        yield server
    finally:
        await runner.cleanup()


@asynccontextmanager
async def direct() -> AsyncGenerator[Direct]:
    """Connections of our own, closed at the end."""
    opener = Direct()
    try:
        yield opener
    finally:
        await opener.close()


async def events(provider: RemoteProvider, request: ModelRequest = HELLO, *, model: str = "m") -> list[Event]:
    """All that a provider gives; raises as it does."""
    async with aclosing(provider.stream(model, request)) as stream:
        return [event async for event in stream]


async def ask(kind: type[RemoteProvider], *replies: Reply, request: ModelRequest = HELLO) -> list[Event]:
    """What a provider makes of an answer of its server."""
    async with playing(*replies) as server, direct() as opener:
        return await events(server.provider(kind, opener), request)


async def sent(kind: type[RemoteProvider], request: ModelRequest, **more: Any) -> Asked:
    """What a provider sends."""
    text = wire(f"{kind.type.replace('-', '_')}/text")
    async with playing(Reply(text)) as server, direct() as opener:
        await events(server.provider(kind, opener, **more), request)
        return server.asked[0]


def assembled(told: Sequence[Event]) -> ModelAnswer:
    """The answer that events make."""
    assembly = Assembly("test:model")
    for event in told:
        assembly.take(event)
    return assembly.answer()
