"""The one place that wires everything."""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import cache, partial
from typing import Any, Protocol, runtime_checkable

from fastapi import FastAPI
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from conduet.accounts.access import Access
from conduet.accounts.routes import account_routes
from conduet.analytics.exports import export_routes
from conduet.analytics.figures import Analytics
from conduet.analytics.figures_routes import figures_routes
from conduet.analytics.routes import transcript_routes
from conduet.analytics.selection import Selection
from conduet.app.building import building_routes
from conduet.app.channels import channel_types, channels
from conduet.app.clients import Clients
from conduet.app.demo_service import DemoService
from conduet.app.directory import ROUTE, Directory
from conduet.app.docs import docs_routes
from conduet.app.edge import Edge
from conduet.app.health import health_paths, health_routes
from conduet.app.inbox import inbox
from conduet.app.metrics import Metrics
from conduet.app.openapi import describe
from conduet.app.origins import Origins
from conduet.app.outbound import target_types
from conduet.app.schema import schema_routes
from conduet.app.thinking import Thinking
from conduet.app.web import web_routes
from conduet.conversations.description import conversation_paths
from conduet.conversations.erasure import erasure_routes
from conduet.conversations.files import file_routes, list_files_of
from conduet.conversations.funnel_routes import funnel_routes
from conduet.conversations.inbox.people import list_people
from conduet.conversations.mcp_server import mcp_routes
from conduet.conversations.retention import Retention
from conduet.conversations.routes import conversation_routes
from conduet.conversations.store.sieves import answered_by, left_with
from conduet.conversations.store.taken import list_traces
from conduet.conversations.turns import Turns
from conduet.conversations.unanswered_routes import unanswered_routes
from conduet.conversations.upkeep import Upkeep
from conduet.conversations.world import World
from conduet.deployments.merging import merged
from conduet.engine.plugins import Plugins
from conduet.jobs.worker import Jobs
from conduet.kit.crypto import KeyRing
from conduet.kit.db import Database, open_database
from conduet.kit.exchange import STOPPING
from conduet.kit.http import AllowPrivate, Outgoing
from conduet.kit.mcp import McpServers
from conduet.kit.router import Router
from conduet.kit.sandbox.pool import Sandbox
from conduet.knowledge.routes import knowledge_routes
from conduet.knowledge.work import knowledge_kinds
from conduet.limits.address import parse_networks
from conduet.limits.rate import parse_rate
from conduet.limits.wide import WideLimits
from conduet.projects.behaviour import Behaviours
from conduet.projects.documents import Documents
from conduet.projects.reading_code import CodeReader
from conduet.projects.service import Projects
from conduet.projects.store import find_account
from conduet.settings import Settings
from conduet.testing.minds import built_in
from conduet.testing.routes import testing_routes
from conduet.testing.service import Tests
from conduet.webhooks.routes import webhook_routes
from conduet.webhooks.sending import Deliveries


class Api(FastAPI):
    """FastAPI without its error pages, for whatever is raised reaches the outermost wrapper as it is, and without its
    search, which tries one route after the other: that wrapper has found the route.
    """

    def build_middleware_stack(self) -> ASGIApp:
        """Only what FastAPI's own routes rely on."""
        return AsyncExitStackMiddleware(self._handle)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if ROUTE not in scope:
            await self.router(scope, receive, send)
            return
        route: Route = scope[ROUTE]
        scope.update(route.matches(scope)[1])
        await route.handle(scope, receive, send)


def _api(lifespan: Callable[[FastAPI], AbstractAsyncContextManager[Mapping[str, Any]]]) -> FastAPI:
    return Api(
        title="Conduet",
        openapi_url=None,
        # One address for one thing: a slash at the end makes another, which is not there.
        redirect_slashes=False,
        strict_content_type=False,
        # Asking for telemetry's settings reads the environment on each request.
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
        lifespan=lifespan,
    )


class _Part(Protocol):
    """What is closed when the application stops, and some of it started before."""

    async def close(self) -> None: ...


@runtime_checkable
class _Started(Protocol):
    async def start(self) -> None: ...


@asynccontextmanager
async def lifespan(parts: Sequence[_Part], _: FastAPI) -> AsyncGenerator[dict[str, asyncio.Event]]:
    """Starts the parts, and closes them in the opposite order: what writes goes before what it writes to."""
    async with AsyncExitStack() as stack:
        for part in parts:
            if isinstance(part, _Started):
                await part.start()
            stack.push_async_callback(part.close)
        yield {STOPPING: asyncio.Event()}


