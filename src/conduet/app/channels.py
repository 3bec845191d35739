"""Channels and outbound, wired: what comes in, what goes out, and the jobs that see to both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from starlette.routing import Route

from conduet.accounts.access import Access
from conduet.app.outbound import outbound
from conduet.conversations.states import States
from conduet.conversations.store.events import SEND_ON
from conduet.conversations.store.inbox import HANDED, HEARD
from conduet.conversations.turns import Turns
from conduet.deployments.configuration import Configurations
from conduet.deployments.fetching import FETCH, Fetching
from conduet.deployments.handing import ANSWER, Handing
from conduet.deployments.line import OutgoingLine
from conduet.deployments.outbox import SEND
from conduet.deployments.page_routes import page_routes
from conduet.deployments.pages import Pages
from conduet.deployments.receiving import TURN, Receiving
from conduet.deployments.routes import deployment_routes
from conduet.deployments.sending import Sending
from conduet.deployments.service import Deployments
from conduet.deployments.turning import Telling, Turning
from conduet.deployments.webhook_routes import channel_webhook_routes
from conduet.engine.channel.channel import Channel
from conduet.jobs.worker import Jobs, Kind
from conduet.kit.crypto import KeyRing
from conduet.kit.db import Database
from conduet.kit.http import Outgoing
from conduet.kit.plugin import discover
from conduet.kit.router import Router
from conduet.limits.wide import WideLimits
from conduet.outbound.scheduling import Schedules
from conduet.projects.documents import Documents

AT_ONCE = 32
EACH_AT_ONCE = 16
"""How many messages are answered, and as many sent, at once: most of that time is spent waiting for others."""


@dataclass(frozen=True, slots=True)
class Channels:
    """What works on messages and posts as long as the application runs, and the routes."""

    parts: Sequence[Jobs | Schedules]
    routers: Sequence[Router]
    plain: Sequence[Route]


@cache
def channel_types() -> Mapping[str, type[Channel]]:
    """All channel types by their names."""
    return discover("conduet.channels", Channel)


def channels(
    access: Access,
    database: Database,
    documents: Documents,
    outgoing: Outgoing,
    *,
    ring: KeyRing,
    limits: WideLimits,
    turns: Turns,
    place: str,
) -> Channels:
    """Wires them."""
    line = OutgoingLine(outgoing, database)
    press = outbound(access, database, documents, line, ring=ring, limits=limits, turns=turns)
    configurations = Configurations(channel_types(), ring=ring)
    pages = Pages(configurations, ring)
    turning = Turning(database, configurations, turns, line)
    sending = Sending(database, configurations, line)
    # Apart from each other: somebody's slow answers hold up nobody's deliveries.
    handing = Handing(database, configurations, States(database, documents), line, place=place)
    answering = {
        TURN: Kind(turning.run, turning.dead),
        SEND_ON: Kind(Telling(database, configurations).run),
        HANDED: Kind(handing.tell),
        HEARD: Kind(handing.tell_more),
        ANSWER: Kind(handing.answer, handing.dead),
    }
    receiving = Receiving(database, configurations, limits)
    fetching = Fetching(database, configurations, receiving, line, place=place)
    works = answering, {SEND: Kind(sending.run, sending.dead)}, {FETCH: Kind(fetching.run)}
    return Channels(
        [*(Jobs(database, work, at_once=AT_ONCE, each_at_once=EACH_AT_ONCE) for work in works), *press.parts],
        (
            deployment_routes(access, Deployments(database, configurations, pages, line)),
            channel_webhook_routes(receiving),
            *press.routers,
        ),
        page_routes(database, pages, limits),
    )
