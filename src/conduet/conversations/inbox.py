"""The API for people who see to a project's conversations."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response

from conduet.accounts.access import Access
from conduet.conversations import examples
from conduet.conversations.description import STATE
from conduet.conversations.scope import DEVELOPER, Asker, ConversationScope
from conduet.conversations.states import States
from conduet.conversations.wire import parse_user_id
from conduet.kit.etag import etag
from conduet.kit.json import dumps
from conduet.kit.openapi import failures

JSON: Final = "application/json"

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]
UserId = Annotated[str, Path(alias="userId", examples=["user_123"])]


def inbox_routes(access: Access, states: States) -> APIRouter:
    """What a person does in a conversation that was handed to them."""
    router = APIRouter(tags=["Inbox"])

    async def hand_back(request: Request, project_id: ProjectId, user_id: UserId) -> Response:
        principal = await access.by_project(request, project_id)
        scope = ConversationScope(principal.scope, parse_user_id(user_id))
        shown = await states.hand_back(Asker(scope, "dashboard", DEVELOPER))
        return Response(dumps(shown.body), headers={"ETag": etag(shown.revision)}, media_type=JSON)

    router.add_api_route(
        "/projects/{projectId}/inbox/{userId}/hand-back",
        hand_back,
        methods=["POST"],
        summary="Give a conversation that was handed to a person back to the agent",
        description="The agent goes on with the user's next action. A 409 when no person has the conversation.",
        responses={**_state(), **failures(400, 401, 403, 404, 409, 429)},
    )
    return router


def _state() -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {JSON: {"schema": STATE, "example": examples.STATE}}}}
