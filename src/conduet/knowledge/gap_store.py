"""The SQL of gaps: questions that found no good answer, by who asked them, so that they go with that user."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.kit.db import Tx
from conduet.kit.ids import new_id
from conduet.knowledge.tables import knowledge_gap


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked, the score of the best passage for it, and when, in ms since 1970."""

    question: str
    score: float
    asked_at: int


def add_gaps(tx: Tx, scope: ProjectScope, user_id: str, asked: Sequence[Asked]) -> None:
    """Keeps questions of a user."""
    rows = [
        {
            "project_id": scope.project_id,
            "id": new_id("gap"),
            "question": each.question,
            "user_id": user_id,
            "score": each.score,
            "asked_at": each.asked_at,
        }
        for each in asked
    ]
    tx.execute(sa.insert(knowledge_gap), rows)


def list_gaps(tx: Tx, scope: ProjectScope, *, since: int, limit: int) -> list[Asked]:
    """Questions that were asked since then, the latest first."""
    of = knowledge_gap.c
    wanted = sa.select(of.question, of.score, of.asked_at).where(
        of.project_id == scope.project_id, of.asked_at >= since
    )
    return [Asked(*row) for row in tx.execute(wanted.order_by(of.asked_at.desc(), of.id.desc()).limit(limit)).all()]


def forget_gaps(tx: Tx, scope: ProjectScope, *, before: int) -> None:
    """Lets go of questions that were asked before then."""
    tx.execute(
        sa.delete(knowledge_gap).where(
            knowledge_gap.c.project_id == scope.project_id, knowledge_gap.c.asked_at < before
        )
    )
