"""An application with endpoints that misbehave, behind the real outermost wrapper."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from fastapi import FastAPI, Query
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from conduet.app.clients import Clients
from conduet.app.create import Api
from conduet.app.directory import Directory
from conduet.app.edge import Edge
from conduet.app.metrics import Metrics
from conduet.app.origins import Origins
from conduet.errors import Conflict
from conduet.kit.exchange import exchange
from conduet.limits.address import parse_networks
from conduet.limits.rate import parse_rate
from conduet.limits.wide import WideLimits

ALLOWED = "https://shop.example"


class Inner(BaseModel):
    """Something in a body."""

    text: str


class Body(BaseModel):
    """What an endpoint takes."""

    things: list[Inner]


async def bug(_: Request) -> Response:
    raise KeyError("s3cret")


async def refuse(_: Request) -> Response:
    raise Conflict


async def read(request: Request) -> Response:
    return JSONResponse({"bytes": len(await request.body())})


async def describe(request: Request) -> Response:
    known = exchange(request.scope)
    known.headers["X-Turn-Id"] = "turn_1"
    return JSONResponse({"address": known.address, "scheme": request.url.scheme, "id": known.request_id})


async def page(_: Request) -> Response:
    return HTMLResponse("<!doctype html><p>Hello")


async def teapot(_: Request) -> Response:
    raise HTTPException(418, "short and stout")


async def stream(_: Request) -> Response:
    async def events() -> AsyncGenerator[str]:
        while True:
            yield "data: 1\n\n"
            await asyncio.sleep(0.01)

    return StreamingResponse(events(), media_type="text/event-stream")


async def half(_: Request) -> Response:
    async def events() -> AsyncGenerator[str]:
        yield "data: 1\n\n"
        raise KeyError("s3cret")

    return StreamingResponse(events(), media_type="text/event-stream")


async def wait(_: Request) -> Response:
    await asyncio.sleep(60)
    return JSONResponse({})


HOT = (
    Route("/api/v1/hot/{name}", read, methods=["POST"]),
    Route("/api/v1/hot/{name}", describe, methods=["GET"]),
    Route("/api/v1/bug", bug),
)


def make_edge(hot: Sequence[Route] = HOT, *, trusted: tuple[str, ...] = ()) -> Edge:
    """The wrapper around these endpoints; `ALLOWED` is the one origin of a widget key."""
    api: FastAPI = Api(openapi_url=None, redirect_slashes=False, strict_content_type=False)

    async def body(new: Body, limit: int = Query(default=1, ge=1)) -> dict[str, int]:
        return {"things": len(new.things), "limit": limit}

    async def remove(name: str) -> None:
        """Nothing to do."""

    async def allow(origin: str) -> bool:
        return origin == ALLOWED

    api.add_api_route("/projects/bodies", body, methods=["POST"])
    api.add_api_route("/projects/bodies/{name}", remove, methods=["DELETE"], status_code=204)
    for path, endpoint in {
        "/cold-bug": bug,
        "/refused": refuse,
        "/page": page,
        "/teapot": teapot,
        "/stream": stream,
        "/half": half,
        "/wait": wait,
    }.items():
        api.add_route(path, endpoint)
    return Edge(
        api,
        directory=Directory(hot, api.routes),
        clients=Clients(parse_networks(trusted)),
        limits=WideLimits(parse_rate("60/minute")),
        origins=Origins(allow),
        metrics=Metrics(),
    )
