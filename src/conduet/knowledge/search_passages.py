"""Makes passages of the chunks that may be an answer: scored, without repetitions, with an excerpt."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from conduet.kit.json import Json
from conduet.knowledge.index import MOST_SENTENCES, content_words, sentence_spans, spans_of, stems, unpack_vectors
from conduet.knowledge.index_store import Candidate, IndexedDocument
from conduet.knowledge.scoring import blend
from conduet.knowledge.search_memory import Memory, Ranked

if TYPE_CHECKING:
    from conduet.llm.embedding import Vectors

EXCERPT: Final = 320
"""Characters of an excerpt, unless the best sentence alone is longer."""

SAME: Final = 0.9
"""The share of words that two chunks have in common from which on the second tells nothing new."""

NEAR: Final = 0.8
"""Of a passage's score, from which on the chunk beside it is joined to it."""

MOST_JOINED: Final = 3
"""Chunks of a passage."""

LONGEST_OVERLAP: Final = 600
"""Characters that two neighbouring chunks may share."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Part of a document that may answer a question.

    `content` is a chunk's, or that of neighbours joined; `chunk_id` is the best of them. `excerpt` is a part of it
    around the sentence that is nearest to the question; `highlights` are the words of the question in it, as begin and
    end in characters. `score` is from 0 to 1; `crawled_at` in milliseconds since 1970.
    """

    chunk_id: str
    document_id: str
    document_name: str
    url: str | None
    score: float
    content: str
    excerpt: str
    heading: str | None
    page: int | None
    crawled_at: int | None
    highlights: Sequence[tuple[int, int]] = ()
    metadata: Mapping[str, Json] = field(default_factory=dict[str, Json])


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: its stems with what each tells (0: no chunk has it), and its vector where there is one."""

    weights: Mapping[str, float]
    vector: "Vectors | None"
    language: str


@dataclass(slots=True)
class _Scored:
    """A chunk with its score; `nearness` is that of each sentence."""

    candidate: Candidate
    document: IndexedDocument
    score: float
    nearness: Sequence[float]


@dataclass(slots=True)
class _Joined:
    """A passage in the making: neighbouring chunks, in their order, and the best of them."""

    best: _Scored
    parts: list[_Scored]


def passages(
    memory: Memory,
    ranked: Ranked,
    candidates: Mapping[str, Candidate],
    question: Question,
    *,
    top_k: int,
    min_score: float,
) -> list[Passage]:
    """The best of `candidates` as passages; equal ones in the order of their documents."""
    scored = _score(memory, ranked, candidates, question)
    good = [each for each in scored if each.score >= min_score and each.score > 0]
    good.sort(key=lambda each: (-each.score, each.document.id, each.candidate.chunk.ordinal))
    return [_passage(joined, question) for joined in _choose(good, top_k=top_k)]


def _score(memory: Memory, ranked: Ranked, candidates: Mapping[str, Candidate], question: Question) -> list[_Scored]:
    # One may have been dropped since the index was read.
    found = [
        (place, candidate)
        for place, number in enumerate(ranked.numbers)
        if (candidate := candidates.get(memory.id_of(number)))
    ]
    nearness = _nearness([candidate.sentences for _, candidate in found], question)
    places = [place for place, _ in found]
    cosine, bm25 = ranked.cosine[places], ranked.bm25[places]
    nearest = cosine.copy()
    for index, near in enumerate(nearness):
        if near:
            nearest[index] = max(near)
    scores = blend(cosine, nearest, bm25, language=question.language)
    return [
        _Scored(candidate, memory.origin_of(ranked.numbers[place]), float(score), near)
        for (place, candidate), score, near in zip(found, scores, nearness, strict=True)
    ]


def _nearness(packed: Sequence[bytes | None], question: Question) -> list[Sequence[float]]:
    """The cosine of each sentence to the question, by chunk; all in one product."""
    if question.vector is None:
        return [()] * len(packed)
    import numpy as np

    dim = question.vector.shape[1]
    vectors = unpack_vectors(b"".join(each or b"" for each in packed), dim).astype(np.float32)
    cosines: list[float] = np.einsum("ij,j->i", vectors, question.vector[0]).tolist()
    ends = [*accumulate((len(each or b"") // (2 * dim) for each in packed), initial=0)]
    return [cosines[begin:end] for begin, end in pairwise(ends)]


def _choose(good: Sequence[_Scored], *, top_k: int) -> list[_Joined]:
    chosen: list[_Joined] = []
    seen: list[frozenset[str]] = []
    for each in good:
        beside = next((joined for joined in chosen if _is_beside(joined, each)), None)
        if beside is None and len(chosen) == top_k:
            # What is beside a passage scores nearly as much as it does.
            if each.score < NEAR * chosen[-1].best.score:
                break
            continue
        words = frozenset(content_words(each.candidate.chunk.content, "en"))
        if any(_is_same(words, others) for others in seen):
            continue
        seen.append(words)
        if beside is None:
            chosen.append(_Joined(each, [each]))
        else:
            beside.parts.append(each)
            beside.parts.sort(key=lambda part: part.candidate.chunk.ordinal)
    return chosen


def _is_beside(joined: _Joined, each: _Scored) -> bool:
    if len(joined.parts) == MOST_JOINED or each.score < NEAR * joined.best.score:
        return False
    chunk = each.candidate.chunk
    if chunk.document_id != joined.best.candidate.chunk.document_id:
        return False
    ordinals = [part.candidate.chunk.ordinal for part in joined.parts]
    return chunk.ordinal in (ordinals[0] - 1, ordinals[-1] + 1)


def _is_same(words: frozenset[str], others: frozenset[str]) -> bool:
    return len(words & others) >= SAME * max(len(words | others), 1)


def _passage(joined: _Joined, question: Question) -> Passage:
    chunk = joined.best.candidate.chunk
    origin = joined.best.document.origin
    excerpt = _excerpt(joined.best, question)
    return Passage(
        chunk_id=chunk.id,
        document_id=chunk.document_id,
        document_name=chunk.document_name,
        url=origin.url,
        score=joined.best.score,
        content=_join(part.candidate.chunk.content for part in joined.parts),
        excerpt=excerpt,
        heading=" › ".join(chunk.headings) or None,
        page=chunk.page,
        crawled_at=origin.crawled_at,
        highlights=_highlights(excerpt, question),
        metadata={**origin.metadata, **chunk.metadata},
    )


def _join(contents: Iterable[str]) -> str:
    """Neighbouring chunks as one text, what they share once."""
    text = ""
    for content in contents:
        shared = next(
            (
                size
                for size in range(min(len(text), len(content), LONGEST_OVERLAP), 0, -1)
                if text.endswith(content[:size])
            ),
            0,
        )
        text += content[shared:] if shared or not text else f"\n\n{content}"
    return text


def _excerpt(best: _Scored, question: Question) -> str:
    """The sentence of a chunk that is nearest to the question, with what stands around it, as long as there is room."""
    content = best.candidate.chunk.content
    places = sentence_spans(content)
    if not places:
        return content[:EXCERPT]
    weights = question.weights
    whole = sum(weights.values()) or 1.0

    def worth(index: int) -> float:
        near = best.nearness[index] if index < min(len(best.nearness), MOST_SENTENCES) else 0.0
        begin, end = places[index]
        words = set(stems(content[begin:end], question.language))
        return near + 0.5 * sum(weights[stem] for stem in sorted(weights.keys() & words)) / whole

    first = last = max(range(len(places)), key=worth)
    while True:
        room = [
            (begin, end)
            for begin, end in ((first, last + 1), (first - 1, last))
            if begin >= 0 and end < len(places) and places[end][1] - places[begin][0] <= EXCERPT
        ]
        if not room:
            return content[places[first][0] : places[last][1]]
        first, last = room[0]


def _highlights(excerpt: str, question: Question) -> list[tuple[int, int]]:
    wanted = question.weights.keys()
    return [span for span, word in spans_of(excerpt) if not wanted.isdisjoint(stems(word, question.language))]
