"""Which intent is meant: against the formula in plain Python, and by what has to hold for any vectors."""

import math
from collections.abc import Mapping, Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conduet.llm.similarity import Intents, Ranking, Scored

DIM = 4
Vector = tuple[float, ...]


def unit(numbers: Sequence[float]) -> Vector:
    length = math.hypot(*numbers)
    return tuple(number / length for number in numbers)


VECTORS = st.tuples(*[st.integers(-9, 9)] * DIM).filter(any).map(unit)
UTTERANCES = st.dictionaries(st.text("abc", min_size=1), st.lists(VECTORS, min_size=1, max_size=4), max_size=5)


def rank(utterances: Mapping[str, Sequence[Vector]], query: Vector, *, threshold: float = 0.3) -> Ranking:
    laid_out = {name: np.array(vectors, np.float32).reshape(-1, DIM) for name, vectors in utterances.items()}
    return Intents(laid_out).rank(np.array(query, np.float32), threshold=threshold)


def cosine(one: Sequence[float], other: Vector) -> float:
    return math.fsum(a * b for a, b in zip(one, other, strict=True))


def score(vectors: Sequence[Vector], query: Vector) -> float:
    middle = [math.fsum(column) / len(vectors) for column in zip(*vectors, strict=True)]
    length = math.hypot(*middle)
    assume(length == 0 or length > 1e-3)  # a middle that is all rounding has no direction
    centroid = cosine(middle, query) / length if length else 0.0
    return 0.5 * max(cosine(vector, query) for vector in vectors) + 0.5 * centroid


@given(UTTERANCES, VECTORS)
def test_scores_are_half_the_nearest_utterance_and_half_the_middle(
    utterances: dict[str, list[Vector]], query: Vector
) -> None:
    ranking = rank(utterances, query)

    assert {scored.intent: scored.score for scored in ranking.scores} == pytest.approx(
        {name: score(vectors, query) for name, vectors in utterances.items()}, abs=1e-4
    )


@given(UTTERANCES, VECTORS, st.floats(-1, 1))
def test_the_nearest_comes_first_and_is_meant_from_the_threshold_on(
    utterances: dict[str, list[Vector]], query: Vector, threshold: float
) -> None:
    ranking = rank(utterances, query, threshold=threshold)

    scores = [scored.score for scored in ranking.scores]
    assert scores == sorted(scores, reverse=True)
    assert all(-1.0001 <= value <= 1.0001 for value in scores)
    assert ranking.margin >= 0
    assert (ranking.best is not None) is (bool(scores) and scores[0] >= threshold)


@given(UTTERANCES.filter(bool), VECTORS, st.randoms())
def test_the_order_of_utterances_and_of_intents_changes_no_score(
    utterances: dict[str, list[Vector]], query: Vector, random: Random
) -> None:
    names = list(utterances)
    random.shuffle(names)
    shuffled = {name: random.sample(utterances[name], len(utterances[name])) for name in names}
    for vectors in utterances.values():
        score(vectors, query)

    assert _by_name(rank(shuffled, query)) == pytest.approx(_by_name(rank(utterances, query)), abs=1e-4)


def test_a_sentence_that_is_the_only_utterance_scores_1() -> None:
    ranking = rank({"far": [(0, 1, 0, 0)], "same": [(1, 0, 0, 0)]}, (1, 0, 0, 0))

    assert ranking == Ranking((Scored("same", 1.0), Scored("far", 0.0)), 0.3)
    assert ranking.best == "same"
    assert ranking.margin == 1.0


def test_intents_that_are_as_near_keep_their_order() -> None:
    ranking = rank({"second": [(1, 0, 0, 0)], "first": [(1, 0, 0, 0)]}, (1, 0, 0, 0))

    assert [scored.intent for scored in ranking.scores] == ["second", "first"]
    assert ranking.margin == 0


def test_an_intent_without_utterances_is_left_out() -> None:
    assert rank({"mute": [], "told": [(1, 0, 0, 0)]}, (1, 0, 0, 0)).scores == (Scored("told", 1.0),)


def test_without_intents_nothing_is_meant() -> None:
    assert rank({}, (1, 0, 0, 0)) == Ranking((), 0.3)
    assert rank({}, (1, 0, 0, 0)).best is None


def test_utterances_that_cancel_each_other_out_have_no_middle() -> None:
    assert rank({"torn": [(1, 0, 0, 0), (-1, 0, 0, 0)]}, (1, 0, 0, 0)).scores == (Scored("torn", 0.5),)


def _by_name(ranking: Ranking) -> dict[str, float]:
    return {scored.intent: scored.score for scored in ranking.scores}
