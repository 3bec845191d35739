"""Sends messages: one after the other to a person, again where it is sure that nothing was accepted."""

import asyncio
import math
import random
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final, cast

from conduet.accounts.principal import ProjectScope
from conduet.conversations.scope import ConversationScope
from conduet.conversations.store import inbox
from conduet.deployments import delivery_store, message_store, store
from conduet.deployments.configuration import Configurations
from conduet.deployments.delivery_store import ACCEPTED, FAILED, PENDING, SENDING, UNKNOWN, Delivery
from conduet.deployments.fitting import fitting
from conduet.deployments.outbox import SYSTEM
from conduet.deployments.pace import MOST_SECONDS, Pace
from conduet.deployments.store import Deployment
from conduet.engine.channel.channel import ListeningChannel
from conduet.engine.channel.outbound import Line, Parcel, SendFailure
from conduet.engine.outside import Unreachable
from conduet.engine.service import find
from conduet.engine.values import Json
from conduet.jobs.store import Running
from conduet.jobs.worker import Later
from conduet.kit.clock import from_milliseconds, milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.kit.json import parse

OFF: Final = "The deployment is off, or was removed."
WINDOW_CLOSED: Final = "window_closed: the channel lets people be written to only for a while after they have written."
REPLY_LIMIT: Final = (
    "reply_limit: {most} answers have gone to this address within an hour, so that it is taken for a machine."
)
HOUR_MS: Final = 60 * 60 * 1000
BROKEN_OFF: Final = "The server stopped while it was being sent."
NOT_SENT: Final = frozenset(("UNREACHABLE", "TLS_FAILED"))
"""Why a call has no answer where nothing was sent, and a later try may go better."""
NEVER_SENT: Final = frozenset(("ADDRESS_REFUSED", "INVALID_CALL"))
"""Why nothing was sent, or will be."""

JITTER: Final = 0.25
_SPREAD: Final = random.SystemRandom()


class Sending:
    """Runs the jobs that send."""

    def __init__(self, database: Database, configurations: Configurations, line: Line) -> None:
        self._database = database
        self._configurations = configurations
        self._line = line
        self._pace = Pace()

    async def run(self, running: Running) -> None:
        """Sends what there is for a user at a deployment, until there is no more."""
        deployment_id, user_id = cast("list[str]", running.payload)
        deployment = await self._database.read(lambda tx: store.find_by_address(tx, deployment_id))
        channel = None
        if deployment is not None and deployment.enabled:
            channel = await asyncio.to_thread(self._configurations.open, deployment)
        if deployment is None or not isinstance(channel, ListeningChannel):
            await self._database.write(partial(_give_up, running, deployment_id, user_id))
            return
        begin = partial(_begin, running, deployment, user_id, channel)
        while True:
            await self._keep_pace(channel, deployment, user_id)
            delivery = await self._database.write(begin)
            if delivery is None:
                return
            await self._try(deployment, channel, delivery)

    def dead(self, tx: Tx, running: Running, reason: str) -> None:
        """Gives up what is still to be sent."""
        deployment_id, user_id = cast("list[str]", running.payload)
        delivery_store.give_up(tx, running.scope, deployment_id, user_id, problem=reason)

    async def _keep_pace(self, channel: ListeningChannel, deployment: Deployment, user_id: str) -> None:
        """Waits as long as the vendor wants it. Raises `Later` when that is long."""
        if channel.per_second is None and channel.per_person_a_second is None:
            return
        due = partial(delivery_store.find_due, scope=deployment.scope, deployment_id=deployment.id, user_id=user_id)
        if await self._database.read(due) is None:
            return
        for name, per_second in (
            (f"{deployment.id} {user_id}", channel.per_person_a_second),
            (deployment.id, channel.per_second),
        ):
            wait = self._pace.take(name, per_second)
            if wait > MOST_SECONDS:
                raise Later(wait)
            if wait > 0:
                await asyncio.sleep(wait)

    async def _try(self, deployment: Deployment, channel: ListeningChannel, delivery: Delivery) -> None:
        """One try. Raises `Later` when there is to be another."""
        content = cast("Mapping[str, Json]", parse(delivery.content))
        made_at = from_milliseconds(delivery.created_at)
        parcel = Parcel(delivery.id, delivery.outside_id, delivery.to, content, made_at, delivery.late)
        again: SendFailure | None = None
        try:
            vendor_id = await channel.send(parcel, self._line)
            await self._settle(deployment, delivery, ACCEPTED, vendor_id=vendor_id)
        except SendFailure as failure:
            failure.message = channel.without_secrets(failure.message)
            if failure.alarm:
                await self._database.write(partial(_alarm, deployment, failure.message))
            again = failure if failure.again else None
            if again is None:
                await self._settle(deployment, delivery, FAILED, problem=failure.message)
        except Unreachable as failure:
            if failure.code in NOT_SENT or (channel.repeats and failure.code not in NEVER_SENT):
                again = SendFailure(failure.message, again=True)
            else:
                status = FAILED if failure.code in NEVER_SENT else UNKNOWN
                await self._settle(deployment, delivery, status, problem=failure.message)
        if again is None:
            return
        pause = _pause(channel, delivery, again)
        status = FAILED if pause is None else PENDING
        await self._settle(deployment, delivery, status, problem=again.message)
        if pause is not None:
            raise Later(pause)

    async def _settle(
        self,
        deployment: Deployment,
        delivery: Delivery,
        status: str,
        *,
        problem: str | None = None,
        vendor_id: str | None = None,
    ) -> None:
        def work(tx: Tx) -> None:
            scope = deployment.scope
            delivery_store.settle(tx, scope, delivery.id, status=status, problem=problem, vendor_id=vendor_id)
            if status == ACCEPTED and deployment.problem is not None:
                store.set_problem(tx, scope, deployment.id, None)

        await self._database.write(work)


