"""Fixed windows as pure functions: how much is left, and when it begins anew."""

import re
from dataclasses import dataclass

from conduet.kit.exchange import Window

_UNITS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
_RATE = re.compile(r"\s*(?P<count>[0-9]{1,9})\s*(?:/|\s+per\s+)\s*(?P<unit>second|minute|hour|day)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` in each window of `seconds`."""

    count: int
    seconds: int

    def times(self, factor: int) -> "Rate":
        """`factor` times as many in the same window."""
        return Rate(count=self.count * factor, seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Hit:
    """What became of one request.

    `reset_at` (milliseconds since 1970) and `count` are to be kept for the next one; `window` is what the headers tell.
    """

    allowed: bool
    reset_at: int
    count: int
    window: Window
    retry_after_seconds: int


def parse_rate(text: str) -> Rate:
    """`60/minute` as a rate; also a second, an hour, a day. Raises `ValueError` with what would be right."""
    match = _RATE.fullmatch(text)
    if match is None or int(match["count"]) < 1:
        raise ValueError(f"{text!r} is no rate: write a number and a unit, like 60/minute (second, minute, hour, day)")
    return Rate(count=int(match["count"]), seconds=_UNITS[match["unit"]])


def hit(rate: Rate, now_ms: int, *, reset_at: int, count: int) -> Hit:
    """Counts one request at `now_ms` on a window that ends at `reset_at` and has counted `count`.

    A window begins with the first request after the last one's end; `reset_at` 0 is a window that never began. A
    request over the limit is not counted.
    """
    if now_ms >= reset_at:
        reset_at, count = now_ms + rate.seconds * 1000, 0
    allowed = count < rate.count
    if allowed:
        count += 1
    window = Window(limit=rate.count, remaining=max(0, rate.count - count), reset_at=reset_at)
    return Hit(allowed, reset_at, count, window, retry_after_seconds=0 if allowed else retry_after(reset_at, now_ms))


def retry_after(reset_at: int, now_ms: int) -> int:
    """Whole seconds until `reset_at`, at least one: the value of `Retry-After`."""
    return max(1, -(-(reset_at - now_ms) // 1000))
