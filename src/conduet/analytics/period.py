"""The time that figures are asked for: `from` and `to` of a query, as days of a time zone or as moments."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.requests import Request

from conduet.analytics.days import begin_of, day_of
from conduet.errors import BadRequest
from conduet.kit.clock import milliseconds

MOST_DAYS: Final = 3_660

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TOLD: Final = "A day such as `2026-11-25`, or a moment in ISO 8601 with a time zone."

PARAMETERS: Final[Sequence[dict[str, Any]]] = (
    {
        "name": "from",
        "in": "query",
        "description": "The first day, in the project's time zone, or a moment in ISO 8601. Without it, all.",
        "schema": {"type": "string"},
        "example": "2026-11-01",
    },
    {
        "name": "to",
        "in": "query",
        "description": "The last day, which is counted too, or a moment, which is not. Without it, today.",
        "schema": {"type": "string"},
        "example": "2026-11-30",
    },
)
"""The parameters in the OpenAPI document."""


@dataclass(frozen=True, slots=True)
class Period:
    """From `begins` to before `ends`, in ms since 1970; an end that nobody named is open (`None`)."""

    begins: int | None
    ends: int | None

    def days(self, zone: ZoneInfo, *, first_ms: int | None, now_ms: int) -> tuple[date, date] | None:
        """The first and the last day of it; with an open end as far as there is anything, or today.

        Nothing where it holds no moment. Raises `BadRequest` where they are too many.
        """
        begins = self.begins if self.begins is not None else first_ms
        ends = self.ends if self.ends is not None else now_ms + 1
        if begins is None or ends <= begins:
            return None
        first, last = day_of(begins, zone), day_of(ends - 1, zone)
        if (last - first).days >= MOST_DAYS:
            raise BadRequest.at("query.from", f"At most {MOST_DAYS:,} days are told at once.")
        return first, last


def read_period(request: Request, zone: ZoneInfo) -> Period:
    """What `from` and `to` of the query say. Raises `BadRequest` by path."""
    begins = _moment(request, "from", zone)
    ends = _moment(request, "to", zone, past=1)
    if begins is not None and ends is not None and ends <= begins:
        raise BadRequest.at("query.to", "It has to come after `from`.")
    return Period(begins, ends)


def _moment(request: Request, name: str, zone: ZoneInfo, *, past: int = 0) -> int | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        if _DAY.fullmatch(text):
            return begin_of(date.fromisoformat(text) + timedelta(days=past), zone)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise BadRequest.at(f"query.{name}", _TOLD)
        return milliseconds(moment.astimezone(UTC))
    except (ValueError, OverflowError):
        raise BadRequest.at(f"query.{name}", _TOLD) from None
