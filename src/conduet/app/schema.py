"""`GET /api/v1/schema`: what a client has to know of this server before it asks for anything."""

from collections.abc import Mapping
from functools import cache
from itertools import islice
from typing import Annotated, TypeVar, get_args

from fastapi import Response
from pydantic import Field, JsonValue

from conduet.app.intake import DOCUMENT, JSON, UPLOAD_BYTES
from conduet.conversations.turn import TURN_SECONDS
from conduet.conversations.wire import MESSAGE_BYTES
from conduet.engine.channel.channel import Channel
from conduet.engine.channel.target import Target
from conduet.engine.describe import (
    describe_channels,
    describe_connectors,
    describe_steps,
    describe_targets,
    describe_tools,
)
from conduet.engine.fitting import VARIABLES_BYTES
from conduet.engine.plugins import Plugins
from conduet.engine.run import STEPS
from conduet.kit.json import DOCUMENT_LEVELS, LEVELS, Json, dumps
from conduet.kit.openapi import success
from conduet.kit.router import Router
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
    title: str
    family: str
    description: str
    config_schema: dict[str, JsonValue]
    ports: dict[str, JsonValue]
    waits: bool
    example: dict[str, JsonValue]


class ToolType(Wire):
    """A tool type: `config_schema` as that of a step."""

    type: str
    title: str
    description: str
    config_schema: dict[str, JsonValue]
    example: dict[str, JsonValue]


class Action(Wire):
    """Something that an `integration` tool can do at a service."""

    name: str
    description: str
    inputs_schema: dict[str, JsonValue]
    example: dict[str, JsonValue]


class ConnectorType(Wire):
    """A service: what an `integration` tool names as its `provider`, with the schema of the credentials."""

    type: str
    title: str
    description: str
    credentials_schema: dict[str, JsonValue]
    actions: list[Action]


class ChannelType(Wire):
    """A channel: `config_schema` is the JSON Schema of a deployment's `config`, `secrets` what is never shown again.

    `steps` say what to do at the vendor's; `{webhook}` stands for the deployment's address.
    """

    type: str
    title: str
    description: str
    config_schema: dict[str, JsonValue]
    secrets: list[str]
    webhook: bool
    steps: list[str]
    example: dict[str, JsonValue]


class PictureFileLimits(Wire):
    """What a target takes of a picture that is uploaded to it."""

    types: Annotated[dict[str, str], Field(description="Its media types, with what people call them.")]
    bytes: int
    alt: Annotated[int, Field(description="The longest alternative text, in characters.")]


class TargetType(Wire):
    """A place that pipelines publish to: what a target names as its `connector`, and its limits."""

    type: str
    title: str
    description: str
    config_schema: dict[str, JsonValue]
    secrets: list[str]
    longest: int
    most_images: int
    picture_files: Annotated[
        PictureFileLimits | None,
        Field(description="What a picture may be; null: the target is told its address, and fetches it itself."),
    ]
    rate: dict[str, int] | None
    example: dict[str, JsonValue]


class Schema(Wire):
    """What a client has to know of this server."""

    limits: dict[str, int | float]
    frameworks: list[str]
    steps: list[StepType]
    tools: list[ToolType]
    connectors: list[ConnectorType]
    channels: list[ChannelType]
    targets: list[TargetType]


def schema_routes(
    plugins: Plugins, channels: Mapping[str, type[Channel]], targets: Mapping[str, type[Target]]
) -> Router:
    """The route; its answer is written once, when it is first asked for."""
    written = cache(lambda: dumps(_told(plugins, channels, targets)))

    async def schema() -> Response:
        return Response(written(), media_type="application/json")

    router = Router(tags=["Schema"])
    router.add_api_route(
        "/schema",
        schema,
        methods=["GET"],
        summary="Read the limits, the frameworks, and every type of step, tool, connector, channel and target",
        responses=success(_told(plugins, channels, targets, most=1), model=Schema),
    )
    return router


T = TypeVar("T")


def _told(
    plugins: Plugins,
    channels: Mapping[str, type[Channel]],
    targets: Mapping[str, type[Target]],
    *,
    most: int | None = None,
) -> dict[str, Json]:
    """The answer, or an example of it with `most` of each kind."""

    def some(kinds: Mapping[str, T]) -> Mapping[str, T]:
        return dict(islice(kinds.items(), most))

    return {
        "limits": dict(LIMITS),
        "frameworks": [*get_args(NewProject.model_fields["framework"].annotation)][:most],
        "steps": describe_steps(some(plugins.steps)),
        "tools": describe_tools(some(plugins.tools)),
        "connectors": describe_connectors(some(plugins.connectors)),
        "channels": describe_channels(some(channels)),
        "targets": describe_targets(some(targets)),
    }
