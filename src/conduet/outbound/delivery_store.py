"""The SQL of what goes to targets: one row for each target of a run, with what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import sqlalchemy as sa

from conduet.kit.db import Tx
from conduet.kit.ids import new_id
from conduet.outbound.run_store import Run, tell_run
from conduet.outbound.tables import outbound_delivery

State: TypeAlias = Literal["pending", "sending", "accepted", "failed", "unknown"]
PENDING: Final = "pending"
SENDING: Final = "sending"
ACCEPTED: Final = "accepted"
FAILED: Final = "failed"
UNKNOWN: Final = "unknown"

_OPEN: Final = (PENDING, SENDING)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A post on its way to one target of its run, or there; times in ms since 1970."""

    id: str
    run_id: str
    number: int
    account: str | None
    status: State
    attempts: int
    problem: str | None
    vendor_id: str | None
    due_at: int
    tried_at: int | None
    created_at: int


def add_deliveries(tx: Tx, run: Run, *, now: int) -> None:
    """Adds one for each target of a run."""
    for number in range(len(run.targets)):
        values = {
            "project_id": run.scope.project_id,
            "id": new_id("dlv"),
            "run_id": run.id,
            "number": number,
            "status": PENDING,
            "attempts": 0,
            "due_at": now,
            "created_at": now,
        }
        tx.execute(sa.insert(outbound_delivery).values(**values))


def list_deliveries(tx: Tx, run: Run) -> Sequence[Delivery]:
    """Those of a run, in the order of its targets."""
    found = sa.select(outbound_delivery).where(*_of(run)).order_by(outbound_delivery.c.number)
    return [_read(row) for row in tx.execute(found)]


def list_of_runs(tx: Tx, runs: Sequence[Run]) -> Mapping[str, Sequence[Delivery]]:
    """Those of several runs of one project, by run."""
    if not runs:
        return {}
    own = outbound_delivery.c.project_id == runs[0].scope.project_id
    found = sa.select(outbound_delivery).where(own, outbound_delivery.c.run_id.in_([run.id for run in runs]))
    shown: dict[str, list[Delivery]] = {}
    for row in tx.execute(found.order_by(outbound_delivery.c.number)):
        shown.setdefault(row.run_id, []).append(_read(row))
    return shown


def find_due(tx: Tx, run: Run, *, now: int) -> Delivery | None:
    """The first that is to be tried now, or was being sent when a process died."""
    due = (outbound_delivery.c.status.in_(_OPEN), outbound_delivery.c.due_at <= now)
    found = sa.select(outbound_delivery).where(*_of(run), *due).order_by(outbound_delivery.c.number).limit(1)
    row = tx.execute(found).one_or_none()
    return None if row is None else _read(row)


def begin(tx: Tx, run: Run, delivery: Delivery, *, account: str, now: int) -> None:
    """Notes that it is tried now."""
    values = {"status": SENDING, "attempts": delivery.attempts + 1, "account": account, "tried_at": now}
    tx.execute(sa.update(outbound_delivery).where(*_of(run), outbound_delivery.c.id == delivery.id).values(**values))


def settle(
    tx: Tx,
    run: Run,
    delivery: Delivery,
    status: State,
    *,
    problem: str | None = None,
    vendor_id: str | None = None,
    due_at: int | None = None,
) -> None:
    """Notes what a try came to, if nobody has given it up meanwhile."""
    values: dict[str, Any] = {"status": status, "problem": problem, "vendor_id": vendor_id}
    if due_at is not None:
        values["due_at"] = due_at
    still = (outbound_delivery.c.id == delivery.id, outbound_delivery.c.status.in_(_OPEN))
    if tx.execute(sa.update(outbound_delivery).where(*_of(run), *still).values(**values)).rowcount:
        tell_run(tx, run, run.status)


def renew(tx: Tx, run: Run, *, now: int) -> None:
    """Lets those that failed, or of which nothing is known, be sent as if they were new."""
    ended = outbound_delivery.c.status.in_((FAILED, UNKNOWN))
    values = {"status": PENDING, "attempts": 0, "problem": None, "due_at": now}
    tx.execute(sa.update(outbound_delivery).where(*_of(run), ended).values(**values))


def give_up(tx: Tx, run: Run, *, problem: str) -> None:
    """Fails what is still to be sent; of what was being sent nothing is known."""
    for before, after in ((PENDING, FAILED), (SENDING, UNKNOWN)):
        found = sa.update(outbound_delivery).where(*_of(run), outbound_delivery.c.status == before)
        tx.execute(found.values(status=after, problem=problem))


def count_tried(tx: Tx, run: Run, account: str, *, since: int) -> tuple[int, int | None]:
    """How many posts the project has tried at an account since then, and when the first of them was."""
    own = (outbound_delivery.c.project_id == run.scope.project_id, outbound_delivery.c.account == account)
    tried = outbound_delivery.c.tried_at
    counted = tx.execute(sa.select(sa.func.count()).where(*own, tried > since)).scalar_one()
    return counted, tx.execute(sa.select(sa.func.min(tried)).where(*own, tried > since)).scalar()


def _read(row: sa.Row[Any]) -> Delivery:
    return Delivery(**{name: getattr(row, name) for name in Delivery.__slots__})


def _of(run: Run) -> tuple[sa.ColumnElement[bool], ...]:
    return outbound_delivery.c.project_id == run.scope.project_id, outbound_delivery.c.run_id == run.id
