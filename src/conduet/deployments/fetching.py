"""Fetches what comes to a deployment's mailbox, every minute as long as it is on, and stores it as a webhook's."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Final, cast

import structlog

from conduet.accounts.principal import ProjectScope
from conduet.deployments import store
from conduet.deployments.configuration import Configurations
from conduet.deployments.message_store import KEPT_MS
from conduet.deployments.receiving import Receiving
from conduet.deployments.store import Deployment
from conduet.engine.channel.channel import Channel, ListeningChannel
from conduet.engine.channel.inbound import Inbound
from conduet.engine.channel.outbound import Line
from conduet.engine.outside import Unreachable
from conduet.errors import BadRequest
from conduet.jobs.store import NewJob, Running, add_job, find_payload, remove_job
from conduet.jobs.worker import Later
from conduet.kit.clock import from_milliseconds, milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.kit.json import Json

FETCH: Final = "channel-fetch"
"""The kind of the job that fetches a deployment's mail."""

EVERY_SECONDS: Final = 60
REFUSED_SECONDS: Final = 900.0
"""How long after a refusal it is tried again: servers shut out who comes too often with a wrong password."""

SLACK_MS: Final = 5 * 60 * 1000
"""By how much the mail server's clock may be behind."""

LONGEST: Final = timedelta(milliseconds=KEPT_MS) - timedelta(days=1)
"""How old mail may be that is fetched: of older it is not known any more whether it has come before."""

MENDED: Final = frozenset(("MAILBOX_REFUSED", "TLS_FAILED", "ADDRESS_REFUSED", "INVALID_CALL"))
"""Why there was no mail, where somebody has to see to it; anything else passes."""

PROBLEM: Final = "No mail can be fetched. "

log = structlog.get_logger()


class Fetching:
    """Runs the jobs that fetch; `place` is where people reach the server."""

    def __init__(
        self, database: Database, configurations: Configurations, receiving: Receiving, line: Line, *, place: str
    ) -> None:
        self._database = database
        self._configurations = configurations
        self._receiving = receiving
        self._line = line
        self._place = place

    async def run(self, running: Running) -> None:
        """One visit. Mail that was stored is marked as read; what a crash leaves unmarked comes again and is known."""
        deployment_id, at = cast("tuple[str, int]", running.payload)
        deployment = await self._database.read(lambda tx: store.find_by_address(tx, deployment_id))
        channel = None
        if deployment is not None and deployment.enabled:
            channel = await asyncio.to_thread(self._configurations.open, deployment)
        if deployment is None or not isinstance(channel, ListeningChannel) or channel.mailbox is None:
            await self._database.write(lambda tx: remove_job(tx, running.scope, kind=FETCH, key=running.key))
            return
        since = max(from_milliseconds(at - SLACK_MS), now() - LONGEST)
        try:
            await self._line.fetch_mail(channel.mailbox, since, partial(self._keep, deployment, channel))
        except Unreachable as failure:
            problem = channel.without_secrets(failure.message)
            log.info("mail not fetched", deployment=deployment.id, code=failure.code, problem=problem)
            if failure.code in MENDED:
                await self._note(deployment, PROBLEM + problem)
                raise Later(REFUSED_SECONDS) from None
        else:
            await self._note(deployment, None)
        await self._database.write(running.finish)

    async def _keep(self, deployment: Deployment, channel: ListeningChannel, content: bytes) -> None:
        try:
            await self._receiving.keep(deployment, channel, Inbound("", self._place, {}, {}, content, now()))
        except BadRequest as error:
            # It would be no better the next time.
            log.info("mail not read", deployment=deployment.id, problem=error.message)

    async def _note(self, deployment: Deployment, problem: str | None) -> None:
        """Notes what is to be mended, or that it is; of what else is wrong with the deployment this knows nothing."""
        shown = deployment.problem
        if shown != problem and (shown is None or shown.startswith(PROBLEM)):
            note = partial(store.set_problem, scope=deployment.scope, deployment_id=deployment.id, problem=problem)
            await self._database.write(note)


def plan_fetching(tx: Tx, deployment: Deployment, channel: Channel, *, known: bool) -> None:
    """Has mail fetched at once and from then on, or no longer; what is `known` as the same mailbox goes on in it.

    Else only mail that comes from now on is fetched: what lay there before is not the agent's.
    """
    scope, kept = deployment.scope, find_payload(tx, deployment.scope, kind=FETCH, key=deployment.id)
    if not deployment.enabled or not isinstance(channel, ListeningChannel) or channel.mailbox is None:
        end_fetching(tx, scope, deployment.id)
        return
    since: Json = kept[1] if known and isinstance(kept, list) else milliseconds(now())
    add_job(tx, scope, NewJob(FETCH, deployment.id, [deployment.id, since], every=EVERY_SECONDS))


def end_fetching(tx: Tx, scope: ProjectScope, deployment_id: str) -> None:
    """Fetches no more."""
    remove_job(tx, scope, kind=FETCH, key=deployment_id)
