"""The API of an account's members, its invitations and its audit list."""

from functools import partial
from typing import Annotated, Any, Final

from fastapi import Path, Request, Response

from conduet.accounts.access import Access
from conduet.accounts.audit_store import Deed, Wanted, audited, list_entries
from conduet.accounts.invitation_store import add_invitation, list_invitations, remove_invitation
from conduet.accounts.member_schemas import (
    MadeInvitation,
    MemberChange,
    NewInvitation,
    WireEntry,
    WireInvitation,
    WireMember,
)
from conduet.accounts.member_store import ListedMember, change_member, list_members, remove_member
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database
from conduet.kit.json import Json, parse
from conduet.kit.openapi import failures, success, takes
from conduet.kit.page import LINK, PARAMETERS, Place, cut, link, read_page
from conduet.kit.router import Router
from conduet.kit.schema import parsed

MemberId = Annotated[str, Path(alias="memberId", examples=["mem_18bd2f7a9c3e41d0a1b2c3d4e5f60718"])]
InvitationId = Annotated[str, Path(alias="invitationId", examples=["inv_18bd2f7a9c3e41d0a1b2c3d4e5f60718"])]

_MEMBER: Final = {
    "id": "mem_18bd2f7a9c3e41d0a1b2c3d4e5f60718",
    "name": "Ada",
    "role": "editor",
    "login": "ada",
    "email": "ada@example.com",
    "createdAt": "2026-11-26T12:00:00.000Z",
}
_INVITATION: Final = {
    "id": "inv_18bd2f7a9c3e41d0a1b2c3d4e5f60718",
    "name": "Grace",
    "role": "agent",
    "email": None,
    "expiresAt": "2026-12-03T12:00:00.000Z",
    "createdAt": "2026-11-26T12:00:00.000Z",
}
_ENTRY: Final[dict[str, Json]] = {
    "id": "aud_18bd2f7a9c3e41d0a1b2c3d4e5f60718",
    "createdAt": "2026-11-26T12:00:00.000Z",
    "memberId": "mem_18bd2f7a9c3e41d0a1b2c3d4e5f60718",
    "memberName": "Ada",
    "credential": "session:sess_18bd2f7a9c3e41d0a1b2c3d4e5f60718",
    "projectId": None,
    "action": "member.changed",
    "target": "mem_18bd2f7a9c3e41d0a1b2c3d4e5f60719",
    "before": {"name": "Grace", "role": "viewer"},
    "after": {"name": "Grace", "role": "editor"},
}
_CHANGE: Final = (400, 401, 403, 404, 409, 413, 415, 429)
INVITATION_PATH: Final = "/sign-in?invitation="


def member_routes(access: Access, database: Database) -> Router:
    """Who works on an account's projects, and what they did."""
    router = Router()
    _add_members(router, _Members(access, database))
    _add_invitations(router, _Members(access, database))
    return router


def _add_members(router: Router, members: "_Members") -> None:
    router.add_api_route(
        "/members",
        members.list,
        methods=["GET"],
        tags=["Members"],
        summary="List who works on the account's projects",
        responses=success([_MEMBER]) | failures(401, 403, 429),
    )
    router.add_api_route(
        "/members/{memberId}",
        members.change,
        methods=["PATCH"],
        tags=["Members"],
        summary="Change a member's name, role or e-mail address, at once",
        responses=success(_MEMBER) | failures(*_CHANGE),
        openapi_extra=takes(MemberChange, {"role": "editor"}),
    )
    router.add_api_route(
        "/members/{memberId}",
        members.remove,
        methods=["DELETE"],
        status_code=204,
        tags=["Members"],
        summary="Remove a member, with their sessions and tokens",
        responses=failures(401, 403, 404, 409, 429),
    )
    router.add_api_route(
        "/audit",
        members.audit,
        methods=["GET"],
        tags=["Members"],
        summary="List who did what, the latest first; nobody can change it",
        responses=success([_ENTRY], headers=LINK) | failures(400, 401, 403, 429),
        openapi_extra={"parameters": [*PARAMETERS, *_WANTED]},
    )


def _parameter(name: str, description: str, example: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": {"type": "string"},
        "example": example,
    }


_WANTED: Final = (
    _parameter("projectId", "Only what was done in this project.", "proj_demo"),
    _parameter("memberId", "Only what this member did, who may have left.", "mem_18bd2f7a9c3e41d0a1b2c3d4e5f60718"),
    _parameter("action", "Only this action (`key.revoked`), or all of its kind (`key`).", "key"),
)


