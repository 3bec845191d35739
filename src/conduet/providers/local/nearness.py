"""How near what a user says is to other sentences: by an embedding model, or by words where none can run."""

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from conduet.llm.embedding import Embedder
from conduet.llm.errors import NotConfigured
from conduet.llm.similarity import Intents

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEPT: Final = 2_000
"""How many sentences' vectors are kept: those of descriptions and passages come again and again."""

WORD: Final = re.compile(r"\w+")
SURE: Final = 0.50
"""From here on something is meant."""

LEAD: Final = 0.10
"""By how much what is to be done has to lead what would be done else."""


def plain(text: str) -> str:
    """Text without case and punctuation."""
    return " ".join(WORD.findall(text.casefold().replace("’", "'").replace("'", "")))


class Nearness:
    """Compares sentences; the same two are as near as each other each time."""

    def __init__(self, embedder: Embedder | None) -> None:
        self._embedder = embedder
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    async def rank(self, said: str, options: Mapping[str, Sequence[str]]) -> list[tuple[str, float]]:
        """Each option with how near it is, by its sentences, the nearest first: 1 where one is what was said."""
        same = plain(said)
        told = {name: [text for text in texts if text.strip()] for name, texts in options.items()}
        exact = [name for name, texts in told.items() if any(plain(text) == same for text in texts)]
        if exact and same:
            return [(exact[0], 1.0), *((name, 0.0) for name in told if name != exact[0])]
        if not any(told.values()) or not same:
            return []
        try:
            return await self._by_meaning(said, told)
        except NotConfigured:
            return _by_words(same, told)

    async def rank_by_best(self, said: str, options: Mapping[str, Sequence[str]]) -> list[tuple[str, float]]:
        """Each option with how near its nearest sentence is, the nearest first."""
        ranked = await self.rank(
            said, {f"{n} {name}": [each] for name, all_ in options.items() for n, each in enumerate(all_)}
        )
        best: dict[str, float] = {}
        for key, score in ranked:
            best.setdefault(key.partition(" ")[2], score)
        return [*best.items()]

    async def each(self, said: str, sentences: Sequence[str]) -> list[float]:
        """How near each sentence is."""
        ranked = dict(await self.rank(said, {str(n): [text] for n, text in enumerate(sentences)}))
        return [ranked.get(str(n), 0.0) for n in range(len(sentences))]

    async def _by_meaning(self, said: str, options: Mapping[str, Sequence[str]]) -> list[tuple[str, float]]:
        """Raises `NotConfigured`."""
        import numpy as np

        if self._embedder is None:
            raise NotConfigured
        texts = [*dict.fromkeys((said, *(text for each in options.values() for text in each)))]
        unknown = [text for text in texts if text not in self._vectors]
        if unknown:
            for text, vector in zip(unknown, await self._embedder.embed(unknown, query=True), strict=True):
                self._vectors[text] = vector
        found = {text: self._vectors[text] for text in texts}
        for text in texts:
            self._vectors.move_to_end(text)
        while len(self._vectors) > KEPT:
            self._vectors.popitem(last=False)
        stacked = {name: np.stack([found[text] for text in each]) for name, each in options.items() if each}
        ranking = Intents(stacked).rank(found[said], threshold=SURE)
        return [(scored.intent, round(scored.score, 4)) for scored in ranking.scores]


def _by_words(same: str, options: Mapping[str, Sequence[str]]) -> list[tuple[str, float]]:
    """By the words that two sentences share (Dice's coefficient)."""
    words = set(same.split())
    scores = {
        name: max((_shared(words, set(plain(text).split())) for text in texts), default=0.0)
        for name, texts in options.items()
    }
    return sorted(scores.items(), key=lambda pair: -pair[1])


def _shared(one: set[str], other: set[str]) -> float:
    total = len(one) + len(other)
    return round(2 * len(one & other) / total, 4) if total else 0.0
