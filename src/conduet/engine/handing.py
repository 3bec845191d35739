"""Handing a conversation to a person: whether somebody is there now, and what the user is told if not."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from conduet.engine.facts import Facts
from conduet.engine.shape import Behaviour, HandoffTarget, Hours
from conduet.engine.trace import Handoff, Text, Trace
from conduet.engine.turn import Turn
from conduet.kit.clock import in_utc, iso

PERSON: Final = "person"
"""Whom a conversation is for that names nobody."""

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def handing_over(
    turn: Turn, target: str, reason: str, summary: str | None = None
) -> tuple[Handoff, *tuple[Trace, ...]]:
    """The trace of a handoff, and behind it what the user is told out of hours."""
    known = find_target(turn.facts.behaviour, target)
    opens = known and opens_at(known, datetime.fromisoformat(str(turn.system["now"])), turn.facts)
    away = (Text(known.closed),) if known and opens and known.closed else ()
    return Handoff(target or PERSON, reason, summary, iso(opens) if opens else None), *away


def find_target(behaviour: Behaviour, target: str) -> HandoffTarget | None:
    """What is known of a target; of one that is not named, what is said of any."""
    targets = behaviour.handoff.targets if behaviour.handoff else ()
    named = (each for each in targets if each.name == target)
    return next(named, None) or next((each for each in targets if not each.name), None)


def opens_at(target: HandoffTarget, moment: datetime, facts: Facts) -> datetime | None:
    """When somebody is there again; `None` where somebody is there now, or no hours are told."""
    if not target.hours:
        return None
    zone = _zone(target.time_zone, facts.time_zone)
    here = moment.astimezone(zone)
    # From yesterday, for hours that end after midnight; a week ahead, for those of one day a week.
    spans = [span for days in range(-1, 8) for span in _spans(target.hours, here + timedelta(days=days), zone)]
    if any(begins <= moment < ends for begins, ends in spans):
        return None
    return min((in_utc(begins) for begins, _ in spans if begins > moment), default=None)


def _spans(hours: tuple[Hours, ...], day: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    for each in hours:
        if DAYS[day.weekday()] in each.days:
            opens, closes = time.fromisoformat(each.opens), time.fromisoformat(each.closes)
            last = day.date() if closes > opens else day.date() + timedelta(days=1)
            yield datetime.combine(day.date(), opens, zone), datetime.combine(last, closes, zone)


def _zone(name: str | None, other: str) -> ZoneInfo:
    """A zone that there is not is told when the document is checked."""
    try:
        return ZoneInfo(name or other)
    except (LookupError, ValueError, OSError):
        return ZoneInfo(other)
