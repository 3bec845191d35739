"""What users wrote and no step had an answer to: told from the turns in which it was said."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import orjson

from conduet.accounts.principal import ProjectScope
from conduet.analytics import store as transcripts
from conduet.analytics.store import Wanted
from conduet.conversations.funnel import MOST, PIECE, Step
from conduet.conversations.store.visits import Came, list_turns
from conduet.engine.wording import fold
from conduet.kit.db import Database, Tx
from conduet.kit.page import Page, Place

SHOWN: Final = 100
"""How many questions are told."""

MISSED: Final = frozenset({"noMatch", "noResults"})
"""The ports by which a step says that it has no answer."""


@dataclass(slots=True)
class Question:
    """Words that were written `count` times; `said`, the times (ms since 1970) and the transcript are of the latest."""

    said: str
    transcript_id: str
    first_at: int
    last_at: int
    count: int = 0
    steps: Counter[Step] = field(default_factory=Counter[Step])


@dataclass(slots=True)
class Unanswered:
    """The questions of the conversations that were looked through; `is_cut` tells that there are more of these."""

    conversations: int = 0
    is_cut: bool = False
    questions: dict[str, Question] = field(default_factory=dict[str, Question])

    def add(self, came: Came) -> None:
        """Adds what was written in one turn, if it was words that no step took."""
        said = _words(came.action)
        missed = [(workflow_id, step_id) for workflow_id, step_id, port in came.visits if port in MISSED]
        folded = fold(said)
        if not missed or not folded:
            return
        found = self.questions.setdefault(folded, Question(said, came.transcript_id, came.at, came.at))
        if came.at >= found.last_at:
            found.said, found.transcript_id, found.last_at = said, came.transcript_id, came.at
        found.first_at = min(found.first_at, came.at)
        found.count += 1
        found.steps.update({*missed})

    def most_asked(self) -> Sequence[Question]:
        """What was asked most often first, of these the latest."""
        return sorted(self.questions.values(), key=lambda each: (-each.count, -each.last_at))[:SHOWN]


async def look(database: Database, scope: ProjectScope, wanted: Wanted) -> Unanswered:
    """The questions of the most recent conversations that are wanted."""
    found, page = Unanswered(), Page(PIECE)
    for _ in range(MOST // PIECE):

        def work(tx: Tx, page: Page = page) -> tuple[Place | None, int, Sequence[Came]]:
            shown, following = transcripts.list_transcripts(tx, scope, page, wanted)
            return following, len(shown), list_turns(tx, scope, shown) if shown else ()

        following, count, turns = await database.read(work)
        found.conversations += count
        for came in turns:
            found.add(came)
        if following is None:
            return found
        page = Page(PIECE, following)
    found.is_cut = True
    return found


def _words(action: bytes) -> str:
    read = orjson.loads(action)
    payload = read.get("payload") if read.get("type") == "text" else None
    return payload.strip() if isinstance(payload, str) else ""
