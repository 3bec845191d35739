"""The API of replies that a project has ready for its people."""

from dataclasses import replace
from functools import partial
from typing import Annotated, Final

from fastapi import Path, Request, Response

from conduet.accounts.access import Access
from conduet.accounts.audit_store import Deed, audited
from conduet.conversations.inbox import examples
from conduet.conversations.inbox.schemas import NewSavedReply, SavedReplyChange, ShownSavedReply
from conduet.conversations.store import saved as store
from conduet.conversations.store.clock import present
from conduet.conversations.store.saved import SavedReply
from conduet.conversations.wire import parse_body
from conduet.kit.db import Database, Tx
from conduet.kit.ids import new_id
from conduet.kit.json import dumps
from conduet.kit.openapi import failures, success, takes
from conduet.kit.router import Router

JSON: Final = "application/json"

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]
ReplyId = Annotated[str, Path(alias="replyId", examples=[examples.SAVED["id"]])]

_LIST: Final = "/projects/{projectId}/saved-replies"
_ONE: Final = _LIST + "/{replyId}"


class _Routes:
    def __init__(self, access: Access, database: Database) -> None:
        self._access = access
        self._database = database

    async def list(self, request: Request, project_id: ProjectId) -> Response:
        principal = await self._access.by_project(request, project_id)
        found = await self._database.read(lambda tx: store.list_saved(tx, principal.scope))
        return Response(dumps([_wire(each) for each in found]), media_type=JSON)

    async def add(self, request: Request, project_id: ProjectId) -> Response:
        principal = await self._access.by_project(request, project_id)
        said, now = parse_body(await request.body(), NewSavedReply), present()
        new = SavedReply(new_id("rep"), said.name, said.text, now, now)
        work = partial(store.add_saved, scope=principal.scope, new=new)
        await self._database.write(audited(principal, work, Deed("saved-reply.added", new.id, after=_facts(new))))
        return Response(dumps(_wire(new)), 201, media_type=JSON)

    async def change(self, request: Request, project_id: ProjectId, reply_id: ReplyId) -> Response:
        principal = await self._access.by_project(request, project_id)
        said = parse_body(await request.body(), SavedReplyChange)

        def work(tx: Tx) -> tuple[SavedReply, SavedReply]:
            before = store.get_saved(tx, principal.scope, reply_id, stays=True)
            after = replace(before, name=said.name or before.name, text=said.text or before.text, updated_at=present())
            store.update_saved(tx, principal.scope, after)
            return before, after

        def deed(done: tuple[SavedReply, SavedReply]) -> Deed:
            before, after = done
            return Deed("saved-reply.changed", reply_id, before=_facts(before), after=_facts(after))

        _, after = await self._database.write(audited(principal, work, deed))
        return Response(dumps(_wire(after)), media_type=JSON)

    async def remove(self, request: Request, project_id: ProjectId, reply_id: ReplyId) -> None:
        principal = await self._access.by_project(request, project_id)
        work = partial(store.remove_saved, scope=principal.scope, reply_id=reply_id)
        await self._database.write(audited(principal, work, Deed("saved-reply.removed", reply_id)))


def saved_reply_routes(access: Access, database: Database) -> Router:
    """The list, and what changes it."""
    router, routes = Router(tags=["Inbox"]), _Routes(access, database)
    router.add_api_route(
        _LIST,
        routes.list,
        methods=["GET"],
        summary="List the replies that are ready, by name",
        responses={**success([examples.SAVED], model=list[ShownSavedReply]), **failures(401, 404, 429)},
    )
    router.add_api_route(
        _LIST,
        routes.add,
        methods=["POST"],
        status_code=201,
        summary="Have a reply ready",
        responses={
            **success(examples.SAVED, status=201, model=ShownSavedReply),
            **failures(400, 401, 403, 404, 409, 413, 415, 429),
        },
        openapi_extra=takes(NewSavedReply, {"name": "hours", "text": examples.SAVED["text"]}),
    )
    router.add_api_route(
        _ONE,
        routes.change,
        methods=["PATCH"],
        summary="Change a reply that is ready",
        responses={
            **success(examples.SAVED, model=ShownSavedReply),
            **failures(400, 401, 403, 404, 409, 413, 415, 429),
        },
        openapi_extra=takes(SavedReplyChange, {"text": examples.SAVED["text"]}),
    )
    router.add_api_route(
        _ONE,
        routes.remove,
        methods=["DELETE"],
        status_code=204,
        summary="Remove a reply that was ready",
        responses=failures(401, 403, 404, 429),
    )
    return router


def _wire(saved: SavedReply) -> dict[str, object]:
    return ShownSavedReply.of(saved).model_dump(by_alias=True)


def _facts(saved: SavedReply) -> dict[str, str]:
    return {"name": saved.name, "text": saved.text}
