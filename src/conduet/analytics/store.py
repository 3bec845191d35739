"""The SQL of transcripts: written in the transaction that ends a turn, read afterwards."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.analytics.tables import message, past_transcript, transcript
from conduet.errors import NotFound
from conduet.kit.db import Statement, Tx
from conduet.kit.ids import new_id
from conduet.kit.page import Page, Place, cut

DASHBOARD: Final = "dashboard"
"""The platform of what is tried out while building, which no figure counts."""

PIECE: Final = 100
LOOKED_THROUGH: Final = 500
"""How many transcripts are looked through for a page of those that sieves leave, and how many at once."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something said: `role` is `user` or `assistant`, `created_at` in milliseconds since 1970."""

    role: str
    content: str
    created_at: int


@dataclass(frozen=True, slots=True)
class StoredMessage(Message):
    """A message with its id, the turn it was said in, if any, and what its reader thinks of it."""

    id: str
    turn_id: str | None = None
    rating: str | None = None
    comment: str | None = None


Sieve: TypeAlias = "Callable[[Tx, ProjectScope, Sequence[Transcript]], Collection[str]]"
"""Looks some transcripts through for what no index knows of them: the ids of those that it leaves."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which transcripts are asked for; `begins` and `ends` bound when they began, in ms since 1970, the end left out.

    Those of the dashboard only `with_dashboard`, or by its name, or by their ids. Those that are left are looked
    through by the `sieves`.
    """

    ids: tuple[str, ...] = ()
    user_id: str | None = None
    platform: str | None = None
    resolved: bool | None = None
    escalated: bool | None = None
    rating: str | None = None
    begins: int | None = None
    ends: int | None = None
    with_dashboard: bool = False
    sieves: Sequence[Sieve] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """A conversation from its first turn to its end; times in milliseconds since 1970.

    `message_from` is the number of its first message among all of the user's.
    """

    id: str
    user_id: str
    platform: str
    resolved: bool
    escalated: bool
    message_from: int
    message_count: int
    started_at: int
    ended_at: int


_ADD_MESSAGE = Statement(
    sa.insert(message).values(
        project_id=sa.bindparam("project"),
        user_id=sa.bindparam("user"),
        number=sa.bindparam("number"),
        id=sa.bindparam("id"),
        transcript_id=sa.bindparam("transcript"),
        turn_id=sa.bindparam("turn"),
        role=sa.bindparam("role"),
        content=sa.bindparam("content"),
        created_at=sa.bindparam("created_at"),
    )
)
_STORED: Final = (
    message.c.role,
    message.c.content,
    message.c.created_at,
    message.c.id,
    message.c.turn_id,
    message.c.rating,
    message.c.comment,
)
_LIST_MESSAGES = Statement(
    sa.select(*_STORED)
    .where(
        message.c.project_id == sa.bindparam("project"),
        message.c.user_id == sa.bindparam("user"),
        message.c.number >= sa.bindparam("first"),
    )
    .order_by(message.c.number)
)
_LIST_SAID = Statement(
    sa.select(*_STORED)
    .where(
        message.c.project_id == sa.bindparam("project"),
        message.c.user_id == sa.bindparam("user"),
        message.c.number >= sa.bindparam("first"),
        message.c.transcript_id == sa.bindparam("transcript"),
    )
    .order_by(message.c.number)
    # Their number is known, so that what the user said in later ones is not looked through.
    .limit(sa.bindparam("count"))
)
_ADD = Statement(
    sa.insert(transcript).values(
        id=sa.bindparam("transcript"),
        project_id=sa.bindparam("project"),
        user_id=sa.bindparam("user"),
        platform=sa.bindparam("platform"),
        resolved=sa.bindparam("resolved"),
        escalated=sa.bindparam("escalated"),
        message_from=sa.bindparam("message_from"),
        message_count=sa.bindparam("messages"),
        started_at=sa.bindparam("started_at"),
        ended_at=sa.bindparam("ended_at"),
    )
)
_EXTEND = Statement(
    sa.update(transcript)
    .values(
        resolved=sa.or_(transcript.c.resolved, sa.bindparam("resolved", type_=sa.Boolean)),
        escalated=sa.or_(transcript.c.escalated, sa.bindparam("escalated", type_=sa.Boolean)),
        message_count=transcript.c.message_count + sa.bindparam("messages"),
        ended_at=sa.bindparam("ended_at"),
    )
    .where(transcript.c.id == sa.bindparam("transcript"))
)
_COLUMNS: Final = (
    transcript.c.id,
    transcript.c.user_id,
    transcript.c.platform,
    transcript.c.resolved,
    transcript.c.escalated,
    transcript.c.message_from,
    transcript.c.message_count,
    transcript.c.started_at,
    transcript.c.ended_at,
)


