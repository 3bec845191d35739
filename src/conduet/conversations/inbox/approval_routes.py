"""The API for people who say yes or no to tools that wait for it."""

from typing import Annotated, Any, Final, Literal, TypeAlias, get_args

import orjson
from fastapi import Path, Request, Response
from pydantic import Field

from conduet.accounts.access import Access
from conduet.conversations import examples
from conduet.conversations.approvals import Approvals
from conduet.conversations.store.approvals import StoredApproval
from conduet.conversations.wire import parse_body
from conduet.errors import BadRequest
from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.exchange import exchange
from conduet.kit.json import dumps
from conduet.kit.openapi import failures
from conduet.kit.page import LINK, PARAMETERS, Place, cut, link, read_page
from conduet.kit.router import Router
from conduet.kit.schema import Wire

JSON: Final = "application/json"

Status: TypeAlias = Literal["waiting", "approved", "rejected", "expired", "withdrawn"]

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]
ApprovalId = Annotated[str, Path(alias="approvalId", examples=[examples.APPROVAL["id"]])]


def approval_routes(access: Access, approvals: Approvals) -> Router:
    """The list of what waits, and the yes or no."""
    router = Router(tags=["Inbox"])
    _add_approvals(router, _Approving(access, approvals))
    return router


class Answer(Wire):
    """A yes or a no."""

    approved: bool
    note: Annotated[str | None, Field(max_length=2_000, description="Why; the flow may tell the user.")] = None


class ShownApproval(Wire):
    """A tool that waits, or waited, for a yes."""

    id: str
    user_id: str
    tool_name: str
    arguments: Annotated[Any, Field(description="What the tool would be used on, without secrets.")]
    status: Status
    asked_at: str
    answered_at: str | None
    answered_by: Annotated[str | None, Field(description="The member who said yes or no; null: nobody did.")]
    note: str | None

    @classmethod
    def of(cls, stored: StoredApproval) -> "ShownApproval":
        """As answers show it."""
        status: Any = stored.status
        return cls(
            id=stored.id,
            user_id=stored.user_id,
            tool_name=stored.tool_name,
            arguments=orjson.loads(stored.arguments),
            status=status,
            asked_at=iso(from_milliseconds(stored.asked_at)),
            answered_at=iso(from_milliseconds(stored.answered_at)) if stored.answered_at else None,
            answered_by=stored.answered_by,
            note=stored.note,
        )


class _Approving:
    def __init__(self, access: Access, approvals: Approvals) -> None:
        self._access = access
        self._approvals = approvals

    async def list(self, request: Request, project_id: ProjectId) -> Response:
        principal = await self._access.by_project(request, project_id)
        status = request.query_params.get("status")
        if status is not None and status not in get_args(Status):
            raise BadRequest.at("query.status", f"One of {', '.join(get_args(Status))}.")
        page = read_page(request)
        found = await self._approvals.list(principal.scope, page, status=status)
        shown, following = cut(found, page, lambda each: Place(each.asked_at, each.id))
        body = dumps([ShownApproval.of(each).model_dump(by_alias=True) for each in shown])
        return Response(body, headers=link(request, following), media_type=JSON)

    async def answer(self, request: Request, project_id: ProjectId, approval_id: ApprovalId) -> Response:
        principal = await self._access.by_project(request, project_id)
        said = parse_body(await request.body(), Answer)
        answered = await self._approvals.answer(
            principal.scope,
            approval_id,
            approved=said.approved,
            note=said.note,
            by=principal.member_id,
            seen=exchange(request.scope),
        )
        return Response(dumps(ShownApproval.of(answered).model_dump(by_alias=True)), media_type=JSON)


def _add_approvals(router: Router, routes: _Approving) -> None:
    path = "/projects/{projectId}/approvals"
    status = {"type": "string", "enum": [*get_args(Status)]}
    query = {"name": "status", "in": "query", "description": "Only those.", "schema": status, "example": "waiting"}
    listed = {"content": {JSON: {"example": [examples.APPROVAL]}}, "model": list[ShownApproval], "headers": LINK}
    router.add_api_route(
        path,
        routes.list,
        methods=["GET"],
        summary="List the tools that wait, or waited, for a person's yes, most recent first",
        responses={200: listed, **failures(400, 401, 404, 429)},
        openapi_extra={"parameters": [query, *PARAMETERS]},
    )
    answered = {"content": {JSON: {"example": examples.APPROVED}}, "model": ShownApproval}
    body = {"schema": Answer, "example": {"approved": True, "note": "A regular."}}
    router.add_api_route(
        path + "/{approvalId}",
        routes.answer,
        methods=["POST"],
        summary="Say yes or no to a tool",
        description="The server takes the turn that follows; its traces reach the user by their events. Once: a second "
        "answer is a 409. After 24 h without one it is a no.",
        responses={200: answered, **failures(400, 401, 403, 404, 409, 413, 415, 429)},
        openapi_extra={"requestBody": {"required": True, "content": {JSON: body}}},
    )
