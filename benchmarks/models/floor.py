"""The floor of a turn with a model: JSON in, the history read, one call by aiohttp, one durable write, the answer out.

A Starlette app that shares no line with the server that is measured against it. A conversation is one row, its history
a JSON array of messages.
"""

import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from benchmarks import floor

PROVIDER: Final = "CONDUET_FLOOR_PROVIDER"
READ: Final = "select turn, traces from conversation where user_id = ?"

Message = dict[str, str]


async def interact(request: Request) -> Response:
    """One message in, the model's answer out."""
    user, turn, history, model = await _taken(request)
    said = "".join([delta async for delta in _asked(request, history, model)])
    await _kept(request, user, turn, history, said)
    return Response(orjson.dumps([{"type": "text", "payload": {"message": said}}]), media_type="application/json")


async def interact_stream(request: Request) -> Response:
    """The same, each delta as it comes; what was said is kept before the end is told."""
    user, turn, history, model = await _taken(request)

    async def events() -> AsyncIterator[bytes]:
        said: list[str] = []
        async for delta in _asked(request, history, model):
            said.append(delta)
            yield b"data: " + orjson.dumps({"type": "completion-continue", "payload": {"text": delta}}) + b"\n\n"
        await _kept(request, user, turn, history, "".join(said))
        yield b"data: [DONE]\n\n"

    return StreamingResponse(events(), media_type="text/event-stream")


async def put_state(request: Request) -> Response:
    """Lays a history in place."""
    state: dict[str, Any] = orjson.loads(await request.body())
    await request.app.state.writer.write((request.path_params["user_id"], 0, orjson.dumps(state["history"])))
    return Response(b"{}", media_type="application/json")


async def _taken(request: Request) -> tuple[str, int, list[Message], str]:
    body: dict[str, Any] = orjson.loads(await request.body())
    user = request.path_params["user_id"]
    found = request.app.state.reader.execute(READ, (user,)).fetchone()
    turn, stored = found or (0, b"[]")
    history: list[Message] = orjson.loads(stored)
    history.append({"role": "user", "content": body["action"]["payload"]})
    return user, turn, history, request.headers["x-model"]


async def _asked(request: Request, history: list[Message], model: str) -> AsyncIterator[str]:
    """The deltas of the model's answer."""
    system = {"role": "system", "content": "You are a helpful assistant."}
    body = orjson.dumps({"model": model, "messages": [system, *history], "stream": True})
    client: aiohttp.ClientSession = request.app.state.client
    async with client.post(os.environ[PROVIDER], data=body, headers={"Content-Type": "application/json"}) as answer:
        rest = b""
        async for chunk in answer.content.iter_any():
            *events, rest = (rest + chunk).split(b"\n\n")
            for event in events:
                if event == b"data: [DONE]":
                    continue
                choices = orjson.loads(event[6:])["choices"]
                if choices and (delta := choices[0]["delta"].get("content")):
                    yield delta


async def _kept(request: Request, user: str, turn: int, history: list[Message], said: str) -> None:
    history.append({"role": "assistant", "content": said})
    await request.app.state.writer.write((user, turn + 1, orjson.dumps(history)))


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncGenerator[None]:
    """Opens the client beside what the floor of a scripted turn opens."""
    async with floor.lifespan(app), aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
        app.state.client = client
        yield


app = Starlette(
    routes=[
        Route("/api/v1/conversations/{user_id}/interact", interact, methods=["POST"]),
        Route("/api/v1/conversations/{user_id}/interact/stream", interact_stream, methods=["POST"]),
        Route("/api/v1/conversations/{user_id}/state", put_state, methods=["PUT"]),
        Route("/readyz", floor.ready, methods=["GET"]),
    ],
    lifespan=lifespan,
)
