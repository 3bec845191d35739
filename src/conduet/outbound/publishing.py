"""Sends runs to their targets: each once, and again only where it is sure that nothing was accepted."""

import random
from functools import partial
from typing import Final, cast

from conduet.engine.channel.outbound import Line, SendFailure
from conduet.engine.channel.target import Post, Publication, Target
from conduet.engine.outside import Unreachable
from conduet.errors import BadRequest
from conduet.jobs.store import Running
from conduet.jobs.worker import Later
from conduet.kit.clock import from_milliseconds, milliseconds, now
from conduet.kit.crypto import KeyRing
from conduet.kit.db import Database, Tx
from conduet.outbound import delivery_store
from conduet.outbound.delivery_store import ACCEPTED, FAILED, PENDING, SENDING, UNKNOWN, Delivery, list_deliveries
from conduet.outbound.run_store import Run, Status, change_run, find_run
from conduet.outbound.targets import Targets, free_at
from conduet.outbound.tokens import KeptTokens
from conduet.projects.store import hold_project

BROKEN_OFF: Final = "The server stopped while it was being sent."
NOT_APPROVED: Final = "What would be sent is not what was approved."
NOT_SENT: Final = frozenset(("UNREACHABLE", "TLS_FAILED"))
"""Why a call has no answer where nothing was sent, and a later try may go better."""
NEVER_SENT: Final = frozenset(("ADDRESS_REFUSED", "INVALID_CALL"))
"""Why nothing was sent, or will be."""

JITTER: Final = 0.25
_SPREAD: Final = random.SystemRandom()
_GOING: Final[tuple[Status, ...]] = ("scheduled", "publishing")


class Publishing:
    """Runs the jobs that publish."""

    def __init__(self, database: Database, targets: Targets, line: Line, *, ring: KeyRing) -> None:
        self._database = database
        self._targets = targets
        self._line = line
        self._ring = ring

    async def run(self, running: Running) -> None:
        """Sends a run to each of its targets, and notes what came of it. Raises `Later` while some are to be tried."""
        run = await self._database.write(partial(_open, running))
        if run is None:
            return
        begin = partial(self._begin, running, run)
        while (found := await self._database.write(begin)) is not None:
            await self._try(run, *found)
        due = await self._database.write(partial(_conclude, running, run))
        if due is not None:
            raise Later(max(0.0, (due - milliseconds(now())) / 1000))

    def dead(self, tx: Tx, running: Running, reason: str) -> None:
        """Gives up what is still to be sent."""
        run = find_run(tx, running.scope, str(running.payload))
        if run is not None:
            delivery_store.give_up(tx, run, problem=reason)
            _settle_run(tx, run)

    def _begin(self, running: Running, run: Run, tx: Tx) -> tuple[Delivery, Target] | None:
        """The next target, marked as being sent to; `None` when there is none to be tried now."""
        running.check(tx)
        # What another run sends at the same account counts for the rate of this one.
        hold_project(tx, run.scope)
        at = milliseconds(now())
        while (delivery := delivery_store.find_due(tx, run, now=at)) is not None:
            try:
                secrets = self._targets.secrets(tx, run.scope, version_id=run.version_id)
                target = self._targets.open(run, delivery.number, secrets)
            except BadRequest as error:
                status = UNKNOWN if delivery.status == SENDING else FAILED
                delivery_store.settle(tx, run, delivery, status, problem=error.message)
                continue
            if delivery.status == SENDING and not target.repeats:
                delivery_store.settle(tx, run, delivery, UNKNOWN, problem=BROKEN_OFF)
                continue
            free = free_at(tx, run, target, now=at)
            if free > at:
                delivery_store.settle(tx, run, delivery, delivery.status, problem=delivery.problem, due_at=free)
                continue
            delivery_store.begin(tx, run, delivery, account=target.account, now=at)
            return delivery, target
        return None

    async def _try(self, run: Run, delivery: Delivery, target: Target) -> None:
        settle = partial(self._settle, run, delivery)
        post = Post(cast("str", run.text), run.pictures)
        tokens = KeptTokens(self._database, run.scope, ring=self._ring)
        publication = Publication(delivery.id, post, from_milliseconds(delivery.created_at), tokens)
        try:
            vendor_id = await target.publish(publication, self._line)
        except SendFailure as failure:
            await self._fail(run, delivery, target, failure)
        except Unreachable as failure:
            if failure.code in NOT_SENT or (target.repeats and failure.code not in NEVER_SENT):
                await self._fail(run, delivery, target, SendFailure(failure.message, again=True))
            else:
                status = FAILED if failure.code in NEVER_SENT else UNKNOWN
                await settle(status, problem=failure.message)
        except Exception as error:
            # A bug behind the call: it may have been accepted, and is not sent again.
            await settle(UNKNOWN, problem=f"Something went wrong on our side ({type(error).__name__}).")
            raise
        else:
            await settle(ACCEPTED, vendor_id=vendor_id)

    async def _fail(self, run: Run, delivery: Delivery, target: Target, failure: SendFailure) -> None:
        if not failure.again or delivery.attempts >= len(target.pauses):
            await self._settle(run, delivery, FAILED, problem=failure.message)
            return
        pause = max(target.pauses[delivery.attempts] * _SPREAD.uniform(1, 1 + JITTER), failure.after_seconds or 0.0)
        due = milliseconds(now()) + int(pause * 1000)
        await self._settle(run, delivery, PENDING, problem=failure.message, due_at=due)

    async def _settle(
        self,
        run: Run,
        delivery: Delivery,
        status: delivery_store.State,
        *,
        problem: str | None = None,
        vendor_id: str | None = None,
        due_at: int | None = None,
    ) -> None:
        await self._database.write(
            lambda tx: delivery_store.settle(
                tx, run, delivery, status, problem=problem, vendor_id=vendor_id, due_at=due_at
            )
        )


def _open(running: Running, tx: Tx) -> Run | None:
    """The run, which goes out from here on; `None`, and the job is done, when it must not."""
    run = find_run(tx, running.scope, str(running.payload))
    if run is None or run.status not in _GOING:
        running.finish(tx)
        return None
    if run.approval is None or run.text is None or run.digest(run.text) != run.approval.sha256:
        running.finish(tx)
        delivery_store.give_up(tx, run, problem=NOT_APPROVED)
        change_run(tx, run, before=_GOING, now=milliseconds(now()), status="failed", problem=NOT_APPROVED)
        return None
    if not change_run(tx, run, before=_GOING, now=milliseconds(now()), status="publishing"):
        running.finish(tx)
        return None
    return run


def _conclude(running: Running, run: Run, tx: Tx) -> int | None:
    """Ends the job, and the run; when a target is to be tried later, comes back with the time of that instead."""
    due = [each.due_at for each in list_deliveries(tx, run) if each.status in (PENDING, SENDING)]
    if due:
        return min(due)
    running.finish(tx)
    _settle_run(tx, run)
    return None


def _settle_run(tx: Tx, run: Run) -> None:
    found = list_deliveries(tx, run)
    states = {each.status for each in found}
    status: Status = "unknown" if UNKNOWN in states else "failed" if FAILED in states else "published"
    problems = [f"{run.targets[each.number].get('connector')}: {each.problem}" for each in found if each.problem]
    problem = " ".join(problems) if status != "published" else None
    change_run(tx, run, before=_GOING, now=milliseconds(now()), status=status, problem=problem)
