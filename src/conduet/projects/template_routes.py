"""`/projects/templates`: the templates, and projects from them."""

import asyncio
from functools import cache
from typing import Annotated, Any, Final

from fastapi import Request, Response
from pydantic import Field

from conduet.accounts.access import Access
from conduet.kit.etag import etag
from conduet.kit.json import dumps, parse
from conduet.kit.openapi import failures, success
from conduet.kit.router import Router
from conduet.kit.schema import Wire, parsed
from conduet.projects import examples
from conduet.projects.document import JsonObject
from conduet.projects.schemas import Name, ProjectDocument
from conduet.projects.service import Projects
from conduet.projects.template import read_template, template_ids
from conduet.projects.template_picture import picture

JSON: Final = "application/json"

_EXAMPLE: Final[dict[str, Any]] = {
    "id": "appointment-booking",
    "name": "Appointment booking",
    "description": "Asks what, when and who, and confirms the appointment.",
    "framework": "conversation-flow",
    "language": "en",
    "picture": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 136"></svg>',
}


class ListedTemplate(Wire):
    """A template without its document."""

    id: str
    name: str
    description: str
    framework: str
    language: str
    picture: Annotated[str, Field(description="An SVG of its primary workflow, drawn in `currentColor`.")]


class FromTemplate(Wire):
    """A project to be made from a template; without a name it is called as the template."""

    template_id: Annotated[str, Field(min_length=1, max_length=128)]
    name: Name | None = None


@cache
def _listed() -> tuple[ListedTemplate, ...]:
    """All templates: they are part of the installed package, so they are read once."""
    return tuple(_shown(template_id, read_template(template_id)) for template_id in template_ids())


def _shown(template_id: str, document: JsonObject) -> ListedTemplate:
    facts = {name: str(document[name]) for name in ("name", "description", "framework", "language")}
    return ListedTemplate(id=template_id, picture=picture(document), **facts)


def template_routes(access: Access, projects: Projects) -> Router:
    """Rows 3 and 4 of the management API."""
    router = Router(tags=["Projects"])

    async def show(request: Request) -> list[ListedTemplate]:
        await access.by_developer(request)
        return list(await asyncio.to_thread(_listed))

    async def take(request: Request) -> Response:
        principal = await access.by_developer(request)
        wanted = parsed(FromTemplate, parse(await request.body()))
        document = await asyncio.to_thread(read_template, wanted.template_id)
        if wanted.name is not None:
            document["name"] = wanted.name
        draft = await projects.create(principal, document, source=wanted.template_id)
        return Response(dumps(draft.answer()), 201, {"ETag": etag(draft.summary.revision)}, media_type=JSON)

    add, path = router.add_api_route, "/projects/templates"
    add(
        path,
        show,
        methods=["GET"],
        summary="List the templates, each with a picture of its flow",
        responses={**success([_EXAMPLE]), **failures(401, 429)},
    )
    body = {"schema": FromTemplate, "example": {"templateId": "appointment-booking"}}
    add(
        path,
        take,
        methods=["POST"],
        status_code=201,
        summary="Make a project from a template",
        description="The project is a copy, with the template's conversation tests; it is yours to change.",
        responses={
            **success(examples.SAVED, status=201, model=ProjectDocument),
            **failures(400, 401, 403, 404, 413, 415, 429),
        },
        openapi_extra={"requestBody": {"required": True, "content": {JSON: body}}},
    )
    return router
