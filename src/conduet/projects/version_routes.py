"""The API of versions: published, listed, named, compared, restored and put back into production."""

from typing import Annotated, Any, Final

from fastapi import Header, Path, Query, Request, Response

from conduet.accounts.access import Access
from conduet.kit.etag import etag
from conduet.kit.json import Json, dumps, parse
from conduet.kit.openapi import failures, success
from conduet.kit.router import Router
from conduet.kit.schema import parsed
from conduet.projects import examples
from conduet.projects.schemas import ProjectDocument, PublishedVersion
from conduet.projects.store import DEVELOPMENT
from conduet.projects.version_schemas import (
    KnownVersion,
    NewVersion,
    ToldComparison,
    VersionFacts,
    WholeVersion,
    told_comparison,
)
from conduet.projects.versions import Versions

JSON: Final = "application/json"

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]
VersionId = Annotated[str, Path(alias="versionId", examples=[examples.VERSION["id"]])]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="Only when the project is still of the revision that an `ETag` told."),
]
To = Annotated[
    str, Query(description="What it is compared with: `development`, `production` or an id.", examples=[DEVELOPMENT])
]

_KNOWN: Final[dict[str, Any]] = {
    **examples.VERSION,
    "note": "Open on Sundays until June.",
    "by": "Owner",
    "published": True,
    "production": True,
}
_COMPARISON: Final[dict[str, Any]] = {
    "before": examples.VERSION["id"],
    "after": DEVELOPMENT,
    "counts": {"added": 0, "removed": 0, "changed": 1, "moved": 0},
    "changes": [
        {
            "kind": "changed",
            "what": "step",
            "id": "hello",
            "name": "hello",
            "path": "workflows[0].steps[1]",
            "workflowId": "main",
            "words": "Main: step “hello” (message): `text` “Hello!” → “Hello! How can we help?”.",
            "fields": [{"path": "config.text", "before": "Hello!", "after": "Hello! How can we help?"}],
        }
    ],
}
_ETAG: Final = {"ETag": {"description": "The revision.", "schema": {"type": "string"}, "example": '"7"'}}
_SAVES: Final = (400, 401, 403, 404, 409, 412, 413, 415, 429)


def version_routes(access: Access, versions: Versions) -> Router:
    """Row 12 of the management API, and what else there is to do with versions."""
    router = Router(tags=["Versions"])
    routes = _Routes(access, versions)
    _add_reading(router, routes)
    _add_making(router, routes)
    return router


def _add_reading(router: Router, routes: "_Routes") -> None:
    add, path = router.add_api_route, "/projects/{projectId}/versions"
    add(
        path,
        routes.list,
        methods=["GET"],
        summary="List the versions and the drafts that were kept, most recent first",
        responses={**success([_KNOWN]), **failures(401, 404, 429)},
    )
    add(
        path + "/{versionId}",
        routes.get,
        methods=["GET"],
        summary="Read a version with its document",
        responses={
            **success({**_KNOWN, "document": {"name": "Shop", "workflows": [examples.WORKFLOW]}}, model=WholeVersion),
            **failures(401, 404, 429),
        },
    )
    add(
        path + "/{versionId}/compare",
        routes.compare,
        methods=["GET"],
        summary="Tell what is different from a version to the draft, or to another version",
        description="Each part of the document that is different is told once, in words and field by field: what was "
        "added, removed, changed, or (step or note) only moved. `versionId` may be `development` or `production` too.",
        responses={**success(_COMPARISON, model=ToldComparison), **failures(400, 401, 404, 429)},
    )


