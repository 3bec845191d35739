"""The API of what happens in a project while people work on it: a stream of events, and where everybody is."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import Path, Request, Response
from pydantic import Field
from starlette.responses import StreamingResponse

from conduet.accounts.access import Access
from conduet.accounts.principal import Principal, revocation_topic
from conduet.accounts.store import list_member_names
from conduet.errors import BadRequest, Forbidden, NotFound
from conduet.kit.clock import from_milliseconds, iso, milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.kit.exchange import stopping
from conduet.kit.json import dumps, parse
from conduet.kit.openapi import failures, success, takes
from conduet.kit.router import Router
from conduet.kit.schema import Wire, parsed
from conduet.projects.feed import Feeds, Listener
from conduet.projects.feed_store import PRESENT_MS, Present, put_presence, remove_presence

JSON: Final = "application/json"
HEADER: Final = "Last-Event-ID"
KEEP_ALIVE_SECONDS: Final = 15.0
CHECK_SECONDS: Final = 1.0
"""The least time between two looks whether the credential still opens anything."""

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]

_NUMBER: Final = re.compile("[0-9]{1,15}", re.ASCII)
_EXAMPLE: Final = (
    'id: 41\ndata: {"type":"hello","payload":{"revision":12,"people":[]},"time":"2026-11-26T12:00:00.000Z"}\n\n'
    'id: 42\ndata: {"type":"revision","payload":{"revision":13,"memberId":"mem_1","memberName":"Ana",'
    '"clientId":"tab-1","workflows":[{"id":"main","steps":["hello"],"connections":false,"notes":false}],"parts":[],"isWhole":true},'
    '"time":"2026-11-26T12:00:03.000Z"}\n\n'
)
_HELP: Final = """
Each event is `{type, payload, time}`. The first is `hello` `{revision, people}`: where things stand. Then

- `revision` `{revision, memberId, memberName, clientId, workflows: [{id, steps, connections, notes}], parts,
  isWhole}`: who saved, the ids of the steps that were added, changed or removed, whether connections or notes were, and
  the other parts of the document; with `isWhole: false` there were too many steps to name. `clientId` is the
  `X-Client-Id` of the save.
- `presence` `{people: [{memberId, clientId, memberName, workflowId, stepId, cursor}]}`: everybody who is there.
- `job` `{kind: document, id, name, status, progress, error}`: how a document of the knowledge base does.
- `inbox` `{userId, status, memberId}`: a conversation of the inbox is another now; without `userId` one is gone.
- `run` `{runId, pipelineId, status}`: a post of a pipeline is another now, or one of its targets took or refused it.
- `comment` `{threadId, commentId, action, memberId, mentions}`.

With `Last-Event-ID` what was missed comes first, as far as the last 1,000 events reach.
"""


class Cursor(Wire):
    """A point of the canvas."""

    x: float
    y: float


class NewPresence(Wire):
    """Where somebody's page is; it counts for 30 s."""

    client_id: Annotated[str, Field(min_length=1, max_length=64, description="Which page of theirs.")]
    workflow_id: Annotated[str | None, Field(max_length=200)] = None
    step_id: Annotated[str | None, Field(max_length=200)] = None
    cursor: Cursor | None = None
    gone: Annotated[bool, Field(description="The page is closed.")] = False


class ShownPresence(Wire):
    """Until when somebody is there who does not say so again; null: they are gone."""

    expires_at: str | None


def feed_routes(access: Access, database: Database, feeds: Feeds) -> Router:
    """The stream, and what is said of oneself."""
    router, routes = Router(tags=["Editing together"]), _Routes(access, database, feeds)
    header = {"name": HEADER, "in": "header", "required": False, "description": "The last event seen.", "example": "41"}
    streamed = {"content": {"text/event-stream": {"schema": {"type": "string"}, "example": _EXAMPLE}}}
    router.add_api_route(
        "/projects/{projectId}/events",
        routes.follow,
        methods=["GET"],
        summary="Follow what happens in a project, with Server-Sent Events",
        description=_HELP,
        response_class=StreamingResponse,
        responses={200: {"description": "Events, as they happen.", **streamed}, **failures(400, 401, 404, 429)},
        openapi_extra={"parameters": [{**header, "schema": {"type": "string"}}]},
    )
    router.add_api_route(
        "/projects/{projectId}/presence",
        routes.present,
        methods=["POST"],
        summary="Say where in the project one is",
        description="Again at least every 30 s, and when it changes; `gone` when the page is closed.",
        responses={
            **success({"expiresAt": "2026-11-26T12:00:30.000Z"}, model=ShownPresence),
            **failures(400, 401, 403, 404, 413, 415, 429),
        },
        openapi_extra=takes(
            NewPresence, {"clientId": "tab-1", "workflowId": "main", "stepId": "hello", "cursor": {"x": 40, "y": 120.5}}
        ),
    )
    return router


