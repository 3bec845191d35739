"""Comparing what people say, and cutting long texts."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.engine.wording import PIECE_BYTES, fold, pieces

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Yes, please!", "yes PLEASE"),
        ("don't", "Dont"),
        ("  a   b ", "a b"),
        ("ＯＫ", "ok"),
        ("Straße", "STRASSE"),
        ("¿Qué?", "qué"),
        ("c:\N{COMBINING CEDILLA}a", "ça"),
    ],
)
def test_case_punctuation_white_space_and_width_do_not_count(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("?", "!"), ("👍", "👎"), ("C", "C++"), ("no", "not"), ("é", "e")])
def test_what_differs_otherwise_is_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(TEXTS)
def test_folding_twice_is_folding_once_unless_only_punctuation_is_left(text: str) -> None:
    folded = fold(text)
    assert folded == folded.strip()
    assert fold(folded) == folded


@given(st.lists(TEXTS, min_size=1), st.integers(1, 40_000))
def test_pieces_fit_and_are_the_text_again(words: list[str], times: int) -> None:
    text = " ".join(words) * (times if sum(map(len, words)) < 20 else 1)
    found = [*pieces(text)]
    assert "".join(found) == text
    assert all(len(json.dumps(piece, ensure_ascii=False).encode()) <= PIECE_BYTES for piece in found)


@pytest.mark.parametrize("text", ["\0" * 100_000, "ä" * 100_000, "\n" * 200_000, "x" * 61_438])
def test_the_size_that_counts_is_the_one_as_json(text: str) -> None:
    found = [*pieces(text)]
    assert "".join(found) == text
    assert all(len(json.dumps(piece, ensure_ascii=False).encode()) <= PIECE_BYTES for piece in found)


def test_a_text_is_cut_behind_white_space() -> None:
    first, second = pieces("word " * 15_000)
    assert first.endswith("word ")
    assert second.startswith("word ")


def test_a_short_text_is_one_piece() -> None:
    assert [*pieces("")] == [""]
    assert [*pieces("x" * 50_000)] == ["x" * 50_000]
