"""A project's index as a process keeps it in memory: vectors in one matrix, and which chunks have which stem."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from conduet.kit.json import Json
from conduet.knowledge.index import stem_number, unpack_stems, unpack_vectors
from conduet.knowledge.index_store import ChunkWords, IndexedDocument, IndexState
from conduet.knowledge.scoring import bm25_of_stem, share_of_words, weight_of_stem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from conduet.llm.embedding import Vectors

MOST_OF_A_KIND: Final = 32
"""Candidates by words, by meaning and by both: 96 at most, whose sentences are then looked at."""

BYTES_OF_A_CHUNK: Final = 160
"""Of its id and its place in lists, beside the arrays; about."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates by number, with the cosine to the question (NaN without a vector) and BM25."""

    numbers: Sequence[int]
    cosine: "NDArray[np.float64]"
    bm25: "NDArray[np.float64]"


@dataclass(frozen=True, slots=True)
class Memory:
    """A project's chunks, numbered by document and ordinal. Immutable: a change of the index makes another.

    `vectors` has a row of zeros where a chunk is not `embedded`. The chunks of the i-th of `stems` (sorted) are
    `holders[begins[i]:begins[i + 1]]`, which have it `counts` times.
    """

    state: IndexState
    documents: Sequence[IndexedDocument]
    ids: Sequence[str]
    document_of: "NDArray[np.int32]"
    ordinals: "NDArray[np.int32]"
    lengths: "NDArray[np.int32]"
    vectors: "NDArray[np.float32] | None"
    embedded: "NDArray[np.bool_]"
    stems: "NDArray[np.uint64]"
    begins: "NDArray[np.int64]"
    holders: "NDArray[np.int32]"
    counts: "NDArray[np.uint8]"

    @property
    def size(self) -> int:
        """Bytes."""
        arrays = (self.document_of, self.ordinals, self.lengths, self.stems, self.begins, self.holders, self.counts)
        of_vectors = 0 if self.vectors is None else self.vectors.nbytes
        return of_vectors + sum(array.nbytes for array in arrays) + BYTES_OF_A_CHUNK * len(self.ids)

    def knows(self, stem: str) -> bool:
        """Whether any chunk has `stem`."""
        begin, end = self._span(stem)
        return begin < end

    def weight(self, stem: str) -> float:
        """How much `stem` tells; 0 when no chunk has it."""
        begin, end = self._span(stem)
        return weight_of_stem(len(self.ids), with_stem=end - begin) if begin < end else 0.0

    def wanted(
        self, documents: Sequence[str] | None, metadata: Mapping[str, Json] | None
    ) -> "NDArray[np.bool_] | None":
        """Which chunks belong to `documents` whose metadata are as told (a list: one of it); None for all."""
        if documents is None and not metadata:
            return None
        import numpy as np

        chosen = None if documents is None else frozenset(documents)
        fits = [
            (chosen is None or document.id in chosen) and _has(document.origin.metadata, metadata or {})
            for document in self.documents
        ]
        return np.array(fits, np.bool_)[self.document_of]

    def rank(
        self,
        stems: Sequence[str],
        query: "Vectors | None",
        *,
        language: str,
        wanted: "NDArray[np.bool_] | None",
    ) -> Ranked:
        """The chunks that may be the best for a question of these stems and this vector, by number."""
        import numpy as np

        bm25 = self.bm25(stems)
        if language == "en":
            bm25 *= self._covered(stems)
        if query is None or self.vectors is None:
            cosine = np.full(len(self.ids), np.nan)
        else:
            cosine = np.where(self.embedded, (self.vectors @ query[0]).astype(np.float64), np.nan)
        near = np.nan_to_num(cosine, copy=True, nan=0.0)
        kinds = (bm25, near, near + 0.5 * share_of_words(bm25))
        found = np.unique(np.concatenate([self._best(kind, wanted) for kind in kinds]))
        return Ranked([int(number) for number in found], cosine[found], bm25[found])

    def _best(self, scores: "NDArray[np.float64]", wanted: "NDArray[np.bool_] | None") -> "NDArray[np.intp]":
        """The numbers of the highest scores above 0; of equal ones the first."""
        import numpy as np

        if wanted is not None:
            scores = np.where(wanted, scores, 0.0)
        least = np.partition(scores, -MOST_OF_A_KIND)[-MOST_OF_A_KIND] if len(scores) > MOST_OF_A_KIND else 0.0
        numbers = np.flatnonzero((scores > 0) & (scores >= least))
        return numbers[np.argsort(-scores[numbers], kind="stable")][:MOST_OF_A_KIND]

    def bm25(self, stems: Sequence[str]) -> "NDArray[np.float64]":
        """The BM25 of every chunk, from the statistics of this project alone."""
        import numpy as np

        total = np.zeros(len(self.ids))
        mean_length = float(self.lengths.mean()) if len(self.lengths) else 0.0
        for stem in sorted(set(stems)):
            begin, end = self._span(stem)
            holders = self.holders[begin:end]
            total[holders] += bm25_of_stem(
                self.counts[begin:end],
                lengths=self.lengths[holders],
                mean_length=mean_length,
                weight=weight_of_stem(len(self.ids), with_stem=end - begin),
            )
        return total

    def _covered(self, stems: Sequence[str]) -> "NDArray[np.float64]":
        """How much of the question each chunk has, by weight: one word of five, in other words asked, is chance."""
        import numpy as np

        covered = np.zeros(len(self.ids))
        whole = 0.0
        for stem in sorted(set(stems)):
            begin, end = self._span(stem)
            weight = weight_of_stem(len(self.ids), with_stem=end - begin)
            covered[self.holders[begin:end]] += weight
            whole += weight
        return covered / (whole or 1.0)

    def _span(self, stem: str) -> tuple[int, int]:
        import numpy as np

        number = np.uint64(stem_number(stem))
        place = int(np.searchsorted(self.stems, number))
        if place == len(self.stems) or self.stems[place] != number:
            return 0, 0
        return int(self.begins[place]), int(self.begins[place + 1])


