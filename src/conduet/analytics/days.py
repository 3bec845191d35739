"""Days of a time zone as spans of time, so that a database counts by day without knowing of time zones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from conduet.kit.clock import from_milliseconds, milliseconds

DAY_MS: Final = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row of 24 hours each, or one of another length, when the clocks change; ms since 1970.

    A moment in it belongs to the day `(moment - begins) // DAY_MS` after `first`, at most the last.
    """

    first: date
    days: int
    begins: int
    ends: int

    def day(self, index: int) -> date:
        """The day that a moment's place in the stretch stands for."""
        return self.first + timedelta(days=min(index, self.days - 1))


def day_of(moment_ms: int, zone: ZoneInfo) -> date:
    """The day that it is then."""
    return from_milliseconds(moment_ms).astimezone(zone).date()


def begin_of(day: date, zone: ZoneInfo) -> int:
    """When a day begins, in ms since 1970."""
    return milliseconds(datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC))


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both among them."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def stretches(days: Sequence[date], zone: ZoneInfo) -> Sequence[Stretch]:
    """The days, which go up, in as few stretches as they make."""
    found: list[Stretch] = []
    for day in days:
        begins, ends = begin_of(day, zone), begin_of(day + timedelta(days=1), zone)
        last = found[-1] if found else None
        if last and last.ends == begins and _is_plain(last) and ends - begins == DAY_MS:
            found[-1] = Stretch(last.first, last.days + 1, last.begins, ends)
        else:
            found.append(Stretch(day, 1, begins, ends))
    return found


def _is_plain(stretch: Stretch) -> bool:
    return stretch.ends - stretch.begins == stretch.days * DAY_MS
