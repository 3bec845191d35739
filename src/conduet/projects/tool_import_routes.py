"""`POST /projects/{projectId}/tools/import`: an OpenAPI document becomes tools of a project."""

import asyncio
from typing import Annotated, Any, Final

from fastapi import Path, Query, Request, Response

from conduet.accounts.access import Access
from conduet.errors import BadRequest
from conduet.kit.etag import etag
from conduet.kit.json import dumps
from conduet.kit.openapi import failures, success
from conduet.kit.router import Router
from conduet.kit.schema import Wire
from conduet.projects.changes import Changed
from conduet.projects.document import JsonObject, complete
from conduet.projects.import_routes import FORM, JSON, read_export_body
from conduet.projects.importers.openapi.importer import Wanted, add_tools, is_address
from conduet.projects.importers.openapi.reading import read_openapi
from conduet.projects.service import Projects

YAML: Final = "application/yaml"

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]
Operations = Annotated[
    list[str],
    Query(alias="operation", description="Only this operation, by its `operationId` or as `GET /pets`; repeat it."),
]
Tags = Annotated[list[str], Query(alias="tag", description="Only operations with this tag; repeat it.")]
Server = Annotated[str | None, Query(description="Where the API is, if not where the document says.")]

_DOCUMENT: Final[dict[str, Any]] = {
    "openapi": "3.1.0",
    "info": {"title": "Bikes", "version": "1"},
    "servers": [{"url": "https://api.bikes.example"}],
    "paths": {"/orders/{order}": {"get": {"operationId": "getOrder", "summary": "Read an order"}}},
}
_TOOL: Final[dict[str, Any]] = {
    "id": "tool_18eb6d95dcb1bb2217e2f180dd50d320",
    "name": "getOrder",
    "description": "Read an order",
    "type": "api",
    "parameters": {
        "type": "object",
        "properties": {"order": {"type": "string"}},
        "additionalProperties": False,
        "required": ["order"],
    },
    "config": {
        "method": "GET",
        "url": "https://api.bikes.example/orders/{{args.order | urlencode}}",
        "headers": {"Accept": "application/json", "Authorization": "Bearer {{secrets.BIKES_TOKEN}}"},
    },
    "enabled": True,
}
_REPORT: Final[dict[str, Any]] = {
    "source": {"format": "openapi", "version": "3.1.0", "title": "Bikes"},
    "counts": {"operations": 2, "made": 1, "leftOut": 1},
    "made": [{"operation": "GET /orders/{order}", "toolId": _TOOL["id"], "name": "getOrder", "notes": []}],
    "leftOut": [{"operation": "POST /photos", "reason": "Its body is multipart/form-data, which no tool can send."}],
    "secrets": ["BIKES_TOKEN"],
    "warnings": ["Set the values of its secrets before its tools are used: see `secrets`."],
}
_HELP: Final = """
The body is a document of OpenAPI 3, as JSON or YAML of at most 5 MB, or multipart with it as `file`. Each operation
becomes an `api` tool: what is in the path is an input of its own, `query` and `body` are objects. What proves who calls
becomes a secret that has yet to be set. Nothing is fetched: references lead within the document only. A tool that the
project has already for the same call stays as it is.
"""


class ImportedTools(Wire):
    """The tools that were added to the draft, and what became of every operation."""

    tools: list[dict[str, Any]]
    report: dict[str, Any]


def tool_import_routes(access: Access, projects: Projects) -> Router:
    """The route."""
    router = Router(tags=["Projects"])

    async def take(
        request: Request,
        project_id: ProjectId,
        operation: Operations = [],  # noqa: B006  # FastAPI's way of a parameter that repeats; never changed
        tag: Tags = [],  # noqa: B006  # FastAPI copies it
        server: Server = None,
    ) -> Response:
        principal = await access.by_project(request, project_id)
        if server is not None and not is_address(server):
            raise BadRequest.at("query.server", "An address is needed, such as https://api.example.com/v1.")
        source = await asyncio.to_thread(read_openapi, await read_export_body(request))
        wanted, told = Wanted(operation, tag, server), dict[str, Any]()

        def change(present: JsonObject) -> Changed:
            document, tools, report = add_tools(present, source, wanted)
            told.update(tools=tools, report=report.wire())
            return Changed(complete(document))

        draft = await projects.save(principal.account, principal.scope, change, if_match=None)
        return Response(dumps(told), 201, {"ETag": etag(draft.summary.revision)}, media_type=JSON)

    file = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
    content: dict[str, Any] = {
        JSON: {"schema": {"type": "object"}, "example": _DOCUMENT},
        YAML: {"schema": {"type": "string"}, "example": "openapi: 3.1.0\npaths: {}\n"},
        FORM: {"schema": file, "example": {"file": "openapi.yaml"}},
    }
    router.add_api_route(
        "/projects/{projectId}/tools/import",
        take,
        methods=["POST"],
        status_code=201,
        summary="Make tools of an OpenAPI document, with a report",
        description=_HELP,
        responses={
            **success({"tools": [_TOOL], "report": _REPORT}, status=201, model=ImportedTools),
            **failures(400, 401, 403, 404, 409, 413, 415, 429),
        },
        openapi_extra={"requestBody": {"required": True, "content": content}},
    )
    return router
