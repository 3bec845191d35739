"""The management API of projects, and what a project's keys may see of it."""

from typing import Annotated, Any

from fastapi import Header, Path, Request, Response
from pydantic import BaseModel

from conduet.accounts.access import Access
from conduet.errors import UnsupportedMedia
from conduet.kit.etag import etag
from conduet.kit.json import DOCUMENT_LEVELS, Json, dumps, parse
from conduet.kit.openapi import failures, success
from conduet.kit.router import Router
from conduet.kit.schema import parsed
from conduet.projects import changes, examples
from conduet.projects.document import blank
from conduet.projects.draft import Draft
from conduet.projects.saver import CLIENT, saver
from conduet.projects.schemas import (
    ListedProject,
    NewProject,
    ProjectDocument,
    ProjectProblem,
    PublicProject,
    PublishedVersion,
)
from conduet.projects.service import Projects

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="Only when the project is still of the revision that an `ETag` told."),
]

_ETAG = {"ETag": {"description": "The revision.", "schema": {"type": "string"}, "example": '"7"'}}
_DOCUMENT: dict[str, Any] = {"model": ProjectDocument, "headers": _ETAG}
_WHOLE: dict[str, Any] = {"$ref": "#/components/schemas/ProjectDocument"}
_OPERATION: dict[str, Any] = {"type": "object", "title": "ProjectOperation"}
_SAVES = (400, 401, 403, 404, 409, 412, 413, 415, 429)


def management_routes(access: Access, projects: Projects) -> Router:
    """Rows 1, 2 and 7–9 of the management API, and the problems of a draft."""
    router = Router(tags=["Projects"])
    routes = _Management(access, projects)
    _add_all(router, routes)
    _add_one(router, routes)
    return router


def public_routes(access: Access, projects: Projects) -> Router:
    """What a key of the project may read of it, a widget key too."""
    router = Router(tags=["Project"])
    routes = _Public(access, projects)
    router.add_api_route(
        "/project",
        routes.get,
        methods=["GET"],
        summary="Read the project with its widget's configuration",
        responses={**success(examples.PUBLIC), **failures(401, 429)},
    )
    router.add_api_route(
        "/project/versions",
        routes.versions,
        methods=["GET"],
        summary="List the published versions, most recent first",
        responses={**success([examples.VERSION]), **failures(401, 429)},
    )
    return router


_PATCH_HELP = """
As `application/json` or `application/merge-patch+json` (RFC 7396): objects merge, arrays are replaced whole, `null`
resets to the default; only `secrets` merges by `name` (a `null` value removes, an entry without `value` changes
nothing). As `application/json-patch+json` (RFC 6902): operations in order, all or none; a `test` that fails is a 409.

A save is refused only for its shape: every mistake is told by its path. What is unfinished is saved, and told under
`problems`. Unknown fields are kept. With `If-Match` a save over somebody else's is a 412 with the present `ETag`.
"""


def _add_all(router: Router, routes: "_Management") -> None:
    add = router.add_api_route
    add(
        "/projects",
        routes.list,
        methods=["GET"],
        summary="List your projects, the one that was changed last first",
        responses={**success([examples.LISTED]), **failures(401, 429)},
    )
    add(
        "/projects",
        routes.create,
        methods=["POST"],
        status_code=201,
        summary="Make a blank project: one primary workflow that holds a start",
        responses={**success(examples.SAVED, status=201, **_DOCUMENT), **failures(400, 401, 403, 409, 413, 415, 429)},
        openapi_extra=_body({JSON: (NewProject, {"name": "Spoke & Wheel"})}),
    )


def _add_one(router: Router, routes: "_Management") -> None:
    add, path = router.add_api_route, "/projects/{projectId}"
    add(
        path,
        routes.get,
        methods=["GET"],
        summary="Read a project with its whole document",
        responses={**success(examples.DOCUMENT, **_DOCUMENT), **failures(401, 404, 429)},
    )
    add(
        path,
        routes.patch,
        methods=["PATCH"],
        summary="Change any part of the document, by a merge patch or by operations",
        description=_PATCH_HELP,
        responses={**success(examples.SAVED, **_DOCUMENT), **failures(*_SAVES)},
        openapi_extra=_body(
            {
                # Named, so that clients that are made of the description have names for them.
                JSON: ({"type": "object", "title": "ProjectPatch"}, examples.MERGE_PATCH),
                MERGE_PATCH: ({"type": "object", "title": "ProjectMergePatch"}, examples.MERGE_PATCH),
                JSON_PATCH: ({"type": "array", "items": _OPERATION}, examples.JSON_PATCH),
            }
        ),
    )
    add(
        path + "/problems",
        routes.problems,
        methods=["GET"],
        summary="List what is unfinished in the draft, or odd about it",
        description="The same that a save answers with: an `error` refuses publishing, a `warning` nothing.",
        responses={
            **success(examples.SAVED["problems"], model=list[ProjectProblem]),
            **failures(401, 404, 429),
        },
    )
    add(
        path + "/persist",
        routes.persist,
        methods=["POST"],
        summary="Replace the whole document",
        description="What was read can be sent back: then nothing changes. Secrets are merged by name, as in a patch.",
        responses={**success(examples.SAVED, **_DOCUMENT), **failures(*_SAVES)},
        openapi_extra=_body({JSON: (_WHOLE, examples.DOCUMENT)}),
    )
    add(
        path,
        routes.remove,
        methods=["DELETE"],
        status_code=204,
        summary="Remove a project and all its data",
        responses=failures(400, 401, 403, 404, 412, 429),
    )


