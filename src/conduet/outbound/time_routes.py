"""The API that tells when a schedule comes: whoever writes one sees what it means before it is published."""

import asyncio
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Path, Request

from conduet.accounts.access import Access
from conduet.errors import BadRequest
from conduet.kit.clock import iso, now
from conduet.kit.cron import next_time
from conduet.kit.openapi import failures, success
from conduet.kit.router import Router
from conduet.kit.schema import Wire

TOLD: Final = 5
LONGEST: Final = 100

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]

_EXAMPLE: Final[dict[str, Any]] = {"times": ["2026-11-30T08:00:00.000Z", "2026-12-07T08:00:00.000Z"]}


class ShownTimes(Wire):
    """The times of a schedule that come next."""

    times: list[str]


def time_routes(access: Access) -> Router:
    """`/projects/{projectId}/schedule-times`."""
    router = Router(tags=["Outbound"])

    async def tell(request: Request, project_id: ProjectId) -> ShownTimes:
        await access.by_project(request, project_id)
        cron, zone = (request.query_params.get(name, "") for name in ("cron", "timeZone"))
        if max(len(cron), len(zone)) > LONGEST:
            raise BadRequest.at("query.cron", f"At most {LONGEST} characters.")
        try:
            # Time zones are read from files.
            times = await asyncio.to_thread(_times, cron, zone)
        except ValueError as error:
            raise BadRequest.at("query.cron", str(error)) from None
        return ShownTimes(times=[iso(each) for each in times])

    router.add_api_route(
        "/projects/{projectId}/schedule-times",
        tell,
        methods=["GET"],
        summary="Tell when a schedule comes next, as its runs would begin",
        description=f"The next {TOLD}, fewer where there are not so many; a 400 in words for what cannot be read.",
        responses={**success(_EXAMPLE, model=ShownTimes), **failures(400, 401, 404, 429)},
        openapi_extra={
            "parameters": [
                _query("cron", "Five fields: minute, hour, day of the month, month, day of the week.", "0 9 * * 1"),
                _query("timeZone", "An IANA time zone.", "Europe/Berlin"),
            ]
        },
    )
    return router


def _times(cron: str, zone: str) -> list[datetime]:
    times: list[datetime] = []
    while len(times) < TOLD and (found := next_time(cron, zone, after=times[-1] if times else now())) is not None:
        times.append(found)
    return times


def _query(name: str, description: str, example: str) -> dict[str, Any]:
    told = {"name": name, "in": "query", "required": True, "description": description, "example": example}
    return {**told, "schema": {"type": "string", "maxLength": LONGEST}}