def _add_invitations(router: Router, members: "_Members") -> None:
    router.add_api_route(
        "/invitations",
        members.invitations,
        methods=["GET"],
        tags=["Members"],
        summary="List the invitations that are still open",
        responses=success([_INVITATION]) | failures(401, 403, 429),
    )
    made = {**_INVITATION, "token": "k3J9…", "path": f"{INVITATION_PATH}k3J9…"}
    router.add_api_route(
        "/invitations",
        members.invite,
        methods=["POST"],
        status_code=201,
        tags=["Members"],
        summary="Invite somebody by a link, which is shown once and works once, within 7 days",
        responses=success(made, status=201) | failures(400, 401, 403, 413, 415, 429),
        openapi_extra=takes(NewInvitation, {"name": "Grace", "role": "agent"}),
    )
    router.add_api_route(
        "/invitations/{invitationId}",
        members.uninvite,
        methods=["DELETE"],
        status_code=204,
        tags=["Members"],
        summary="Take an invitation back",
        responses=failures(401, 403, 404, 429),
    )


class _Members:
    def __init__(self, access: Access, database: Database) -> None:
        self._access = access
        self._database = database

    async def list(self, request: Request) -> "list[WireMember]":
        principal = await self._access.by_developer(request)
        found = await self._database.read(partial(list_members, scope=principal.account))
        return [WireMember.of(each) for each in found]

    async def change(self, request: Request, member_id: MemberId) -> WireMember:
        principal = await self._access.by_developer(request)
        asked = parsed(MemberChange, parse(await request.body()))
        work = partial(change_member, scope=principal.account, member_id=member_id, changes=asked.changes())
        _, after = await self._database.write(audited(principal, work, changed))
        return WireMember.of(after)

    async def remove(self, request: Request, member_id: MemberId) -> None:
        principal = await self._access.by_developer(request)
        work = partial(remove_member, scope=principal.account, member_id=member_id)
        await self._database.write(
            audited(principal, work, lambda removed: Deed("member.removed", removed.id, _facts(removed)))
        )

    async def invitations(self, request: Request) -> "list[WireInvitation]":
        principal = await self._access.by_developer(request)
        work = partial(list_invitations, scope=principal.account, now_ms=milliseconds(now()))
        return [WireInvitation.of(each) for each in await self._database.read(work)]

    async def invite(self, request: Request) -> MadeInvitation:
        principal = await self._access.by_developer(request)
        asked = parsed(NewInvitation, parse(await request.body()))
        work = partial(
            add_invitation,
            scope=principal.account,
            name=asked.name,
            role=asked.role,
            email=asked.email,
            now_ms=milliseconds(now()),
        )
        facts: dict[str, Json] = {"name": asked.name, "role": asked.role, "email": asked.email}
        made, token = await self._database.write(
            audited(principal, work, lambda done: Deed("member.invited", done[0].id, after=facts))
        )
        return MadeInvitation(**WireInvitation.of(made).model_dump(), token=token, path=f"{INVITATION_PATH}{token}")

    async def uninvite(self, request: Request, invitation_id: InvitationId) -> None:
        principal = await self._access.by_developer(request)
        work = partial(remove_invitation, scope=principal.account, invitation_id=invitation_id)
        await self._database.write(audited(principal, work, Deed("invitation.removed", invitation_id)))

    async def audit(self, request: Request, response: Response) -> "list[WireEntry]":
        principal = await self._access.by_developer(request)
        page = read_page(request)
        query = request.query_params
        wanted = Wanted(query.get("projectId"), query.get("memberId"), query.get("action"))
        found = await self._database.read(partial(list_entries, scope=principal.account, page=page, wanted=wanted))
        shown, following = cut(found, page, lambda each: Place(each.created_at, each.id))
        response.headers.update(link(request, following))
        return [WireEntry.of(each) for each in shown]


def changed(done: tuple[ListedMember, ListedMember]) -> Deed:
    """What the audit list tells of a member who is another than before."""
    before, after = done
    return Deed("member.changed", after.id, _facts(before), _facts(after))


def _facts(member: ListedMember) -> dict[str, Json]:
    return {"name": member.name, "role": member.role, "email": member.email}
