"""Whether what was found is likely to hold the answer: by its score, and by words that the knowledge base lacks."""

from collections.abc import Sequence
from typing import Final

GOOD: Final = 0.4
"""The score from which on an answer is most likely right; `SURE` where a word of the question is unknown."""

SURE: Final = 0.5

_GENERAL: Final = """
able actually allow allowed already always anybody anyone anything available back best better big easy ever every
everybody everyone everything exactly far fast find fine give gives go goes good great half happen happened happening
happens hello help here hey hi instead keep kind know last late later least less little live long longer look lot lots
many maybe mean means might mine moment more much must name near necessary never new next nobody none nothing often
okay old own part people per perhaps person place possible probably question quick quickly quite rather really right
same say see several since small someone something sometimes soon sort still stuff sure take takes tell thank thanks
thing things think today together tomorrow tonight try turn type understand use used useful using usual usually want
wants way ways wonder work works wrong yes yesterday yet yours
"""
_WORDS: Final = frozenset(_GENERAL.split())
"""Words that a question has whatever it is about; there is no stop word among them, as searches do count them."""


def telling(unknown_words: Sequence[str]) -> tuple[str, ...]:
    """Of the words of a question that the knowledge base does not know, those that say what it is about."""
    return tuple(word for word in unknown_words if word not in _WORDS)


def is_good(score: float, unknown_words: Sequence[str]) -> bool:
    """Whether the best passage of a search is likely to hold the answer."""
    return score >= (SURE if telling(unknown_words) else GOOD)
