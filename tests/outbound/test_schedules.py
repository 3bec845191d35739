"""Schedules: when they fire, and that each time begins one run."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conduet.accounts.principal import ProjectScope
from conduet.jobs.store import NewJob, add_job, find_payload
from conduet.kit.clock import milliseconds, now
from conduet.kit.cron import next_time
from conduet.outbound.outbox import SCHEDULE
from tests.outbound.press import Press

YEARLY = {"cron": "0 9 1 1 *", "timeZone": "Europe/Berlin"}


def times(cron: str, zone: str, start: str, count: int) -> list[str]:
    """The first times, each found from the one before, as the jobs do."""
    found: list[str] = []
    at = datetime.fromisoformat(start)
    for _ in range(count):
        following = next_time(cron, zone, after=at)
        assert following is not None
        at = following.astimezone(UTC)
        found.append(at.isoformat(timespec="minutes")[:16])
    return found


@pytest.mark.parametrize(
    ("cron", "start", "expected"),
    [
        # The clocks go from 2 to 3: the time that is left out is taken right after.
        ("30 2 * * *", "2026-03-28T12:00Z", ["2026-03-29T01:00", "2026-03-30T00:30"]),
        # From 3 back to 2: the time that is there twice is taken once.
        ("30 2 * * *", "2026-10-24T12:00Z", ["2026-10-25T00:30", "2026-10-26T01:30"]),
        ("0 9 * * 1", "2026-10-19T12:00Z", ["2026-10-26T08:00", "2026-11-02T08:00"]),
        ("0 9 29 2 *", "2026-01-01T00:00Z", ["2028-02-29T08:00"]),
    ],
)
def test_a_time_comes_once_over_each_change_of_the_clocks(cron: str, start: str, expected: list[str]) -> None:
    assert times(cron, "Europe/Berlin", start, len(expected)) == expected


def test_every_hour_stays_every_hour_over_a_change_of_the_clocks() -> None:
    found = times("0 * * * *", "Europe/Berlin", "2026-10-24T23:30Z", 4)
    assert found == ["2026-10-25T00:00", "2026-10-25T01:00", "2026-10-25T02:00", "2026-10-25T03:00"]


@pytest.mark.parametrize(
    ("cron", "zone", "why"),
    [
        ("* * * *", "UTC", "five fields"),
        ("0 0 * * * *", "UTC", "five fields"),
        ("61 * * * *", "UTC", "no cron expression"),
        ("0 9 * * *", "Mars/Olympus", "time zone"),
        ("0 9 * * *", "../etc/passwd", "time zone"),
    ],
)
def test_what_is_no_schedule_is_told_in_words(cron: str, zone: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        next_time(cron, zone, after=now())


def planned(press: Press) -> Any:
    scope = ProjectScope(press.line.project)
    return press.line.database.read_now(lambda tx: find_payload(tx, scope, kind=SCHEDULE, key="news"))


async def until_planned(press: Press) -> Any:
    async with asyncio.timeout(30):
        while True:
            if (found := planned(press)) is not None:
                return found
            await asyncio.sleep(0.05)


def make_due(press: Press, at: int, **plan: Any) -> None:
    """Sets the time of the schedule, as if it had come."""
    payload = {**YEARLY, **plan, "at": at}
    new = NewJob(SCHEDULE, "news", payload, run_at=at)
    press.line.database.write_now(lambda tx: add_job(tx, ProjectScope(press.line.project), new))


async def runs(press: Press, count: int) -> list[dict[str, Any]]:
    async with asyncio.timeout(30):
        while True:
            if len(found := (await press.owner.get(press.path)).json()) >= count:
                return found
            await asyncio.sleep(0.05)


async def test_a_published_schedule_fires_once_and_goes_on(press: Press) -> None:
    await press.save(publish=True, schedule=YEARLY)
    assert datetime.fromtimestamp((await until_planned(press))["at"] / 1000, UTC) > now()
    # Over before the server came up: it is made up for, once.
    at = milliseconds(now() - timedelta(hours=3))
    make_due(press, at)
    [run] = await runs(press, 1)
    assert (run["trigger"], run["pipelineId"]) == ("schedule", "news")
    assert (await until_planned(press))["at"] > milliseconds(now())
    make_due(press, at)
    await until_planned(press)
    await asyncio.sleep(0.6)
    assert len(await runs(press, 1)) == 1
    assert (await press.until(run, "waiting"))["text"]


async def test_what_is_not_published_or_off_or_has_changed_does_not_fire(press: Press) -> None:
    await press.save(schedule=YEARLY)
    make_due(press, milliseconds(now()))
    await press.save(publish=True, schedule=YEARLY, enabled=False)
    make_due(press, milliseconds(now()))
    await asyncio.sleep(0.6)
    await press.save(publish=True, schedule={**YEARLY, "cron": "0 10 1 1 *"})
    await until_planned(press)
    make_due(press, milliseconds(now()))
    await asyncio.sleep(0.6)
    assert (await press.owner.get(press.path)).json() == []


async def test_a_schedule_that_cannot_be_read_is_told_where_it_stands_and_keeps_from_publishing(press: Press) -> None:
    await press.save(schedule={"cron": "61 9 * * 1", "timeZone": "UTC"})
    refused = await press.owner.post(f"{press.line.path}/publish", json={})
    assert refused.status_code == 400, refused.text
    assert [each["path"] for each in refused.json()["details"]] == ["pipelines[0].schedule"]


async def test_whoever_writes_a_schedule_sees_when_it_comes(press: Press) -> None:
    path = f"{press.line.path}/schedule-times"
    told = await press.owner.get(path, params={"cron": "0 9 1 1 *", "timeZone": "Europe/Berlin"})
    assert told.status_code == 200, told.text
    first, *_ = found = told.json()["times"]
    assert len(found) == 5
    assert sorted(found) == found
    assert first.endswith("-01-01T08:00:00.000Z")
    for query, why in (
        ({"cron": "0 9 * *", "timeZone": "Europe/Berlin"}, "five fields"),
        ({"cron": "0 9 31 2 *", "timeZone": "Europe/Berlin"}, "no cron expression"),
        ({"cron": "0 9 * * 1", "timeZone": "Nowhere"}, "no time zone"),
        ({}, "five fields"),
    ):
        refused = await press.owner.get(path, params=query)
        assert refused.status_code == 400
        assert why in refused.json()["error"]
