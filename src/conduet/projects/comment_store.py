"""The SQL of comments: threads on a step or a point of the canvas, and what is said in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import orjson
import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.errors import Conflict, NotFound
from conduet.kit.db import Tx
from conduet.kit.json import dumps
from conduet.kit.page import Page
from conduet.projects.tables import comment, comment_thread

Status: TypeAlias = Literal["open", "resolved"]

MOST: Final = 200
"""How many comments a thread may have."""

_OF = comment_thread.c
_SAID = comment.c


@dataclass(frozen=True, slots=True)
class Comment:
    """What a member said; times in milliseconds since 1970."""

    id: str
    thread_id: str
    member_id: str
    member_name: str
    text: str
    mentions: Sequence[str]
    created_at: int
    edited_at: int | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread on a step, or at a point; `resolved_by` is a member's id."""

    id: str
    workflow_id: str
    step_id: str | None
    x: float | None
    y: float | None
    resolved_at: int | None
    resolved_by: str | None
    created_at: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which threads are asked for."""

    status: Status | None = None
    workflow_id: str | None = None
    mentions: str | None = None


def add_thread(tx: Tx, scope: ProjectScope, new: Thread) -> None:
    """Begins a thread."""
    values = {name: getattr(new, name) for name in Thread.__slots__}
    tx.execute(sa.insert(comment_thread).values(project_id=scope.project_id, **values))


def add_comment(tx: Tx, scope: ProjectScope, new: Comment) -> None:
    """Says something in a thread. Raises `Conflict` where too much was said."""
    count = sa.select(sa.func.count()).select_from(comment)
    own = (_SAID.project_id == scope.project_id, _SAID.thread_id == new.thread_id)
    if tx.execute(count.where(*own)).scalar_one() >= MOST:
        raise Conflict(f"A thread has at most {MOST} comments: begin another one.")
    values: dict[str, Any] = {name: getattr(new, name) for name in Comment.__slots__}
    values["mentions"] = dumps([*new.mentions]).decode()
    tx.execute(sa.insert(comment).values(project_id=scope.project_id, **values))


def get_thread(tx: Tx, scope: ProjectScope, thread_id: str, *, lock: bool = False) -> Thread:
    """A thread; with `lock` nobody else changes it meanwhile. Raises `NotFound`."""
    query = sa.select(*_threads()).where(_OF.project_id == scope.project_id, _OF.id == thread_id)
    row = tx.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound("There is no such thread.")
    return Thread(*row)


def list_threads(tx: Tx, scope: ProjectScope, page: Page, wanted: Wanted) -> Sequence[Thread]:
    """A page of threads, the newest first, and one more where there are more."""
    query = sa.select(*_threads()).where(_OF.project_id == scope.project_id)
    if wanted.status is not None:
        query = query.where(_OF.resolved_at.is_(None) if wanted.status == "open" else _OF.resolved_at.is_not(None))
    if wanted.workflow_id is not None:
        query = query.where(_OF.workflow_id == wanted.workflow_id)
    if wanted.mentions is not None:
        # Ids are letters, digits and `_`: quoted, one is found whole.
        named = _SAID.mentions.contains(f'"{wanted.mentions}"', autoescape=True)
        inside = (_SAID.project_id == _OF.project_id, _SAID.thread_id == _OF.id)
        query = query.where(sa.exists().where(*inside, named))
    if page.after is not None:
        place = sa.tuple_(_OF.created_at, _OF.id)
        query = query.where(place < sa.tuple_(sa.literal(page.after.at), sa.literal(page.after.id)))
    rows = tx.execute(query.order_by(_OF.created_at.desc(), _OF.id.desc()).limit(page.limit + 1))
    return [Thread(*row) for row in rows]


def list_comments(tx: Tx, scope: ProjectScope, thread_ids: Sequence[str]) -> Mapping[str, Sequence[Comment]]:
    """What was said in each thread, oldest first."""
    query = sa.select(*(_SAID[name] for name in Comment.__slots__))
    rows = tx.execute(
        query.where(_SAID.project_id == scope.project_id, _SAID.thread_id.in_(thread_ids)).order_by(_SAID.id)
    )
    found: dict[str, list[Comment]] = {thread_id: [] for thread_id in thread_ids}
    for row in rows:
        found[row.thread_id].append(_read(row))
    return found


def get_comment(tx: Tx, scope: ProjectScope, thread_id: str, comment_id: str) -> Comment:
    """A comment. Raises `NotFound`."""
    query = sa.select(*(_SAID[name] for name in Comment.__slots__))
    row = tx.execute(query.where(*_one(scope, comment_id), _SAID.thread_id == thread_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such comment.")
    return _read(row)


def update_comment(tx: Tx, scope: ProjectScope, changed: Comment) -> None:
    """Has a comment say something else."""
    values = {
        "text": changed.text,
        "mentions": dumps([*changed.mentions]).decode(),
        "edited_at": changed.edited_at,
    }
    tx.execute(sa.update(comment).where(*_one(scope, changed.id)).values(**values))


def remove_comment(tx: Tx, scope: ProjectScope, comment_id: str) -> None:
    """Removes a comment."""
    tx.execute(sa.delete(comment).where(*_one(scope, comment_id)))


def resolve(tx: Tx, scope: ProjectScope, thread_id: str, *, at: int | None, by: str | None) -> None:
    """Settles a thread, or (without a time) opens it again."""
    own = (_OF.project_id == scope.project_id, _OF.id == thread_id)
    tx.execute(sa.update(comment_thread).where(*own).values(resolved_at=at, resolved_by=by))


def remove_thread(tx: Tx, scope: ProjectScope, thread_id: str) -> None:
    """Removes a thread with all that was said in it."""
    tx.execute(sa.delete(comment).where(_SAID.project_id == scope.project_id, _SAID.thread_id == thread_id))
    tx.execute(sa.delete(comment_thread).where(_OF.project_id == scope.project_id, _OF.id == thread_id))


def _threads() -> Sequence[sa.Column[Any]]:
    return [_OF[name] for name in Thread.__slots__]


def _one(scope: ProjectScope, comment_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return _SAID.project_id == scope.project_id, _SAID.id == comment_id


def _read(row: Any) -> Comment:
    values = dict(row._mapping)
    return Comment(**{**values, "mentions": orjson.loads(values["mentions"])})
