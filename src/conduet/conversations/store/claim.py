"""Transaction 1 of a turn: rate, idempotency key, version, lease, and the turn's row with its action."""

from dataclasses import dataclass

import sqlalchemy as sa

from conduet.conversations.scope import Asker, ConversationScope
from conduet.conversations.store import lease, repeat
from conduet.conversations.store.interrupt import interrupt
from conduet.conversations.store.lease import Held, Row
from conduet.conversations.store.repeat import Repeated
from conduet.conversations.tables import turn
from conduet.errors import ConduetError, NotFound, RateLimited
from conduet.kit.db import Statement, Tx
from conduet.kit.exchange import Window
from conduet.limits.rate import Rate, hit
from conduet.projects.store import DEVELOPMENT, Resolved, keep_revision, resolve_version

IDLE_MS = 24 * 60 * 60 * 1000
"""A conversation without a turn for so long counts as at rest, and its transcript has ended."""


@dataclass(frozen=True, slots=True)
class Order:
    """A turn that is asked for: its id and holder, the version asked for, its action as JSON, its idempotency key."""

    turn_id: str
    holder: str
    asker: Asker
    version_id: str
    action: bytes
    rate: Rate
    key: repeat.Key | None = None
    by_server: bool = False
    """Whether the user has not asked for it: it counts in no rate, begins no transcript, and nothing is too old."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A turn that may begin: what it stands on. `was_idle`: whatever waited in the conversation no longer does."""

    started_at: int
    revision: int
    state: bytes
    was_idle: bool
    version_id: str
    document_revision: int
    transcript_id: str | None
    message_count: int


@dataclass(frozen=True, slots=True)
class Refused:
    """No turn, for this reason; that it was asked for is counted all the same."""

    error: ConduetError


Outcome = Claimed | Held | Repeated | Refused


_ADD_TURN = Statement(
    sa.insert(turn).values(
        id=sa.bindparam("turn"),
        project_id=sa.bindparam("project"),
        user_id=sa.bindparam("user"),
        status="running",
        worker=sa.bindparam("worker"),
        version_id=sa.bindparam("version"),
        revision=sa.bindparam("revision"),
        platform=sa.bindparam("platform"),
        action=sa.bindparam("action"),
        started_at=sa.bindparam("started_at"),
    )
)


def claim(tx: Tx, order: Order, *, ticket: str | None, counted: bool) -> tuple[Outcome, Window | None]:
    """Takes the conversation for a turn, or says why it cannot; beside it the user's rate, where it is counted here.

    A request that has waited comes again with its `ticket` and was `counted` the first time.
    """
    scope = order.asker.scope
    row = lease.find(tx, scope)
    if not order.asker.may_see(row.begun_by):
        # Its user is not the asker's: nothing of theirs is counted or told.
        return _give_up(tx, order, NotFound("There is no such conversation."), ticket=ticket), None
    window = None
    if not counted:
        hits = hit(order.rate, row.now, reset_at=row.rate_reset_at, count=row.rate_count)
        window = hits.window
        if not hits.allowed:
            return Refused(RateLimited(headers={"Retry-After": str(hits.retry_after_seconds)})), window
        row.rate_reset_at, row.rate_count = hits.reset_at, hits.count
    try:
        outcome = _claim(tx, order, row, ticket=ticket)
    except ConduetError as error:
        outcome = _give_up(tx, order, error, ticket=ticket)
    if not (counted or isinstance(outcome, Claimed)):
        lease.count(tx, scope, row)
    return outcome, window


def _give_up(tx: Tx, order: Order, error: ConduetError, *, ticket: str | None) -> Refused:
    if ticket is not None:
        lease.drop_ticket(tx, order.asker.scope, ticket=ticket)
    return Refused(error)


def _claim(tx: Tx, order: Order, row: Row, *, ticket: str | None) -> Outcome:
    scope, key = order.asker.scope, order.key
    if key is not None:
        repeated = _repeated(tx, scope, key, row)
        if repeated is not None:
            if ticket is not None:
                lease.drop_ticket(tx, scope, ticket=ticket)
            return repeated
    was_idle = 0 < row.updated_at <= row.now - IDLE_MS
    try:
        resolved = _resolve(tx, order, row, resting=was_idle or bool(row.at_rest))
    except NotFound as error:
        if key is not None:
            repeat.add_error(tx, scope, key, error, now=row.now)
        raise
    held = lease.hold_up(tx, scope, row, worker=lease.worker_of(order.holder), ticket=ticket)
    if held is not None:
        return held
    lease.take(tx, scope, row, holder=order.holder)
    resolved = keep_revision(tx, scope.project, resolved)
    _add_turn(tx, order, row, resolved)
    if key is not None:
        repeat.add(tx, scope, key, order.turn_id, now=row.now)
    return Claimed(
        started_at=row.now,
        revision=row.revision,
        state=row.state,
        was_idle=was_idle and not order.by_server,
        version_id=resolved.version_id,
        document_revision=resolved.revision,
        transcript_id=row.transcript_id if order.by_server or row.last_turn_at > row.now - IDLE_MS else None,
        message_count=row.message_count,
    )


def _repeated(tx: Tx, scope: ConversationScope, key: repeat.Key, row: Row) -> Repeated | None:
    """What the key stands for; not a turn that nobody is at, whose process lives but could not write down its end."""
    found = repeat.find(tx, scope, key, now=row.now)
    if found is None or not found.is_running or lease.is_held(tx, row):
        return found
    interrupt(tx, scope, str(found.turn_id), now=row.now)
    return None


def _resolve(tx: Tx, order: Order, row: Row, *, resting: bool) -> Resolved:
    """What the turn runs on: what was asked for, unless the conversation is in the midst of another version.

    The draft is no version to stay on: asking for it takes effect at once, and whoever is on it gets it as it is now.
    """
    project = order.asker.scope.project
    asked = resolve_version(tx, project, order.version_id)
    if resting or asked.version_id == DEVELOPMENT or row.version_id in (None, asked.version_id):
        return asked
    return resolve_version(tx, project, row.version_id)


def _add_turn(tx: Tx, order: Order, row: Row, resolved: Resolved) -> None:
    scope = order.asker.scope
    tx.change(
        _ADD_TURN,
        turn=order.turn_id,
        project=scope.project.project_id,
        user=scope.user_id,
        worker=lease.worker_of(order.holder),
        version=resolved.version_id,
        revision=resolved.revision,
        platform=order.asker.platform,
        action=order.action,
        started_at=row.now,
    )
