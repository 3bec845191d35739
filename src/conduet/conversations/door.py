"""Who comes in by which address: a project's key, or a developer under the project's own path."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from conduet.accounts.access import Access
from conduet.accounts.identity import HEADER
from conduet.accounts.principal import Principal
from conduet.analytics.store import DASHBOARD
from conduet.conversations.scope import DEVELOPER, Asker, ConversationScope
from conduet.conversations.wire import parse_user_id
from conduet.errors import NotFound

PREVIEW: Final = "preview-"
"""How the dashboard's preview of the widget calls its users: what is said there counts as what is tried."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at the door of a conversation: as whom they ask, and what they have shown."""

    asker: Asker
    principal: Principal


@dataclass(frozen=True, slots=True)
class Pass:
    """What a door has to know of an endpoint: whether a widget key opens it, and whether its user's rate counts it."""

    widget: bool = True
    turn: bool = False


Door = Callable[[Request, Pass], Awaitable[Visit]]


def key_door(access: Access, channels: Collection[str]) -> Door:
    """By a project key: `/conversations/{userId}/…`.

    Users of `channels` are no page's unless it proves who its user is: their ids can be guessed, and a page that began
    the conversation before they do would have it from then on.
    """

    async def enter(request: Request, way: Pass) -> Visit:
        principal = await access.by_key(request, widget=way.widget, turn=way.turn)
        user_id = parse_user_id(request.path_params["userId"])
        scope = ConversationScope(principal.scope, user_id)
        if not principal.is_widget:
            return Visit(Asker(scope, "api", principal.credential_id), principal)
        proven = await access.proves_user(principal, user_id, request.headers.get(HEADER))
        channel, colon, _ = user_id.partition(":")
        if not proven and colon and channel in channels:
            raise NotFound("There is no such conversation.")
        # By its name alone: whoever is signed in and opens the chat page itself is a visitor of it.
        is_preview = user_id.startswith(PREVIEW) and await access.is_preview(request, principal)
        platform = DASHBOARD if is_preview else "web"
        return Visit(Asker(scope, platform, principal.credential_id, is_page=True, only_own=not proven), principal)

    return enter


def developer_door(access: Access) -> Door:
    """By a developer token or a dashboard session: `/projects/{projectId}/conversations/{userId}/…`."""

    async def enter(request: Request, way: Pass) -> Visit:
        principal = await access.by_project(request, request.path_params["projectId"])
        scope = ConversationScope(principal.scope, parse_user_id(request.path_params["userId"]))
        return Visit(Asker(scope, "api", DEVELOPER), principal)

    return enter
