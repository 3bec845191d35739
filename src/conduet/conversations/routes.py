"""The conversation endpoints, outside FastAPI's dependency layer because most requests are turns."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from conduet.accounts.access import Access
from conduet.conversations.chat import Chats
from conduet.conversations.discreet import discreet
from conduet.conversations.door import Door, Pass, Visit, developer_door, key_door
from conduet.conversations.events import Events
from conduet.conversations.feedback import Feedbacks
from conduet.conversations.files import Files
from conduet.conversations.idempotency import HEADER as KEY
from conduet.conversations.idempotency import read_key
from conduet.conversations.merging import Merged, Merges
from conduet.conversations.replay import Replays
from conduet.conversations.replies import JSON, stream, streamed, whole
from conduet.conversations.resume import HEADER as LAST_EVENT_ID
from conduet.conversations.resume import Resumes
from conduet.conversations.states import Shown, States
from conduet.conversations.turn import Ask
from conduet.conversations.turns import Taking, Turns
from conduet.conversations.wire import Feedback, Merging, NewState, Replay, parse_body, parse_interact, parse_variables
from conduet.engine.plugins import Plugins
from conduet.kit.db import Database
from conduet.kit.etag import etag
from conduet.kit.exchange import exchange
from conduet.kit.json import dumps
from conduet.limits.wide import WideLimits
from conduet.projects.documents import Documents

Endpoint = Callable[[Request], Awaitable[Response]]

TURN: Final = Pass(turn=True)
READ: Final = Pass()
SECRET: Final = Pass(widget=False)


class _App:
    """An endpoint as Starlette runs it without wrapping it in anything."""

    __slots__ = ("_endpoint",)

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._endpoint(Request(scope, receive, send))
        await response(scope, receive, send)


class Conversations:
    """The endpoints, for whoever comes through `door`."""

    def __init__(
        self,
        access: Access,
        turns: Turns,
        *,
        states: States,
        resumes: Resumes,
        replays: Replays,
        events: Events,
        files: Files,
        feedbacks: Feedbacks,
        merges: Merges,
        door: Door,
    ) -> None:
        self._access = access
        self._turns = turns
        self._states = states
        self._resumes = resumes
        self._replays = replays
        self._events = events
        self._files = files
        self._feedbacks = feedbacks
        self._merges = merges
        self._door = door

    def routes(self, base: str) -> Sequence[Route]:
        """The six endpoints, what stands beside turns, and those that follow from a turn's id, below `base`."""
        turn = f"{base}/turns/{{turnId}}"
        return [
            Route(f"{base}/interact", _App(self.interact), methods=["POST"]),
            Route(f"{base}/interact/stream", _App(self.interact_stream), methods=["POST"]),
            Route(f"{base}/state", _App(self.get_state), methods=["GET"]),
            Route(f"{base}/state", _App(self.put_state), methods=["PUT"]),
            Route(f"{base}/state", _App(self.delete_state), methods=["DELETE"]),
            Route(f"{base}/variables", _App(self.patch_variables), methods=["PATCH"]),
            Route(f"{base}/events", _App(self._events.follow), methods=["GET"]),
            Route(f"{base}/files", _App(self.send_file), methods=["POST"]),
            Route(f"{base}/messages/{{messageId}}/feedback", _App(self.rate), methods=["PUT"]),
            Route(f"{base}/merge", _App(self.merge), methods=["POST"]),
            Route(turn, _App(self.turn), methods=["GET"]),
            Route(f"{turn}/stream", _App(self.resume), methods=["GET"]),
            Route(f"{turn}/traces/{{n}}", _App(self.trace), methods=["GET"]),
            Route(f"{turn}/calls", _App(self.calls), methods=["GET"]),
            Route(f"{turn}/replay", _App(self.replay), methods=["POST"]),
        ]

    async def interact(self, request: Request) -> Response:
        """One action in, all traces of the turn out."""
        visit, taking = await self._take(request, is_followed=False)
        return whole(visit.principal, await taking.answer())

    async def interact_stream(self, request: Request) -> Response:
        """The same turn as Server-Sent Events."""
        visit, taking = await self._take(request, is_followed=True)
        return await streamed(self._access, visit.principal, taking)

    async def get_state(self, request: Request) -> Response:
        """The state."""
        visit = await self._door(request, READ)
        return _state(await self._states.get(visit.asker))

    async def put_state(self, request: Request) -> Response:
        """Replaces the state whole."""
        visit = await self._door(request, SECRET)
        new = parse_body(await request.body(), NewState)
        return _state(await self._states.put(visit.asker, new, if_match=_if_match(request)))

    async def patch_variables(self, request: Request) -> Response:
        """Merges variables into the state."""
        visit = await self._door(request, READ)
        values = parse_variables(await request.body())
        return _state(await self._states.patch(visit.asker, values, if_match=_if_match(request)))

    async def delete_state(self, request: Request) -> Response:
        """Resets the conversation."""
        visit = await self._door(request, READ)
        await self._states.delete(visit.asker, if_match=_if_match(request))
        return Response(status_code=204)

    async def send_file(self, request: Request) -> Response:
        """A file that the user sends."""
        visit = await self._door(request, READ)
        sent = await self._files.take(request, visit)
        return Response(sent.model_dump_json(by_alias=True), 201, media_type=JSON)

    async def rate(self, request: Request) -> Response:
        """What the user thinks of a message."""
        visit = await self._door(request, READ)
        said = parse_body(await request.body(), Feedback)
        message_id = await self._feedbacks.rate(visit.asker, request.path_params["messageId"], said)
        body = {"messageId": message_id, "rating": said.rating, "comment": said.comment}
        return Response(dumps(body), media_type=JSON)

    async def merge(self, request: Request) -> Response:
        """Two users who turn out to be one."""
        visit = await self._door(request, SECRET)
        asked = parse_body(await request.body(), Merging)
        return _state(await self._merges.merge(visit.asker, asked.into, by=visit.principal))

    async def turn(self, request: Request) -> Response:
        """What a turn began with, and which way it went."""
        visit = await self._door(request, SECRET)
        recorded = await self._replays.recorded(visit.asker, request.path_params["turnId"])
        return Response(recorded.model_dump_json(by_alias=True), media_type=JSON)

    async def calls(self, request: Request) -> Response:
        """What a turn asked of the world."""
        visit = await self._door(request, SECRET)
        request_id = exchange(request.scope).request_id
        calls = await self._replays.calls(visit.asker, request.path_params["turnId"], request_id=request_id)
        return Response(dumps([each.model_dump(by_alias=True) for each in calls]), media_type=JSON)

    async def resume(self, request: Request) -> Response:
        """The events of a turn after the last one seen."""
        visit = await self._door(request, READ)
        turn_id = request.path_params["turnId"]
        pieces = await self._resumes.follow(visit.asker, turn_id, last_event_id=request.headers.get(LAST_EVENT_ID))
        return stream(self._access, visit.principal, turn_id, pieces)

    async def trace(self, request: Request) -> Response:
        """A trace whole."""
        visit = await self._door(request, READ)
        path = request.path_params
        found = await self._resumes.trace(visit.asker, path["turnId"], number=path["n"])
        return Response(discreet(found) if visit.asker.is_page else found, media_type=JSON)

    async def replay(self, request: Request) -> Response:
        """A turn run again."""
        visit = await self._door(request, SECRET)
        body = await request.body()
        how = parse_body(body, Replay) if body else Replay()
        turn_id = request.path_params["turnId"]
        request_id = exchange(request.scope).request_id
        replayed = await self._replays.replay(visit.asker, turn_id, how, request_id=request_id)
        return Response(dumps(replayed), media_type=JSON)

    async def _take(self, request: Request, *, is_followed: bool) -> tuple[Visit, Taking]:
        visit = await self._door(request, TURN)
        body = await request.body()
        found, action = parse_interact(body)
        header = request.headers.get(KEY)
        key = read_key(header, method=request.method, path=request.url.path, body=body) if header is not None else None
        ask = Ask(
            visit.asker,
            found.version_id,
            found.action,
            orjson.dumps(action),
            found.variables,
            key,
            is_followed=is_followed,
        )
        return visit, self._turns.take(ask, exchange(request.scope))