def _begin(
    running: Running, deployment: Deployment, user_id: str, channel: ListeningChannel, tx: Tx
) -> Delivery | None:
    """The next message, marked as being sent; `None`, and the job is done, when there is none."""
    scope = deployment.scope
    running.check(tx)
    while True:
        delivery = delivery_store.find_due(tx, scope, deployment.id, user_id)
        if delivery is None:
            running.finish(tx)
            return None
        if delivery.status == SENDING and not channel.repeats:
            delivery_store.settle(tx, scope, delivery.id, status=UNKNOWN, problem=BROKEN_OFF)
            continue
        passed = _passed_seconds(tx, deployment, channel, delivery)
        problem = _unsent(tx, scope, channel, delivery, passed)
        if problem is not None:
            delivery_store.settle(tx, scope, delivery.id, status=FAILED, problem=problem)
            if problem == WINDOW_CLOSED:
                # Whoever waits for it writes no more; a machine writes on and on, and nobody has its conversation.
                note = {"member_id": "", "member_name": SYSTEM, "text": f"A message was not sent. {problem}"}
                inbox.add_note(tx, ConversationScope(scope, user_id), **note, now=milliseconds(now()))
            continue
        delivery_store.begin(tx, scope, delivery.id, now=milliseconds(now()))
        is_late = channel.window_seconds is not None and passed >= channel.window_seconds
        return replace(delivery_store.with_thread(tx, scope, delivery), late=is_late)


def _unsent(tx: Tx, scope: ProjectScope, channel: ListeningChannel, delivery: Delivery, passed: float) -> str | None:
    """Why a message is not sent: no vendor is asked for what it would refuse, and no machine answered for good."""
    window = channel.window_seconds
    if delivery.by_person and channel.person_window_seconds is not None:
        window = channel.person_window_seconds
    if window is not None and passed >= window:
        return WINDOW_CLOSED
    most = channel.replies_an_hour
    if most is None or delivery.by_person or find(delivery.to, "handoff") is not None:
        return None
    sent = delivery_store.count_answers(tx, scope, delivery, since=milliseconds(now()) - HOUR_MS)
    return REPLY_LIMIT.format(most=most) if sent >= most else None


def _passed_seconds(tx: Tx, deployment: Deployment, channel: ListeningChannel, delivery: Delivery) -> float:
    """How long ago the person has written last; of no matter where they may always be written to."""
    if channel.window_seconds is None:
        return 0.0
    seen_at = message_store.last_seen(tx, deployment.scope, deployment.id, delivery.outside_id)
    return math.inf if seen_at is None else (milliseconds(now()) - seen_at) / 1000


def _give_up(running: Running, deployment_id: str, user_id: str, tx: Tx) -> None:
    running.finish(tx)
    delivery_store.give_up(tx, running.scope, deployment_id, user_id, problem=OFF)


def _alarm(deployment: Deployment, problem: str, tx: Tx) -> None:
    store.set_problem(tx, deployment.scope, deployment.id, fitting(problem)[: delivery_store.WORDS])


def _pause(channel: ListeningChannel, delivery: Delivery, failure: SendFailure) -> float | None:
    """Seconds to the next try; `None` when there is none."""
    if delivery.fleeting or delivery.attempts >= len(channel.pauses):
        return None
    planned = channel.pauses[delivery.attempts] * _SPREAD.uniform(1, 1 + JITTER)
    return max(planned, failure.after_seconds or 0.0)
