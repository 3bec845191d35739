"""What webhooks are told of conversations, in the transaction that ends a turn or resets a conversation."""

from conduet.accounts.principal import ProjectScope
from conduet.analytics import store as transcripts
from conduet.conversations.scope import ConversationScope
from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.db import Tx
from conduet.webhooks.emit import emit
from conduet.webhooks.event import ENDED, ESCALATED
from conduet.webhooks.store import list_takers


def tell_end(tx: Tx, scope: ProjectScope, transcript_id: str) -> None:
    """Tells that a conversation has come to its end."""
    if not list_takers(tx, scope, ENDED):
        return
    ended = transcripts.find_transcript(tx, scope, transcript_id)
    if ended is None:
        return
    data = {
        "transcriptId": ended.id,
        "userId": ended.user_id,
        "platform": ended.platform,
        "resolved": bool(ended.resolved),
        "escalated": bool(ended.escalated),
        "messageCount": ended.message_count,
        "startedAt": iso(from_milliseconds(ended.started_at)),
        "endedAt": iso(from_milliseconds(ended.ended_at)),
    }
    emit(tx, scope, ENDED, data, user_id=ended.user_id)


def tell_escalation(tx: Tx, scope: ConversationScope, *, transcript_id: str, platform: str, reason: str) -> None:
    """Tells that a person is needed."""
    data = {"transcriptId": transcript_id, "userId": scope.user_id, "platform": platform, "reason": reason}
    emit(tx, scope.project, ESCALATED, data, user_id=scope.user_id)
