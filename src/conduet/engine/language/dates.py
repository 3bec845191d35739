"""The `date` filter: a moment, written as a pattern says, in the project's time zone."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from datetime import date as calendar_date
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from conduet.engine.language.evaluation import Evaluation, ExpressionError
from conduet.engine.values import Json, kind, to_number

_DIRECTIVE: Final = re.compile(r"%(-?)(.?)", re.DOTALL)
_LETTERS: Final = frozenset("aAbBcdDeFfGHIjklmMpPrRSTuUVwWxXyYzZ%")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS: Final = 10**11
"""From here on a number counts milliseconds: as seconds it would lie after the year 5138."""


def date(evaluation: Evaluation, value: Json, pattern: Json = None) -> Json:
    """A moment as a strftime pattern has it, else as ISO 8601.

    It is given as ISO 8601 text, or as the seconds or milliseconds since 1970. A text without an offset is a time in
    the project's zone; one without a time stays a date. `null` stays `null`.
    """
    if value is None:
        return None
    if not isinstance(pattern, str | None):
        raise ExpressionError(f"the pattern of `date` is text such as `%d.%m.%Y`, not {kind(pattern)}")
    evaluation.spend(len(pattern or ""))
    try:
        moment, whole_day = _moment(value, _zone(evaluation.zone))
        if pattern is not None:
            return _DIRECTIVE.sub(lambda directive: _written(moment, directive), pattern)
    except ExpressionError:
        raise
    except (OverflowError, ValueError):
        raise ExpressionError("the date lies outside the years 1 to 9999") from None
    return moment.date().isoformat() if whole_day else moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _moment(value: Json, zone: tzinfo) -> tuple[datetime, bool]:
    """The moment in the project's zone, and whether only its day was given."""
    if isinstance(value, str):
        text = value.strip()
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            pass
        else:
            return (found.astimezone(zone) if found.tzinfo else found.replace(tzinfo=zone)), _is_day(text)
    seconds = to_number(value)
    if seconds is None:
        raise ExpressionError("`date` needs ISO 8601 text or a number of seconds since 1970")
    if abs(seconds) >= _MILLISECONDS:
        seconds /= 1000
    return (_EPOCH + timedelta(seconds=seconds)).astimezone(zone), False


def _is_day(text: str) -> bool:
    try:
        calendar_date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _written(moment: datetime, directive: re.Match[str]) -> str:
    """One directive. `%-d` drops leading zeros; what strftime does elsewhere with unknown ones differs by system."""
    bare, letter = directive.groups()
    if letter not in _LETTERS:
        raise ExpressionError(f"`{directive[0]}` is not known in a date pattern")
    written = moment.strftime(f"%{letter}")
    return (written.lstrip(" 0") or "0") if bare else written


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # unknown, a folder of zones, no sane name
        raise ExpressionError(f"there is no time zone `{name}`") from None
