"""Fixed windows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.kit.exchange import Window
from conduet.limits.rate import Hit, Rate, hit, parse_rate

RATE = Rate(count=3, seconds=60)
NOW = 1_800_000_000_000


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("60/minute", Rate(60, 60)),
        ("5/second", Rate(5, 1)),
        ("1000/hour", Rate(1000, 3600)),
        (" 10 / day ", Rate(10, 86400)),
        ("7 per minute", Rate(7, 60)),
    ],
)
def test_a_rate_is_a_number_and_a_unit(text: str, rate: Rate) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize(
    "text", ["", "60", "60/", "0/minute", "-1/minute", "60/fortnight", "a/minute", "1.5/minute", "٦/minute"]
)
def test_anything_else_is_told_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="60/minute"):
        parse_rate(text)


def test_a_window_begins_with_its_first_request() -> None:
    first = hit(RATE, NOW, reset_at=0, count=0)
    assert first == Hit(True, NOW + 60_000, 1, Window(3, 2, NOW + 60_000), retry_after_seconds=0)


def test_a_request_over_the_limit_is_refused_and_not_counted_and_told_when_to_come_back() -> None:
    reset_at = NOW + 30_001
    assert hit(RATE, NOW, reset_at=reset_at, count=3) == Hit(False, reset_at, 3, Window(3, 0, reset_at), 31)
    assert hit(RATE, reset_at - 1, reset_at=reset_at, count=3).retry_after_seconds == 1


def test_the_window_ends_exactly_when_it_said() -> None:
    assert not hit(RATE, NOW + 59_999, reset_at=NOW + 60_000, count=3).allowed
    again = hit(RATE, NOW + 60_000, reset_at=NOW + 60_000, count=3)
    assert (again.allowed, again.count, again.window.remaining) == (True, 1, 2)


@given(st.lists(st.integers(0, 5_000), max_size=200), st.integers(1, 10), st.integers(1, 5))
def test_no_window_ever_lets_more_through_than_it_says(gaps: list[int], count: int, seconds: int) -> None:
    rate = Rate(count, seconds)
    moment, reset_at, counted, let_through = NOW, 0, 0, dict[int, int]()
    for gap in gaps:
        moment += gap
        after = hit(rate, moment, reset_at=reset_at, count=counted)
        reset_at, counted = after.reset_at, after.count
        assert moment < reset_at <= moment + seconds * 1000
        if after.allowed:
            let_through[reset_at] = let_through.get(reset_at, 0) + 1
            assert after.window.remaining == count - let_through[reset_at]
        else:
            assert moment + after.retry_after_seconds * 1000 >= reset_at
    assert all(number <= count for number in let_through.values())
