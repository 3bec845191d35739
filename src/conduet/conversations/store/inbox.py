"""The SQL of the inbox: which conversations people have, or wait for people, and what people note about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from conduet.accounts.principal import ProjectScope
from conduet.conversations.scope import ConversationScope
from conduet.conversations.tables import conversation, inbox_entry, inbox_note
from conduet.errors import NotFound
from conduet.jobs.store import NewJob, add_job, remove_job
from conduet.kit.db import Tx
from conduet.kit.ids import new_id
from conduet.kit.json import Json
from conduet.kit.page import Page
from conduet.projects.feed_store import tell

Queue: TypeAlias = Literal["waiting", "mine", "all", "snoozed", "resolved"]

WAITING: Final = "waiting"
TAKEN: Final = "taken"
RESOLVED: Final = "resolved"
RETURNED: Final = "returned"
OPEN: Final = (WAITING, TAKEN)

LATE: Final = "inbox-late"
"""The kind of the job that tells a user who has waited for too long."""

WAKE: Final = "inbox-wake"
"""The kind of the job that tells the inbox that a conversation is snoozed no longer."""

HANDED: Final = "inbox-handed"
"""The kind of the job that tells a team, where its connectors say, of a conversation that was handed to it."""

HEARD: Final = "inbox-heard"
"""The kind of the job that tells it there what the user wrote since."""

EXCERPT: Final = 200
"""How much of what was said last is shown."""

NOTES: Final = 500
"""How many notes of a conversation are shown, the latest."""

_OF = inbox_entry.c


@dataclass(frozen=True, slots=True)
class Late:
    """What a user is told who waits for longer than so many milliseconds."""

    after_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Handed:
    """A conversation that goes to a person: whom it is for, why, and what is to be known."""

    target: str
    reason: str
    summary: str | None = None
    late: Late | None = None
    connectors: Sequence[Json] = ()
    """Where else than in the inbox it is told, as the document has it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A conversation in the inbox; times in milliseconds since 1970."""

    user_id: str
    status: str
    target: str
    reason: str
    summary: str | None
    platform: str
    member_id: str | None
    handed_at: int
    waiting_since: int | None
    snoozed_until: int
    last_role: str | None
    last_text: str | None
    updated_at: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many conversations a queue has, and since when the user waits who has waited longest."""

    count: int
    waiting_since: int | None


@dataclass(frozen=True, slots=True)
class Note:
    """What a member noted for the others."""

    id: str
    member_id: str
    member_name: str
    text: str
    created_at: int


_COLUMNS = tuple(_OF[name] for name in Entry.__slots__)


def lock(tx: Tx, scope: ConversationScope) -> None:
    """Locks the conversation's row, which comes first everywhere. Raises `NotFound` when there is none."""
    own = (conversation.c.project_id == scope.project.project_id, conversation.c.user_id == scope.user_id)
    if tx.execute(sa.select(conversation.c.user_id).where(*own).with_for_update()).first() is None:
        raise NotFound("There is no such conversation.")


def hand_over(tx: Tx, scope: ConversationScope, handed: Handed, *, platform: str, now: int) -> None:
    """Puts a conversation into the inbox, anew if it was there."""
    values: dict[str, Any] = {
        "status": WAITING,
        "target": handed.target,
        "reason": handed.reason,
        "summary": handed.summary,
        "platform": platform,
        "member_id": None,
        "handed_at": now,
        "waiting_since": now,
        "snoozed_until": 0,
        "updated_at": now,
    }
    key = {"project_id": scope.project.project_id, "user_id": scope.user_id}
    tx.execute(insert(inbox_entry).values(**key, **values).on_conflict_do_update(index_elements=[*key], set_=values))
    if handed.late is not None:
        payload: dict[str, Json] = {"handedAt": now, "text": handed.late.text}
        add_job(tx, scope.project, NewJob(LATE, scope.user_id, payload, run_at=now + handed.late.after_ms))
    if handed.connectors:
        told: dict[str, Json] = {"user": scope.user_id, "handedAt": now, "connectors": [*handed.connectors]}
        add_job(tx, scope.project, NewJob(HANDED, new_id("hand"), told, lane=_lane(scope)))
    _tell(tx, scope, WAITING, None)


def heard(tx: Tx, scope: ConversationScope, text: str, *, now: int) -> None:
    """Notes that the user of a conversation that a person has wrote something: it is snoozed no longer."""
    entry = find(tx, scope)
    if entry is None or entry.status not in OPEN:
        return
    since = now if entry.waiting_since is None else entry.waiting_since
    said = {"last_role": "user", "last_text": text[:EXCERPT]}
    change(tx, scope, waiting_since=since, snoozed_until=0, updated_at=now, **said)
    payload: dict[str, Json] = {"user": scope.user_id, "handedAt": entry.handed_at, "text": text}
    add_job(tx, scope.project, NewJob(HEARD, new_id("hand"), payload, lane=_lane(scope)))
    _tell(tx, scope, entry.status, entry.member_id)


def close(tx: Tx, scope: ConversationScope, status: str, *, now: int) -> None:
    """Notes that no person has the conversation any more."""
    entry = find(tx, scope)
    if entry is not None and entry.status in OPEN:
        change(tx, scope, status=status, waiting_since=None, snoozed_until=0, updated_at=now)
        _tell(tx, scope, status, entry.member_id)
    for kind in (LATE, WAKE):
        remove_job(tx, scope.project, kind=kind, key=scope.user_id)


