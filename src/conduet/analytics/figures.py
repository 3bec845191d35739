"""The figures of a project: conversations counted from their transcripts, use from what turns took."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from conduet.accounts.principal import ProjectScope
from conduet.analytics import figures_store as store
from conduet.analytics.days import begin_of, day_of, days_between, stretches
from conduet.analytics.figures_store import Bounds, Count
from conduet.analytics.period import Period
from conduet.analytics.store import DASHBOARD
from conduet.analytics.use import Use, Uses
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database, Tx

ZoneOf: TypeAlias = Callable[[ProjectScope], Awaitable[str]]
"""Tells a project's time zone by its name, which there is."""

SETTLED_MS: Final = 60 * 60 * 1000
"""After so long nothing is added to a day any more: the turns of its last minute have come to their ends."""

DAYS_AT_ONCE: Final = 7
"""How many days are added up in one unit of work."""

FORGOTTEN_DAYS: Final = 400
"""How far back days are looked for that were not added up yet."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is told of a time: of each day that lies in it, and of all together."""

    total: Count
    days: Mapping[date, Count]
    use: Use
    use_by_day: Mapping[date, Use]


NOTHING: Final = Figures(Count(), {}, Use(), {})


class Analytics:
    """Counts. Whole days of use are added up once, and made again at any time from the rows that they come from."""

    def __init__(self, database: Database, zone_of: ZoneOf) -> None:
        self._database = database
        self._zone_of = zone_of

    async def zone(self, scope: ProjectScope) -> ZoneInfo:
        """The project's time zone."""
        return ZoneInfo(await self._zone_of(scope))

    async def figures(self, scope: ProjectScope, period: Period, zone: ZoneInfo, *, with_dashboard: bool) -> Figures:
        """The figures of that time, by days of the time zone."""

        def work(tx: Tx) -> Figures:
            return _figures(tx, scope, period, zone, with_dashboard=with_dashboard)

        return await self._database.read(work)

    async def add_up(self, scope: ProjectScope) -> int:
        """Adds up the use of each day that is over and was not added up yet; how many days those were."""
        zone = await self.zone(scope)
        missing = await self._database.read(lambda tx: _missing(tx, scope, zone))
        for place in range(0, len(missing), DAYS_AT_ONCE):
            some = missing[place : place + DAYS_AT_ONCE]
            days = stretches(some, zone)
            bounds = Bounds(days[0].begins, days[-1].ends, with_dashboard=True)
            found = await self._database.read(
                lambda tx, days=days, bounds=bounds: store.use_by_day(tx, scope, days, bounds)
            )
            kept = [(day, found.get(day, {})) for day in some]
            await self._database.write(lambda tx, kept=kept: store.keep_days(tx, scope, zone.key, kept), durable=False)
            await asyncio.sleep(0)
        await self._database.write(lambda tx: store.drop_days(tx, scope, apart_from=zone.key), durable=False)
        return len(missing)


def _missing(tx: Tx, scope: ProjectScope, zone: ZoneInfo) -> list[date]:
    """The days that are over, as far back as there are any, whose use was not added up."""
    moment = milliseconds(now()) - SETTLED_MS
    first = store.first_moment(tx, scope)
    last = day_of(moment, zone) - timedelta(days=1)
    if first is None or day_of(first, zone) > last:
        return []
    begin = max(day_of(first, zone), last - timedelta(days=FORGOTTEN_DAYS))
    kept = store.list_days(tx, scope, zone.key, first=begin, last=last)
    return [day for day in days_between(begin, last) if day not in kept]


def _figures(tx: Tx, scope: ProjectScope, period: Period, zone: ZoneInfo, *, with_dashboard: bool) -> Figures:
    now_ms = milliseconds(now())
    ends = period.days(zone, first_ms=store.first_moment(tx, scope), now_ms=now_ms)
    if ends is None:
        return NOTHING
    days = [*days_between(*ends)]
    begins = period.begins if period.begins is not None else begin_of(ends[0], zone)
    after = begin_of(ends[1] + timedelta(days=1), zone)
    bounds = Bounds(begins, after if period.ends is None else period.ends, with_dashboard)
    counts = store.count_by_day(tx, scope, stretches(days, zone), bounds)
    total = Count()
    for count in counts.values():
        total = total.plus(count)
    uses = _uses(tx, scope, days, zone, bounds)
    by_day: dict[date, Use] = {}
    use = Use()
    for day in days:
        of_day = by_day[day] = Use()
        for platform, took in uses.get(day, {}).items():
            if with_dashboard or platform != DASHBOARD:
                of_day.merge(took)
        use.merge(of_day)
    return Figures(total, {day: counts.get(day, Count()) for day in days}, use, by_day)


def _uses(tx: Tx, scope: ProjectScope, days: list[date], zone: ZoneInfo, bounds: Bounds) -> Mapping[date, Uses]:
    """What turns took on these days: as it was added up, else counted."""
    kept = store.list_days(tx, scope, zone.key, first=days[0], last=days[-1])
    # A day that is asked for in part only.
    if bounds.begins > begin_of(days[0], zone):
        kept.pop(days[0], None)
    if bounds.ends < begin_of(days[-1] + timedelta(days=1), zone):
        kept.pop(days[-1], None)
    counted = store.use_by_day(tx, scope, stretches([day for day in days if day not in kept], zone), bounds)
    return {**kept, **counted}
