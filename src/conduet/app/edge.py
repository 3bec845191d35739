"""The outermost wrapper: what every request and every answer have in common, and the wall that errors end at."""

import asyncio
import re
from functools import partial
from time import perf_counter

import structlog
from fastapi import FastAPI
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from conduet.app.clients import Clients, Headers
from conduet.app.directory import ROUTE, Directory, Place
from conduet.app.failure import failure
from conduet.app.intake import Checked, Counted, intake_of
from conduet.app.metrics import Metrics
from conduet.app.origins import Origins
from conduet.app.reply import Reply
from conduet.errors import BadRequest, ConduetError, MethodNotAllowed, NotFound, RateLimited, Unavailable
from conduet.kit.exchange import KEY, Exchange, exchange
from conduet.kit.ids import new_id
from conduet.kit.json import dumps
from conduet.limits.wide import WideLimits

# Where the server puts what it could not read as HTTP.
MALFORMED = "conduet.malformed"
API = ("/api/", "/v1/")
# Who calls here is counted by what they have signed.
CHANNELS = "/api/v1/channels/"
GONE = 499
LOGGED = 300
SANE_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}")
WITH_BODY = frozenset(("POST", "PUT", "PATCH"))
CREDENTIALS = (b"authorization", b"cookie")
PREFLIGHT = {
    "Access-Control-Allow-Headers": (
        "Authorization, Content-Type, Idempotency-Key, If-Match, Last-Event-ID, X-Request-Id, X-User-Hash"
    ),
    "Access-Control-Max-Age": "7200",
}

log = structlog.get_logger()


class Edge:
    """The ASGI application.

    `api` is everything of FastAPI; a request of one of the directory's plain routes never reaches it. Both only raise:
    every error body is written here.
    """

    def __init__(
        self,
        api: FastAPI,
        *,
        directory: Directory,
        clients: Clients,
        limits: WideLimits,
        origins: Origins,
        metrics: Metrics,
    ) -> None:
        self.api = api
        self.directory = directory
        self._clients = clients
        self._limits = limits
        self._origins = origins
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._exchange(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self.api(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _exchange(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = perf_counter()
        headers: Headers = dict(scope["headers"])
        known = Exchange(_request_id(headers), self._clients.address(scope))
        https = self._clients.https(scope, headers)
        reply = Reply(send, known, head=scope["method"] == "HEAD", https=https)
        # A copy: the server still needs to know that a HEAD was a HEAD.
        scope = {**scope, KEY: known, "scheme": "https" if https else scope["scheme"]}
        try:
            await self._answer(scope, receive, reply, headers)
        except ClientDisconnect:
            reply.status = reply.status or GONE
        except asyncio.CancelledError:
            if not reply.status:
                await _send_error(Unavailable("The server is shutting down."), scope, receive, reply)
            raise
        except Exception as error:  # noqa: BLE001  # the wall: whatever was raised becomes the one error body
            await self._fail(error, scope, receive, reply)
        finally:
            self._tell(scope, known, status=reply.status, seconds=perf_counter() - began)

    async def _answer(self, scope: Scope, receive: Receive, reply: Reply, headers: Headers) -> None:
        method, path = scope["method"], scope["path"]
        known = exchange(scope)
        if MALFORMED in scope:
            raise BadRequest(scope[MALFORMED])
        if "\0" in path or b"%00" in scope["query_string"] or b"\0" in scope["query_string"]:
            raise BadRequest("The address has a NUL character, which is not taken.")
        if path.startswith(API):
            await self._look(known, method, reply, headers, is_signed=path.startswith(CHANNELS))
        if method == "HEAD":
            scope["method"] = "GET"
        route = self.directory.plain(scope)
        if route is not None:
            known.route = route.path
            await route.handle(scope, _taken(scope, receive, headers, strict=False), reply.send)
            return
        place = self.directory.find(path, scope["method"])
        if place is None:
            raise NotFound
        known.route = place.template
        if method == "OPTIONS":
            await _options(place, headers, allowed=reply.origin is not None)(scope, receive, reply.send)
            return
        if place.route is None:
            raise MethodNotAllowed(headers={"Allow": place.allow})
        scope["root_path"] = place.base
        scope[ROUTE] = place.route
        await self.api(scope, _taken(scope, receive, headers, strict=True), reply.send)

    async def _look(self, known: Exchange, method: str, reply: Reply, headers: Headers, *, is_signed: bool) -> None:
        """Finds out whose page asks, and counts who asks, as far as headers tell."""
        origin = headers.get(b"origin")
        if origin is not None and await self._origins.allow(origin):
            reply.origin = origin
        if method == "OPTIONS":
            return
        if is_signed or any(name in headers for name in CREDENTIALS):
            # Perhaps nobody looks at what it shows.
            reply.count = partial(self._limits.count_address, known)
        else:
            await self._limits.count_address(known)

    async def _fail(self, error: Exception, scope: Scope, receive: Receive, reply: Reply) -> None:
        failed = failure(error)
        known = exchange(scope)
        if failed.status >= 500:
            log.error("failed", request_id=known.request_id, method=scope["method"], path=scope["path"], exc_info=error)
        if reply.status:
            # Half an answer is out: only a broken connection says that the rest will not come.
            raise error
        if known.window is None and scope["path"].startswith(API):
            try:
                await self._limits.count_address(known)
            except RateLimited as limited:
                failed = limited
        await _send_error(failed, scope, receive, reply)

    def _tell(self, scope: Scope, known: Exchange, *, status: int, seconds: float) -> None:
        method = scope["method"]
        self._metrics.observe(known.route, method, status=status, seconds=seconds)
        told = {
            **known.facts,
            "request_id": known.request_id,
            "method": method,
            # Without the query, which may hold a secret.
            "path": scope["path"][:LOGGED],
            "status": status,
            "ms": round(seconds * 1000, 2),
            "address": known.address,
        }
        log.info("request", **told)


def _request_id(headers: Headers) -> str:
    sent = headers.get(b"x-request-id")
    return sent.decode() if sent and SANE_ID.fullmatch(sent) else new_id("req")


def _taken(scope: Scope, receive: Receive, headers: Headers, *, strict: bool) -> Receive:
    """The body of a request, bounded and of the type that the address takes; `strict`: it is read here and checked."""
    intake = intake_of(scope["method"], exchange(scope).route)
    counted = Counted(receive, limit=intake.limit, json=headers if intake.json else None).receive
    return Checked(counted).receive if strict and intake.json and scope["method"] in WITH_BODY else counted


def _options(place: Place, headers: Headers, *, allowed: bool) -> Response:
    response = Response(status_code=204, headers={"Allow": place.allow})
    if allowed and b"access-control-request-method" in headers:
        response.headers.update({"Access-Control-Allow-Methods": place.allow, **PREFLIGHT})
    return response


async def _send_error(error: ConduetError, scope: Scope, receive: Receive, reply: Reply) -> None:
    body = error.body()
    if error.status >= 500:
        body["error"] = f"{error.message} (request id {exchange(scope).request_id})"
    response = Response(dumps(body), error.status, error.headers, media_type="application/json")
    if error.status == 401:
        response.headers.setdefault("WWW-Authenticate", "Bearer")
    await response(scope, receive, reply.send)
