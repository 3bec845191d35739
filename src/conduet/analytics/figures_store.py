"""The SQL of figures: transcripts and use counted by day, and days of use added up once and for all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from conduet.accounts.principal import ProjectScope
from conduet.analytics.days import DAY_MS, Stretch
from conduet.analytics.store import DASHBOARD
from conduet.analytics.tables import model_use, past_transcript, transcript, turn_use, usage_day
from conduet.analytics.use import ModelFigures, Use, Uses, read_day, write_day
from conduet.kit.db import Tx

Query: TypeAlias = "sa.Select[*tuple[Any, ...]]"

COUNTED: Final = (transcript, past_transcript)
"""Both know the same of a conversation, one of those that were forgotten."""


@dataclass(frozen=True, slots=True)
class Count:
    """The conversations that began on one day, or on all days together."""

    conversations: int = 0
    messages: int = 0
    resolutions: int = 0
    escalations: int = 0

    def plus(self, other: "Count") -> "Count":
        """Both together."""
        return Count(
            self.conversations + other.conversations,
            self.messages + other.messages,
            self.resolutions + other.resolutions,
            self.escalations + other.escalations,
        )


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is counted of the days: from `begins` to before `ends` (ms since 1970), and whether the dashboard's too."""

    begins: int
    ends: int
    with_dashboard: bool


def first_moment(tx: Tx, scope: ProjectScope) -> int | None:
    """When the first conversation or use was that is still known of, in ms since 1970."""
    moments = [
        tx.execute(sa.select(sa.func.min(column)).where(table.c.project_id == scope.project_id)).scalar()
        for table, column in (
            (transcript, transcript.c.started_at),
            (past_transcript, past_transcript.c.started_at),
            (turn_use, turn_use.c.at),
        )
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def count_by_day(tx: Tx, scope: ProjectScope, days: Sequence[Stretch], bounds: Bounds) -> Mapping[date, Count]:
    """The conversations by the day that they began on; days without one are left out."""
    counts: dict[date, Count] = {}
    for stretch in days:
        for table in COUNTED:
            for index, *figures in map(tuple, tx.execute(_count(table, scope, stretch, bounds))):
                day = stretch.day(index)
                counts[day] = counts.get(day, Count()).plus(Count(*figures))
    return counts


def _count(table: sa.Table, scope: ProjectScope, stretch: Stretch, bounds: Bounds) -> Query:
    day = _day_in(stretch, table.c.started_at)
    query = sa.select(
        day,
        sa.func.count(),
        sa.func.sum(table.c.message_count),
        sa.func.sum(sa.cast(table.c.resolved, sa.Integer)),
        sa.func.sum(sa.cast(table.c.escalated, sa.Integer)),
    )
    return _within(query, table, table.c.started_at, scope, stretch, bounds).group_by(day)


def _day_in(stretch: Stretch, moment: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    # Not as values to be bound: a database would not see that what is grouped by is what is selected.
    begins, day = (sa.literal_column(str(number), sa.BigInteger) for number in (stretch.begins, DAY_MS))
    return (moment - begins) // day


def _within(
    query: Query,
    table: sa.Table,
    moment: sa.ColumnElement[int],
    scope: ProjectScope,
    stretch: Stretch,
    bounds: Bounds,
) -> Query:
    query = query.where(
        table.c.project_id == scope.project_id,
        moment >= max(stretch.begins, bounds.begins),
        moment < min(stretch.ends, bounds.ends),
    )
    return query if bounds.with_dashboard else query.where(table.c.platform != DASHBOARD)


def use_by_day(tx: Tx, scope: ProjectScope, days: Sequence[Stretch], bounds: Bounds) -> dict[date, Uses]:
    """What turns took, by day and platform, counted from the rows of each."""
    found: dict[date, Uses] = {}
    for stretch in days:
        _add_turns(tx, scope, stretch, bounds, found)
        _add_models(tx, scope, stretch, bounds, found)
    return found


def _of(found: dict[date, Uses], day: date, platform: str) -> Use:
    return found.setdefault(day, {}).setdefault(platform, Use())


def _add_turns(tx: Tx, scope: ProjectScope, stretch: Stretch, bounds: Bounds, found: dict[date, Uses]) -> None:
    day = _day_in(stretch, turn_use.c.at)
    query = sa.select(
        day,
        turn_use.c.platform,
        turn_use.c.duration_ms,
        sa.func.count(),
        sa.func.sum(turn_use.c.tool_calls),
        sa.func.sum(turn_use.c.searches),
    )
    within = _within(query, turn_use, turn_use.c.at, scope, stretch, bounds)
    grouped = within.group_by(day, turn_use.c.platform, turn_use.c.duration_ms)
    for index, platform, duration_ms, count, tool_calls, searches in map(tuple, tx.execute(grouped)):
        use = _of(found, stretch.day(index), platform)
        use.latency.add(duration_ms, count)
        use.tool_calls += tool_calls
        use.searches += searches


def _add_models(tx: Tx, scope: ProjectScope, stretch: Stretch, bounds: Bounds, found: dict[date, Uses]) -> None:
    day, columns = _day_in(stretch, model_use.c.at), model_use.c
    query = sa.select(
        day,
        columns.platform,
        columns.model,
        sa.func.count(),
        sa.func.sum(columns.input_tokens),
        sa.func.sum(columns.output_tokens),
        sa.func.sum(columns.cached_tokens),
        sa.func.coalesce(sa.func.sum(columns.cost_usd), 0.0),
        sa.func.count() - sa.func.count(columns.cost_usd) - sa.func.count(columns.error),
        sa.func.sum(columns.retries),
        sa.func.sum(sa.cast(columns.fallback, sa.Integer)),
        sa.func.count(columns.error),
    )
    within = _within(query, model_use, columns.at, scope, stretch, bounds)
    grouped = within.group_by(day, columns.platform, columns.model)
    for index, platform, model, *figures in map(tuple, tx.execute(grouped)):
        _of(found, stretch.day(index), platform).model(model).merge(ModelFigures(*figures))


def list_days(tx: Tx, scope: ProjectScope, time_zone: str, *, first: date, last: date) -> dict[date, Uses]:
    """The days of a time zone whose use has been added up."""
    query = sa.select(usage_day.c.day, usage_day.c.body).where(
        usage_day.c.project_id == scope.project_id,
        usage_day.c.time_zone == time_zone,
        usage_day.c.day.between(first.isoformat(), last.isoformat()),
    )
    return {date.fromisoformat(row.day): dict(read_day(row.body)) for row in tx.execute(query)}


def keep_days(tx: Tx, scope: ProjectScope, time_zone: str, days: Iterable[tuple[date, Uses]]) -> None:
    """Keeps the use of whole days; what was kept of them before is replaced."""
    for day, uses in days:
        added = insert(usage_day).values(
            project_id=scope.project_id, time_zone=time_zone, day=day.isoformat(), body=write_day(uses)
        )
        tx.execute(
            added.on_conflict_do_update(
                index_elements=["project_id", "time_zone", "day"], set_={"body": added.excluded.body}
            )
        )


def drop_days(tx: Tx, scope: ProjectScope, *, apart_from: str | None = None) -> None:
    """Forgets the days that were added up, or only those of time zones that are no longer the project's."""
    query = sa.delete(usage_day).where(usage_day.c.project_id == scope.project_id)
    tx.execute(query if apart_from is None else query.where(usage_day.c.time_zone != apart_from))
