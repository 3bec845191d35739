"""Talking to a project without a widget: what the dashboard and the command line use."""

import orjson
from starlette.requests import Request
from starlette.responses import Response

from conduet.accounts.access import Access
from conduet.accounts.principal import Principal
from conduet.conversations.journal import Build
from conduet.conversations.replies import JSON, streamed
from conduet.conversations.scope import DEVELOPER, Asker, ConversationScope
from conduet.conversations.spoken import spoken
from conduet.conversations.turn import TURN_ID, Ask
from conduet.conversations.turns import Taking, Turns
from conduet.conversations.wire import Chat, check_message, parse_body
from conduet.engine.action import TextAction, action_json
from conduet.errors import BadRequest
from conduet.kit.exchange import exchange
from conduet.kit.ids import new_id
from conduet.kit.json import dumps
from conduet.projects.store import DEVELOPMENT

USER_ID = "X-User-Id"


class Chats:
    """The endpoints `chat` and `chat/stream`, for developers."""

    def __init__(self, access: Access, turns: Turns) -> None:
        self._access = access
        self._turns = turns

    async def chat(self, request: Request) -> Response:
        """A turn in one piece: `{userId, traces}`."""
        _, user_id, taking = await self._take(request)
        answer = await taking.answer()
        body = dumps({"userId": user_id, "traces": orjson.Fragment(spoken(answer.body))})
        headers = {TURN_ID: taking.live.turn_id, USER_ID: user_id}
        return Response(body, headers=headers, media_type=JSON)

    async def chat_stream(self, request: Request) -> Response:
        """The same turn as Server-Sent Events."""
        principal, user_id, taking = await self._take(request)
        return await streamed(self._access, principal, taking, headers={USER_ID: user_id})

    async def _take(self, request: Request) -> tuple[Principal, str, Taking]:
        principal = await self._access.by_project(request, request.path_params["projectId"])
        found = parse_body(await request.body(), Chat)
        user_id = found.user_id or new_id("user")
        if (found.message is None) == (found.action is None):
            raise BadRequest.at("message", "Send either a `message` or an `action`.")
        action = found.action or TextAction(type="text", payload=found.message or "")
        check_message(action)
        asker = Asker(ConversationScope(principal.scope, user_id), "dashboard", DEVELOPER)
        ask = Ask(
            asker,
            found.version_id,
            action,
            orjson.dumps(action_json(action)),
            found.variables,
            build=_build(found),
            is_followed=True,
        )
        return principal, user_id, self._turns.take(ask, exchange(request.scope))


def _build(found: Chat) -> Build | None:
    """How a turn of the draft is built at; `None` for any other version. Raises `BadRequest` by path."""
    if found.version_id == DEVELOPMENT:
        start = (found.start.workflow_id, found.start.step_id) if found.start else None
        return Build(start, found.mocks or {})
    for name in ("start", "variables", "mocks"):
        if getattr(found, name) is not None:
            raise BadRequest.at(name, "Only a turn of `development` takes this.")
    return None
