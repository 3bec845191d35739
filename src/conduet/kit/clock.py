"""Time: aware, UTC, and handed in, so that a test or a replay can hold it still."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`, as every body carries it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970: how rows on the path of a turn keep time."""
    return int(moment.timestamp() * 1000)


def from_milliseconds(value: int) -> datetime:
    """The moment that `milliseconds` gave."""
    return datetime.fromtimestamp(value / 1000, UTC)
