"""A server that calls out for its clients, as an agent with an `api` step does."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from conduet.kit.http import AllowPrivate, Outgoing, OutgoingError

TIMEOUT_SECONDS = 5
outgoing = Outgoing(AllowPrivate.parse("off"))


async def ping(request: Request) -> Response:
    return PlainTextResponse("pong")


async def call(request: Request) -> Response:
    """Does what the body says and tells what a builder would see of it."""
    wanted = await request.json()
    try:
        answer = await outgoing.request(
            wanted["method"], wanted["url"], headers=wanted["headers"], timeout_seconds=TIMEOUT_SECONDS
        )
    except OutgoingError as error:
        return JSONResponse({"code": error.code, "message": error.message})
    return JSONResponse({"status": answer.status, "body": answer.text(), "url": answer.url})


app = Starlette(routes=[Route("/ping", ping), Route("/call", call, methods=["POST"])])

if __name__ == "__main__":
    uvicorn.run(app, uds=sys.argv[1], log_level="error")
