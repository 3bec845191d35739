"""The API of what a project's people have set by for themselves and each other."""

from typing import Annotated, Any, Final, Literal

from fastapi import Path, Query, Request, Response
from pydantic import Field, JsonValue

from conduet.accounts.access import Access
from conduet.conversations.store import presets as store
from conduet.conversations.store.clock import present
from conduet.conversations.store.presets import Preset
from conduet.conversations.wire import parse_body
from conduet.errors import BadRequest
from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.db import Database
from conduet.kit.ids import new_id
from conduet.kit.json import dumps, parse
from conduet.kit.openapi import failures, success, takes
from conduet.kit.router import Router
from conduet.kit.schema import Wire

CONTENT_BYTES: Final = 16 * 1024

Kind = Annotated[
    Literal["transcripts", "persona"],
    Field(description="`transcripts`: filters of the list. `persona`: variables of somebody to test as."),
]
ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]

_EXAMPLE: Final[dict[str, Any]] = {"kind": "transcripts", "name": "Not solved", "content": {"resolved": "false"}}
_SHOWN: Final[dict[str, Any]] = {
    "id": "pre_18eb6d95dcb1bb2217e2f180dd50d320",
    **_EXAMPLE,
    "createdAt": "2026-11-26T12:00:00.020Z",
}
_LIST: Final = "/projects/{projectId}/presets"
_ONE: Final = _LIST + "/{presetId}"


class NewPreset(Wire):
    """What is to be set by."""

    kind: Kind
    name: Annotated[str, Field(min_length=1, max_length=100, description="One of its name and kind is replaced.")]
    content: dict[str, JsonValue]


class ShownPreset(NewPreset):
    """What was set by."""

    id: str
    created_at: str

    @classmethod
    def of(cls, kept: Preset) -> "ShownPreset":
        """As answers show it."""
        found = {"id": kept.id, "kind": kept.kind, "name": kept.name, "content": parse(kept.content.encode())}
        return cls.model_validate({**found, "created_at": iso(from_milliseconds(kept.created_at))})


class _Routes:
    def __init__(self, access: Access, database: Database) -> None:
        self._access = access
        self._database = database

    async def list(
        self, request: Request, project_id: ProjectId, kind: Annotated[Kind | None, Query()] = None
    ) -> Response:
        principal = await self._access.by_project(request, project_id)
        found = await self._database.read(lambda tx: store.list_presets(tx, principal.scope, kind))
        return _answer([ShownPreset.of(each).model_dump(by_alias=True) for each in found])

    async def keep(self, request: Request, project_id: ProjectId) -> Response:
        principal = await self._access.by_project(request, project_id)
        said = parse_body(await request.body(), NewPreset)
        content = dumps(said.content)
        if len(content) > CONTENT_BYTES:
            raise BadRequest.at("content", f"At most {CONTENT_BYTES // 1024} KB of JSON.")
        new = Preset(new_id("pre"), said.kind, said.name, content.decode(), present())
        await self._database.write(lambda tx: store.keep_preset(tx, principal.scope, new))
        return _answer(ShownPreset.of(new).model_dump(by_alias=True), status=201)

    async def remove(
        self,
        request: Request,
        project_id: ProjectId,
        preset_id: Annotated[str, Path(alias="presetId", examples=[_SHOWN["id"]])],
    ) -> None:
        principal = await self._access.by_project(request, project_id)
        await self._database.write(lambda tx: store.remove_preset(tx, principal.scope, preset_id))


def preset_routes(access: Access, database: Database) -> Router:
    """The list, and what changes it."""
    router, routes = Router(tags=["Transcripts"]), _Routes(access, database)
    router.add_api_route(
        _LIST,
        routes.list,
        methods=["GET"],
        summary="List what the project's people have set by, by name",
        responses={**success([_SHOWN], model=list[ShownPreset]), **failures(400, 401, 404, 429)},
    )
    router.add_api_route(
        _LIST,
        routes.keep,
        methods=["POST"],
        status_code=201,
        summary="Set by a view of the transcripts, or somebody to test as",
        responses={
            **success(_SHOWN, status=201, model=ShownPreset),
            **failures(400, 401, 403, 404, 413, 415, 429),
        },
        openapi_extra=takes(NewPreset, _EXAMPLE),
    )
    router.add_api_route(
        _ONE,
        routes.remove,
        methods=["DELETE"],
        status_code=204,
        summary="Remove what was set by",
        responses=failures(401, 403, 404, 429),
    )
    return router


def _answer(body: object, *, status: int = 200) -> Response:
    return Response(dumps(body), status, media_type="application/json")