def _add_making(router: Router, routes: "_Routes") -> None:
    add, path = router.add_api_route, "/projects/{projectId}"
    one = path + "/versions/{versionId}"
    add(
        path + "/publish",
        routes.publish,
        methods=["POST"],
        status_code=201,
        summary="Publish the draft as a version, which never changes",
        description="Refused, with every error by its path, while the document is unfinished.",
        responses={**success(examples.VERSION, status=201, model=PublishedVersion), **failures(*_SAVES)},
        openapi_extra=_body(NewVersion, {"name": "Spring", "note": "Open on Sundays until June."}),
    )
    add(
        one,
        routes.describe,
        methods=["PATCH"],
        summary="Name a version, and say why it was made",
        responses={**success(_KNOWN), **failures(400, 401, 403, 404, 413, 415, 429)},
        openapi_extra=_body(VersionFacts, {"name": "Spring, first try"}, required=True),
    )
    add(
        one + "/restore",
        routes.restore,
        methods=["POST"],
        summary="Make a version's document the draft",
        description="The draft before it is kept among the versions, unless it was published as it is. The project's "
        "slug and its secrets stay as they are. With `If-Match`, only over the draft that was seen.",
        responses={
            **success(examples.SAVED, model=ProjectDocument, headers=_ETAG),
            **failures(400, 401, 403, 404, 409, 412, 429),
        },
    )
    add(
        one + "/roll-back",
        routes.roll_back,
        methods=["POST"],
        status_code=201,
        summary="Put an earlier version back into production",
        description="It is published once more, as it was: the answer is the new version. The draft stays.",
        responses={**success(examples.VERSION, status=201, model=PublishedVersion), **failures(*_SAVES)},
        openapi_extra=_body(NewVersion, {"name": "Back to winter"}),
    )


class _Routes:
    def __init__(self, access: Access, versions: Versions) -> None:
        self._access = access
        self._versions = versions

    async def list(self, request: Request, project_id: ProjectId) -> "list[KnownVersion]":
        principal = await self._access.by_project(request, project_id)
        return [KnownVersion.known(each) for each in await self._versions.list(principal)]

    async def get(self, request: Request, project_id: ProjectId, version_id: VersionId) -> Response:
        principal = await self._access.by_project(request, project_id)
        known, document = await self._versions.get(principal, version_id)
        told = {**KnownVersion.known(known).model_dump(by_alias=True), "document": document}
        return Response(dumps(told), media_type=JSON)

    async def compare(
        self, request: Request, project_id: ProjectId, version_id: VersionId, to: To = DEVELOPMENT
    ) -> Response:
        principal = await self._access.by_project(request, project_id)
        comparison = await self._versions.compare(principal.scope, version_id, to)
        return Response(dumps(told_comparison(comparison)), media_type=JSON)

    async def publish(self, request: Request, project_id: ProjectId, if_match: IfMatch = None) -> PublishedVersion:
        principal = await self._access.by_project(request, project_id)
        new = parsed(NewVersion, await _read(request, empty={}))
        version = await self._versions.publish(principal, name=new.name, note=new.note, if_match=if_match)
        return PublishedVersion.of(version)

    async def describe(self, request: Request, project_id: ProjectId, version_id: VersionId) -> KnownVersion:
        principal = await self._access.by_project(request, project_id)
        facts = parsed(VersionFacts, await _read(request))
        known = await self._versions.describe(principal, version_id, name=facts.name, note=facts.note)
        return KnownVersion.known(known)

    async def restore(
        self, request: Request, project_id: ProjectId, version_id: VersionId, if_match: IfMatch = None
    ) -> Response:
        principal = await self._access.by_project(request, project_id)
        draft = await self._versions.restore(principal, version_id, if_match=if_match)
        return Response(dumps(draft.answer()), headers={"ETag": etag(draft.summary.revision)}, media_type=JSON)

    async def roll_back(self, request: Request, project_id: ProjectId, version_id: VersionId) -> PublishedVersion:
        principal = await self._access.by_project(request, project_id)
        new = parsed(NewVersion, await _read(request, empty={}))
        version = await self._versions.roll_back(principal, version_id, name=new.name, note=new.note)
        return PublishedVersion.of(version)


async def _read(request: Request, *, empty: Json = None) -> Json:
    """The JSON of the body; `empty` when there is no body but need not be one."""
    body = await request.body()
    return empty if empty is not None and not body else parse(body)


def _body(model: type[NewVersion | VersionFacts], example: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    content = {JSON: {"schema": model, "example": example}}
    return {"requestBody": {"required": required, "content": content}}
