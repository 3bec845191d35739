"""The conversation endpoints, outside FastAPI's dependency layer because most requests are turns."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from conduet.accounts.access import Access
from conduet.conversations import stream as sse
from conduet.conversations.door import Door, Pass, Visit, developer_door, key_door
from conduet.conversations.idempotency import HEADER, read_key
from conduet.conversations.turn import Ask
from conduet.conversations.turns import Answer, Taking, Turns
from conduet.conversations.wire import parse_interact
from conduet.kit.db import Database
from conduet.kit.exchange import exchange

JSON = "application/json"

Endpoint = Callable[[Request], Awaitable[Response]]


class _App:
    """An endpoint as Starlette runs it without wrapping it in anything."""

    __slots__ = ("_endpoint",)

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._endpoint(Request(scope, receive, send))
        await response(scope, receive, send)


def conversation_routes(access: Access, database: Database, turns: Turns) -> Sequence[Route]:
    """The paths by project key, and the same by developer below `/projects/{projectId}`."""
    by_key = _Conversations(access, database, turns, door=key_door(access))
    by_developer = _Conversations(access, database, turns, door=developer_door(access))
    return [
        *by_key.routes("/api/v1/conversations/{userId}"),
        *by_developer.routes("/api/v1/projects/{projectId}/conversations/{userId}"),
        *by_developer.routes("/v1/projects/{projectId}/conversations/{userId}"),
    ]


class _Conversations:
    def __init__(self, access: Access, database: Database, turns: Turns, *, door: Door) -> None:
        self._access = access
        self._database = database
        self._turns = turns
        self._door = door

    def routes(self, base: str) -> Sequence[Route]:
        return [
            Route(f"{base}/interact", _App(self.interact), methods=["POST"]),
            Route(f"{base}/interact/stream", _App(self.stream), methods=["POST"]),
        ]

    async def interact(self, request: Request) -> Response:
        _, taking = await self._take(request)
        answer = await taking.answer()
        return _answer(answer)

    async def stream(self, request: Request) -> Response:
        visit, taking = await self._take(request)
        answer = await taking.begin()
        if answer is not None:
            if answer.turn_id is None:
                return _answer(answer)
            events = [orjson.dumps(trace) for trace in orjson.loads(answer.body)]
            return self._respond(visit, answer.turn_id, sse.follow_stored(events), {"Idempotent-Replayed": "true"})
        return self._respond(visit, taking.live.turn_id, sse.follow_live(taking.live))

    async def _take(self, request: Request) -> tuple[Visit, Taking]:
        visit = await self._door(request, _TURN)
        body = await request.body()
        found, action = parse_interact(body)
        header = request.headers.get(HEADER)
        key = read_key(header, method=request.method, path=request.url.path, body=body) if header is not None else None
        ask = Ask(visit.asker, found.version_id, found.action, orjson.dumps(action), found.variables, key)
        return visit, self._turns.take(ask, exchange(request.scope))

    def _respond(
        self,
        visit: Visit,
        turn_id: str,
        pieces: AsyncIterator[sse.Piece],
        headers: dict[str, str] | None = None,
    ) -> Response:
        async def is_valid() -> bool:
            return await self._access.still_valid(visit.principal)

        return sse.respond(turn_id, pieces, is_valid=is_valid, headers=headers or {})


_TURN = Pass(turn=True)


def _answer(answer: Answer) -> Response:
    headers = {"X-Turn-Id": answer.turn_id} if answer.turn_id else {}
    if answer.repeated:
        headers["Idempotent-Replayed"] = "true"
    return Response(answer.body, answer.status, headers, media_type=JSON)
