"""Which intent a sentence means, by how near it is to each intent's utterances."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from conduet.llm.embedding import Vectors

NEAREST_SHARE: Final = 0.5
"""Of an intent's score: the cosine to its nearest utterance; the rest is the cosine to the middle of them all."""

ROUNDING: Final = 1e-6
"""The length of a middle that is nothing but rounding."""


@dataclass(frozen=True, slots=True)
class Scored:
    """How near a sentence is to an intent: -1 to 1."""

    intent: str
    score: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """All intents, the nearest first; those that are as near as each other in the order they were given."""

    scores: tuple[Scored, ...]
    threshold: float

    @property
    def best(self) -> str | None:
        """The intent that is meant; None when even the nearest is below the threshold."""
        return self.scores[0].intent if self.scores and self.scores[0].score >= self.threshold else None

    @property
    def margin(self) -> float:
        """By how much the nearest leads the next; 2, which is more than any lead, when there is no next."""
        return self.scores[0].score - self.scores[1].score if len(self.scores) > 1 else 2.0


class Intents:
    """Intents by their utterances' vectors, laid out once to be compared with many sentences.

    An intent without an utterance is never meant and is left out.
    """

    def __init__(self, utterances: "Mapping[str, Vectors]") -> None:
        import numpy as np

        told = {name: vectors for name, vectors in utterances.items() if len(vectors)}
        self._names = tuple(told)
        if told:
            self._utterances = np.concatenate([*told.values()])
            self._starts = np.cumsum([0, *map(len, told.values())][:-1])
            self._centroids = np.stack([_centroid(vectors) for vectors in told.values()])

    def rank(self, query: "NDArray[np.float32]", *, threshold: float) -> Ranking:
        """How near `query`, one vector of length 1, is to each intent."""
        import numpy as np

        if not self._names:
            return Ranking((), threshold)
        nearest = np.maximum.reduceat(self._utterances @ query, self._starts)
        scores = NEAREST_SHARE * nearest + (1 - NEAREST_SHARE) * (self._centroids @ query)
        scored = (Scored(name, score) for name, score in zip(self._names, scores.tolist(), strict=True))
        return Ranking(tuple(sorted(scored, key=lambda scored: -scored.score)), threshold)


def _centroid(vectors: "Vectors") -> "NDArray[np.float32]":
    """The middle of the vectors, of length 1; of no length when they cancel each other out."""
    import numpy as np

    middle = vectors.mean(axis=0)
    length = np.linalg.norm(middle)
    return middle / length if length > ROUNDING else np.zeros_like(middle)
