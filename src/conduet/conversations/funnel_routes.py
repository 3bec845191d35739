"""The API that tells which ways conversations take: by a project's secret key, and the same for developers."""

from typing import Annotated, Any, Final

from fastapi import Path, Request, Response
from pydantic import Field

from conduet.accounts.access import Access
from conduet.accounts.principal import ProjectScope
from conduet.analytics.selection import SELECTING, Selection
from conduet.conversations.funnel import PATHS, Funnel, Step, look
from conduet.kit.db import Database
from conduet.kit.json import dumps
from conduet.kit.openapi import failures
from conduet.kit.router import Router
from conduet.kit.schema import Wire

JSON: Final = "application/json"

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]

_STEP: Final = {"workflowId": "main", "stepId": "ask-name"}
EXAMPLE: Final[dict[str, Any]] = {
    "conversations": 40,
    "truncated": False,
    "steps": [
        {**_STEP, "conversations": 40, "visits": 44, "droppedOff": 6, "dropOff": 0.15}
        | {"ports": [{"port": "next", "count": 34}, {"port": "error", "count": 4}]}
    ],
    "paths": [{"conversations": 31, "steps": [{"workflowId": "main", "stepId": "start"}, _STEP]}],
}
WORKFLOW: Final[dict[str, Any]] = {
    "name": "workflowId",
    "in": "query",
    "description": "Only what happened in this workflow.",
    "schema": {"type": "string"},
    "example": "main",
}


class StepPlace(Wire):
    """A step, by its workflow and its id in it."""

    workflow_id: str
    step_id: str


class UsedPort(Wire):
    """How often the flow went on by a port."""

    port: str
    count: int


class FunnelStep(StepPlace):
    """What came of one step."""

    conversations: Annotated[int, Field(description="How many came by it.")]
    visits: Annotated[int, Field(description="How often; a question with its answer is one visit.")]
    dropped_off: Annotated[int, Field(description="How many stay there: it asked, and no answer has come.")]
    drop_off: Annotated[float, Field(description="The share of those who came by.")]
    ports: list[UsedPort]


class FunnelPath(Wire):
    """A way through the workflows."""

    conversations: int
    steps: list[StepPlace]


class ToldFunnel(Wire):
    """The ways of the conversations that were looked through."""

    conversations: int
    truncated: Annotated[bool, Field(description="Whether there are more: the most recent ones are looked through.")]
    steps: list[FunnelStep]
    paths: list[FunnelPath]

    @classmethod
    def of(cls, funnel: Funnel) -> "ToldFunnel":
        """As answers show it, what most conversations did first."""
        steps = sorted(funnel.steps.items(), key=lambda each: -each[1].conversations)
        return cls(
            conversations=funnel.conversations,
            truncated=funnel.is_cut,
            steps=[
                FunnelStep(
                    workflow_id=workflow_id,
                    step_id=step_id,
                    conversations=figures.conversations,
                    visits=figures.visits,
                    dropped_off=figures.stayed,
                    drop_off=round(figures.stayed / figures.conversations, 4),
                    ports=[UsedPort(port=port, count=count) for port, count in figures.ports.most_common()],
                )
                for (workflow_id, step_id), figures in steps
            ],
            paths=[
                FunnelPath(conversations=count, steps=[_place(step) for step in path])
                for path, count in funnel.paths.most_common(PATHS)
            ],
        )


def _place(step: Step) -> StepPlace:
    return StepPlace(workflow_id=step[0], step_id=step[1])


def funnel_routes(access: Access, database: Database, selection: Selection) -> Router:
    """`/analytics/funnel`, and the same below `/projects/{projectId}`."""
    router = Router(tags=["Analytics"])

    async def told(request: Request, scope: ProjectScope) -> Response:
        wanted = await selection.read(request, scope)
        funnel = await look(database, scope, wanted, workflow_id=request.query_params.get("workflowId"))
        return Response(dumps(ToldFunnel.of(funnel).model_dump(by_alias=True)), media_type=JSON)

    async def by_key(request: Request) -> Response:
        return await told(request, (await access.by_key(request)).scope)

    async def by_developer(request: Request, project_id: ProjectId) -> Response:
        return await told(request, (await access.by_project(request, project_id)).scope)

    described: dict[str, Any] = {
        "methods": ["GET"],
        "summary": "Tell which ways conversations take, and where they stay",
        "description": "Of the 5,000 most recent conversations that are asked for: each step with how many came by "
        "and how many dropped off there, and the ways that most of them took. Steps are those of the version that "
        "each conversation ran on.",
        "responses": {
            200: {"content": {JSON: {"example": EXAMPLE}}, "model": ToldFunnel},
            **failures(400, 401, 404, 429),
        },
        "openapi_extra": {"parameters": [WORKFLOW, *SELECTING]},
    }
    router.add_api_route("/analytics/funnel", by_key, **described)
    router.add_api_route("/projects/{projectId}/analytics/funnel", by_developer, **described)
    return router