def add_messages(
    tx: Tx,
    scope: ProjectScope,
    user_id: str,
    messages: Sequence[Message],
    *,
    first: int,
    transcript_id: str | None,
    turn_id: str | None = None,
) -> None:
    """Adds a user's messages from number `first` on."""
    for number, said in enumerate(messages, first):
        tx.change(
            _ADD_MESSAGE,
            project=scope.project_id,
            user=user_id,
            number=number,
            id=new_id("msg"),
            transcript=transcript_id,
            turn=turn_id,
            role=said.role,
            content=said.content,
            created_at=said.created_at,
        )


def list_messages(tx: Tx, scope: ProjectScope, user_id: str, *, first: int) -> list[StoredMessage]:
    """A user's messages from number `first` on, oldest first."""
    rows = tx.rows(_LIST_MESSAGES, project=scope.project_id, user=user_id, first=first)
    return [StoredMessage(*row) for row in rows]


def list_transcript_ids(tx: Tx, scope: ProjectScope, user_id: str, *, first: int) -> Sequence[str | None]:
    """The transcripts that a user's messages from number `first` on stand in."""
    own = (message.c.project_id == scope.project_id, message.c.user_id == user_id, message.c.number >= first)
    return tx.execute(sa.select(message.c.transcript_id).where(*own).distinct()).scalars().all()


def rate(tx: Tx, scope: ProjectScope, user_id: str, named: str, *, rating: str | None, comment: str | None) -> str:
    """Notes what a user thinks of what they were told, or nothing any more; the id of the message.

    `named` is the id of the message, or of the turn whose last message it is. Raises `NotFound`.
    """
    own = (message.c.project_id == scope.project_id, message.c.user_id == user_id, message.c.role != "user")
    is_it = sa.or_(message.c.id == named, message.c.turn_id == named)
    found = sa.select(message.c.number, message.c.id).where(*own, is_it).order_by(message.c.number.desc()).limit(1)
    # A merge gives a message another number: it waits for this, or has been.
    row = tx.execute(found.with_for_update()).first()
    if row is None:
        raise NotFound("The user was told no such message.")
    it = (message.c.project_id == scope.project_id, message.c.user_id == user_id, message.c.number == row.number)
    tx.execute(sa.update(message).where(*it).values(rating=rating, comment=comment))
    return str(row.id)


def add(tx: Tx, scope: ProjectScope, new: Transcript) -> None:
    """Begins a transcript with its first turn."""
    tx.change(
        _ADD,
        transcript=new.id,
        project=scope.project_id,
        user=new.user_id,
        platform=new.platform,
        resolved=new.resolved,
        escalated=new.escalated,
        message_from=new.message_from,
        messages=new.message_count,
        started_at=new.started_at,
        ended_at=new.ended_at,
    )


def extend(tx: Tx, transcript_id: str, *, messages: int, resolved: bool, escalated: bool, ended_at: int) -> None:
    """Adds what a turn came to; a transcript that is resolved or escalated stays so."""
    tx.change(
        _EXTEND,
        transcript=transcript_id,
        resolved=resolved,
        escalated=escalated,
        messages=messages,
        ended_at=ended_at,
    )


