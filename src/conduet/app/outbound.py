"""Outbound, wired: its schedules, the jobs that write and publish, and its routes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from conduet.accounts.access import Access
from conduet.conversations.turns import Turns
from conduet.engine.channel.outbound import Line
from conduet.engine.channel.target import Target
from conduet.jobs.worker import Jobs, Kind
from conduet.kit.crypto import KeyRing
from conduet.kit.db import Database
from conduet.kit.plugin import discover
from conduet.kit.router import Router
from conduet.limits.wide import WideLimits
from conduet.outbound.generating import Generating
from conduet.outbound.link_routes import link_routes
from conduet.outbound.outbox import GENERATE, PUBLISH, SCHEDULE
from conduet.outbound.publishing import Publishing
from conduet.outbound.routes import run_routes
from conduet.outbound.scheduling import Schedules
from conduet.outbound.service import Runs
from conduet.outbound.targets import Targets
from conduet.outbound.time_routes import time_routes
from conduet.projects.documents import Documents


@dataclass(frozen=True, slots=True)
class Outbound:
    """What works as long as the application runs, and the routes."""

    parts: Sequence[Jobs | Schedules]
    routers: Sequence[Router]


@cache
def target_types() -> Mapping[str, type[Target]]:
    """All target types by their names."""
    return discover("conduet.targets", Target)


def outbound(
    access: Access,
    database: Database,
    documents: Documents,
    line: Line,
    *,
    ring: KeyRing,
    limits: WideLimits,
    turns: Turns,
) -> Outbound:
    """Wires them."""
    targets = Targets(target_types(), ring=ring)
    generating = Generating(database, documents, turns, targets, line)
    publishing = Publishing(database, targets, line, ring=ring)
    schedules, runs = Schedules(database, documents), Runs(database, documents, targets)
    # Apart from each other: a workflow that writes for minutes holds up nothing that was approved.
    works = (
        {GENERATE: Kind(generating.run, generating.dead)},
        {PUBLISH: Kind(publishing.run, publishing.dead), SCHEDULE: Kind(schedules.fire)},
    )
    return Outbound(
        [*(Jobs(database, work) for work in works), schedules],
        (run_routes(access, runs, ring=ring), link_routes(runs, limits, ring=ring), time_routes(access)),
    )