def conversation_routes(
    access: Access,
    database: Database,
    documents: Documents,
    turns: Turns,
    *,
    plugins: Plugins,
    limits: WideLimits,
    merged: Merged,
    channels: Collection[str],
) -> Sequence[Route]:
    """The paths by project key, the same by developer below `/projects/{projectId}`, and `chat`.

    `channels` are those whose users no page may begin a conversation for.
    """
    states, resumes = States(database, documents), Resumes(database, turns)
    replays = Replays(database, documents, plugins, turns.minds)
    files, feedbacks, merges = Files(database, limits), Feedbacks(database), Merges(database, states, merged)
    by_key, by_developer = (
        Conversations(
            access,
            turns,
            states=states,
            resumes=resumes,
            replays=replays,
            events=Events(access, database, door=door),
            files=files,
            feedbacks=feedbacks,
            merges=merges,
            door=door,
        )
        for door in (key_door(access, channels), developer_door(access))
    )
    chats = Chats(access, turns)
    routes = [*by_key.routes("/api/v1/conversations/{userId}")]
    for base in ("/api/v1/projects/{projectId}", "/v1/projects/{projectId}"):
        routes += by_developer.routes(f"{base}/conversations/{{userId}}")
        routes.append(Route(f"{base}/chat", _App(chats.chat), methods=["POST"]))
        routes.append(Route(f"{base}/chat/stream", _App(chats.chat_stream), methods=["POST"]))
    return routes


def _state(shown: Shown) -> Response:
    return Response(dumps(shown.body), headers={"ETag": etag(shown.revision)}, media_type=JSON)


def _if_match(request: Request) -> str | None:
    return request.headers.get("if-match")
