"""Tools that wait for a person's yes, and what was said to them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from conduet.accounts.principal import ProjectScope
from conduet.conversations.scope import ConversationScope
from conduet.conversations.tables import approval, conversation
from conduet.errors import NotFound
from conduet.kit.db import Statement, Tx
from conduet.kit.page import Page

KEPT_MS: Final = 24 * 60 * 60 * 1000
"""After so long without a yes it is a no."""

BATCH: Final = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A tool that begins to wait: its arguments as JSON without secrets, where its user wrote from, and since when."""

    id: str
    tool_name: str
    arguments: bytes
    platform: str
    asked_at: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What was said to an approval: its status from now on, by which member, with which words."""

    id: str
    status: str
    by: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Settled:
    """The ids of all that wait in a conversation from now on, those that begin to, and what was said to one."""

    waiting: Collection[str]
    asked: Sequence[Asked] = ()
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class StoredApproval:
    """An approval as it is stored, and what its conversation runs on; times in milliseconds since 1970."""

    id: str
    user_id: str
    tool_name: str
    arguments: bytes
    platform: str
    status: str
    asked_at: int
    answered_at: int | None
    answered_by: str | None
    note: str | None
    version_id: str | None


@dataclass(frozen=True, slots=True)
class Over:
    """An approval whose time is over."""

    project: ProjectScope
    id: str


_ADD = Statement(
    insert(approval)
    .values(
        project_id=sa.bindparam("project"),
        id=sa.bindparam("id"),
        user_id=sa.bindparam("user"),
        tool_name=sa.bindparam("tool"),
        arguments=sa.bindparam("arguments"),
        platform=sa.bindparam("platform"),
        status="waiting",
        asked_at=sa.bindparam("asked_at"),
    )
    .on_conflict_do_nothing()
)
_IS_WAITING: Final = sa.text("approval.status = 'waiting'")
_SELECT: Final = sa.select(
    approval.c.id,
    approval.c.user_id,
    approval.c.tool_name,
    approval.c.arguments,
    approval.c.platform,
    approval.c.status,
    approval.c.asked_at,
    approval.c.answered_at,
    approval.c.answered_by,
    approval.c.note,
    conversation.c.version_id,
).join_from(
    approval,
    conversation,
    sa.and_(conversation.c.project_id == approval.c.project_id, conversation.c.user_id == approval.c.user_id),
)


def settle(tx: Tx, scope: ConversationScope, settled: Settled, *, now: int) -> None:
    """Writes what became of the conversation's approvals; whoever calls it holds the conversation."""
    project, user = scope.project.project_id, scope.user_id
    for asked in settled.asked:
        tx.change(
            _ADD,
            project=project,
            id=asked.id,
            user=user,
            tool=asked.tool_name,
            arguments=asked.arguments,
            platform=asked.platform,
            asked_at=asked.asked_at,
        )
    own = sa.and_(approval.c.project_id == project, approval.c.user_id == user, _IS_WAITING)
    for row in tx.execute(sa.select(approval.c.id, approval.c.asked_at).where(own)).all():
        if row.id not in settled.waiting:
            gone = Decision(row.id, "expired" if row.asked_at + KEPT_MS <= now else "withdrawn", None, None)
            decision = settled.decision if settled.decision and settled.decision.id == row.id else gone
            _answer(tx, scope.project, decision, now=now)


def withdraw(tx: Tx, scope: ConversationScope, approval_id: str, *, now: int) -> None:
    """What asked for it is gone."""
    _answer(tx, scope.project, Decision(approval_id, "withdrawn", None, None), now=now)


def expire(tx: Tx, over: Over, *, now: int) -> None:
    """Its time is over, whatever has become of the conversation."""
    _answer(tx, over.project, Decision(over.id, "expired", None, None), now=now)


def list_over(tx: Tx, *, now: int) -> Sequence[Over]:
    """Some of those, of all projects, that have waited for too long, the oldest first."""
    query = (
        sa.select(approval.c.project_id, approval.c.id)
        .where(_IS_WAITING, approval.c.asked_at <= now - KEPT_MS)
        .order_by(approval.c.asked_at)
        .limit(BATCH)
    )
    return [Over(ProjectScope(row.project_id), row.id) for row in tx.execute(query).all()]


def list_approvals(tx: Tx, scope: ProjectScope, page: Page, *, status: str | None) -> Sequence[StoredApproval]:
    """A page of the project's approvals, most recent first, and one more where there are more."""
    query = _SELECT.where(approval.c.project_id == scope.project_id)
    if status is not None:
        query = query.where(approval.c.status == status)
    if page.after is not None:
        place = sa.tuple_(approval.c.asked_at, approval.c.id)
        query = query.where(place < sa.tuple_(sa.literal(page.after.at), sa.literal(page.after.id)))
    query = query.order_by(approval.c.asked_at.desc(), approval.c.id.desc()).limit(page.limit + 1)
    return [_read(row) for row in tx.execute(query).all()]


def get_approval(tx: Tx, scope: ProjectScope, approval_id: str) -> StoredApproval:
    """One approval. Raises `NotFound`."""
    row = tx.execute(_SELECT.where(approval.c.project_id == scope.project_id, approval.c.id == approval_id)).first()
    if row is None:
        raise NotFound("There is no such approval.")
    return _read(row)


def _answer(tx: Tx, scope: ProjectScope, decision: Decision, *, now: int) -> None:
    """Writes what was said, once: who was answered stays so."""
    tx.execute(
        sa.update(approval)
        .where(approval.c.project_id == scope.project_id, approval.c.id == decision.id, approval.c.status == "waiting")
        .values(status=decision.status, answered_at=now, answered_by=decision.by, note=decision.note)
    )


def _read(row: Any) -> StoredApproval:
    return StoredApproval(*row)
