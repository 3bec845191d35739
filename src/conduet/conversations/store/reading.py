"""What is read outside a turn: the state of a conversation, its history, and turns that were taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.analytics.store import StoredMessage, list_messages
from conduet.conversations.scope import Asker, ConversationScope
from conduet.conversations.tables import conversation, turn
from conduet.errors import NotFound
from conduet.kit.db import Statement, Tx


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation as it was left; `state` is empty when it begins anew. Times in milliseconds since 1970."""

    revision: int
    version_id: str | None
    state: bytes
    history: Sequence[StoredMessage]
    updated_at: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A turn that was taken: `status` is `running`, `done` or `interrupted`."""

    id: str
    status: str
    worker: str
    version_id: str
    revision: int
    platform: str
    action: bytes
    traces: bytes
    long_traces: bytes | None
    journal: bytes | None
    visits: bytes | None
    started_at: int


_CONVERSATION = Statement(
    sa.select(
        conversation.c.revision,
        conversation.c.version_id,
        conversation.c.state,
        conversation.c.begun_by,
        conversation.c.history_from,
        conversation.c.updated_at,
    ).where(conversation.c.project_id == sa.bindparam("project"), conversation.c.user_id == sa.bindparam("user"))
)
_TURN = Statement(
    sa.select(
        turn.c.id,
        turn.c.status,
        turn.c.worker,
        turn.c.version_id,
        turn.c.revision,
        turn.c.platform,
        turn.c.action,
        sa.func.coalesce(turn.c.traces, sa.bindparam("none", type_=sa.LargeBinary)),
        turn.c.long_traces,
        turn.c.journal,
        turn.c.visits,
        turn.c.started_at,
    ).where(
        turn.c.id == sa.bindparam("turn"),
        turn.c.project_id == sa.bindparam("project"),
        turn.c.user_id == sa.bindparam("user"),
    )
)


def find_conversation(tx: Tx, asker: Asker) -> Kept | None:
    """The conversation with its history; `None` when nothing was ever said in it.

    Raises `NotFound` when it does not exist for the asker.
    """
    scope = asker.scope
    rows = tx.rows(_CONVERSATION, project=scope.project.project_id, user=scope.user_id)
    if not rows:
        return None
    revision, version_id, state, begun_by, history_from, updated_at = rows[0]
    if not asker.may_see(begun_by):
        raise NotFound("There is no such conversation.")
    history = list_messages(tx, scope.project, scope.user_id, first=history_from)
    return Kept(revision, version_id, state, history, updated_at)


def list_states(tx: Tx, project: ProjectScope, user_ids: Sequence[str]) -> Mapping[str, bytes]:
    """The states of these users, as they are stored; only of those that there are."""
    own = (conversation.c.project_id == project.project_id, conversation.c.user_id.in_(user_ids))
    rows = tx.execute(sa.select(conversation.c.user_id, conversation.c.state).where(*own))
    return {row.user_id: row.state for row in rows}


def check_sees(tx: Tx, asker: Asker) -> None:
    """Raises `NotFound` when the conversation does not exist for the asker; one that nobody began is anybody's."""
    rows = tx.rows(_CONVERSATION, project=asker.scope.project.project_id, user=asker.scope.user_id)
    if not all(asker.may_see(row[3]) for row in rows):
        raise NotFound("There is no such conversation.")


def last_platform(tx: Tx, scope: ConversationScope) -> str | None:
    """Where the user's last turn came from."""
    own = (turn.c.project_id == scope.project.project_id, turn.c.user_id == scope.user_id)
    return tx.execute(sa.select(turn.c.platform).where(*own).order_by(turn.c.started_at.desc()).limit(1)).scalar()


def get_turn(tx: Tx, asker: Asker, turn_id: str) -> Taken:
    """A turn of the conversation. Raises `NotFound`, also when it does not exist for the asker."""
    scope = asker.scope
    if asker.only_own:
        check_sees(tx, asker)
    rows = tx.rows(_TURN, project=scope.project.project_id, user=scope.user_id, turn=turn_id, none=b"[]")
    if not rows:
        raise NotFound("The conversation has no such turn.")
    return Taken(*rows[0])
