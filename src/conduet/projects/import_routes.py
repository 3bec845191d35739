"""`POST /projects/import`: a project from an export, with a report of what became of every step."""

import asyncio
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response
from starlette.datastructures import UploadFile

from conduet.accounts.access import Access
from conduet.errors import BadRequest
from conduet.kit.etag import etag
from conduet.kit.json import dumps
from conduet.kit.openapi import failures, success
from conduet.kit.router import Router
from conduet.projects import examples
from conduet.projects.document import complete
from conduet.projects.import_schemas import ImportedProject
from conduet.projects.importers.detect import read_export
from conduet.projects.service import Projects

JSON: Final = "application/json"
FORM: Final = "multipart/form-data"

_REPORT: Final[dict[str, Any]] = {
    "source": {"format": "voiceflow", "version": "13"},
    "counts": {"steps": 2, "mapped": 1, "approximated": 0, "dropped": 1},
    "mapped": [
        {
            "id": "m1",
            "type": "message",
            "name": "",
            "place": {"workflow": "Home", "block": "Welcome"},
            "to": "message",
        }
    ],
    "approximated": [],
    "dropped": [
        {
            "id": "odd1",
            "type": "weather-balloon",
            "name": "",
            "place": {"workflow": "Home"},
            "reason": "`weather-balloon` has no twin here.",
        }
    ],
    "warnings": [],
}
_FILE: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary"}},
}
_HELP: Final = """
The body is the export itself, or multipart with it as `file`; a project of ours and every generation of Voiceflow's
exports are told apart by their keys. The report counts every step of the export once: `mapped` does here what it did
there, `approximated` says in what it differs, `dropped` has no twin; its connections are joined over it.
"""

DuplicateOf = Annotated[
    str | None,
    Query(
        alias="duplicateOf",
        description="The project of yours that the export is of: the audit list then tells of a copy.",
        examples=["proj_demo"],
    ),
]


def import_routes(access: Access, projects: Projects) -> Router:
    """Row 6 of the management API."""
    router = Router(tags=["Projects"])

    async def take(request: Request, duplicate_of: DuplicateOf = None) -> Response:
        principal = await access.by_developer(request)
        if duplicate_of is not None:
            await access.about(request, principal, duplicate_of)
        body = await read_export_body(request)
        document, report = await asyncio.to_thread(read_export, body)
        action = "project.imported" if duplicate_of is None else "project.duplicated"
        source = report.format if duplicate_of is None else duplicate_of
        draft = await projects.create(principal, complete(document), action=action, source=source)
        told = {"project": draft.answer(), "report": report.wire()}
        return Response(dumps(told), 201, {"ETag": etag(draft.summary.revision)}, media_type=JSON)

    router.add_api_route(
        "/projects/import",
        take,
        methods=["POST"],
        status_code=201,
        summary="Make a project from an export, with a report",
        description=_HELP,
        responses={
            **success(
                {"project": examples.SAVED | {"revision": 1}, "report": _REPORT},
                status=201,
                model=ImportedProject,
            ),
            **failures(400, 401, 403, 404, 413, 415, 429),
        },
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    JSON: {"schema": {"type": "object"}, "example": {"name": "Shop", "workflows": []}},
                    FORM: {"schema": _FILE, "example": {"file": "export.vf"}},
                },
            }
        },
    )
    return router


async def read_export_body(request: Request) -> bytes:
    """The body, or the `file` of a form. Raises `BadRequest` for a form without one."""
    if not request.headers.get("content-type", "").lower().startswith(FORM):
        return await request.body()
    async with request.form(max_files=1, max_fields=10) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise BadRequest.at("file", "Send the export in the field `file` of multipart/form-data.")
        return await file.read()
