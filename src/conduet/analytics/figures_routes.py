"""The API of figures: by a project's secret key, and the same for developers."""

from typing import Annotated, Any, Final

from fastapi import Path, Request, Response

from conduet.accounts.access import Access
from conduet.accounts.principal import ProjectScope
from conduet.analytics import period
from conduet.analytics.examples import FIGURES
from conduet.analytics.figures import Analytics
from conduet.analytics.figures_schemas import ToldFigures
from conduet.analytics.inclusion import included, parameter
from conduet.analytics.period import read_period
from conduet.analytics.store import DASHBOARD
from conduet.kit.json import dumps
from conduet.kit.openapi import failures
from conduet.kit.router import Router

JSON: Final = "application/json"

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]


def figures_routes(access: Access, analytics: Analytics) -> Router:
    """`/analytics`, and the same below `/projects/{projectId}`."""
    router = Router(tags=["Analytics"])

    async def told(request: Request, scope: ProjectScope) -> Response:
        with_dashboard = DASHBOARD in included(request, (DASHBOARD,))
        zone = await analytics.zone(scope)
        figures = await analytics.figures(scope, read_period(request, zone), zone, with_dashboard=with_dashboard)
        return Response(dumps(ToldFigures.of(figures).model_dump(by_alias=True)), media_type=JSON)

    async def by_key(request: Request) -> Response:
        return await told(request, (await access.by_key(request)).scope)

    async def by_developer(request: Request, project_id: ProjectId) -> Response:
        return await told(request, (await access.by_project(request, project_id)).scope)

    described = _described()
    router.add_api_route("/analytics", by_key, **described)
    router.add_api_route("/projects/{projectId}/analytics", by_developer, **described)
    return router


def _described() -> dict[str, Any]:
    dashboard = parameter("Also what was tried out with `chat`.", DASHBOARD)
    return {
        "methods": ["GET"],
        "summary": "Count conversations, messages and what they took",
        "description": "`messages` are what users wrote or pressed and the texts that answered; `resolutions` and "
        "`escalations` count conversations. Days are those of `behaviourConfig.timeZone`: a conversation belongs to "
        "the day that it began on, use to the day of its turn. Every day of the time is there, those without a "
        "conversation too.",
        "responses": {
            200: {"content": {JSON: {"example": FIGURES}}, "model": ToldFigures},
            **failures(400, 401, 404, 429),
        },
        "openapi_extra": {"parameters": [*period.PARAMETERS, dashboard]},
    }