class _Management:
    def __init__(self, access: Access, projects: Projects) -> None:
        self._access = access
        self._projects = projects

    async def list(self, request: Request) -> "list[ListedProject]":
        principal = await self._access.by_developer(request)
        return [ListedProject.of(summary) for summary in await self._projects.list(principal.account)]

    async def create(self, request: Request) -> Response:
        principal = await self._access.by_developer(request)
        _media(request, JSON)
        new = parsed(NewProject, await _read(request))
        facts: dict[str, Json] = {
            "name": new.name,
            "description": new.description,
            "framework": new.framework,
            "language": new.language,
            "slug": new.slug,
        }
        return _answer(await self._projects.create(principal, blank(facts)), status=201)

    async def get(self, request: Request, project_id: ProjectId) -> Response:
        principal = await self._access.by_project(request, project_id)
        return _answer(await self._projects.get(principal.scope))

    async def problems(self, request: Request, project_id: ProjectId) -> Response:
        principal = await self._access.by_project(request, project_id)
        found = await self._projects.problems(principal.scope)
        return Response(dumps([problem.wire() for problem in found]), media_type=JSON)

    async def patch(self, request: Request, project_id: ProjectId, if_match: IfMatch = None) -> Response:
        principal = await self._access.by_project(request, project_id)
        kind = changes.edit if _media(request, JSON, MERGE_PATCH, JSON_PATCH) == JSON_PATCH else changes.merge
        change = kind(await _read(request))
        by = saver(principal, request.headers.get(CLIENT))
        return _answer(await self._projects.save(principal.account, principal.scope, change, if_match=if_match, by=by))

    async def persist(self, request: Request, project_id: ProjectId, if_match: IfMatch = None) -> Response:
        principal = await self._access.by_project(request, project_id)
        _media(request, JSON)
        change = changes.replace(await _read(request))
        by = saver(principal, request.headers.get(CLIENT))
        return _answer(await self._projects.save(principal.account, principal.scope, change, if_match=if_match, by=by))

    async def remove(self, request: Request, project_id: ProjectId, if_match: IfMatch = None) -> None:
        principal = await self._access.by_project(request, project_id)
        await self._projects.remove(principal, if_match=if_match)


class _Public:
    def __init__(self, access: Access, projects: Projects) -> None:
        self._access = access
        self._projects = projects

    async def get(self, request: Request) -> PublicProject:
        principal = await self._access.by_key(request, widget=True)
        return PublicProject.shown(await self._projects.get(principal.scope))

    async def versions(self, request: Request) -> list[PublishedVersion]:
        principal = await self._access.by_key(request, widget=True)
        return [PublishedVersion.of(version) for version in await self._projects.versions(principal.scope)]


async def _read(request: Request) -> Json:
    """The JSON of the body, as deep as a document may be."""
    return parse(await request.body(), levels=DOCUMENT_LEVELS)


def _media(request: Request, *taken: str) -> str:
    """The body's type, one of those `taken`; the first when it does not say."""
    said = request.headers.get("content-type", "").split(";", 1)[0].strip().lower() or taken[0]
    if said not in taken:
        headers = {"Accept-Patch": ", ".join(taken)} if request.method == "PATCH" else {}
        raise UnsupportedMedia(f"Send {' or '.join(taken)}, not {said}.", headers=headers)
    return said


def _answer(draft: Draft, *, status: int = 200) -> Response:
    headers = {"ETag": etag(draft.summary.revision)}
    return Response(dumps(draft.answer()), status, headers, media_type=JSON)


def _body(taken: dict[str, tuple[dict[str, Any] | type[BaseModel], Any]]) -> dict[str, Any]:
    content = {media: {"schema": schema, "example": example} for media, (schema, example) in taken.items()}
    return {"requestBody": {"required": True, "content": content}}
