"""The SQL of what goes out at deployments: every message with what became of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from conduet.accounts.principal import ProjectScope
from conduet.deployments.fitting import fitting, known_by
from conduet.deployments.message_store import Contact
from conduet.deployments.tables import channel_delivery, channel_status
from conduet.engine.channel.inbound import Status
from conduet.engine.channel.outbound import Message
from conduet.errors import Conflict, NotFound
from conduet.kit.db import Tx
from conduet.kit.ids import new_id
from conduet.kit.json import Json, dumps, parse

PENDING: Final = "pending"
SENDING: Final = "sending"
ACCEPTED: Final = "accepted"
FAILED: Final = "failed"
UNKNOWN: Final = "unknown"

SHOWN: Final = 20
"""How many of a deployment's deliveries are told."""

WORDS: Final = 1000
"""How much is kept of why a message was not accepted."""

KEPT_MS: Final = 30 * 24 * 60 * 60 * 1000

EARLY_MS: Final = 60 * 60 * 1000
"""How long it is kept what a channel says of a message that is not known here, yet or at all."""

_ORDER: Final = (PENDING, SENDING, UNKNOWN, ACCEPTED, "delivered", "read")
_DUE: Final = (PENDING, SENDING)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message on its way to a person, or arrived; times in ms since 1970. For `late` see `Parcel`."""

    id: str
    deployment_id: str
    user_id: str
    outside_id: str
    to: Json
    content: bytes
    fleeting: bool
    status: str
    attempts: int
    problem: str | None
    created_at: int
    tried_at: int | None
    by_person: bool = False
    late: bool = False


def add_deliveries(
    tx: Tx, scope: ProjectScope, contact: Contact, messages: Sequence[Message], *, now: int
) -> Sequence[Delivery]:
    """Adds what is to be sent, and forgets what went out at the deployment long ago."""
    added: list[Delivery] = []
    for message in messages:
        row = tx.execute(
            sa.insert(channel_delivery)
            .values(
                project_id=scope.project_id,
                id=new_id("dlv"),
                deployment_id=contact.deployment_id,
                user_id=contact.user_id,
                outside_id=contact.outside_id,
                address=dumps(contact.to).decode(),
                content=dumps(dict(message.content)),
                fleeting=message.fleeting,
                by_person=message.by_person,
                status=PENDING,
                attempts=0,
                created_at=now,
            )
            .returning(channel_delivery)
        )
        added.append(_read(row.one()))
    old = channel_delivery.c.created_at < now - KEPT_MS
    tx.execute(sa.delete(channel_delivery).where(*_of(scope, contact.deployment_id), old))
    return added


def find_due(tx: Tx, scope: ProjectScope, deployment_id: str, user_id: str) -> Delivery | None:
    """The first message of a user that is still to be sent, or was being sent when a process died."""
    due = (channel_delivery.c.user_id == user_id, channel_delivery.c.status.in_(_DUE))
    found = sa.select(channel_delivery).where(*_of(scope, deployment_id), *due).order_by(channel_delivery.c.id)
    row = tx.execute(found.limit(1)).one_or_none()
    return None if row is None else _read(row)


def list_due_at(tx: Tx, scope: ProjectScope, user_id: str) -> Sequence[str]:
    """The deployments at which something is still to be sent to a user."""
    due = (channel_delivery.c.user_id == user_id, channel_delivery.c.status.in_(_DUE))
    found = sa.select(channel_delivery.c.deployment_id).where(channel_delivery.c.project_id == scope.project_id, *due)
    return tx.execute(found.distinct()).scalars().all()


def list_threads(tx: Tx, scope: ProjectScope, user_id: str, *, handed_at: int) -> Sequence[Delivery]:
    """The first messages, at each place, by which a team was told of a conversation that was handed to it then."""
    own = (channel_delivery.c.project_id == scope.project_id, channel_delivery.c.user_id == user_id)
    first = channel_delivery.c.address.startswith(thread_start(handed_at, None), autoescape=True)
    return [_read(row) for row in tx.execute(sa.select(channel_delivery).where(*own, first))]


def find_told(tx: Tx, scope: ProjectScope, deployment_id: str, vendor_ids: Sequence[str]) -> Delivery | None:
    """A message to a team that has one of these ids at the channel; of several, the last."""
    own = (*_of(scope, deployment_id), channel_delivery.c.vendor_id.in_(vendor_ids))
    told = channel_delivery.c.address.startswith('{"handoff":', autoescape=True)
    found = sa.select(channel_delivery).where(*own, told).order_by(channel_delivery.c.id.desc()).limit(1)
    row = tx.execute(found).one_or_none()
    return None if row is None else _read(row)


def find_delivery(tx: Tx, scope: ProjectScope, delivery_id: str) -> Delivery | None:
    """One message, of whichever deployment of the project."""
    row = tx.execute(sa.select(channel_delivery).where(*_one(scope, delivery_id))).one_or_none()
    return None if row is None else _read(row)


def thread_start(handed_at: int, first: str | None) -> str:
    """How the address begins of what a team is told: `first` is the delivery that the thread began with."""
    return dumps({"handoff": handed_at, "thread": first}).decode()[:-1]


def with_thread(tx: Tx, scope: ProjectScope, delivery: Delivery) -> Delivery:
    """The delivery with the channel's own id of the message that its thread began with."""
    if not isinstance(delivery.to, dict) or not (first := delivery.to.get("thread")):
        return delivery
    vendor_id = tx.execute(sa.select(channel_delivery.c.vendor_id).where(*_one(scope, str(first)))).scalar()
    return replace(delivery, to={**delivery.to, "thread": vendor_id})


