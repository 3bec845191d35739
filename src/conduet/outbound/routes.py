"""The API of runs."""

from typing import Annotated, Any, Final, get_args

from fastapi import Path, Request, Response

from conduet.accounts.access import Access
from conduet.conversations.idempotency import HEADER, read_key
from conduet.errors import BadRequest
from conduet.kit.clock import from_milliseconds, iso, milliseconds, now
from conduet.kit.crypto import KeyRing
from conduet.kit.json import dumps, parse
from conduet.kit.openapi import failures, success, takes
from conduet.kit.page import LINK, PARAMETERS, Place, cut, link, read_page
from conduet.kit.router import Router
from conduet.kit.schema import parsed
from conduet.outbound import schemas
from conduet.outbound.links import Link, seal
from conduet.outbound.run_store import STATUSES, Status
from conduet.outbound.schemas import (
    Approving,
    NewLink,
    NewRun,
    Rejecting,
    Retrying,
    ShownLink,
    ShownRun,
    read_time,
)
from conduet.outbound.service import Actor, Runs, Seen

BASE: Final = "/projects/{projectId}/runs"
ONE: Final = f"{BASE}/{{runId}}"
JSON: Final = "application/json"
HOUR_MS: Final = 3_600_000

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]
RunId = Annotated[str, Path(alias="runId", examples=[schemas.RUN["id"]])]

_DECIDES: Final = (400, 401, 403, 404, 409, 413, 415, 429)
_FILTERS: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": "status",
        "in": "query",
        "description": "Only those.",
        "schema": {"type": "string", "enum": [*get_args(Status)]},
        "example": "waiting",
    },
    {
        "name": "pipelineId",
        "in": "query",
        "description": "Only those of this pipeline.",
        "schema": {"type": "string"},
        "example": schemas.RUN["pipelineId"],
    },
)
_KEY: Final[dict[str, Any]] = {
    "name": HEADER,
    "in": "header",
    "description": "The same key begins one run, however often it is sent.",
    "schema": {"type": "string", "maxLength": 255},
    "example": "news-2026-48",
}


def run_routes(access: Access, runs: Runs, *, ring: KeyRing) -> Router:
    """`/projects/{projectId}/runs` and what lies below."""
    router = Router(tags=["Outbound"])
    routes = _Routes(access, runs, ring)
    _add_all(router, routes)
    _add_decisions(router, routes)
    return router


def _add_all(router: Router, routes: "_Routes") -> None:
    add = router.add_api_route
    listed = {"content": {JSON: {"example": [schemas.RUN]}}, "model": list[ShownRun], "headers": LINK}
    add(
        BASE,
        routes.list,
        methods=["GET"],
        summary="List the runs of the project's pipelines, most recent first",
        responses={200: listed, **failures(400, 401, 404, 429)},
        openapi_extra={"parameters": [*_FILTERS, *PARAMETERS]},
    )
    new = {"pipelineId": schemas.RUN["pipelineId"]}
    add(
        BASE,
        routes.begin,
        methods=["POST"],
        status_code=201,
        summary="Begin a run: its workflow writes, without a user",
        description="It answers at once; what was written is in the run when it is `waiting`.",
        responses={
            **success(schemas.BEGUN, status=201, model=ShownRun),
            **success(schemas.BEGUN, model=ShownRun, description="The run that this `Idempotency-Key` began before."),
            **failures(400, 401, 403, 404, 409, 413, 415, 429),
        },
        openapi_extra={**takes(NewRun, new), "parameters": [_KEY]},
    )
    add(
        ONE,
        routes.get,
        methods=["GET"],
        summary="Read a run, and what became of it at each target",
        responses={**success(schemas.RUN), **failures(401, 404, 429)},
    )


