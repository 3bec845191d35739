"""What the models of a project may cost on one day of its time zone."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from conduet.analytics.days import begin_of, day_of
from conduet.engine.facts import Facts


@dataclass(frozen=True, slots=True)
class DayBudget:
    """The limit in US dollars, and the zone whose days count."""

    limit_usd: float
    zone: ZoneInfo

    def day(self, moment_ms: int) -> date:
        """The day that it is then (milliseconds since 1970)."""
        return day_of(moment_ms, self.zone)

    def begins(self, moment_ms: int) -> int:
        """When that day has begun, in milliseconds since 1970."""
        return begin_of(self.day(moment_ms), self.zone)


def day_budget(facts: Facts) -> DayBudget | None:
    """The budget of a project (`behaviourConfig.budget.perDayUsd`), if it has one."""
    budget = facts.behaviour.budget
    if budget is None or budget.per_day_usd is None:
        return None
    return DayBudget(budget.per_day_usd, ZoneInfo(facts.time_zone))