def forget(tx: Tx, scope: ConversationScope, *, tells: bool = True) -> None:
    """Removes a conversation that is reset, with what was noted; the inbox is told where there is something to."""
    for kind in (LATE, WAKE):
        remove_job(tx, scope.project, kind=kind, key=scope.user_id)
    tx.execute(sa.delete(inbox_note).where(*_noted(scope)))
    if tx.execute(sa.delete(inbox_entry).where(*_own(scope))).rowcount and tells:
        tell_gone(tx, scope.project)


def remove_entry(tx: Tx, scope: ConversationScope) -> None:
    """Removes the entry of a conversation that goes on as another's; what was noted of its user stays."""
    for kind in (LATE, WAKE):
        remove_job(tx, scope.project, kind=kind, key=scope.user_id)
    if tx.execute(sa.delete(inbox_entry).where(*_own(scope))).rowcount:
        tell_gone(tx, scope.project)


def tell_gone(tx: Tx, scope: ProjectScope) -> None:
    """Tells the inbox that a conversation is not there any more, and not whose: perhaps the user is forgotten."""
    tell(tx, scope, "inbox", {"userId": None, "status": None, "memberId": None})


def change(tx: Tx, scope: ConversationScope, **values: Any) -> None:
    """Changes columns of an entry."""
    tx.execute(sa.update(inbox_entry).where(*_own(scope)).values(**values))


def changed(tx: Tx, scope: ConversationScope, **values: Any) -> Entry:
    """An entry after a change that the inbox is told of. Raises `NotFound`."""
    change(tx, scope, **values)
    entry = get(tx, scope)
    _tell(tx, scope, entry.status, entry.member_id)
    return entry


def _lane(scope: ConversationScope) -> str:
    return f"hand:{scope.user_id}"


def find(tx: Tx, scope: ConversationScope) -> Entry | None:
    """The entry of a conversation, if a person ever had to do with it."""
    row = tx.execute(sa.select(*_COLUMNS).where(*_own(scope))).one_or_none()
    return None if row is None else Entry(*row)


def get(tx: Tx, scope: ConversationScope) -> Entry:
    """The entry of a conversation. Raises `NotFound`."""
    entry = find(tx, scope)
    if entry is None:
        raise NotFound("The conversation is not in the inbox: no person was asked for. `take` puts it there.")
    return entry


def list_entries(
    tx: Tx, scope: ProjectScope, page: Page, queue: Queue, *, member_id: str | None, now: int
) -> Sequence[Entry]:
    """A page of a queue, the one where something happened last first, and one more where there are more."""
    query = sa.select(*_COLUMNS).where(_OF.project_id == scope.project_id, *_in(queue, member_id, now))
    if page.after is not None:
        place = sa.tuple_(_OF.updated_at, _OF.user_id)
        query = query.where(place < sa.tuple_(sa.literal(page.after.at), sa.literal(page.after.id)))
    rows = tx.execute(query.order_by(_OF.updated_at.desc(), _OF.user_id.desc()).limit(page.limit + 1))
    return [Entry(*row) for row in rows]


def count(tx: Tx, scope: ProjectScope, *, member_id: str | None, now: int) -> Mapping[Queue, Count]:
    """What is in each queue."""
    queues: tuple[Queue, ...] = ("waiting", "mine", "all", "snoozed", "resolved")
    found: dict[Queue, Count] = {}
    for queue in queues:
        query = sa.select(sa.func.count(), sa.func.min(_OF.waiting_since))
        row = tx.execute(query.where(_OF.project_id == scope.project_id, *_in(queue, member_id, now))).one()
        found[queue] = Count(*row)
    return found


def add_note(tx: Tx, scope: ConversationScope, *, member_id: str, member_name: str, text: str, now: int) -> Note:
    """Notes something for the others."""
    note = Note(new_id("note"), member_id, member_name, text, now)
    tx.execute(
        sa.insert(inbox_note).values(
            project_id=scope.project.project_id,
            user_id=scope.user_id,
            id=note.id,
            member_id=member_id,
            member_name=member_name,
            text=text,
            created_at=now,
        )
    )
    return note


def list_notes(tx: Tx, scope: ConversationScope) -> Sequence[Note]:
    """The latest notes of a conversation, oldest first."""
    query = sa.select(*(inbox_note.c[name] for name in Note.__slots__)).where(*_noted(scope))
    rows = tx.execute(query.order_by(inbox_note.c.id.desc()).limit(NOTES)).all()
    return [Note(*row) for row in reversed(rows)]


def _in(queue: Queue, member_id: str | None, now: int) -> Sequence[sa.ColumnElement[bool]]:
    awake = _OF.snoozed_until <= now
    match queue:
        case "waiting":
            return _OF.status == WAITING, awake
        case "mine":
            return _OF.status == TAKEN, _OF.member_id == member_id, awake
        case "all":
            return _OF.status.in_(OPEN), awake
        case "snoozed":
            return _OF.status.in_(OPEN), _OF.snoozed_until > now
        case "resolved":
            return (_OF.status == RESOLVED,)


def _own(scope: ConversationScope) -> tuple[sa.ColumnElement[bool], ...]:
    return _OF.project_id == scope.project.project_id, _OF.user_id == scope.user_id


def _noted(scope: ConversationScope) -> tuple[sa.ColumnElement[bool], ...]:
    return inbox_note.c.project_id == scope.project.project_id, inbox_note.c.user_id == scope.user_id


def _tell(tx: Tx, scope: ConversationScope, status: str, member_id: str | None) -> None:
    told: dict[str, Json] = {"userId": scope.user_id, "status": status, "memberId": member_id}
    tell(tx, scope.project, "inbox", told, user_id=scope.user_id)