class _Routes:
    def __init__(self, access: Access, database: Database, feeds: Feeds) -> None:
        self._access = access
        self._database = database
        self._feeds = feeds

    async def follow(self, request: Request, project_id: ProjectId) -> Response:
        principal = await self._access.by_project(request, project_id)
        listener = await self._feeds.begin(principal.scope, after=_number(request.headers.get(HEADER)))
        if listener is None:
            raise NotFound("There is no such project.")
        sent = self._send(principal, listener, stopping(request.scope) or asyncio.Event())
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(sent, headers=headers, media_type="text/event-stream")

    async def present(self, request: Request, project_id: ProjectId) -> Response:
        principal = await self._access.by_project(request, project_id)
        member_id = principal.member_id
        if member_id is None:
            raise Forbidden("Only a member of the account is present.")
        said = parsed(NewPresence, parse(await request.body()))
        at = milliseconds(now())
        until = at + PRESENT_MS

        def work(tx: Tx) -> None:
            if said.gone:
                remove_presence(tx, principal.scope, member_id=member_id, client_id=said.client_id)
                return
            place: dict[str, Any] = {"memberName": list_member_names(tx, principal.account).get(member_id, "")}
            place |= said.model_dump(by_alias=True, include={"workflow_id", "step_id", "cursor"})
            found = Present(member_id, said.client_id, dumps(place).decode(), until)
            put_presence(tx, principal.scope, found, now_ms=at)

        # Whoever is missed after a power cut says again where they are.
        await self._database.write(work, durable=False)
        shown = ShownPresence(expires_at=None if said.gone else iso(from_milliseconds(until)))
        return Response(shown.model_dump_json(by_alias=True), media_type=JSON)

    async def _send(self, principal: Principal, listener: Listener, stops: asyncio.Event) -> AsyncIterator[bytes]:
        """Sends until the credential opens nothing any more, the project is gone, or the server stops."""
        loop, wake = asyncio.get_running_loop(), self._database.wake
        topic = revocation_topic(principal.credential_id)
        stop, revoked = asyncio.create_task(stops.wait()), wake.begin(topic)
        checked_at = loop.time() - CHECK_SECONDS
        try:
            # The head goes out with it, so that a client knows that it is connected.
            yield b": connected\n\n"
            sent_at = loop.time()
            while not stop.done() and not (listener.is_over and not listener.pieces):
                if revoked.done() and loop.time() - checked_at >= CHECK_SECONDS:
                    revoked, checked_at = wake.begin(topic), loop.time()
                    if not await self._access.still_valid(principal):
                        return
                if listener.pieces:
                    pieces, listener.pieces, sent_at = listener.pieces, [], loop.time()
                    yield b"".join(piece for _, piece in pieces)
                    continue
                left = sent_at + KEEP_ALIVE_SECONDS - loop.time()
                if left <= 0:
                    sent_at = loop.time()
                    if not await self._access.still_valid(principal):
                        return
                    yield b": keep-alive\n\n"
                    continue
                await self._wait(listener, stop, revoked, left=left, checked_at=checked_at)
        finally:
            stop.cancel()
            wake.end(topic, revoked)
            self._feeds.end(principal.scope, listener)

    async def _wait(
        self,
        listener: Listener,
        stop: "asyncio.Task[Any]",
        revoked: "asyncio.Future[None]",
        *,
        left: float,
        checked_at: float,
    ) -> None:
        """Until there is something to send or to check."""
        futures: list[asyncio.Future[Any]] = [stop, listener.wait()]
        if revoked.done():
            left = min(left, checked_at + CHECK_SECONDS - asyncio.get_running_loop().time())
        else:
            futures.append(revoked)
        await asyncio.wait(futures, timeout=max(0.0, left), return_when=asyncio.FIRST_COMPLETED)


def _number(header: str | None) -> int | None:
    if header is None:
        return None
    if not _NUMBER.fullmatch(header):
        raise BadRequest.at(f"header.{HEADER}", "It is the `id` of an event of this project: a number.")
    return int(header)
