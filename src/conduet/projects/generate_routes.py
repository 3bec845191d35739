"""`POST /projects/generate`: a project from a brief in plain language."""

from typing import Annotated, Any, Final, Literal

from fastapi import Request, Response
from pydantic import Field

from conduet.accounts.access import Access
from conduet.kit.etag import etag
from conduet.kit.json import dumps, parse
from conduet.kit.openapi import failures, success
from conduet.kit.router import Router
from conduet.kit.schema import Wire, parsed
from conduet.projects import examples
from conduet.projects.generating.brief import Brief
from conduet.projects.generating.generator import Generator
from conduet.projects.schemas import Name, ProjectDocument

JSON: Final = "application/json"
ORIGIN: Final = "X-Generated-By"

_HELP: Final = """
A model of the server plans the project, writes it, and repairs what is wrong with it. Where none is configured, or what
it writes comes to nothing, the project is composed from the templates that the brief is about. Either way it is
finished: it can be published as it is. The header `X-Generated-By` tells which.
"""
_HEADERS: Final[dict[str, Any]] = {
    "ETag": {"description": "The revision.", "schema": {"type": "string"}, "example": '"1"'},
    ORIGIN: {
        "description": "`model` and its name, `templates` and their ids, or `brief` alone.",
        "schema": {"type": "string"},
        "example": "templates appointment-booking, faq",
    },
}


class NewBrief(Wire):
    """What the project is to do; without a framework the brief decides, without a name the project gets one."""

    brief: Annotated[str, Field(min_length=1, max_length=20_000, pattern=r"\S")]
    framework: Literal["agentic", "conversation-flow", "outbound"] | None = None
    name: Name | None = None


def generate_routes(access: Access, generator: Generator) -> Router:
    """Row 5 of the management API."""
    router = Router(tags=["Projects"])

    async def generate(request: Request) -> Response:
        principal = await access.by_developer(request)
        new = parsed(NewBrief, parse(await request.body()))
        made = await generator.generate(principal, Brief(new.brief, new.framework, new.name))
        headers = {"ETag": etag(made.draft.summary.revision), ORIGIN: made.origin}
        return Response(dumps(made.draft.answer()), 201, headers, media_type=JSON)

    example = {"brief": "The front desk of a dental clinic: books appointments and tells the opening hours."}
    router.add_api_route(
        "/projects/generate",
        generate,
        methods=["POST"],
        status_code=201,
        summary="Make a project from a brief in plain language",
        description=_HELP,
        responses={
            **success(examples.SAVED, status=201, model=ProjectDocument, headers=_HEADERS),
            **failures(400, 401, 403, 413, 415, 429),
        },
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {JSON: {"schema": NewBrief, "example": example}},
            }
        },
    )
    return router
