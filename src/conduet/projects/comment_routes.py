"""The API of comments: threads on a step or a point, settled and opened again."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Final, cast, get_args

from fastapi import Path, Request, Response

from conduet.accounts.access import Access
from conduet.accounts.principal import Principal
from conduet.accounts.store import list_member_names
from conduet.errors import BadRequest, Forbidden
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.kit.ids import new_id
from conduet.kit.json import Json, dumps, parse
from conduet.kit.openapi import failures, success, takes
from conduet.kit.page import LINK, PARAMETERS, Place, cut, link, read_page
from conduet.kit.router import Router
from conduet.kit.schema import Wire, parsed
from conduet.projects import comment_store as store
from conduet.projects.comment_schemas import (
    COMMENT,
    THREAD,
    NewComment,
    NewThread,
    ShownComment,
    ShownThread,
    ThreadChange,
)
from conduet.projects.comment_store import Comment, Status, Thread, Wanted
from conduet.projects.feed_store import tell

JSON: Final = "application/json"

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]
ThreadId = Annotated[str, Path(alias="threadId", examples=[THREAD["id"]])]
CommentId = Annotated[str, Path(alias="commentId", examples=[COMMENT["id"]])]

_LIST: Final = "/projects/{projectId}/comments"
_THREAD: Final = _LIST + "/{threadId}"
_COMMENT: Final = _THREAD + "/replies/{commentId}"
_CHANGES: Final = (400, 401, 403, 404, 409, 413, 415, 429)


class _Routes:
    def __init__(self, access: Access, database: Database) -> None:
        self._access = access
        self._database = database

    async def list(self, request: Request, project_id: ProjectId) -> Response:
        principal = await self._access.by_project(request, project_id)
        page, wanted = read_page(request), _wanted(request)

        def work(tx: Tx) -> tuple[Sequence[ShownThread], Place | None]:
            found = store.list_threads(tx, principal.scope, page, wanted)
            shown, following = cut(found, page, lambda each: Place(each.created_at, each.id))
            return _shown(tx, principal, shown), following

        shown, following = await self._database.read(work)
        body = dumps([each.model_dump(by_alias=True) for each in shown])
        return Response(body, headers=link(request, following), media_type=JSON)

    async def begin(self, request: Request, project_id: ProjectId) -> Response:
        principal = await self._access.by_project(request, project_id)
        said, at = parsed(NewThread, parse(await request.body())), milliseconds(now())
        point = said.position
        new = Thread(
            id=new_id("thr"),
            workflow_id=said.workflow_id,
            step_id=said.step_id,
            x=point and point.x,
            y=point and point.y,
            resolved_at=None,
            resolved_by=None,
            created_at=at,
        )

        def work(tx: Tx) -> ShownThread:
            store.add_thread(tx, principal.scope, new)
            added = _added(tx, principal, new.id, said, at)
            _tell(tx, principal, added, "added")
            return _shown(tx, principal, [new])[0]

        return _json(await self._database.write(work), status=201)

    async def settle(self, request: Request, project_id: ProjectId, thread_id: ThreadId) -> Response:
        principal = await self._access.by_project(request, project_id)
        said = parsed(ThreadChange, parse(await request.body()))

        def work(tx: Tx) -> ShownThread:
            found = store.get_thread(tx, principal.scope, thread_id, lock=True)
            if (found.resolved_at is not None) != said.resolved:
                at, by = (milliseconds(now()), principal.member_id) if said.resolved else (None, None)
                store.resolve(tx, principal.scope, thread_id, at=at, by=by)
                _tell(tx, principal, None, "resolved" if said.resolved else "reopened", thread_id)
            return _shown(tx, principal, [store.get_thread(tx, principal.scope, thread_id)])[0]

        return _json(await self._database.write(work))

    async def remove(self, request: Request, project_id: ProjectId, thread_id: ThreadId) -> None:
        principal = await self._access.by_project(request, project_id)

        def work(tx: Tx) -> None:
            store.get_thread(tx, principal.scope, thread_id, lock=True)
            first = store.list_comments(tx, principal.scope, [thread_id])[thread_id]
            if first and first[0].member_id != principal.member_id and principal.role != "owner":
                raise Forbidden("Only who began a thread, or an owner, removes it: you can resolve it.")
            store.remove_thread(tx, principal.scope, thread_id)
            _tell(tx, principal, None, "removed", thread_id)

        await self._database.write(work)

    async def answer(self, request: Request, project_id: ProjectId, thread_id: ThreadId) -> Response:
        principal = await self._access.by_project(request, project_id)
        said, at = parsed(NewComment, parse(await request.body())), milliseconds(now())

        def work(tx: Tx) -> ShownComment:
            store.get_thread(tx, principal.scope, thread_id, lock=True)
            added = _added(tx, principal, thread_id, said, at)
            _tell(tx, principal, added, "added")
            return ShownComment.of(added)

        return _json(await self._database.write(work), status=201)

    async def edit(
        self, request: Request, project_id: ProjectId, thread_id: ThreadId, comment_id: CommentId
    ) -> Response:
        principal = await self._access.by_project(request, project_id)
        said = parsed(NewComment, parse(await request.body()))

        def work(tx: Tx) -> ShownComment:
            found = _own(tx, principal, thread_id, comment_id)
            mentions = _members(tx, principal, said.mentions)
            changed = replace(found, text=said.text, mentions=mentions, edited_at=milliseconds(now()))
            store.update_comment(tx, principal.scope, changed)
            _tell(tx, principal, changed, "changed")
            return ShownComment.of(changed)

        return _json(await self._database.write(work))

    async def withdraw(
        self, request: Request, project_id: ProjectId, thread_id: ThreadId, comment_id: CommentId
    ) -> None:
        principal = await self._access.by_project(request, project_id)

        def work(tx: Tx) -> None:
            found = _own(tx, principal, thread_id, comment_id)
            store.remove_comment(tx, principal.scope, comment_id)
            if not store.list_comments(tx, principal.scope, [thread_id])[thread_id]:
                store.remove_thread(tx, principal.scope, thread_id)
            _tell(tx, principal, found, "removed")

        await self._database.write(work)


def comment_routes(access: Access, database: Database) -> Router:
    """Threads, and what is said in them."""
    router, routes = Router(tags=["Editing together"]), _Routes(access, database)
    _add_threads(router, routes)
    _add_comments(router, routes)
    return router


def _add_threads(router: Router, routes: _Routes) -> None:
    shown = success(THREAD, model=ShownThread)
    router.add_api_route(
        _LIST,
        routes.list,
        methods=["GET"],
        summary="List the threads of comments, the newest first",
        responses={**success([THREAD], model=list[ShownThread], headers=LINK), **failures(400, 401, 403, 404, 429)},
        openapi_extra={"parameters": [*_QUERY, *PARAMETERS]},
    )
    router.add_api_route(
        _LIST,
        routes.begin,
        methods=["POST"],
        status_code=201,
        summary="Comment on a step, or at a point of the canvas",
        description="The thread outlives its step: it is kept when the step is removed.",
        responses={**success(THREAD, status=201, model=ShownThread), **failures(*_CHANGES)},
        openapi_extra=takes(NewThread, {"workflowId": "main", "stepId": "hello", **_words()}),
    )
    router.add_api_route(
        _THREAD,
        routes.settle,
        methods=["PATCH"],
        summary="Resolve a thread, or open it again",
        responses={**shown, **failures(*_CHANGES)},
        openapi_extra=takes(ThreadChange, {"resolved": True}),
    )
    router.add_api_route(
        _THREAD,
        routes.remove,
        methods=["DELETE"],
        status_code=204,
        summary="Remove a thread that you began, or as an owner any",
        responses=failures(401, 403, 404, 429),
    )


def _add_comments(router: Router, routes: _Routes) -> None:
    router.add_api_route(
        _THREAD + "/replies",
        routes.answer,
        methods=["POST"],
        status_code=201,
        summary="Answer in a thread",
        responses={**success(COMMENT, status=201, model=ShownComment), **failures(*_CHANGES)},
        openapi_extra=takes(NewComment, _words()),
    )
    router.add_api_route(
        _COMMENT,
        routes.edit,
        methods=["PUT"],
        summary="Change what you said",
        responses={**success(COMMENT, model=ShownComment), **failures(*_CHANGES)},
        openapi_extra=takes(NewComment, _words()),
    )
    router.add_api_route(
        _COMMENT,
        routes.withdraw,
        methods=["DELETE"],
        status_code=204,
        summary="Take back what you said; with its last comment a thread goes",
        responses=failures(401, 403, 404, 429),
    )


def _parameter(name: str, text: str, example: str, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": text,
        "schema": {"type": "string", **schema},
        "example": example,
    }


_QUERY: Final = (
    _parameter("status", "Only those.", "open", enum=[*get_args(Status)]),
    _parameter("workflowId", "Only those of this workflow.", "main"),
    _parameter("mentions", "Only those that mention this member.", COMMENT["mentions"][0]),
)


def _words() -> dict[str, Any]:
    return {"text": COMMENT["text"], "mentions": COMMENT["mentions"]}


def _wanted(request: Request) -> Wanted:
    query = request.query_params
    status = query.get("status")
    if status is not None and status not in get_args(Status):
        raise BadRequest.at("query.status", f"One of {', '.join(get_args(Status))}.")
    return Wanted(cast("Status | None", status), query.get("workflowId"), query.get("mentions"))


def _added(tx: Tx, principal: Principal, thread_id: str, said: NewComment, at: int) -> Comment:
    member_id = principal.member_id
    if member_id is None:
        raise Forbidden("Only a member of the account comments.")
    name = list_member_names(tx, principal.account).get(member_id, "")
    mentions = _members(tx, principal, said.mentions)
    new = Comment(new_id("com"), thread_id, member_id, name, said.text, mentions, at)
    store.add_comment(tx, principal.scope, new)
    return new


def _members(tx: Tx, principal: Principal, mentions: Sequence[str]) -> Sequence[str]:
    """Raises `BadRequest` by path for one who is no member of the account."""
    known = list_member_names(tx, principal.account)
    for index, member_id in enumerate(mentions):
        if member_id not in known:
            raise BadRequest.at(f"mentions[{index}]", "There is no such member.")
    return [*dict.fromkeys(mentions)]


def _own(tx: Tx, principal: Principal, thread_id: str, comment_id: str) -> Comment:
    store.get_thread(tx, principal.scope, thread_id, lock=True)
    found = store.get_comment(tx, principal.scope, thread_id, comment_id)
    if found.member_id != principal.member_id:
        raise Forbidden("Only who said it changes it.")
    return found


def _shown(tx: Tx, principal: Principal, threads: Sequence[Thread]) -> Sequence[ShownThread]:
    said = store.list_comments(tx, principal.scope, [each.id for each in threads])
    names = list_member_names(tx, principal.account)
    return [ShownThread.of(each, said[each.id], names) for each in threads]


def _tell(tx: Tx, principal: Principal, said: Comment | None, action: str, thread_id: str = "") -> None:
    told: dict[str, Json] = {
        "threadId": said.thread_id if said else thread_id,
        "commentId": said.id if said else None,
        "action": action,
        "memberId": principal.member_id,
        "mentions": [*said.mentions] if said else [],
    }
    tell(tx, principal.scope, "comment", told)


def _json(body: Wire, *, status: int = 200) -> Response:
    return Response(body.model_dump_json(by_alias=True), status, media_type=JSON)
