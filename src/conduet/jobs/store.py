"""The SQL of jobs: added with what they are about, held by one process at a time, finished in one transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from conduet.accounts.principal import ProjectScope
from conduet.errors import Conflict
from conduet.jobs.tables import job
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Statement, Tx
from conduet.kit.ids import new_id
from conduet.kit.json import Json, dumps

LEASE_MS: Final = 30_000
"""For hung processes and cut networks only: a dead process is found at once."""


@dataclass(frozen=True, slots=True)
class NewJob:
    """Work of a `kind` about `key`, at once or at `run_at` (ms since 1970).

    Jobs of one `lane` of a project run one after another, in the order they were added. `every` repeats it, so many
    seconds after each end; a job that repeats has no lane, which it would block for good.
    """

    kind: str
    key: str
    payload: Json = None
    run_at: int | None = None
    lane: str = ""
    every: int | None = None

    def __post_init__(self) -> None:
        if self.lane and self.every is not None:
            raise ValueError("a job that repeats has no lane")


@dataclass(frozen=True, slots=True)
class Running:
    """A job that this process holds; `attempts` counts this run."""

    id: str
    scope: ProjectScope
    kind: str
    key: str
    payload: Json
    attempts: int
    every: int | None
    holder: str

    def finish(self, tx: Tx) -> None:
        """Ends the job, or sets its next run. Raises `Conflict` when it was cancelled or is another process's now."""
        if self.every is None:
            ended = tx.execute(sa.delete(job).where(*self._held()))
        else:
            at = milliseconds(now()) + self.every * 1000
            ended = tx.execute(sa.update(job).where(*self._held()).values(run_at=at, attempts=0, **_FREE))
        if not ended.rowcount:
            raise _lost()

    def check(self, tx: Tx) -> None:
        """Holds on for another while, in the transaction of a part of the work. Raises `Conflict` as `finish` does."""
        if not renew(tx, self):
            raise _lost()

    def _held(self) -> tuple[sa.ColumnElement[bool], ...]:
        return job.c.id == self.id, job.c.taken_by == self.holder


_FREE: Final[dict[str, Any]] = {"taken_by": None, "taken_until": 0}
_WORKER: Final = ":"
_TAKERS = Statement(
    sa.select(job.c.taken_by, sa.func.min(job.c.taken_until))
    .where(job.c.taken_by.is_not(None))
    .group_by(job.c.taken_by)
)


def topic(kind: str) -> str:
    """Wakes who runs jobs of a kind."""
    return f"job:{kind}"


def add_job(tx: Tx, scope: ProjectScope, new: NewJob) -> None:
    """Adds a job in the transaction of what it is about.

    One of the same kind and key is replaced: what runs of it can no longer finish.
    """
    key = {"project_id": scope.project_id, "kind": new.kind, "key": new.key}
    values: dict[str, Any] = {
        "id": new_id("job"),
        "lane": new.lane,
        "payload": dumps(new.payload).decode(),
        "run_at": milliseconds(now()) if new.run_at is None else new.run_at,
        "every": new.every,
        "attempts": 0,
        **_FREE,
    }
    # Two may add one of the same key at once: the later one stays.
    tx.execute(insert(job).values(**key, **values).on_conflict_do_update(index_elements=[*key], set_=values))
    tx.notify(topic(new.kind))


def remove_job(tx: Tx, scope: ProjectScope, *, kind: str, key: str) -> bool:
    """Cancels a job, also one that runs: it can no longer finish. Tells whether there was one."""
    found = (job.c.project_id == scope.project_id, job.c.kind == kind, job.c.key == key)
    return bool(tx.execute(sa.delete(job).where(*found)).rowcount)


def find_payload(tx: Tx, scope: ProjectScope, *, kind: str, key: str) -> Json:
    """The payload of a job; None where there is none, of either."""
    found = (job.c.project_id == scope.project_id, job.c.kind == kind, job.c.key == key)
    payload = tx.execute(sa.select(job.c.payload).where(*found)).scalar()
    return None if payload is None else orjson.loads(payload)


def list_keys(tx: Tx, kind: str) -> Sequence[str]:
    """The keys of all jobs of a kind, whichever project's."""
    return tx.execute(sa.select(job.c.key).where(job.c.kind == kind).order_by(job.c.key)).scalars().all()


