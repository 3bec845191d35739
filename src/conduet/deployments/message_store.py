"""The SQL of what comes in at deployments: each message once, and who wrote it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from conduet.accounts.principal import ProjectScope
from conduet.deployments.store import Deployment
from conduet.deployments.tables import channel_contact, channel_message
from conduet.engine.channel.inbound import Incoming
from conduet.engine.trace import Button
from conduet.kit.db import Tx
from conduet.kit.json import Json, dumps, parse

KEPT_MS: Final = 9 * 24 * 60 * 60 * 1000
"""How long it is known which messages have come: vendors send one again for up to seven days."""

SHOWN: Final = 20
"""How many of a deployment's messages are told."""

USER_ID_LENGTH: Final = 128
USER_ID_LETTERS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@+-")

WAITING: Final = "waiting"
DONE: Final = "done"
FAILED: Final = "failed"


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message that waits: what the person did, as JSON actions; `planned` once that is all there is to do."""

    id: str
    user_id: str
    outside_id: str
    actions: Sequence[Json]
    to: Json
    variables: Mapping[str, Json] | None
    planned: bool
    name: str = ""
    origin: str = ""
    """The server's address as the vendor knows it: files that are kept are below it."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What became of a message that came in."""

    id: str
    user_id: str
    status: str
    problem: str | None
    received_at: int


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at a deployment: what the channel calls them, and where answers go.

    `heard_to` is the number of the last event beside their turns that was sent on to them.
    """

    deployment_id: str
    user_id: str
    outside_id: str
    to: Json
    heard_to: int = 0


def add_message(
    tx: Tx, deployment: Deployment, incoming: Incoming, actions: Sequence[Json], *, origin: str, now: int
) -> str | None:
    """Adds a message and who wrote it, and comes back with the id of the user; `None` when it has come before."""
    user_id = _resolve(tx, deployment, incoming, now=now)
    content = {
        "actions": [*actions],
        "to": incoming.to,
        "variables": incoming.variables and dict(incoming.variables),
        "origin": origin,
    }
    return user_id if _add(tx, deployment, incoming, user_id, content, now=now) else None


def add_answer(
    tx: Tx, deployment: Deployment, incoming: Incoming, actions: Sequence[Json], *, user_id: str, to: Json, now: int
) -> bool:
    """Adds what somebody of the team answers to a user, from where `to` leads back; whether it has not come before."""
    content = {"actions": [*actions], "to": to, "variables": None, "name": incoming.name}
    return _add(tx, deployment, incoming, user_id, content, now=now)


def _add(
    tx: Tx, deployment: Deployment, incoming: Incoming, user_id: str, content: Mapping[str, Any], *, now: int
) -> bool:
    scope = deployment.scope
    added = tx.execute(
        insert(channel_message)
        .values(
            project_id=scope.project_id,
            deployment_id=deployment.id,
            id=incoming.id,
            user_id=user_id,
            outside_id=incoming.user,
            content=dumps(dict(content)),
            planned=False,
            status=WAITING,
            received_at=now,
        )
        .on_conflict_do_nothing()
        .returning(channel_message.c.id)
    )
    return added.first() is not None


def set_actions(tx: Tx, deployment: Deployment, message_id: str, actions: Sequence[Json]) -> None:
    """Has other actions in the place of those that a message was added with."""
    own = _message(deployment.scope, deployment.id, message_id)
    stored = tx.execute(sa.select(channel_message.c.content).where(*own)).scalar_one()
    content = dumps({**_object(stored), "actions": [*actions]})
    tx.execute(sa.update(channel_message).where(*own).values(content=content))


def forget_old(tx: Tx, deployment: Deployment, *, now: int) -> None:
    """Forgets messages that nobody sends again."""
    old = channel_message.c.received_at < now - KEPT_MS
    tx.execute(sa.delete(channel_message).where(*_of(channel_message, deployment.scope, deployment.id), old))


def find_waiting(tx: Tx, scope: ProjectScope, deployment_id: str, message_id: str) -> StoredMessage | None:
    """A message that is not answered yet."""
    found = (*_message(scope, deployment_id, message_id), channel_message.c.status == WAITING)
    row = tx.execute(sa.select(channel_message).where(*found)).one_or_none()
    if row is None:
        return None
    content: dict[str, Any] = _object(row.content)
    actions: list[Json] = content["actions"]
    return StoredMessage(
        row.id,
        row.user_id,
        row.outside_id,
        actions,
        content["to"],
        content["variables"],
        row.planned,
        content.get("name", ""),
        content.get("origin", ""),
    )


def plan(tx: Tx, scope: ProjectScope, deployment_id: str, message: StoredMessage, actions: Sequence[Json]) -> None:
    """Settles what is done for a message, so that each try of it does the same."""
    content = {"actions": [*actions], "to": message.to, "variables": message.variables and dict(message.variables)}
    own = _message(scope, deployment_id, message.id)
    tx.execute(sa.update(channel_message).where(*own).values(content=dumps(content), planned=True))


def settle(
    tx: Tx, scope: ProjectScope, deployment_id: str, message_id: str, *, status: str, problem: str | None = None
) -> None:
    """Ends a message; what it said is in the conversation from now on, and no longer here."""
    values = {"status": status, "problem": problem, "content": None}
    tx.execute(sa.update(channel_message).where(*_message(scope, deployment_id, message_id)).values(**values))


def list_messages(tx: Tx, scope: ProjectScope, deployment_id: str) -> Sequence[Arrived]:
    """The last that came in, most recent first."""
    table = channel_message.c
    found = sa.select(table.id, table.user_id, table.status, table.problem, table.received_at)
    ordered = found.where(*_of(channel_message, scope, deployment_id)).order_by(
        table.received_at.desc(), table.id.desc()
    )
    return [Arrived(*row) for row in tx.execute(ordered.limit(SHOWN))]


def find_contact(tx: Tx, scope: ProjectScope, user_id: str) -> Contact | None:
    """Where a user has written from last."""
    own = (channel_contact.c.project_id == scope.project_id, channel_contact.c.user_id == user_id)
    found = sa.select(channel_contact).where(*own).order_by(channel_contact.c.seen_at.desc()).limit(1)
    row = tx.execute(found).one_or_none()
    if row is None:
        return None
    return Contact(row.deployment_id, row.user_id, row.outside_id, parse(row.address.encode()), row.heard_to)


def find_at(tx: Tx, scope: ProjectScope, deployment: Deployment, outside_id: str | None) -> Contact | None:
    """The person whom the channel calls so, who may never have written; without a name, who wrote there last."""
    own = _of(channel_contact, scope, deployment.id)
    found = sa.select(channel_contact).where(*own)
    if outside_id is not None:
        found = found.where(channel_contact.c.outside_id == outside_id)
    row = tx.execute(found.order_by(channel_contact.c.seen_at.desc()).limit(1)).one_or_none()
    if row is not None:
        return Contact(row.deployment_id, row.user_id, row.outside_id, parse(row.address.encode()), row.heard_to)
    if outside_id is None:
        return None
    return Contact(deployment.id, user_id_of(deployment.channel, outside_id), outside_id, None)


def last_seen(tx: Tx, scope: ProjectScope, deployment_id: str, outside_id: str) -> int | None:
    """When somebody wrote last whom the channel calls so, in ms since 1970."""
    own = (*_of(channel_contact, scope, deployment_id), channel_contact.c.outside_id == outside_id)
    return tx.execute(sa.select(channel_contact.c.seen_at).where(*own)).scalar()


def set_heard(tx: Tx, scope: ProjectScope, user_id: str, *, number: int) -> None:
    """Notes up to which event a user has been told of what happens beside their turns."""
    own = (channel_contact.c.project_id == scope.project_id, channel_contact.c.user_id == user_id)
    tx.execute(sa.update(channel_contact).where(*own).values(heard_to=number))


def list_numbered(tx: Tx, scope: ProjectScope, deployment_id: str, outside_id: str) -> Sequence[Button]:
    """The buttons that a person was shown last as a numbered text, in their order."""
    own = (*_of(channel_contact, scope, deployment_id), channel_contact.c.outside_id == outside_id)
    text = tx.execute(sa.select(channel_contact.c.numbered).where(*own)).scalar()
    return [Button(**each) for each in cast("list[dict[str, Any]]", parse(text.encode()))] if text else []


def set_numbered(tx: Tx, scope: ProjectScope, deployment_id: str, outside_id: str, buttons: Sequence[Button]) -> None:
    """Notes what numbers mean from now on."""
    shown = dumps([{"id": each.id, "label": each.label, "value": each.value} for each in buttons]).decode()
    own = (*_of(channel_contact, scope, deployment_id), channel_contact.c.outside_id == outside_id)
    tx.execute(sa.update(channel_contact).where(*own, channel_contact.c.numbered != shown).values(numbered=shown))


def user_id_of(channel: str, outside_id: str) -> str:
    """The id of a user that a channel calls so; one that is too long, or has other characters, stands as a hash."""
    plain = f"{channel}:{outside_id}"
    if len(plain) <= USER_ID_LENGTH and USER_ID_LETTERS.issuperset(plain):
        return plain
    return f"{channel}:{hashlib.sha256(outside_id.encode()).hexdigest()}"


def _object(stored: bytes) -> dict[str, Any]:
    return cast("dict[str, Any]", parse(stored))


def _resolve(tx: Tx, deployment: Deployment, incoming: Incoming, *, now: int) -> str:
    """Whose message it is: the user that one of the names stands for already, else a new one's."""
    names = list(dict.fromkeys((incoming.user, *incoming.aliases)))
    own = (*_of(channel_contact, deployment.scope, deployment.id), channel_contact.c.outside_id.in_(names))
    known = {row.outside_id: row.user_id for row in tx.execute(sa.select(channel_contact).where(*own))}
    user_id = next((known[name] for name in names if name in known), None)
    user_id = user_id or user_id_of(deployment.channel, incoming.user)
    for name in names:
        values = {"user_id": known.get(name, user_id), "address": dumps(incoming.to).decode(), "seen_at": now}
        added = insert(channel_contact).values(
            project_id=deployment.scope.project_id,
            deployment_id=deployment.id,
            outside_id=name,
            numbered="[]",
            heard_to=0,
            **values,
        )
        keys = ["project_id", "deployment_id", "outside_id"]
        tx.execute(added.on_conflict_do_update(index_elements=keys, set_=values))
    return user_id


def _of(table: sa.Table, scope: ProjectScope, deployment_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.project_id == scope.project_id, table.c.deployment_id == deployment_id


def _message(scope: ProjectScope, deployment_id: str, message_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return *_of(channel_message, scope, deployment_id), channel_message.c.id == message_id