def _insight(
    access: Access, database: Database, outgoing: Outgoing, *, ring: KeyRing
) -> tuple[Sequence[_Part], Sequence[Router]]:
    """What looks at conversations afterwards, and tells of them: its parts and its routes."""
    behaviours = Behaviours(database)
    analytics = Analytics(database, behaviours.time_zone)
    selection = Selection(analytics, answered_by=answered_by, left_with=left_with)
    parts = (
        Deliveries(database, outgoing, ring=ring),
        Upkeep(database, analytics, Retention(database, behaviours)),
    )
    return parts, (
        export_routes(access, database, analytics, selection),
        transcript_routes(
            access, database, selection, traces_of=list_traces, files_of=list_files_of, people_of=list_people
        ),
        figures_routes(access, analytics),
        funnel_routes(access, database, selection),
        unanswered_routes(access, database, selection),
        erasure_routes(access, database),
        file_routes(database),
        webhook_routes(access, database, ring=ring),
    )


def create_app(settings: Settings, *, environment: Mapping[str, str] | None = None) -> Edge:
    """The ASGI application for `settings`; its database has to be migrated before it starts.

    The providers of models are read from `environment`, else from that of the process.

    Raises `ValueError` for a setting that makes no sense.
    """
    database = open_database(settings.database, run_dir=settings.run_dir)
    ring, plugins = KeyRing.open(settings.secret_key, settings.data), Plugins.installed()
    rate = parse_rate(settings.rate_limit)
    limits = WideLimits(rate, redis_url=settings.redis_url)
    access = Access(database, ring=ring, limits=limits, owner_of=find_account)
    demo, sandbox, metrics = DemoService(), Sandbox(), Metrics()
    kept = Projects(database, plugins, ring=ring, reader=CodeReader(sandbox))
    documents = Documents(database, plugins)
    outgoing = Outgoing(AllowPrivate.parse(settings.allow_private_urls))
    found = os.environ if environment is None else environment
    thinking = Thinking(settings.model, found, database, embedding_model=settings.embedding_model)
    jobs = Jobs(database, knowledge_kinds(database, outgoing, thinking.embedding, pause_seconds=settings.crawl_pause))
    world = World(outgoing, sandbox, McpServers(), database, ring, demo.own, thinking.minds)
    show_running = metrics.gauge("conduet_turns_running", "Turns that run just now.")
    turns = Turns(database, documents, rate=rate, world=world, show_running=show_running)
    people = channels(
        access, database, documents, outgoing, ring=ring, limits=limits, turns=turns, place=settings.public_url
    )
    waiting, desk = inbox(access, database, documents, turns)
    tests = Tests(database, kept, documents, sandbox=sandbox, minds=built_in(thinking.minds.embedder))
    watching, insight = _insight(access, database, outgoing, ring=ring)
    demos = (demo,) if settings.demo else ()
    parts = (database, limits, access, thinking, *demos, world, jobs, *watching, turns, *people.parts, *waiting)
    api = _api(partial(lifespan, parts))
    for router in (
        *building_routes(access, database, kept, plugins=plugins, world=world),
        *account_routes(access, database, settings, outgoing, ring=ring, limits=limits),
        testing_routes(access, tests),
        *desk,
        *insight,
        knowledge_routes(access, database, thinking.search),
        *people.routers,
        schema_routes(plugins, channel_types(), target_types()),
    ):
        # Their own routes, not an inclusion of them: FastAPI would make every model a second time.
        api.router.routes.extend(router.routes)
    talking = partial(conversation_routes, access, database, documents, turns, plugins=plugins, limits=limits)
    plain = (
        *talking(merged=merged, channels=channel_types().keys() - {"web"}),
        *mcp_routes(access, kept, turns),
        *health_routes(database, metrics, metrics_token=settings.metrics_token),
        *docs_routes(cache(lambda: describe(api, {**health_paths(), **conversation_paths()}))),
        *people.plain,
        *web_routes(),
    )
    return Edge(
        api,
        directory=Directory(plain, api.routes),
        clients=Clients(parse_networks(settings.trusted_proxies)),
        limits=limits,
        origins=Origins(access.is_widget_origin),
        metrics=metrics,
    )
