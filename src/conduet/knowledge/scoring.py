"""How well a chunk answers a question: the one place where words and meaning become a score from 0 to 1.

Neither database's own text search has a part in it: its figures depend on other tenants, or have no weight of rare
words. Why the two are blended like this stands in `docs/decisions/0022-knowledge-search.md`.
"""

from math import log
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

K1: Final = 1.2
B: Final = 0.75
HALF: Final = 8.0
"""The BM25 that counts for half of what words can give."""

DECIMALS: Final = 6
"""Of a score: what is beyond them is rounding of the processor's, and would make the order of equals depend on it."""


def weight_of_stem(chunks: int, *, with_stem: int) -> float:
    """The inverse document frequency of BM25: how much a stem tells that stands in `with_stem` of all `chunks`."""
    return log(1 + (chunks - with_stem + 0.5) / (with_stem + 0.5))


def length_norms(lengths: "NDArray[np.int32]", *, mean_length: float) -> "NDArray[np.float32]":
    """How much a chunk's length, in stems, takes from how often a stem is in it."""
    import numpy as np

    return np.asarray(K1 * (1 - B + B * lengths / max(mean_length, 1.0)), np.float32)


def bm25_of_stem(counts: "NDArray[np.uint8]", *, norms: "NDArray[np.float32]", weight: float) -> "NDArray[np.float32]":
    """What a stem adds to the BM25 of the chunks that have it `counts` times, and these `length_norms`."""
    import numpy as np

    often = counts.astype(np.float32)
    return (np.float32(weight * (K1 + 1)) * often / (often + norms)).astype(np.float32, copy=False)


def share_of_words(bm25: "Scores") -> "Scores":
    """BM25, which has no upper bound, from 0 to 1."""
    return bm25 / (bm25 + HALF)


def blend(cosine: "Scores", sentence: "Scores", bm25: "Scores", *, language: str) -> "Scores":
    """The scores of chunks from the question's cosine to each, that to its nearest sentence, and BM25.

    The built-in model reads English: for other languages words count for as much as the chunk's cosine, and sentences
    for nothing. A chunk that has no vector yet (NaN) is judged by its words alone.
    """
    import numpy as np

    words = share_of_words(bm25)
    in_english = (0.5 * (cosine + sentence) + 0.25 * words) / 1.25
    score = in_english if language == "en" else 0.5 * cosine + 0.5 * words
    known: Scores = np.where(np.isnan(cosine), words, score)
    return known.clip(0.0, 1.0).round(DECIMALS)
