"""What a vendor tells a webhook: checked, stored once with the work it makes, and only then acknowledged."""

import asyncio
from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import urlsplit

import structlog

from conduet.deployments import delivery_store, fitting, message_store, store
from conduet.deployments.attachments import keep_enclosed
from conduet.deployments.configuration import Configurations
from conduet.deployments.fitting import known_by
from conduet.deployments.handing import ANSWER, thread_of
from conduet.deployments.message_store import add_answer
from conduet.deployments.store import Deployment
from conduet.engine.action import action_json
from conduet.engine.channel.channel import ListeningChannel
from conduet.engine.channel.inbound import Inbound, Received, Reply
from conduet.errors import BadRequest, ConduetError, PayloadTooLarge
from conduet.jobs.store import NewJob, add_job
from conduet.kit.clock import milliseconds
from conduet.kit.db import Database, Tx
from conduet.kit.exchange import Exchange
from conduet.kit.json import Json
from conduet.limits.wide import WideLimits

TURN: Final = "channel-turn"
"""The kind of the job that answers a message."""

LARGE_BYTES: Final = 64 * 1024

MOST: Final = 1000
"""How many messages one delivery may bring; vendors put fewer together."""

log = structlog.get_logger()


class Receiving:
    """Takes in what comes at the webhooks of all deployments."""

    def __init__(self, database: Database, configurations: Configurations, limits: WideLimits) -> None:
        self._database = database
        self._configurations = configurations
        self._limits = limits

    async def find(self, deployment_id: str) -> tuple[Deployment, ListeningChannel]:
        """The deployment at an address. Raises `NotFound` for one that is off, unknown, or has no webhook."""
        found = await self._database.glance(lambda tx: store.find_by_address(tx, deployment_id))
        if found is None or not found.enabled:
            raise store.missing()
        channel = await asyncio.to_thread(self._configurations.open, found)
        if not isinstance(channel, ListeningChannel):
            raise store.missing()
        return found, channel

    async def take(
        self, deployment: Deployment, channel: ListeningChannel, request: Inbound, *, seen: Exchange
    ) -> Reply:
        """Stores what a request brings, once it is verified, and comes back with what it is answered with.

        Raises `Unauthorized`, `RateLimited`, `PayloadTooLarge`, and `BadRequest` for what cannot be read; then nothing
        is stored.
        """
        if len(request.body) > channel.most_bytes:
            raise PayloadTooLarge
        # What is large takes a while.
        if len(request.body) > LARGE_BYTES:
            await asyncio.to_thread(channel.verify, request)
        else:
            channel.verify(request)
        seen.facts |= {"project": deployment.scope.project_id, "deployment": deployment.id}
        await self._limits.count_credential(seen, deployment.id)
        return await self.keep(deployment, channel, request)

    async def keep(self, deployment: Deployment, channel: ListeningChannel, request: Inbound) -> Reply:
        """The same for what is known to be genuine. Raises `BadRequest`."""
        is_large = len(request.body) > LARGE_BYTES
        received = await asyncio.to_thread(_read, channel, request) if is_large else _read(channel, request)
        if received.messages or received.statuses:
            origin, at = _origin(request.url), milliseconds(request.at)
            await self._database.write(partial(_keep, deployment, channel, received, origin, at))
        return received.reply


def _read(channel: ListeningChannel, request: Inbound) -> Received:
    """What a request means, as it can be kept. Raises `BadRequest`, and `PayloadTooLarge` for more than is taken."""
    try:
        received = channel.read(request)
    except ConduetError:
        raise
    except Exception as error:
        # Whatever a parser runs into that was given what no vendor sends.
        log.exception("delivery not read", channel=channel.type)
        raise BadRequest("The body cannot be read.") from error
    if len(received.messages) + len(received.statuses) > MOST:
        raise PayloadTooLarge(f"A delivery brings at most {MOST} messages.")
    fitted = [found for each in received.messages if (found := fitting.fitted(each)) is not None]
    if len(fitted) < len(received.messages):
        log.warning("messages left out", channel=channel.type, count=len(received.messages) - len(fitted))
    statuses = [
        replace(each, vendor_id=known_by(each.vendor_id), problem=each.problem and fitting.fitting(each.problem))
        for each in received.statuses
    ]
    return replace(received, messages=tuple(fitted), statuses=tuple(statuses))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _keep(deployment: Deployment, channel: ListeningChannel, received: Received, origin: str, now: int, tx: Tx) -> None:
    scope = deployment.scope
    for incoming in received.messages:
        actions: list[Json] = [fitting.fitting_json(action_json(action)) for action in incoming.actions]
        told = delivery_store.find_told(tx, scope, deployment.id, incoming.answers) if incoming.answers else None
        if told is not None and channel.is_from(incoming.user, told.outside_id):
            if add_answer(tx, deployment, incoming, actions, user_id=told.user_id, to=thread_of(told), now=now):
                keep_enclosed(tx, deployment, incoming, actions, told.user_id, origin=origin, now=now)
                key = f"{deployment.id}/{incoming.id}"
                add_job(tx, scope, NewJob(ANSWER, key, [deployment.id, incoming.id], lane=f"turn:{told.user_id}"))
            continue
        if incoming.stray:
            continue
        user_id = message_store.add_message(tx, deployment, incoming, actions, origin=origin, now=now)
        if user_id is not None:
            keep_enclosed(tx, deployment, incoming, actions, user_id, origin=origin, now=now)
            new = NewJob(TURN, f"{deployment.id}/{incoming.id}", [deployment.id, incoming.id], lane=f"turn:{user_id}")
            add_job(tx, scope, new)
    for status in received.statuses:
        delivery_store.tell_status(tx, scope, deployment.id, status, now=now)
    if received.messages:
        message_store.forget_old(tx, deployment, now=now)