def begin(tx: Tx, scope: ProjectScope, delivery_id: str, *, now: int) -> None:
    """Notes that it is tried now."""
    values = {"status": SENDING, "attempts": channel_delivery.c.attempts + 1, "tried_at": now}
    tx.execute(sa.update(channel_delivery).where(*_one(scope, delivery_id)).values(**values))


def settle(
    tx: Tx,
    scope: ProjectScope,
    delivery_id: str,
    *,
    status: str,
    problem: str | None = None,
    vendor_id: str | None = None,
) -> None:
    """Notes what a try came to, and what the channel has said of it meanwhile."""
    told = None if problem is None else fitting(problem)[:WORDS]
    known = vendor_id and known_by(vendor_id)
    values = {"status": status, "problem": told, "vendor_id": known}
    changed = sa.update(channel_delivery).where(*_one(scope, delivery_id)).values(**values)
    deployment_id = tx.execute(changed.returning(channel_delivery.c.deployment_id)).scalar()
    if known and deployment_id is not None:
        _tell_early(tx, scope, deployment_id, known)


def count_answers(tx: Tx, scope: ProjectScope, delivery: Delivery, *, since: int) -> int:
    """How many other messages of the agent have gone, or may have gone, to the same person at the deployment."""
    own = channel_delivery.c
    went = (own.status.not_in((PENDING, FAILED)), own.tried_at > since, own.id != delivery.id)
    of_agent = (own.by_person.is_(sa.false()), own.address.not_like('{"handoff":%'))
    to_same = (own.user_id == delivery.user_id, own.outside_id == delivery.outside_id)
    found = sa.select(sa.func.count()).where(*_of(scope, delivery.deployment_id), *to_same, *went, *of_agent)
    return tx.execute(found).scalar_one()


def give_up(tx: Tx, scope: ProjectScope, deployment_id: str, user_id: str, *, problem: str) -> None:
    """Fails all that is still to be sent to a user."""
    due = (channel_delivery.c.user_id == user_id, channel_delivery.c.status.in_(_DUE))
    values = {"status": FAILED, "problem": problem}
    tx.execute(sa.update(channel_delivery).where(*_of(scope, deployment_id), *due).values(**values))


