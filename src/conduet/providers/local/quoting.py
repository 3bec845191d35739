"""Answers out of passages: how sure they are, and which of their sentences are quoted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from conduet.providers.local.nearness import Nearness
from conduet.providers.local.scene import Passage
from conduet.providers.local.words import say

SURE: Final = 0.50
"""From this score on a passage answers the question."""

AHEAD: Final = (0.28, 0.08)
"""So does one of this score that leads those of other documents by this much."""

CLOSE: Final = 0.40
"""From here on it is shown as the closest there is."""

NEAREST: Final = (0.25, 0.03)
"""So is one of this score with this lead."""

RELATED: Final = 0.20
"""From here on its title is shown; what is below has nothing to do with the question."""

Confidence: TypeAlias = Literal["answer", "closest", "titles", "nothing"]
LEVELS: Final[tuple[Confidence, ...]] = ("answer", "closest", "titles", "nothing")

SENTENCES: Final = 3
NEARLY: Final = 0.8
"""The share of the nearest sentence's score that others need to be quoted with it."""

LONGEST: Final = 400
"""The longest sentence that is quoted whole, in characters."""

END: Final = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9ÄÖÜÀ-Þ])|\n+")
LAST_LINE: Final = re.compile(r"^[#>*\-•\s]+")


@dataclass(frozen=True, slots=True)
class Quote:
    """What is said, and the titles to choose from."""

    text: str
    titles: tuple[str, ...] = ()


def sentences(text: str) -> list[str]:
    """The sentences of a text, without marks of headings and lists."""
    found = (LAST_LINE.sub("", part).strip() for part in END.split(text) if part)
    return [part for part in found if part]


def confidence(passages: Sequence[Passage]) -> Confidence:
    """What may be made of passages, the best first.

    A score alone tells little, as questions in other words than the text's have low ones, and less where a word of the
    question is known nowhere; a lead tells more. Measured in `benchmarks/meaning.py`.
    """
    if not passages:
        return "nothing"
    best = passages[0]
    others = (passage.score for passage in passages if passage.title != best.title)
    # Where all are of one document, those of others are no better than the last.
    lead = best.score - next(others, passages[-1].score)
    if best.score >= AHEAD[0] and lead >= AHEAD[1]:
        return "answer"
    level = LEVELS.index(_by_score(best.score, lead=lead))
    # `Do you rent cars?` is near to all that is said of renting.
    return LEVELS[min(level + best.is_doubtful, len(LEVELS) - 1)]


def _by_score(score: float, *, lead: float) -> Confidence:
    if score >= SURE:
        return "answer"
    if score >= CLOSE or (score >= NEAREST[0] and lead >= NEAREST[1]):
        return "closest"
    return "titles" if score >= RELATED else "nothing"


async def quoted(said: str, passages: Sequence[Passage], *, nearness: Nearness, language: str) -> Quote | None:
    """An answer from passages, the best first; `None` when none has to do with the question."""
    sure = confidence(passages)
    if sure == "nothing":
        return None
    if sure == "titles":
        titles = _titles(passages, 3)
        return Quote(say("mean", language), titles) if titles else None
    most = SENTENCES if sure == "answer" else 1
    chosen = await _nearest(said, passages[0], nearness=nearness, most=most)
    source = f" ({passages[0].title})" if passages[0].title else ""
    text = f"{' '.join(chosen)}{source}"
    if sure == "answer":
        return Quote(text)
    others = tuple(title for title in _titles(passages, 3) if title != passages[0].title)[:2]
    return Quote(f"{say('closest', language)} {text}", others)


async def _nearest(said: str, passage: Passage, *, nearness: Nearness, most: int) -> list[str]:
    """The sentences of a passage that are nearest to what was said, in its order."""
    found = [part[:LONGEST] for part in sentences(passage.content)]
    # With the title, a sentence about "it" is about something.
    scores = await nearness.each(said, [f"{passage.title}: {part}" if passage.title else part for part in found])
    best = max(scores, default=0.0)
    ranked = sorted(range(len(found)), key=lambda n: -scores[n])[:most]
    return [found[n] for n in sorted(n for n in ranked if n == ranked[0] or scores[n] >= NEARLY * best)]


def _titles(passages: Sequence[Passage], most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(passage.title for passage in passages if passage.title))[:most]