def build(state: IndexState, documents: Sequence[IndexedDocument], words: Sequence[ChunkWords]) -> Memory:
    """Puts `words`, which are in the order of `documents` and of their ordinals, into one index.

    About 10 ms a thousand chunks: not on the event loop.
    """
    import numpy as np

    number_of = {document.id: number for number, document in enumerate(documents)}
    unpacked = [unpack_stems(each.stems) for each in words]
    sizes = np.array([len(numbers) for numbers, _ in unpacked], np.int64)
    all_stems = np.concatenate([numbers for numbers, _ in unpacked] or [np.empty(0, np.uint64)])
    order = np.argsort(all_stems, kind="stable")
    all_stems = all_stems[order]
    holders = np.repeat(np.arange(len(words), dtype=np.int32), sizes)[order]
    counts = np.concatenate([counts for _, counts in unpacked] or [np.empty(0, np.uint8)])[order]
    del order
    stems, begins = np.unique(all_stems, return_index=True)
    return Memory(
        state=state,
        documents=documents,
        ids=[each.id for each in words],
        document_of=np.array([number_of[each.document_id] for each in words], np.int32),
        ordinals=np.array([each.ordinal for each in words], np.int32),
        lengths=np.array([each.stem_count for each in words], np.int32),
        vectors=_matrix(words, dim=int(state.model.rpartition(" ")[2] or 0)),
        embedded=np.array([each.whole is not None for each in words], np.bool_),
        stems=stems,
        begins=np.append(begins, len(all_stems)).astype(np.int64),
        holders=holders,
        counts=counts,
    )


def _matrix(words: Sequence[ChunkWords], *, dim: int) -> "NDArray[np.float32] | None":
    import numpy as np

    if not dim or all(each.whole is None for each in words):
        return None
    matrix = np.zeros((len(words), dim), np.float32)
    for row, each in enumerate(words):
        if each.whole is not None:
            matrix[row] = unpack_vectors(each.whole, dim)[0]
    return matrix


def _has(metadata: Mapping[str, Json], wanted: Mapping[str, Json]) -> bool:
    for name, value in wanted.items():
        found = metadata.get(name)
        if found != value and not (isinstance(value, list) and found in value):
            return False
    return True
