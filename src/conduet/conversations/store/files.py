"""The SQL of files that users sent: kept for a time, and opened by who knows the id."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from conduet.conversations.scope import ConversationScope
from conduet.conversations.tables import user_file
from conduet.errors import NotFound, PayloadTooLarge, RateLimited
from conduet.kit.db import Tx

KEPT_MS: Final = 30 * 24 * 60 * 60 * 1000
HOUR_MS: Final = 60 * 60 * 1000

AN_HOUR: Final = 20
"""How many files a user may send in an hour."""

PROJECT_BYTES: Final = 2 * 1024 * 1024 * 1024
"""How much a project keeps together: a widget key is everybody's, and a disk is not."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is kept; `mime_type` is what its content says."""

    name: str
    mime_type: str
    content: bytes


def add_file(tx: Tx, scope: ConversationScope, new: File, *, now: int) -> str:
    """Keeps a file that a user sends, and comes back with its id.

    Raises `RateLimited` when the user has sent too many, and `PayloadTooLarge` when the project keeps too much.
    """
    project, own = scope.project.project_id, user_file.c
    of_user = (own.project_id == project, own.user_id == scope.user_id, own.created_at > now - HOUR_MS)
    recent = sa.select(own.created_at).where(*of_user).order_by(own.created_at.desc())
    times = tx.execute(recent.limit(AN_HOUR)).scalars().all()
    if len(times) == AN_HOUR:
        wait = (times[-1] + HOUR_MS - now + 999) // 1000
        told = f"A user sends at most {AN_HOUR} files an hour."
        raise RateLimited(told, headers={"Retry-After": str(max(1, wait))})
    return keep_file(tx, scope, new, now=now)


def keep_file(tx: Tx, scope: ConversationScope, new: File, *, now: int) -> str:
    """Keeps a file of a user's, however many they sent. Raises `PayloadTooLarge` when the project keeps too much."""
    project, own = scope.project.project_id, user_file.c
    kept = tx.execute(sa.select(sa.func.coalesce(sa.func.sum(own.size), 0)).where(own.project_id == project)).scalar()
    if (kept or 0) + len(new.content) > PROJECT_BYTES:
        raise PayloadTooLarge("The project keeps as much of what users sent as it may; files go after 30 days.")
    file_id = f"file_{secrets.token_urlsafe(32)}"
    tx.execute(
        sa.insert(user_file).values(
            project_id=project,
            id=file_id,
            user_id=scope.user_id,
            name=new.name,
            mime_type=new.mime_type,
            size=len(new.content),
            created_at=now,
            content=new.content,
        )
    )
    return file_id


def get_file(tx: Tx, file_id: str, *, now: int) -> File:
    """A file by its id, of whichever project: who knows the id may have it. Raises `NotFound`."""
    own = user_file.c
    found = sa.select(own.name, own.mime_type, own.content).where(own.id == file_id, own.created_at > now - KEPT_MS)
    row = tx.execute(found).one_or_none()
    if row is None:
        raise NotFound("There is no such file; files that users send are kept for 30 days.")
    return File(row.name, row.mime_type, bytes(row.content))


def list_names(tx: Tx, scope: ConversationScope) -> Mapping[str, str]:
    """What the files of a user are called, by their ids."""
    own = (user_file.c.project_id == scope.project.project_id, user_file.c.user_id == scope.user_id)
    return {row.id: row.name for row in tx.execute(sa.select(user_file.c.id, user_file.c.name).where(*own))}


def purge(tx: Tx, *, now: int) -> None:
    """Removes what is over its time, of all projects."""
    tx.execute(sa.delete(user_file).where(user_file.c.created_at <= now - KEPT_MS))
