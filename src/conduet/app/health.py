"""What a supervisor and Prometheus ask: alive, ready, and in numbers."""

import hmac
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from conduet.app.clients import is_local
from conduet.app.metrics import CONTENT_TYPE, Metrics
from conduet.errors import Unauthorized, Unavailable
from conduet.kit.db import Database
from conduet.kit.openapi import failures, success
from conduet.migrations import is_current


def health_routes(database: Database, metrics: Metrics, *, metrics_token: str | None) -> Sequence[Route]:
    """`/healthz`, `/readyz` and `/metrics`, which take no key of the API."""

    async def alive(_: Request) -> Response:
        """The process answers."""
        return JSONResponse({"status": "alive"})

    async def ready(_: Request) -> Response:
        """The database answers and is of the version that this server works with."""
        if not await database.read(is_current):
            raise Unavailable("The database is of another version than this server.")
        return JSONResponse({"status": "ready"})

    async def numbers(request: Request) -> Response:
        """Metrics in Prometheus' text format: for this machine, elsewhere with the metrics token."""
        headers = dict(request.scope["headers"])
        shown = headers.get(b"authorization", b"")
        opens = metrics_token is not None and hmac.compare_digest(shown, f"Bearer {metrics_token}".encode())
        if not opens and not is_local(request.scope, headers):
            raise Unauthorized("Metrics are for this machine, and elsewhere for CONDUET_METRICS_TOKEN.")
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    return [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", numbers)]


def health_paths() -> dict[str, Any]:
    """The OpenAPI description of these routes."""
    return {
        "/healthz": {"get": _probe("Whether the process answers", {"status": "alive"})},
        "/readyz": {"get": _probe("Whether requests can be served", {"status": "ready"}, 503)},
        "/metrics": {
            "get": {
                "tags": ["Operations"],
                "summary": "Numbers for Prometheus: on this machine, elsewhere with `CONDUET_METRICS_TOKEN`",
                "responses": {
                    "200": {
                        "description": "Successful Response",
                        "content": {"text/plain": {"schema": {"type": "string"}, "example": "# HELP …"}},
                    },
                    "401": {"description": "From elsewhere, without the token."},
                },
            }
        },
    }


def _probe(summary: str, example: dict[str, str], *statuses: int) -> dict[str, Any]:
    answers = {"200": {"description": "Successful Response", **success(example)[200]}}
    described = {str(status): {"description": failures(status)[status]["description"]} for status in statuses}
    return {"tags": ["Operations"], "summary": summary, "responses": {**answers, **described}}
