"""What words and meaning are worth."""

import numpy as np
import pytest

from conduet.knowledge.scoring import blend, bm25_of_stem, length_norms, weight_of_stem


def test_english_counts_the_chunk_its_best_sentence_and_words() -> None:
    score = blend(np.array([0.4]), np.array([0.6]), np.array([8.0]), language="en")
    assert score.tolist() == [pytest.approx((0.5 * (0.4 + 0.6) + 0.25 * 0.5) / 1.25)]


def test_other_languages_count_words_as_much_as_the_chunk_and_no_sentence() -> None:
    score = blend(np.array([0.4]), np.array([0.9]), np.array([8.0]), language="de")
    assert score.tolist() == [pytest.approx(0.45)]


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_chunk_without_a_vector_is_judged_by_its_words(language: str) -> None:
    nothing = np.array([np.nan])
    assert blend(nothing, nothing, np.array([24.0]), language=language).tolist() == [0.75]


def test_a_score_is_never_below_nothing() -> None:
    assert blend(np.array([-0.9]), np.array([-0.9]), np.array([0.0]), language="en").tolist() == [0.0]


def test_rare_words_and_short_chunks_are_worth_more() -> None:
    assert weight_of_stem(100, with_stem=1) > weight_of_stem(100, with_stem=50) > 0
    norms = length_norms(np.array([5, 500], np.int32), mean_length=50.0)
    short, long = bm25_of_stem(np.array([1, 1], np.uint8), norms=norms, weight=1.0)
    assert short > long > 0