def list_transcripts(
    tx: Tx, scope: ProjectScope, page: Page, wanted: Wanted
) -> tuple[Sequence[Transcript], Place | None]:
    """A page of transcripts, most recent first, and where the next begins, if there are more to look through.

    With sieves it may hold less than fits, or nothing, while there are more.
    """
    if not wanted.sieves:
        return _newest(tx, scope, page, wanted)
    found: list[Transcript] = []
    following = page.after
    for _ in range(LOOKED_THROUGH // PIECE):
        some, following = _newest(tx, scope, Page(PIECE, following), wanted)
        for sieve in wanted.sieves:
            left = sieve(tx, scope, some)
            some = [each for each in some if each.id in left]
        found += some
        if len(found) > page.limit:
            return cut(found, page, _place)
        if following is None or len(found) == page.limit:
            break
    return found, following


def _newest(tx: Tx, scope: ProjectScope, page: Page, wanted: Wanted) -> tuple[Sequence[Transcript], Place | None]:
    place = sa.tuple_(transcript.c.started_at, transcript.c.id)
    query = sa.select(*_COLUMNS).where(transcript.c.project_id == scope.project_id, *_conditions(wanted))
    if page.after is not None:
        query = query.where(place < sa.tuple_(sa.literal(page.after.at), sa.literal(page.after.id)))
    newest_first = query.order_by(transcript.c.started_at.desc(), transcript.c.id.desc()).limit(page.limit + 1)
    return cut([_read(row) for row in tx.execute(newest_first).all()], page, _place)


def _place(of: Transcript) -> Place:
    return Place(of.started_at, of.id)


def _conditions(wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    columns = transcript.c
    if wanted.ids:
        yield columns.id.in_(wanted.ids)
    if wanted.platform is not None:
        yield columns.platform == wanted.platform
    elif not wanted.with_dashboard and not wanted.ids:
        yield columns.platform != DASHBOARD
    if wanted.user_id is not None:
        yield columns.user_id == wanted.user_id
    if wanted.resolved is not None:
        yield columns.resolved.is_(wanted.resolved)
    if wanted.escalated is not None:
        # As the index of those that were has it.
        yield sa.literal_column("escalated", sa.Boolean) if wanted.escalated else columns.escalated.is_(sa.false())
    if wanted.rating is not None:
        rated = (message.c.project_id == columns.project_id, message.c.rating == wanted.rating)
        yield columns.id.in_(sa.select(message.c.transcript_id).where(*rated, sa.text("rating is not null")))
    if wanted.begins is not None:
        yield columns.started_at >= wanted.begins
    if wanted.ends is not None:
        yield columns.started_at < wanted.ends


def get_transcript(tx: Tx, scope: ProjectScope, transcript_id: str) -> Transcript:
    """One transcript. Raises `NotFound`."""
    found = find_transcript(tx, scope, transcript_id)
    if found is None:
        raise NotFound("There is no such transcript.")
    return found


def find_next_start(tx: Tx, scope: ProjectScope, of: Transcript) -> int | None:
    """When the user's next transcript began, in ms since 1970."""
    own = (transcript.c.project_id == scope.project_id, transcript.c.user_id == of.user_id)
    later = sa.select(sa.func.min(transcript.c.started_at)).where(*own, transcript.c.started_at > of.started_at)
    return tx.execute(later).scalar()


def find_transcript(tx: Tx, scope: ProjectScope, transcript_id: str) -> Transcript | None:
    """One transcript, if there is."""
    query = sa.select(*_COLUMNS).where(transcript.c.project_id == scope.project_id, transcript.c.id == transcript_id)
    row = tx.execute(query).first()
    return None if row is None else _read(row)


def list_said(tx: Tx, scope: ProjectScope, of: Transcript) -> Sequence[StoredMessage]:
    """All messages of a transcript, oldest first."""
    rows = tx.rows(
        _LIST_SAID,
        project=scope.project_id,
        user=of.user_id,
        first=of.message_from,
        transcript=of.id,
        count=of.message_count,
    )
    return [StoredMessage(*row) for row in rows]


def first_number(tx: Tx, scope: ProjectScope, user_id: str) -> int:
    """The number of the first message that is kept of a user, or 0."""
    own = (message.c.project_id == scope.project_id, message.c.user_id == user_id)
    return tx.execute(sa.select(sa.func.min(message.c.number)).where(*own)).scalar() or 0


def move(tx: Tx, scope: ProjectScope, user_id: str, into: str, *, by: int) -> None:
    """Makes what a user said and was told another's, numbered `by` more."""
    for table, number in ((message, message.c.number), (transcript, transcript.c.message_from)):
        own = (table.c.project_id == scope.project_id, table.c.user_id == user_id)
        tx.execute(sa.update(table).where(*own).values({"user_id": into, number: number + by}))


def list_over(tx: Tx, scope: ProjectScope, *, before: int, limit: int) -> Sequence[Transcript]:
    """The oldest transcripts that ended before then (ms since 1970), at most so many."""
    query = sa.select(*_COLUMNS).where(
        transcript.c.project_id == scope.project_id, transcript.c.started_at < before, transcript.c.ended_at < before
    )
    return [_read(row) for row in tx.execute(query.order_by(transcript.c.started_at).limit(limit)).all()]


def forget(tx: Tx, scope: ProjectScope, gone: Transcript) -> None:
    """Removes a transcript with what was said in it; what the figures count of it stays, and leads to nobody."""
    tx.execute(
        sa.delete(message).where(
            message.c.project_id == scope.project_id,
            message.c.user_id == gone.user_id,
            message.c.number >= gone.message_from,
            message.c.transcript_id == gone.id,
        )
    )
    removed = sa.delete(transcript).where(transcript.c.project_id == scope.project_id, transcript.c.id == gone.id)
    if not tx.execute(removed).rowcount:
        return
    tx.execute(
        sa.insert(past_transcript).values(
            project_id=scope.project_id,
            started_at=gone.started_at,
            id=new_id("past"),
            platform=gone.platform,
            resolved=gone.resolved,
            escalated=gone.escalated,
            message_count=gone.message_count,
        )
    )


def forget_user(tx: Tx, scope: ProjectScope, user_id: str) -> None:
    """Removes all transcripts of a user; what the figures count of them stays."""
    query = sa.select(*_COLUMNS).where(transcript.c.project_id == scope.project_id, transcript.c.user_id == user_id)
    for row in tx.execute(query).all():
        forget(tx, scope, _read(row))


def _read(row: Any) -> Transcript:
    return Transcript(*row)