def due(kinds: Collection[str]) -> Statement:
    """Asks when the next job of these kinds is due that nobody runs: one row of ms since 1970, or nothing.

    It is asked every second, by everybody.
    """
    of_kind = sa.or_(*(job.c.kind == kind for kind in kinds))
    return Statement(sa.select(sa.func.min(job.c.run_at)).where(job.c.taken_by.is_(None), of_kind))


def list_left(tx: Tx) -> Sequence[str]:
    """Holders that have died, or that have not been heard of for too long."""
    present = milliseconds(now())
    return [
        holder
        for holder, until in tx.rows(_TAKERS)
        if not tx.holds(holder) and (until <= present or not tx.alive(holder.partition(_WORKER)[0]))
    ]


def free(tx: Tx, holders: Collection[str]) -> None:
    """Lets others run what these have left, if they still hold it."""
    present = milliseconds(now())
    for holder in holders:
        left = job.c.taken_by == holder
        if tx.alive(holder.partition(_WORKER)[0]):
            left &= job.c.taken_until <= present
        tx.execute(sa.update(job).where(left).values(**_FREE))


def take(tx: Tx, *, worker: str, kinds: Collection[str], busy: Collection[str], limit: int) -> Sequence[Running]:
    """Takes at most `limit` jobs of these kinds that are due, none of the projects `busy`."""
    present = milliseconds(now())
    other = job.alias()
    # Who runs may be a later one: ids are made before they are committed, and by the clocks of several machines.
    before = sa.exists().where(
        other.c.project_id == job.c.project_id,
        other.c.lane == job.c.lane,
        other.c.id != job.c.id,
        sa.or_(other.c.id < job.c.id, other.c.taken_by.is_not(None)),
    )
    found = (
        sa.select(job)
        .where(job.c.taken_by.is_(None), job.c.run_at <= present, job.c.kind.in_(kinds))
        .where(job.c.project_id.not_in(busy), sa.or_(job.c.lane == "", ~before))
        .order_by(job.c.run_at, job.c.id)
        .limit(limit)
        .with_for_update(of=job, skip_locked=True)
    )
    taken: list[Running] = []
    # By their lanes: two that go the other way could wait for each other.
    for row in sorted(tx.execute(found).all(), key=lambda row: (row.project_id, row.lane)):
        if row.lane and _is_run(tx, row.project_id, row.lane):
            continue
        holder = f"{worker}{_WORKER}{new_id('run')}"
        taken.append(
            Running(
                row.id,
                ProjectScope(row.project_id),
                row.kind,
                row.key,
                orjson.loads(row.payload),
                row.attempts + 1,
                row.every,
                holder,
            )
        )
        held = {"taken_by": holder, "taken_until": present + LEASE_MS, "attempts": row.attempts + 1}
        tx.execute(sa.update(job).where(job.c.id == row.id).values(**held))
    return taken


def _is_run(tx: Tx, project_id: str, lane: str) -> bool:
    """Whether a job of the lane runs; whoever takes one just now is waited for."""
    tx.alone(f"lane {project_id} {lane}")
    running = sa.select(job.c.id).where(job.c.project_id == project_id, job.c.lane == lane, job.c.taken_by.is_not(None))
    return tx.execute(running.limit(1)).first() is not None


def renew(tx: Tx, running: Running) -> bool:
    """Holds a job for another while; `False` when it was cancelled or is another process's by now."""
    held = job.c.taken_by == running.holder
    until = milliseconds(now()) + LEASE_MS
    return bool(tx.execute(sa.update(job).where(job.c.id == running.id, held).values(taken_until=until)).rowcount)


def again(tx: Tx, running: Running, *, at: int, attempts: int) -> None:
    """Lets go of a job, to be run at `at` (ms since 1970) as if `attempts` runs had begun."""
    held = job.c.taken_by == running.holder
    values = {"run_at": at, "attempts": attempts, **_FREE}
    tx.execute(sa.update(job).where(job.c.id == running.id, held).values(**values))


def _lost() -> Conflict:
    return Conflict("The job was cancelled, or another process runs it by now.")
