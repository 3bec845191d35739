"""Moments as they are kept and told."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.kit.clock import from_milliseconds, in_utc, iso, milliseconds

ZONES = st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(-timedelta(hours=12, minutes=30))])
MOMENTS = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=ZONES)  # noqa: DTZ001  # the zones are drawn


@given(MOMENTS)
def test_a_moment_is_kept_to_the_millisecond(moment: datetime) -> None:
    kept = milliseconds(moment)
    assert timedelta(0) <= moment - from_milliseconds(kept) < timedelta(milliseconds=1)
    assert milliseconds(from_milliseconds(kept)) == kept


@given(MOMENTS)
def test_what_is_told_of_a_moment_is_kept_as_it_was(moment: datetime) -> None:
    told = iso(from_milliseconds(milliseconds(moment)))
    assert told.endswith("Z")
    assert iso(from_milliseconds(milliseconds(datetime.fromisoformat(told)))) == told


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_a_moment_that_utc_has_no_year_for_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="year"):
        in_utc(datetime.fromisoformat(text))
