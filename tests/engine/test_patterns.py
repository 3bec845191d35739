"""Regular expressions of builders: RE2's, refused with a reason, never slow."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.engine.patterns import SOURCE_LENGTH, PatternError, compile_pattern


def test_a_pattern_is_searched_anywhere_and_matched_whole():
    pattern = compile_pattern(r"[A-Z]{2}-\d+")

    assert pattern.search("order AB-12 please")
    assert not pattern.search("order ab-12 please")
    assert pattern.fullmatch("AB-12")
    assert not pattern.fullmatch("order AB-12")
    assert pattern.pattern == r"[A-Z]{2}-\d+"


def test_a_pattern_may_disregard_case_and_knows_unicode():
    assert compile_pattern(r"(?i)größe\s\p{L}+").search("Die GRÖSSE") is None
    assert compile_pattern(r"(?i)größe\s\p{L}+").search("die GRÖßE éx")


@pytest.mark.parametrize("source", ["a(", "[", r"(a)\1", "(?=a)", "a{1001}", "*"])
def test_a_pattern_that_re2_does_not_take_is_refused_with_its_reason(source: str):
    with pytest.raises(PatternError, match="RE2 refuses the pattern: "):
        compile_pattern(source)


def test_a_pattern_that_is_no_text_or_too_long_is_refused():
    with pytest.raises(PatternError, match="half a surrogate pair"):
        compile_pattern("\ud800")
    with pytest.raises(PatternError, match="longer than 4,096"):
        compile_pattern("a" * (SOURCE_LENGTH + 1))


def test_a_refused_pattern_writes_nothing(capfd: pytest.CaptureFixture[str]):
    with pytest.raises(PatternError):
        compile_pattern("(((")

    assert capfd.readouterr() == ("", "")


def test_a_pattern_made_to_be_slow_is_quick():
    began = time.process_time()

    assert compile_pattern(r"^(a+)+$").search("a" * 50_000 + "b") is None

    assert time.process_time() - began < 1


@given(st.text())
def test_any_text_compiles_or_is_refused(source: str):
    with contextlib.suppress(PatternError):
        compile_pattern(source).search("some text")
