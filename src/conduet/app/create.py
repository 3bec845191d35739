"""The one place that wires everything."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp

from conduet.accounts.access import Access
from conduet.app.clients import Clients
from conduet.app.directory import Directory
from conduet.app.edge import Edge
from conduet.app.health import health_routes
from conduet.app.metrics import Metrics
from conduet.app.origins import Origins
from conduet.kit.crypto import KeyRing
from conduet.kit.db import open_database
from conduet.limits.address import parse_networks
from conduet.limits.rate import parse_rate
from conduet.limits.wide import WideLimits
from conduet.projects.store import find_account
from conduet.settings import Settings


class Api(FastAPI):
    """FastAPI without its error pages: whatever is raised reaches the outermost wrapper as it is."""

    def build_middleware_stack(self) -> ASGIApp:
        """Only what FastAPI's own routes rely on."""
        return AsyncExitStackMiddleware(self.router)


def create_app(settings: Settings) -> Edge:
    """The ASGI application for `settings`; its database has to be migrated before it starts.

    Raises `ValueError` for a setting that makes no sense.
    """
    database = open_database(settings.database, run_dir=settings.run_dir)
    ring = KeyRing.open(settings.secret_key, settings.data)
    limits = WideLimits(parse_rate(settings.rate_limit), redis_url=settings.redis_url)
    access = Access(database, ring=ring, limits=limits, owner_of=find_account)
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with AsyncExitStack() as stack:
            await database.start()
            stack.push_async_callback(database.close)
            stack.push_async_callback(limits.close)
            stack.push_async_callback(access.close)
            yield

    api = Api(
        title="Conduet",
        openapi_url=None,
        redirect_slashes=False,
        strict_content_type=False,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
        lifespan=lifespan,
    )
    management = APIRouter()
    hot: list[Route] = []
    api.include_router(management, prefix="/api/v1")
    api.include_router(management, prefix="/v1", include_in_schema=False)
    api.router.routes.extend(health_routes(database, metrics, metrics_token=settings.metrics_token))
    return Edge(
        api,
        directory=Directory(hot, api.routes),
        clients=Clients(parse_networks(settings.trusted_proxies)),
        limits=limits,
        origins=Origins(access.is_widget_origin),
        metrics=metrics,
    )
