"""`GET /api/v1/schema`: what a client has to know of this server before it asks for anything."""

from collections.abc import Mapping
from typing import get_args

from fastapi import APIRouter, Response
from pydantic import JsonValue

from conduet.app.intake import DOCUMENT, JSON, UPLOAD_BYTES
from conduet.conversations.turn import TURN_SECONDS
from conduet.conversations.wire import MESSAGE_BYTES
from conduet.engine.describe import describe_steps
from conduet.engine.fitting import VARIABLES_BYTES
from conduet.engine.run import STEPS
from conduet.engine.step import Step
from conduet.kit.json import DOCUMENT_LEVELS, LEVELS, Json, dumps
from conduet.kit.openapi import success
from conduet.kit.schema import Wire
from conduet.projects.schemas import NewProject

LIMITS: Mapping[str, Json] = {
    "jsonBytes": JSON.limit,
    "jsonLevels": LEVELS,
    "projectDocumentBytes": DOCUMENT.limit,
    "projectDocumentLevels": DOCUMENT_LEVELS,
    "messageBytes": MESSAGE_BYTES,
    "uploadBytes": UPLOAD_BYTES,
    "variablesBytes": VARIABLES_BYTES,
    "turnSeconds": TURN_SECONDS,
    "turnSteps": STEPS,
}


class StepType(Wire):
    """A step type: `config_schema` is the JSON Schema of its `config`, with the controls of a form."""

    type: str
    family: str
    description: str
    config_schema: dict[str, JsonValue]
    ports: dict[str, JsonValue]
    waits: bool
    example: dict[str, JsonValue]


class Schema(Wire):
    """What a client has to know of this server."""

    limits: dict[str, int | float]
    frameworks: list[str]
    steps: list[StepType]


def schema_routes(steps: Mapping[str, type[Step]]) -> APIRouter:
    """The route; its answer is written once."""
    frameworks: list[Json] = [*get_args(NewProject.model_fields["framework"].annotation)]
    body = dumps({"limits": LIMITS, "frameworks": frameworks, "steps": describe_steps(steps)})

    async def schema() -> Response:
        return Response(body, media_type="application/json")

    router = APIRouter(tags=["Schema"])
    router.add_api_route(
        "/schema",
        schema,
        methods=["GET"],
        summary="Read the limits, the frameworks, and every step type with the schema of its configuration",
        responses=success(
            {"limits": dict(LIMITS), "frameworks": frameworks, "steps": describe_steps(dict(list(steps.items())[:1]))},
            model=Schema,
        ),
    )
    return router
