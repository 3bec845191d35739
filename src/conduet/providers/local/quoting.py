"""Answers out of passages: how sure they are, and which of their sentences are quoted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from conduet.providers.local.nearness import Nearness
from conduet.providers.local.scene import Passage
from conduet.providers.local.words import say

ANSWERS: Final = 0.50
"""From this score on a passage answers the question: of 108 questions with an answer, 36 of the 40 best were right."""

CLOSE: Final = 0.40
"""From here on it is shown as the closest there is."""

RELATED: Final = 0.25
"""From here on its title is shown; what is below has nothing to do with the question."""

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


async def quoted(said: str, passages: Sequence[Passage], *, nearness: Nearness, language: str) -> Quote | None:
    """An answer from passages, the best first; `None` when none has to do with the question."""
    best = _trusted(passages[0]) if passages else 0.0
    if best < RELATED:
        return None
    if best < CLOSE:
        titles = _titles(passages, 3)
        return Quote(say("mean", language), titles) if titles else None
    most = SENTENCES if best >= ANSWERS else 1
    chosen = await _nearest(said, passages[0], nearness=nearness, most=most)
    source = f" ({passages[0].title})" if passages[0].title else ""
    text = f"{' '.join(chosen)}{source}"
    if best >= ANSWERS:
        return Quote(text)
    others = tuple(title for title in _titles(passages, 3) if title != passages[0].title)[:2]
    return Quote(f"{say('closest', language)} {text}", others)


def _trusted(best: Passage) -> float:
    """Its score; in the next band below where a word of the question is unknown: `do you rent cars` fits all rent."""
    if not best.is_doubtful or best.score < RELATED:
        return best.score
    return CLOSE if best.score >= ANSWERS else RELATED if best.score >= CLOSE else 0.0


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
