"""Some documents of a project as arrays: which chunks have which stem, and their vectors in a byte a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from conduet.knowledge.index import unpack_stems, unpack_vectors
from conduet.knowledge.index_store import ChunkWords

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from conduet.llm.embedding import Vectors

BYTES_OF_A_DOCUMENT: Final = 1_000
"""Of its name and what else is told of it, beside the arrays; about."""

BITS: Final = 64
"""Of the words in which the signs of a vector are kept."""


@dataclass(frozen=True, slots=True)
class Coarse:
    """Vectors as 8-bit numbers, `rows[i] * scales[i]`, whose cosines are off by less than 0.003.

    A scale of 0 is no vector. `signs` has a bit for each number above 0, [words of 64 bits, n]: how many of them differ
    between two vectors tells in a twentieth of the time roughly how near they are.
    """

    rows: "NDArray[np.int8]"
    scales: "NDArray[np.float32]"
    signs: "NDArray[np.uint64]"

    @property
    def size(self) -> int:
        """Bytes."""
        return self.rows.nbytes + self.scales.nbytes + self.signs.nbytes

    def differing(self, query: "Vectors") -> "NDArray[np.uint16]":
        """In how many signs each differs from the `query`; as many as there can be without a vector."""
        import numpy as np

        found = np.zeros(len(self.rows), np.uint16)
        for mine, asked in zip(self.signs, _signs(query)[:, 0], strict=True):
            found += np.bitwise_count(mine ^ asked)
        found[self.scales == 0] = np.iinfo(np.uint16).max
        return found

    def cosines(self, numbers: "NDArray[np.intp]", query: "Vectors") -> "NDArray[np.float32]":
        """Those of the rows `numbers` to the `query`; NaN without a vector."""
        import numpy as np

        scales = self.scales[numbers]
        # Not `@`: BLAS would wake its threads for what takes less than a millisecond.
        found = np.einsum("ij,j->i", self.rows[numbers].astype(np.float32), query[0]) * scales
        found[scales == 0] = np.nan
        return found


@dataclass(frozen=True, slots=True)
class Segment:
    """The chunks of `documents` (ids), numbered from 0 on. Immutable.

    The chunks of the i-th of `stems` (sorted) are `holders[begins[i]:begins[i + 1]]`, which have it `counts` times.
    """

    documents: Sequence[str]
    ids: "NDArray[np.bytes_]"
    document_of: "NDArray[np.int32]"
    ordinals: "NDArray[np.int32]"
    lengths: "NDArray[np.int32]"
    vectors: Coarse | None
    stems: "NDArray[np.uint64]"
    begins: "NDArray[np.int64]"
    holders: "NDArray[np.int32]"
    counts: "NDArray[np.uint8]"

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def size(self) -> int:
        """Bytes."""
        of_chunks = (self.ids, self.document_of, self.ordinals, self.lengths)
        arrays = (*of_chunks, self.stems, self.begins, self.holders, self.counts)
        of_vectors = 0 if self.vectors is None else self.vectors.size
        return of_vectors + sum(array.nbytes for array in arrays) + BYTES_OF_A_DOCUMENT * len(self.documents)

    def span(self, number: int) -> slice:
        """Where in `holders` and `counts` the stem of that number is; an empty one when no chunk has it."""
        import numpy as np

        place = int(np.searchsorted(self.stems, np.uint64(number)))
        if place == len(self.stems) or int(self.stems[place]) != number:
            return slice(0, 0)
        return slice(int(self.begins[place]), int(self.begins[place + 1]))


def segment(words: Sequence[ChunkWords], *, dim: int) -> Segment:
    """Those chunks, of documents that follow one another; `dim` is 0 without vectors. 10 ms a thousand chunks."""
    import numpy as np

    documents = list(dict.fromkeys(each.document_id for each in words))
    number_of = {document: number for number, document in enumerate(documents)}
    unpacked = [unpack_stems(each.stems) for each in words]
    sizes = np.array([len(numbers) for numbers, _ in unpacked], np.int64)
    stems, begins, holders, counts = _inverted(
        np.concatenate([numbers for numbers, _ in unpacked] or [np.empty(0, np.uint64)]),
        np.repeat(np.arange(len(words), dtype=np.int32), sizes),
        np.concatenate([counts for _, counts in unpacked] or [np.empty(0, np.uint8)]),
    )
    return Segment(
        documents=documents,
        ids=np.array([each.id for each in words], np.bytes_),
        document_of=np.array([number_of[each.document_id] for each in words], np.int32),
        ordinals=np.array([each.ordinal for each in words], np.int32),
        lengths=np.array([each.stem_count for each in words], np.int32),
        vectors=_coarse(words, dim=dim),
        stems=stems,
        begins=begins,
        holders=holders,
        counts=counts,
    )


def join(parts: "Sequence[tuple[Segment, NDArray[np.bool_]]]") -> Segment:
    """One segment of several, of each the chunks that are told; about 1 ms a thousand chunks."""
    import numpy as np

    offsets = np.cumsum([0, *(len(part) for part, _ in parts)])
    keep = np.concatenate([kept for _, kept in parts])
    # Where a chunk stands from now on; what it says of one that is left out is never looked at.
    number_of = (np.cumsum(keep) - 1).astype(np.int32)
    stems: list[NDArray[np.uint64]] = []
    holders: list[NDArray[np.int32]] = []
    counts: list[NDArray[np.uint8]] = []
    documents: list[str] = []
    document_of: list[NDArray[np.int32]] = []
    for (part, kept), offset in zip(parts, offsets, strict=False):
        wanted = kept[part.holders]
        stems.append(np.repeat(part.stems, np.diff(part.begins))[wanted])
        holders.append(number_of[part.holders[wanted] + offset])
        counts.append(part.counts[wanted])
        used, numbers = np.unique(part.document_of[kept], return_inverse=True)
        document_of.append((numbers + len(documents)).astype(np.int32))
        documents.extend(part.documents[int(number)] for number in used)
    inverted = _inverted(np.concatenate(stems), np.concatenate(holders), np.concatenate(counts))
    return Segment(
        documents=documents,
        ids=np.concatenate([part.ids[kept] for part, kept in parts]),
        document_of=np.concatenate(document_of),
        ordinals=np.concatenate([part.ordinals[kept] for part, kept in parts]),
        lengths=np.concatenate([part.lengths[kept] for part, kept in parts]),
        vectors=_joined(parts),
        stems=inverted[0],
        begins=inverted[1],
        holders=inverted[2],
        counts=inverted[3],
    )


def _inverted(
    stems: "NDArray[np.uint64]", holders: "NDArray[np.int32]", counts: "NDArray[np.uint8]"
) -> "tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int32], NDArray[np.uint8]]":
    import numpy as np

    order = np.argsort(stems, kind="stable")
    stems = stems[order]
    begins = np.flatnonzero(np.append(True, stems[1:] != stems[:-1])[: len(stems)])
    return stems[begins], np.append(begins, len(stems)).astype(np.int64), holders[order], counts[order]


def _coarse(words: Sequence[ChunkWords], *, dim: int) -> Coarse | None:
    import numpy as np

    if not dim or all(each.whole is None for each in words):
        return None
    matrix = np.zeros((len(words), dim), np.float32)
    for row, each in enumerate(words):
        if each.whole is not None:
            matrix[row] = unpack_vectors(each.whole, dim)[0]
    scales = np.abs(matrix).max(axis=1) / 127
    rows = np.rint(matrix / np.where(scales == 0, 1, scales)[:, None]).astype(np.int8)
    return Coarse(rows, scales, _signs(matrix))


def _joined(parts: "Sequence[tuple[Segment, NDArray[np.bool_]]]") -> Coarse | None:
    import numpy as np

    dim = next((part.vectors.rows.shape[1] for part, _ in parts if part.vectors is not None), 0)
    if not dim:
        return None
    chosen: list[Coarse] = []
    for part, kept in parts:
        mine, count = part.vectors, int(kept.sum())
        if mine is None:
            nothing = np.zeros((count, dim), np.int8)
            chosen.append(Coarse(nothing, np.zeros(count, np.float32), _signs(nothing)))
        else:
            chosen.append(Coarse(mine.rows[kept], mine.scales[kept], mine.signs[:, kept]))
    return Coarse(
        np.concatenate([each.rows for each in chosen]),
        np.concatenate([each.scales for each in chosen]),
        np.ascontiguousarray(np.concatenate([each.signs for each in chosen], axis=1)),
    )


def _signs(vectors: "NDArray[np.int8] | NDArray[np.float32]") -> "NDArray[np.uint64]":
    """A bit for each number above 0, a row for each 64 of a vector."""
    import numpy as np

    count, dim = vectors.shape
    packed = np.zeros((count, -(-dim // BITS) * (BITS // 8)), np.uint8)
    packed[:, : -(-dim // 8)] = np.packbits(vectors > 0, axis=1)
    return np.ascontiguousarray(packed.view(np.uint64).T)
