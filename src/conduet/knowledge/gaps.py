"""Questions to which the knowledge base has no good answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from conduet.accounts.principal import ProjectScope
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database
from conduet.knowledge.doubt import is_good
from conduet.knowledge.gap_store import Asked, list_gaps
from conduet.knowledge.index import stems
from conduet.knowledge.search import Search

DAYS_MS: Final = 30 * 86_400_000
LOOKED_AT: Final = 2_000
"""The latest questions that are counted."""

SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Gap:
    """A question, and how often it was asked in the same words or nearly; times in ms since 1970."""

    question: str
    count: int
    score: float
    first_asked_at: int
    last_asked_at: int


async def find_gaps(database: Database, search: Search, scope: ProjectScope) -> list[Gap]:
    """The questions that are asked most, without those that are answered by now."""
    since = milliseconds(now()) - DAYS_MS
    asked = await database.read(partial(list_gaps, scope=scope, since=since, limit=LOOKED_AT))
    gaps: list[Gap] = []
    for gap in _counted(asked):
        found = await search.look(scope.project_id, gap.question, top_k=1)
        if not is_good(found.best_score, found.unknown_words):
            gaps.append(gap)
        if len(gaps) == SHOWN:
            break
    return gaps


def _counted(asked: Sequence[Asked]) -> list[Gap]:
    """The questions, those with the same words counted together under the latest of them."""
    groups: dict[frozenset[str], list[Asked]] = {}
    for each in asked:
        key = frozenset(stems(each.question, "en")) or frozenset((each.question,))
        groups.setdefault(key, []).append(each)
    counted = [
        Gap(group[0].question, len(group), max(each.score for each in group), group[-1].asked_at, group[0].asked_at)
        for group in groups.values()
    ]
    return sorted(counted, key=lambda gap: (-gap.count, -gap.last_asked_at))
