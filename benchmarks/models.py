"""What a chat turn with a model costs: an agentic project, and a provider on loopback that streams forty tokens."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from benchmarks.client import Connection
from benchmarks.processes import Server, free_port, program, start
from benchmarks.served import Place, make_project

TOKENS: Final = 40
USERS: Final = 16
TURNS: Final = 1200
RUNS: Final = 3


def _chunk(delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    told = {"id": "c", "object": "chat.completion.chunk", "choices": [choice]}
    return b"data: " + orjson.dumps(told) + b"\n\n"


PIECES: Final = (*(_chunk({"content": f"word{n} "}) for n in range(TOKENS)), _chunk({}, "stop"), b"data: [DONE]\n\n")


async def _answer(request: Request) -> Response:
    await request.body()

    async def pieces() -> AsyncIterator[bytes]:
        for piece in PIECES:
            yield piece

    return StreamingResponse(pieces(), media_type="text/event-stream")


app = Starlette(routes=[Route("/chat/completions", _answer, methods=["POST"])])
"""The provider."""


@dataclass(frozen=True, slots=True)
class Asking(Place):
    """A server whose model is at a port of this machine."""

    provider_port: int = 0

    @property
    def environment(self) -> dict[str, str]:
        own = super(Asking, self).environment
        return {**own, "OPENAI_BASE_URL": f"http://127.0.0.1:{self.provider_port}", "CONDUET_MODEL": "openai:mock"}


def measure() -> str:
    """The middle of three runs, in a sentence."""
    with tempfile.TemporaryDirectory(prefix="conduet-bench-") as name:
        folder, port = Path(name), free_port()
        command = [program("uvicorn"), "benchmarks.models:app", "--port", str(port), "--no-access-log"]
        provider = start(command, port=port, log=folder / "provider.log", environment={})
        place = Asking(folder / "data", provider_port=port)
        server = place.serve("--no-demo")
        try:
            server.wait_ready()
            key = make_project(place, server.url, {"framework": "agentic"}).key
            asyncio.run(_talk(server.url, key, turns=200))
            runs = [_run(server, key) for _ in range(RUNS)]
            cpu_ms, rate, p50 = sorted(runs)[RUNS // 2]
            return (
                f"{cpu_ms:.2f} CPU-ms a turn of {TOKENS} tokens, {rate:.0f} turns/s, p50 {p50:.1f} ms at {USERS} users"
            )
        finally:
            server.stop()
            provider.stop()


def _run(server: Server, key: str) -> tuple[float, float, float]:
    before, begun = server.cpu_seconds(), time.perf_counter()
    times = asyncio.run(_talk(server.url, key, turns=TURNS))
    seconds = time.perf_counter() - begun
    return (server.cpu_seconds() - before) * 1000 / len(times), len(times) / seconds, median(times) * 1000


async def _talk(url: str, key: str, *, turns: int) -> list[float]:
    times: list[float] = []
    body = orjson.dumps({"action": {"type": "text", "payload": "Hello"}, "versionId": "production"})

    async def user() -> None:
        connection = Connection(url, {"Content-Type": "application/json", "Authorization": f"Bearer {key}"})
        for _ in range(turns // USERS):
            begun = time.perf_counter()
            answer = await connection.post(f"/api/v1/conversations/u{time.time_ns():x}/interact", body)
            times.append(time.perf_counter() - begun)
            if answer.status != 200 or b"word39" not in answer.body:
                raise RuntimeError(f"the answer is not the model's: {answer.body[:300]!r}")
        connection.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(USERS):
            group.create_task(user())
    return times
