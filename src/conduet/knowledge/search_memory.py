"""A project's index as a process keeps it in memory: segments, of which some chunks may be out of date."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from conduet.kit.json import Json
from conduet.knowledge.index import stem_number
from conduet.knowledge.index_store import IndexedDocument, IndexState
from conduet.knowledge.scoring import bm25_of_stem, length_norms, share_of_words, weight_of_stem
from conduet.knowledge.segment import Segment, join

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from conduet.llm.embedding import Vectors

MOST_OF_A_KIND: Final = 32
"""Candidates by words, by meaning and by both: 96 at most, whose sentences are then looked at."""

NEAR_BY_SIGNS: Final = 4_000
"""How many of the nearest by the signs of their vectors alone are compared by the vectors themselves."""

BEST_BY_WORDS: Final = 256
"""How many of the best by words are compared by their vectors too."""

PLACES: Final = 1 << 32
"""More than a document has chunks."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates by number, with the cosine to the question (NaN without a vector) and BM25."""

    numbers: Sequence[int]
    cosine: "NDArray[np.float64]"
    bm25: "NDArray[np.float64]"


@dataclass(frozen=True)
class Part:
    """A segment, and which of its chunks are still in the index as they are there."""

    segment: Segment
    live: "NDArray[np.bool_]"

    @cached_property
    def count(self) -> int:
        """Chunks that are live."""
        return int(self.live.sum())

    @property
    def is_whole(self) -> bool:
        """Whether all are."""
        return self.count == len(self.segment)

    def without(self, documents: frozenset[str]) -> "Part":
        """The part when those documents are gone from it."""
        import numpy as np

        gone = [number for number, document in enumerate(self.segment.documents) if document in documents]
        return Part(self.segment, self.live & ~np.isin(self.segment.document_of, gone)) if gone else self


