"""Time: aware, UTC, and handed in, so that a test or a replay can hold it still."""

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def in_utc(moment: datetime) -> datetime:
    """`moment`, which is aware, in UTC. Raises `ValueError` where that is before the year 1 or after 9999."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("the time is before the year 1 or after the year 9999") from None


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`, as every body carries it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970: how rows on the path of a turn keep time."""
    return (moment - _EPOCH) // _MILLISECOND


def from_milliseconds(value: int) -> datetime:
    """The moment that `milliseconds` gave."""
    return _EPOCH + value * _MILLISECOND
