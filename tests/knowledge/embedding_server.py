"""A real HTTP server that plays a provider's embedding model: texts that are about the same lie near each other."""

import asyncio
import zlib
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

DIM: Final = 24
ABOUT: Final[Mapping[str, int]] = {"money": 0, "reimbursed": 0, "card": 0, "ship": 1, "parcel": 1, "lamp": 2, "bulb": 2}
"""Beginnings of words, by what they are about."""


@dataclass
class EmbeddingServer:
    """What was asked; while `gate` is closed nothing is answered, and while `status` is no 200 that is the answer."""

    dim: int = DIM
    status: int = 200
    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    keys: set[str] = field(default_factory=set[str])
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""
    tails: int = 0
    """How many numbers each vector has too many."""
    pause_seconds: float = 0.0
    """Before each answer."""

    @property
    def texts(self) -> list[str]:
        """All that were asked for, in their order."""
        return [text for body in self.asked for text in body["input"]]

    async def answer(self, request: web.Request) -> web.Response:
        self.keys.add(request.headers.get("Authorization", ""))
        body = await request.json()
        self.asked.append(body)
        if len(body["input"]) > 1:
            await self.gate.wait()
        await asyncio.sleep(self.pause_seconds)
        if self.status != 200:
            return web.json_response({"error": {"message": "not just now"}}, status=self.status)
        data = [
            {"object": "embedding", "index": index, "embedding": self.vector(text)}
            for index, text in enumerate(body["input"])
        ]
        # In no particular order: the index is what counts.
        return web.json_response({"object": "list", "data": data[::-1], "model": body["model"]})

    def vector(self, text: str) -> list[float]:
        """Ten times as much of what a text is about as of its words."""
        numbers = [0.0] * (self.dim + self.tails)
        for word in text.lower().split():
            about = next((place for beginning, place in ABOUT.items() if word.startswith(beginning)), None)
            place = 3 + zlib.crc32(word.encode()) % (self.dim - 3) if about is None else about
            numbers[place] += 1.0 if about is None else 10.0
        return numbers


@asynccontextmanager
async def embedding_server() -> AsyncGenerator[EmbeddingServer]:
    """The server, which answers at once."""
    server = EmbeddingServer()
    server.gate.set()
    application = web.Application()
    application.router.add_post("/v1/embeddings", server.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        yield server
    finally:
        server.gate.set()
        await runner.cleanup()