class Memory:
    """The chunks of a project, numbered over all `parts`. Immutable: a change of the index makes another.

    Every figure is that of the live chunks alone, so that a search tells the same whichever changes led to them.
    """

    def __init__(self, state: IndexState, documents: Mapping[str, IndexedDocument], parts: Sequence[Part]) -> None:
        import numpy as np

        self.state = state
        self.documents = documents
        self.parts = parts
        self._begins = list(accumulate((len(part.segment) for part in parts), initial=0))
        self._live = np.concatenate([part.live for part in parts] or [np.empty(0, np.bool_)])
        lengths = np.concatenate([part.segment.lengths for part in parts] or [np.empty(0, np.int32)])
        self.count = sum(part.count for part in parts)
        self._norms = length_norms(lengths, mean_length=float(lengths[self._live].mean()) if self.count else 0.0)
        languages = Counter(document.origin.language for document in documents.values())
        self.language = max(languages, key=lambda each: (languages[each], each), default="en")
        """That of most documents."""
        self.is_embedded = any(part.segment.vectors is not None for part in parts)
        self.size = sum(part.segment.size for part in parts) + self._norms.nbytes + 2 * len(self._live)
        """Bytes."""

    def id_of(self, number: int) -> str:
        """A chunk's id."""
        part, place = self._place(number)
        return part.segment.ids[place].decode()

    def origin_of(self, number: int) -> IndexedDocument:
        """A chunk's document."""
        part, place = self._place(number)
        return self.documents[part.segment.documents[int(part.segment.document_of[place])]]

    def weight(self, stem: str) -> float:
        """How much `stem` tells; 0 when no chunk has it."""
        number, count = stem_number(stem), 0
        for part in self.parts:
            holders = part.segment.holders[part.segment.span(number)]
            count += len(holders) if part.is_whole else int(part.live[holders].sum())
        return weight_of_stem(self.count, with_stem=count) if count else 0.0

    def wanted(
        self, documents: Sequence[str] | None, metadata: Mapping[str, Json] | None
    ) -> "NDArray[np.bool_] | None":
        """Which chunks belong to `documents` whose metadata are as told (a list: one of it); None for all."""
        if documents is None and not metadata:
            return None
        import numpy as np

        chosen = None if documents is None else frozenset(documents)
        fits = {
            id_
            for id_, document in self.documents.items()
            if (chosen is None or id_ in chosen) and _has(document.origin.metadata, metadata or {})
        }
        masks = [
            np.array([document in fits for document in part.segment.documents], np.bool_)[part.segment.document_of]
            for part in self.parts
        ]
        return np.concatenate(masks or [np.empty(0, np.bool_)])

    def rank(
        self, stems: Sequence[str], query: "Vectors | None", *, language: str, wanted: "NDArray[np.bool_] | None" = None
    ) -> Ranked:
        """The chunks that may be the best for a question of these stems and this vector, by number."""
        import numpy as np

        allowed = self._live if wanted is None else self._live & wanted
        bm25 = self.bm25(stems, by_share=language == "en")
        bm25[~allowed] = 0
        pool = _highest(bm25, BEST_BY_WORDS)
        if query is not None and self.is_embedded:
            pool = np.union1d(pool, self._nearest(query, allowed))
        cosine = self._cosines(pool, query)
        words = bm25[pool].astype(np.float64)
        near = np.nan_to_num(cosine, nan=0.0)
        found = np.unique(
            np.concatenate([self._first(kind, pool) for kind in (words, near, near + 0.5 * share_of_words(words))])
        )
        return Ranked([int(number) for number in pool[found]], cosine[found], words[found])

    def bm25(self, stems: Sequence[str], *, by_share: bool = False) -> "NDArray[np.float32]":
        """The BM25 of every chunk, from the statistics of this project alone.

        `by_share` multiplies it by how much of the question a chunk has, by weight: one word of five, in other words
        asked, is chance.
        """
        import numpy as np

        total = np.zeros(len(self._live), np.float32)
        covered = np.zeros(len(self._live) if by_share else 0, np.float32)
        whole = 0.0
        for stem in sorted(set(stems)):
            found = self._holders(stem)
            weight = weight_of_stem(self.count, with_stem=sum(len(holders) for holders, _ in found))
            whole += weight
            for holders, counts in found:
                total[holders] += bm25_of_stem(counts, norms=self._norms[holders], weight=weight)
                if by_share:
                    covered[holders] += np.float32(weight)
        if by_share:
            total *= covered / np.float32(whole or 1.0)
        return total

    def _holders(self, stem: str) -> "list[tuple[NDArray[np.intp], NDArray[np.uint8]]]":
        """The numbers of the live chunks that have a stem, and how often, by part."""
        import numpy as np

        number, found = stem_number(stem), list[tuple["NDArray[np.intp]", "NDArray[np.uint8]"]]()
        for part, begin in zip(self.parts, self._begins, strict=False):
            span = part.segment.span(number)
            holders, counts = part.segment.holders[span], part.segment.counts[span]
            if not part.is_whole:
                kept = part.live[holders]
                holders, counts = holders[kept], counts[kept]
            if len(holders):
                found.append((holders.astype(np.intp) + begin, counts))
        return found

    def _nearest(self, query: "Vectors", allowed: "NDArray[np.bool_]") -> "NDArray[np.intp]":
        """The chunks that are most like the question, as far as the signs of the vectors tell."""
        import numpy as np

        nothing = np.iinfo(np.uint16).max
        differing = np.full(len(allowed), nothing, np.uint16)
        for part, begin in zip(self.parts, self._begins, strict=False):
            if part.segment.vectors is not None:
                differing[begin : begin + len(part.segment)] = part.segment.vectors.differing(query)
        differing[~allowed] = nothing
        most = nothing - 1
        if len(differing) > NEAR_BY_SIGNS:
            most = min(most, int(np.partition(differing, NEAR_BY_SIGNS)[NEAR_BY_SIGNS]))
        # All that are as near as the last of them: which ones would else depend on the order of changes.
        return np.flatnonzero(differing <= most)

    def _cosines(self, numbers: "NDArray[np.intp]", query: "Vectors | None") -> "NDArray[np.float64]":
        import numpy as np

        found = np.full(len(numbers), np.nan)
        if query is None:
            return found
        for part, begin in zip(self.parts, self._begins, strict=False):
            mine = (numbers >= begin) & (numbers < begin + len(part.segment))
            if part.segment.vectors is not None and mine.any():
                found[mine] = part.segment.vectors.cosines(numbers[mine] - begin, query)
        return found

    def _first(self, scores: "NDArray[np.float64]", pool: "NDArray[np.intp]") -> "NDArray[np.intp]":
        """Where in the pool the highest scores above 0 are; of equal ones the first by document and ordinal."""
        import numpy as np

        found = [int(place) for place in _highest(scores, MOST_OF_A_KIND)]
        if len(found) > MOST_OF_A_KIND:
            found.sort(key=lambda place: (-scores[place], *self._order(int(pool[place]))))
        return np.array(found[:MOST_OF_A_KIND], np.intp)

    def _order(self, number: int) -> tuple[str, int]:
        part, place = self._place(number)
        return self.origin_of(number).id, int(part.segment.ordinals[place])

    def _place(self, number: int) -> tuple[Part, int]:
        index = bisect_right(self._begins, number) - 1
        return self.parts[index], number - self._begins[index]


def grown(parts: Sequence[Part], new: Sequence[Segment]) -> list[Part]:
    """The parts and what is new as one; neighbours of about one size become one, so that there are few of them.

    Each is at least twice as large as the one after it, so that a chunk is copied as often as its index has doubled.
    """
    kept = [part for part in parts if part.count]
    if new:
        kept.append(_joined([_whole(each) for each in new]))
    while len(kept) > 1 and len(kept[-2].segment) < 2 * len(kept[-1].segment):
        kept[-2:] = [_joined(kept[-2:])]
    return [_joined([part]) if 2 * part.count < len(part.segment) else part for part in kept]


def _joined(parts: Sequence[Part]) -> Part:
    if len(parts) == 1 and parts[0].is_whole:
        return parts[0]
    return _whole(join([(part.segment, part.live) for part in parts]))


def _whole(segment: Segment) -> Part:
    import numpy as np

    return Part(segment, np.ones(len(segment), np.bool_))


def _highest(scores: "NDArray[np.float32] | NDArray[np.float64]", count: int) -> "NDArray[np.intp]":
    """The places of the highest scores above 0, and of all that are equal to the last of them."""
    import numpy as np

    least = np.partition(scores, -count)[-count] if len(scores) > count else 0
    return np.flatnonzero((scores > 0) & (scores >= least))


def _has(metadata: Mapping[str, Json], wanted: Mapping[str, Json]) -> bool:
    for name, value in wanted.items():
        found = metadata.get(name)
        if found != value and not (isinstance(value, list) and found in value):
            return False
    return True
