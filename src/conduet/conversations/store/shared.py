"""The SQL of what users sent in their conversations: the turns whose action is a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.analytics.store import Transcript, list_transcript_ids
from conduet.conversations.scope import ConversationScope
from conduet.conversations.store.files import KEPT_MS, list_names
from conduet.conversations.store.taken import during
from conduet.conversations.tables import conversation, turn
from conduet.kit.db import Tx

_SHARED = b'{"type":"media",'
"""What the actions of turns with a file begin with."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A file that the user sent, by the turn that it was; of one that is kept elsewhere the name is not known."""

    turn_id: str
    url: str
    mime_type: str | None
    name: str | None
    sent_at: int


def list_shared(tx: Tx, scope: ConversationScope, *, now: int) -> Sequence[Shared]:
    """The files that the user sent in the conversation since it was reset last, as long as files are kept."""
    project, user = scope.project.project_id, scope.user_id
    row = tx.execute(
        sa.select(conversation.c.history_from, conversation.c.transcript_id).where(
            conversation.c.project_id == project, conversation.c.user_id == user
        )
    ).first()
    if row is None:
        return ()
    # A reset begins another transcript: of the one before, nothing stands in the history.
    transcripts = {row.transcript_id, *list_transcript_ids(tx, scope.project, user, first=row.history_from)} - {None}
    own = (turn.c.project_id == project, turn.c.user_id == user, turn.c.transcript_id.in_(transcripts))
    return _list(tx, scope, own, now=now)


def list_shared_during(tx: Tx, scope: ProjectScope, of: Transcript, *, now: int) -> Sequence[Shared]:
    """The files that the user sent during a transcript, as long as files are kept."""
    return _list(tx, ConversationScope(scope, of.user_id), during(scope, of), now=now)


def _list(tx: Tx, scope: ConversationScope, turns: Sequence[sa.ColumnElement[bool]], *, now: int) -> Sequence[Shared]:
    found = sa.select(turn.c.id, turn.c.action, turn.c.started_at).where(
        *turns,
        turn.c.started_at > now - KEPT_MS,
        sa.func.substr(turn.c.action, 1, len(_SHARED)) == sa.literal(_SHARED, sa.LargeBinary),
    )
    rows = tx.execute(found.order_by(turn.c.started_at, turn.c.id)).all()
    names: Mapping[str, str] = list_names(tx, scope) if rows else {}
    return [_shared(row, names) for row in rows]


def _shared(row: sa.Row[Any], names: Mapping[str, str]) -> Shared:
    payload = orjson.loads(row.action)["payload"]
    url = str(payload["url"])
    return Shared(row.id, url, payload.get("mimeType"), names.get(url.rpartition("/")[2]), row.started_at)
