"""What webhooks are told of conversations, in the transaction that ends a turn or resets a conversation."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from conduet.accounts.principal import ProjectScope
from conduet.analytics import store as transcripts
from conduet.analytics.usage_store import spent_since
from conduet.conversations.budget import DayBudget
from conduet.conversations.scope import ConversationScope
from conduet.conversations.tables import budget_notice
from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.db import Tx
from conduet.webhooks.emit import emit
from conduet.webhooks.event import BUDGET_REACHED, ENDED, ESCALATED
from conduet.webhooks.store import list_takers

PERCENTS: Final = (80, 100)
"""How much of a day's budget is used when that is told."""


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


def tell_budget(tx: Tx, scope: ProjectScope, budget: DayBudget, *, now: int) -> None:
    """Tells that much of the day's budget is used, or all of it: each once a day, and anew for another limit."""
    if not list_takers(tx, scope, BUDGET_REACHED):
        return
    day, spent = budget.day(now).isoformat(), spent_since(tx, scope, since=budget.begins(now))
    reached = [percent for percent in PERCENTS if spent >= budget.limit_usd * percent / 100]
    news = [percent for percent in reached if _is_news(tx, scope, day, percent, budget.limit_usd)]
    if news:
        data = {"budget": "perDayUsd", "limitUsd": budget.limit_usd, "spentUsd": round(spent, 9), "date": day}
        emit(tx, scope, BUDGET_REACHED, data)


def _is_news(tx: Tx, scope: ProjectScope, day: str, percent: int, limit_usd: float) -> bool:
    """Whether nobody was told yet; from now on somebody was."""
    of = budget_notice.c
    tx.execute(sa.delete(budget_notice).where(of.project_id == scope.project_id, of.day < day))
    told = insert(budget_notice).values(project_id=scope.project_id, day=day, percent=percent, limit_usd=limit_usd)
    news = told.on_conflict_do_update(
        index_elements=["project_id", "day", "percent"],
        set_={"limit_usd": limit_usd},
        where=of.limit_usd != limit_usd,
    )
    return tx.execute(news.returning(of.percent)).first() is not None
