"""Cron: when a schedule comes next, in a time zone whose clocks change."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FIELDS: Final = 5


def next_time(cron: str, time_zone: str, *, after: datetime) -> datetime | None:
    """The first time of a schedule after a moment; `None` where there is none within decades.

    A time that the clocks leave out is taken right after they change; one that they show twice, once. Raises
    `ValueError`, in words, for a schedule that is none.
    """
    from cronsim import CronSim, CronSimError

    if len(cron.split()) != FIELDS:
        raise ValueError("A schedule has five fields: minute, hour, day of the month, month and day of the week.")
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"There is no time zone {time_zone!r}: use a name like `Europe/Berlin`.") from None
    try:
        return next(CronSim(cron, after.astimezone(zone)))
    except CronSimError as error:
        raise ValueError(f"`{cron}` is no cron expression: {error}.") from None
    except StopIteration:
        return None
