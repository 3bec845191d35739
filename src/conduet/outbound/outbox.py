"""What leads from one state of a run to the next, in the transaction that changes it, with the job that goes on."""

from collections.abc import Mapping
from typing import Any, Final

from conduet.accounts.principal import ProjectScope
from conduet.errors import Conflict
from conduet.jobs.store import NewJob, add_job, remove_job
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Tx
from conduet.kit.ids import new_id
from conduet.kit.json import Json
from conduet.outbound.delivery_store import add_deliveries, renew
from conduet.outbound.run_store import Approval, Run, Status, add_run, change_run

GENERATE: Final = "outbound-generate"
PUBLISH: Final = "outbound-publish"
SCHEDULE: Final = "outbound-schedule"
"""The kinds of jobs: a workflow writes, a run goes to its targets, a schedule begins a run."""


def begin_run(
    tx: Tx, scope: ProjectScope, pipeline: Mapping[str, Json], *, version_id: str, origin: str | None
) -> Run | None:
    """Begins a run of a pipeline; `None` where its origin has begun one already."""
    at = milliseconds(now())
    run = Run(
        id=new_id("run"),
        scope=scope,
        pipeline_id=str(pipeline["id"]),
        origin=origin,
        pipeline=pipeline,
        version_id=version_id,
        status="generating",
        round=1,
        text=None,
        pictures=(),
        note=None,
        problem=None,
        approval=None,
        publish_at=None,
        created_at=at,
        updated_at=at,
    )
    if not add_run(tx, run):
        return None
    _generate(tx, run, number=1)
    return run


def write_again(tx: Tx, run: Run, *, note: str | None) -> None:
    """Has the workflow write once more. Raises `Conflict`."""
    values = {"status": "generating", "round": run.round + 1, "note": note, "problem": None}
    _change(tx, run, before=("waiting", "rejected", "failed"), **values)
    _generate(tx, run, number=run.round + 1)


def release(tx: Tx, run: Run, approval: Approval, *, text: str, publish_at: int, before: Status) -> None:
    """Freezes what is published, with who let it go, and has it published at that time. Raises `Conflict`."""
    _change(tx, run, before=(before,), status="scheduled", text=text, approval=approval, publish_at=publish_at)
    add_deliveries(tx, run, now=publish_at)
    add_job(tx, run.scope, NewJob(PUBLISH, run.id, run.id, run_at=publish_at))


def publish_again(tx: Tx, run: Run) -> None:
    """Has it sent once more to those targets that have not accepted it. Raises `Conflict`."""
    _change(tx, run, before=("failed", "unknown"), status="publishing", problem=None)
    renew(tx, run, now=milliseconds(now()))
    add_job(tx, run.scope, NewJob(PUBLISH, run.id, run.id))


def refuse(tx: Tx, run: Run, *, note: str) -> None:
    """Ends a run that has not gone out. Raises `Conflict`."""
    _change(tx, run, before=("waiting", "scheduled"), status="rejected", note=note)
    remove_job(tx, run.scope, kind=PUBLISH, key=run.id)


def _generate(tx: Tx, run: Run, *, number: int) -> None:
    add_job(tx, run.scope, NewJob(GENERATE, run.id, [run.id, number]))


def _change(tx: Tx, run: Run, *, before: tuple[Status, ...], **values: Any) -> None:
    if run.status not in before or not change_run(tx, run, before=before, now=milliseconds(now()), **values):
        raise Conflict("Somebody else has decided about the run meanwhile: read it again.")