def tell_status(tx: Tx, scope: ProjectScope, deployment_id: str, told: Status, *, now: int) -> None:
    """Notes what the channel says of an accepted message; one that is further already stays.

    A channel may be heard before its own answer to the sending: what it says of a message that is not known is kept
    until it is.
    """
    if _tell(tx, scope, deployment_id, told):
        return
    # Its sending may be noted just now.
    tx.alone(f"status:{deployment_id}")
    if _tell(tx, scope, deployment_id, told):
        return
    of_it = (channel_status.c.project_id == scope.project_id, channel_status.c.deployment_id == deployment_id)
    tx.execute(sa.delete(channel_status).where(*of_it, channel_status.c.told_at < now - EARLY_MS))
    early = insert(channel_status).values(
        project_id=scope.project_id,
        deployment_id=deployment_id,
        vendor_id=told.vendor_id,
        state=told.state,
        problem=told.problem,
        told_at=now,
    )
    tx.execute(early.on_conflict_do_nothing())


def _tell_early(tx: Tx, scope: ProjectScope, deployment_id: str, vendor_id: str) -> None:
    """Makes up for what was said of a message before its id was known."""
    tx.alone(f"status:{deployment_id}")
    of_it = (
        channel_status.c.project_id == scope.project_id,
        channel_status.c.deployment_id == deployment_id,
        channel_status.c.vendor_id == vendor_id,
    )
    found = sa.delete(channel_status).where(*of_it).returning(*channel_status.c)
    for row in sorted(tx.execute(found).all(), key=lambda row: row.told_at):
        _tell(tx, scope, deployment_id, Status(vendor_id, row.state, row.problem))


def _tell(tx: Tx, scope: ProjectScope, deployment_id: str, told: Status) -> bool:
    """Moves a message forward; whether it is known."""
    own = (*_of(scope, deployment_id), channel_delivery.c.vendor_id == told.vendor_id)
    if tx.execute(sa.select(channel_delivery.c.id).where(*own).limit(1)).first() is None:
        return False
    before: Collection[str] = (ACCEPTED,) if told.state == FAILED else _ORDER[: _ORDER.index(told.state)]
    found = sa.update(channel_delivery).where(*own, channel_delivery.c.status.in_(before))
    tx.execute(found.values(status=told.state, problem=told.problem))
    return True


def list_deliveries(tx: Tx, scope: ProjectScope, deployment_id: str) -> Sequence[Delivery]:
    """The last that went out, most recent first."""
    found = sa.select(channel_delivery).where(*_of(scope, deployment_id))
    ordered = found.order_by(channel_delivery.c.created_at.desc(), channel_delivery.c.id.desc()).limit(SHOWN)
    return [_read(row) for row in tx.execute(ordered)]


def renew(tx: Tx, scope: ProjectScope, deployment_id: str, delivery_id: str) -> Delivery:
    """Lets a message that failed, or of which nothing is known, be sent as if it were new.

    Raises `NotFound`, and `Conflict` for one that is on its way or was accepted.
    """
    own = (*_of(scope, deployment_id), channel_delivery.c.id == delivery_id)
    row = tx.execute(sa.select(channel_delivery).where(*own)).one_or_none()
    if row is None:
        raise NotFound("The deployment has no such delivery.")
    ended = channel_delivery.c.status.in_((FAILED, UNKNOWN))
    values = {"status": PENDING, "attempts": 0, "problem": None}
    changed = sa.update(channel_delivery).where(*own, ended).values(**values).returning(channel_delivery)
    row = tx.execute(changed).one_or_none()
    if row is None:
        raise Conflict("It is on its way, or was accepted.")
    return _read(row)


def _read(row: sa.Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        deployment_id=row.deployment_id,
        user_id=row.user_id,
        outside_id=row.outside_id,
        to=parse(row.address.encode()),
        content=row.content,
        fleeting=row.fleeting,
        status=row.status,
        attempts=row.attempts,
        problem=row.problem,
        created_at=row.created_at,
        tried_at=row.tried_at,
        by_person=row.by_person,
    )


def _of(scope: ProjectScope, deployment_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return channel_delivery.c.project_id == scope.project_id, channel_delivery.c.deployment_id == deployment_id


def _one(scope: ProjectScope, delivery_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return channel_delivery.c.project_id == scope.project_id, channel_delivery.c.id == delivery_id
