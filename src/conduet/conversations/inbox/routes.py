"""The API of the inbox: conversations that people have, take, answer and give back."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, cast, get_args

from fastapi import Path, Request, Response
from pydantic import BaseModel

from conduet.accounts.access import Access
from conduet.conversations.description import STATE
from conduet.conversations.examples import STATE as STATE_EXAMPLE
from conduet.conversations.idempotency import HEADER as KEY
from conduet.conversations.idempotency import read_key
from conduet.conversations.inbox import examples
from conduet.conversations.inbox.desk import Chair, Desk
from conduet.conversations.inbox.schemas import (
    Answered,
    Assignment,
    HandingBack,
    Inbox,
    InboxConversation,
    InboxEntry,
    InboxNote,
    NewNote,
    Reply,
    Snooze,
)
from conduet.conversations.replies import REPLAYED
from conduet.conversations.states import States
from conduet.conversations.store.inbox import Queue
from conduet.conversations.store.repeat import Key
from conduet.conversations.wire import parse_body, parse_user_id
from conduet.errors import BadRequest
from conduet.kit.clock import in_utc, milliseconds, now
from conduet.kit.etag import etag
from conduet.kit.json import dumps
from conduet.kit.openapi import failures, success, takes
from conduet.kit.page import LINK, PARAMETERS, link, read_page
from conduet.kit.router import Router

JSON: Final = "application/json"
YEAR: Final = timedelta(days=366)

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]
UserId = Annotated[str, Path(alias="userId", examples=["user_123"])]

_ACTS: Final = (400, 401, 403, 404, 409, 413, 415, 429)


class _Routes:
    def __init__(self, access: Access, desk: Desk, states: States) -> None:
        self._access = access
        self._desk = desk
        self._states = states

    async def list(self, request: Request, project_id: ProjectId) -> Response:
        principal = await self._access.by_project(request, project_id)
        queue = request.query_params.get("queue", "all")
        if queue not in get_args(Queue):
            raise BadRequest.at("query.queue", f"One of {', '.join(get_args(Queue))}.")
        found, following = await self._desk.list(principal, read_page(request), cast("Queue", queue))
        return _json(found, headers=link(request, following))

    async def get(self, request: Request, project_id: ProjectId, user_id: UserId) -> Response:
        return _json(await self._desk.get(await self._chair(request, project_id, user_id)))

    async def take(self, request: Request, project_id: ProjectId, user_id: UserId) -> Response:
        return _json(await self._desk.take(await self._chair(request, project_id, user_id)))

    async def reply(self, request: Request, project_id: ProjectId, user_id: UserId) -> Response:
        chair = await self._chair(request, project_id, user_id)
        body = await request.body()
        reply = parse_body(body, Reply)
        if not reply.text.strip() and not reply.attachments:
            raise BadRequest.at("text", "A reply has words, attachments or both.")
        key = read_key(request.headers.get(KEY), method=request.method, path=request.url.path, body=body)
        # Apart from the keys of turns, which the user's page may choose as well.
        own = Key(f"inbox {key.text}", key.fingerprint) if key else None
        answered, is_repeated = await self._desk.reply(chair, reply, own)
        if isinstance(answered, bytes):
            return Response(answered, headers={REPLAYED: "true"} if is_repeated else None, media_type=JSON)
        return _json(answered)

    async def note(self, request: Request, project_id: ProjectId, user_id: UserId) -> Response:
        chair = await self._chair(request, project_id, user_id)
        new = parse_body(await request.body(), NewNote)
        return _json(await self._desk.note(chair, new.text), status=201)

    async def assign(self, request: Request, project_id: ProjectId, user_id: UserId) -> Response:
        chair = await self._chair(request, project_id, user_id)
        said = parse_body(await request.body(), Assignment)
        return _json(await self._desk.assign(chair, said.member_id))

    async def snooze(self, request: Request, project_id: ProjectId, user_id: UserId) -> Response:
        chair = await self._chair(request, project_id, user_id)
        said = parse_body(await request.body(), Snooze)
        return _json(await self._desk.snooze(chair, _until(said.until)))

    async def hand_back(self, request: Request, project_id: ProjectId, user_id: UserId) -> Response:
        chair = await self._chair(request, project_id, user_id)
        await self._desk.give(chair, await _note(request))
        shown = await self._states.get(chair.asker)
        return Response(dumps(shown.body), headers={"ETag": etag(shown.revision)}, media_type=JSON)

    async def resolve(self, request: Request, project_id: ProjectId, user_id: UserId) -> Response:
        chair = await self._chair(request, project_id, user_id)
        await self._desk.give(chair, await _note(request), resolves=True)
        return _json(await self._desk.entry(chair))

    async def _chair(self, request: Request, project_id: str, user_id: str) -> Chair:
        principal = await self._access.by_project(request, project_id)
        return Chair.of(principal, parse_user_id(user_id))


def inbox_routes(access: Access, desk: Desk, states: States) -> Router:
    """The queues, and what is done in one conversation."""
    router = Router(tags=["Inbox"])
    routes = _Routes(access, desk, states)
    _add_reading(router, routes)
    _add_talking(router, routes)
    _add_placing(router, routes)
    _add_ending(router, routes)
    return router


def _add_reading(router: Router, routes: _Routes) -> None:
    queue = {"type": "string", "enum": [*get_args(Queue)], "default": "all"}
    query = {"name": "queue", "in": "query", "description": "Which.", "schema": queue, "example": "waiting"}
    router.add_api_route(
        "/projects/{projectId}/inbox",
        routes.list,
        methods=["GET"],
        summary="List a queue of the inbox, the conversation where something happened last first",
        description="`waiting`: nobody has them. `mine`: you do. `all`: both, and those that others have. None of "
        "them has those that are `snoozed`. `queues` counts each, and tells since when the user "
        "waits who has waited longest.",
        responses={**success(examples.INBOX, model=Inbox, headers=LINK), **failures(400, 401, 404, 429)},
        openapi_extra={"parameters": [query, *PARAMETERS]},
    )
    router.add_api_route(
        "/projects/{projectId}/inbox/{userId}",
        routes.get,
        methods=["GET"],
        summary="Read a conversation of the inbox: its last 200 messages, and notes",
        responses={**success(examples.CONVERSATION, model=InboxConversation), **failures(400, 401, 404, 429)},
    )


def _add_talking(router: Router, routes: _Routes) -> None:
    _add(
        router,
        "take",
        routes.take,
        summary="Take a conversation; the agent is silent until it is handed back or resolved",
        description="Also one that the agent has. Of two who take it at once, one gets a 409 that tells who has it. "
        "The user hears of it by a `handoff` trace with `person`.",
        responses=success(examples.TAKEN, model=InboxEntry),
    )
    header = {"name": KEY, "in": "header", "required": False, "description": "Said once however often it is sent."}
    router.add_api_route(
        _path("reply"),
        routes.reply,
        methods=["POST"],
        summary="Answer the user, now or when they are there again",
        description="Takes the conversation if nobody has it; a 409 tells who has it. The user hears it by their "
        "events, or their channel: `text` (and `image`, `video`, `audio`, `file`) traces with `person`.",
        responses={**success(examples.ANSWERED, model=Answered), **failures(*_ACTS)},
        openapi_extra={
            **takes(Reply, {"text": "Bring it in on Thursday."}),
            "parameters": [{**header, "schema": {"type": "string"}, "example": "reply-17"}],
        },
    )
    router.add_api_route(
        _path("note"),
        routes.note,
        methods=["POST"],
        status_code=201,
        summary="Note something for the others; the user never sees it",
        responses={**success(examples.NOTE, status=201, model=InboxNote), **failures(*_ACTS)},
        openapi_extra=takes(NewNote, {"text": "Pads are in stock."}),
    )


def _add_placing(router: Router, routes: _Routes) -> None:
    _add(
        router,
        "assign",
        routes.assign,
        summary="Give a conversation to a member, or (null) to whoever takes it",
        responses=success(examples.TAKEN, model=InboxEntry),
        openapi_extra=takes(Assignment, {"memberId": examples.ANA["id"]}),
    )
    _add(
        router,
        "snooze",
        routes.snooze,
        summary="Put a conversation out of sight until then, or until the user writes",
        responses=success(examples.SNOOZED, model=InboxEntry),
        openapi_extra=takes(Snooze, {"until": examples.SNOOZED["snoozedUntil"]}),
    )


def _add_ending(router: Router, routes: _Routes) -> None:
    body = takes(HandingBack, {"note": "The pads are paid for."})
    body["requestBody"]["required"] = False
    _add(
        router,
        "hand-back",
        routes.hand_back,
        summary="Give a conversation that was handed to a person back to the agent",
        description="The agent goes on with the user's next action; it reads what was said meanwhile, and the note. A "
        "409 when no person has the conversation.",
        responses={200: {"content": {JSON: {"schema": STATE, "example": STATE_EXAMPLE}}}},
        openapi_extra=body,
    )
    _add(
        router,
        "resolve",
        routes.resolve,
        summary="Settle a conversation: its transcript is resolved, and the agent begins anew with the next action",
        responses=success(examples.RESOLVED, model=InboxEntry),
        openapi_extra=body,
    )


def _add(
    router: Router, name: str, act: Callable[..., Awaitable[Response]], *, responses: dict[Any, Any], **more: Any
) -> None:
    router.add_api_route(_path(name), act, methods=["POST"], responses={**responses, **failures(*_ACTS)}, **more)


def _path(name: str) -> str:
    return f"/projects/{{projectId}}/inbox/{{userId}}/{name}"


async def _note(request: Request) -> str | None:
    body = await request.body()
    return parse_body(body, HandingBack).note if body else None


def _until(text: str) -> int:
    """Raises `BadRequest` for what is no moment of the next year."""
    try:
        moment = datetime.fromisoformat(text)
        moment = in_utc(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except ValueError:
        raise BadRequest.at("until", "A time is written as ISO 8601, in UTC with Z.") from None
    if not now() < moment < now() + YEAR:
        raise BadRequest.at("until", "A time that is to come, at most a year ahead.")
    return milliseconds(moment)


def _json(body: BaseModel, *, status: int = 200, headers: Any = None) -> Response:
    return Response(body.model_dump_json(by_alias=True), status, headers, media_type=JSON)