def _add_decisions(router: Router, routes: "_Routes") -> None:
    add = router.add_api_route
    add(
        f"{ONE}/approve",
        routes.approve,
        methods=["POST"],
        summary="Let a run go out, as it is or with another text, at once or later",
        description="Text, pictures and targets are frozen with who said yes, when, and their hash: nothing else is "
        "ever sent. What a target would not take is a 400. Once: a second answer is a 409.",
        responses={**success(schemas.APPROVED), **failures(*_DECIDES)},
        openapi_extra=takes(Approving, {"publishAt": schemas.APPROVED["publishAt"]}),
    )
    add(
        f"{ONE}/reject",
        routes.reject,
        methods=["POST"],
        summary="End a run that waits, or whose time has not come",
        responses={**success(schemas.REJECTED), **failures(*_DECIDES)},
        openapi_extra=takes(Rejecting, {"note": schemas.REJECTED["note"]}),
    )
    add(
        f"{ONE}/retry",
        routes.retry,
        methods=["POST"],
        summary="Have it written again with a note, or sent again to the targets that have not accepted it",
        description="Before an approval the workflow writes again. After one, the same text goes to the targets where "
        "it failed, or where nothing is known: look there first.",
        responses={**success(schemas.AGAIN), **failures(*_DECIDES)},
        openapi_extra=takes(Retrying, {"note": schemas.AGAIN["note"]}),
    )
    shown = {
        "token": "AbCd…",
        "path": "/api/v1/run-links/AbCd…",
        "approver": "Ada Lovelace",
        "expiresAt": "2026-11-28T09:00:00.000Z",
    }
    add(
        f"{ONE}/link",
        routes.make_link,
        methods=["POST"],
        status_code=201,
        summary="Make a link by which somebody decides about a run without a login; older ones end with it",
        responses={**success(shown, status=201), **failures(*_DECIDES)},
        openapi_extra=takes(NewLink, {"approver": "Ada Lovelace", "hours": 72}),
    )


class _Routes:
    def __init__(self, access: Access, runs: Runs, ring: KeyRing) -> None:
        self._access = access
        self._runs = runs
        self._ring = ring

    async def list(self, request: Request, project_id: ProjectId) -> Response:
        principal = await self._access.by_project(request, project_id)
        status = request.query_params.get("status")
        if status is not None and status not in STATUSES:
            raise BadRequest.at("query.status", f"One of {', '.join(STATUSES)}.")
        page, pipeline_id = read_page(request), request.query_params.get("pipelineId")
        found = await self._runs.list(principal.scope, page, status=status, pipeline_id=pipeline_id)
        shown, following = cut(found, page, lambda seen: Place(seen.run.created_at, seen.run.id))
        body = dumps([ShownRun.of(each).model_dump(by_alias=True) for each in shown])
        return Response(body, headers=link(request, following), media_type=JSON)

    async def begin(self, request: Request, project_id: ProjectId) -> Response:
        principal = await self._access.by_project(request, project_id)
        raw = await request.body()
        new = parsed(NewRun, parse(raw))
        header = request.headers.get(HEADER)
        read_key(header, method="POST", path=request.url.path, body=raw)
        seen, is_new = await self._runs.begin(principal.scope, new.pipeline_id, version_id=new.version_id, key=header)
        return _answer(seen, status=201 if is_new else 200)

    async def get(self, request: Request, project_id: ProjectId, run_id: RunId) -> ShownRun:
        principal = await self._access.by_project(request, project_id)
        return ShownRun.of(await self._runs.get(principal.scope, run_id))

    async def approve(self, request: Request, project_id: ProjectId, run_id: RunId) -> ShownRun:
        principal = await self._access.by_project(request, project_id)
        said = parsed(Approving, parse(await request.body() or b"{}"))
        when = read_time(said.publish_at, "publishAt")
        return ShownRun.of(await self._runs.approve(Actor.of(principal), run_id, text=said.text, publish_at=when))

    async def reject(self, request: Request, project_id: ProjectId, run_id: RunId) -> ShownRun:
        principal = await self._access.by_project(request, project_id)
        said = parsed(Rejecting, parse(await request.body()))
        return ShownRun.of(await self._runs.reject(Actor.of(principal), run_id, note=said.note))

    async def retry(self, request: Request, project_id: ProjectId, run_id: RunId) -> ShownRun:
        principal = await self._access.by_project(request, project_id)
        said = parsed(Retrying, parse(await request.body() or b"{}"))
        return ShownRun.of(await self._runs.retry(Actor.of(principal), run_id, note=said.note))

    async def make_link(self, request: Request, project_id: ProjectId, run_id: RunId) -> ShownLink:
        principal = await self._access.by_project(request, project_id)
        said = parsed(NewLink, parse(await request.body()))
        run = await self._runs.open_link(principal, run_id)
        until = milliseconds(now()) + said.hours * HOUR_MS
        token = seal(self._ring, Link(principal, run.id, run.updated_at, said.approver, until))
        return ShownLink(
            token=token,
            path=f"/api/v1/run-links/{token}",
            approver=said.approver,
            expires_at=iso(from_milliseconds(until)),
        )


def _answer(seen: Seen, *, status: int) -> Response:
    return Response(dumps(ShownRun.of(seen).model_dump(by_alias=True)), status_code=status, media_type=JSON)
