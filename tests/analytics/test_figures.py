"""The figures of a project: what counts, on which day, and what turns took."""

import asyncio
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.analytics import figures_store
from conduet.analytics.days import DAY_MS, begin_of, day_of, days_between, stretches
from conduet.analytics.figures import Analytics
from conduet.analytics.usage_store import ModelUse, Uses, add_uses
from conduet.analytics.use import Durations
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database, Tx
from tests.agents.obeying import reply
from tests.conftest import Owned
from tests.conversations.agentic import agentic, configured
from tests.conversations.talking import ASK, VARIABLES, Talker, save
from tests.providers.playing import playing

FIGURES = "/api/v1/analytics"


async def figures(client: httpx2.AsyncClient, query: str = "", *, path: str = FIGURES) -> dict[str, Any]:
    answer = await client.get(f"{path}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
async def asking(owner: httpx2.AsyncClient, project: Owned) -> Owned:
    """A project that asks two things."""
    await save(owner, project, ASK, variables=VARIABLES)
    return project


async def test_conversations_and_messages_are_counted_on_the_day_they_began(asking: Owned) -> None:
    ada, bob = Talker(asking.client, "ada"), Talker(asking.client, "bob")
    await ada.launch()
    await ada.say("Ada")
    await ada.press("Large")
    await bob.launch()
    told = await figures(asking.client)
    today = now().date().isoformat()
    assert (told["conversations"], told["messages"]) == (2, 9)
    assert (told["resolutions"], told["escalations"]) == (1, 0)
    assert told["dailyCounts"] == [{"date": today, "conversations": 2, "messages": 9}]
    assert told["usage"]["modelCalls"] == 0
    assert told["usage"]["latencyMs"] == {"p50": None, "p95": None}


async def test_a_project_without_conversations_has_none(project: Owned) -> None:
    told = await figures(project.client)
    assert (told["conversations"], told["messages"], told["dailyCounts"]) == (0, 0, [])
    asked = await figures(project.client, "?from=2026-01-01&to=2026-01-03")
    assert asked["dailyCounts"] == [{"date": f"2026-01-0{day}", "conversations": 0, "messages": 0} for day in (1, 2, 3)]


async def test_what_was_tried_out_counts_only_where_it_is_asked_for(asking: Owned, owner: httpx2.AsyncClient) -> None:
    tried = await owner.post(f"/api/v1/projects/{asking.id}/chat", json={"action": {"type": "launch", "payload": None}})
    assert tried.status_code == 200
    assert (await figures(asking.client))["conversations"] == 0
    assert (await figures(asking.client, "?include=dashboard"))["conversations"] == 1


async def test_developers_read_the_same_figures(asking: Owned, owner: httpx2.AsyncClient) -> None:
    await Talker(asking.client).launch()
    told = await figures(owner, path=f"/api/v1/projects/{asking.id}/analytics")
    assert told == await figures(asking.client)


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("?from=yesterday", "query.from"),
        ("?to=2026-02-30", "query.to"),
        ("?from=2026-02-03T10:00:00", "query.from"),
        ("?from=2026-02-03&to=2026-02-02", "query.to"),
        ("?from=1900-01-01", "query.from"),
        ("?include=all", "query.include"),
    ],
)
async def test_a_time_that_cannot_be_is_told_by_path(project: Owned, query: str, path: str) -> None:
    answer = await project.client.get(FIGURES + query)
    assert answer.status_code == 400
    assert [each["path"] for each in answer.json()["details"]] == [path]


def add_transcripts(tx: Tx, project: str, moments: list[int]) -> None:
    for number, moment in enumerate(moments):
        tx.execute(
            sa.text(
                "insert into transcript (id, project_id, user_id, platform, resolved, escalated, message_from,"
                " message_count, started_at, ended_at) values (:id, :project, 'ada', 'api', :yes, :no, 0, 2, :at, :at)"
            ),
            {"id": f"txn_{project}_{number}", "project": project, "at": moment, "yes": number % 2 == 0, "no": False},
        )


async def test_days_are_those_of_the_projects_time_zone(
    project: Owned, owner: httpx2.AsyncClient, database: Database
) -> None:
    # The night of 25 October 2026 has an hour twice in Vienna: that day is 25 hours long.
    moments = [
        datetime(2026, 10, 24, 21, 59, tzinfo=UTC),  # 23:59 on the 24th
        datetime(2026, 10, 24, 22, 0, tzinfo=UTC),  # 0:00 on the 25th
        datetime(2026, 10, 25, 22, 59, tzinfo=UTC),  # 23:59 on the 25th
        datetime(2026, 10, 25, 23, 0, tzinfo=UTC),  # 0:00 on the 26th
    ]
    database.write_now(lambda tx: add_transcripts(tx, project.id, [milliseconds(each) for each in moments]))
    told = await figures(project.client, "?from=2026-10-24&to=2026-10-26")
    assert [day["conversations"] for day in told["dailyCounts"]] == [2, 2, 0]
    saved = await owner.patch(f"/api/v1/projects/{project.id}", json={"behaviourConfig": {"timeZone": "Europe/Vienna"}})
    assert saved.status_code == 200
    told = await figures(project.client, "?from=2026-10-24&to=2026-10-26")
    assert told["dailyCounts"] == [
        {"date": "2026-10-24", "conversations": 1, "messages": 2},
        {"date": "2026-10-25", "conversations": 2, "messages": 4},
        {"date": "2026-10-26", "conversations": 1, "messages": 2},
    ]
    assert told["resolutions"] == 2
    part = await figures(project.client, "?from=2026-10-24T22:00:00Z&to=2026-10-25T22:59:00Z")
    assert part["dailyCounts"] == [{"date": "2026-10-25", "conversations": 1, "messages": 2}]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Vienna", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia"])
def test_stretches_find_the_day_of_every_moment(zone: str) -> None:
    place, chance = ZoneInfo(zone), random.Random(zone)
    first, last = date(2017, 1, 1), date(2019, 12, 31)
    found = stretches([*days_between(first, last)], place)
    assert found[0].begins == begin_of(first, place)
    assert [one.ends for one in found[:-1]] == [one.begins for one in found[1:]]
    assert len(found) < 20
    for _ in range(2000):
        moment = chance.randrange(found[0].begins, found[-1].ends)
        [stretch] = [each for each in found if each.begins <= moment < each.ends]
        assert stretch.day((moment - stretch.begins) // DAY_MS) == day_of(moment, place)


def use(at: int, number: int, *, platform: str = "api") -> Uses:
    chance = random.Random(number)
    models = [
        ModelUse(
            model=chance.choice(["openai:gpt-5-mini", "anthropic:claude-haiku-4-5"]),
            input_tokens=chance.randrange(5000),
            output_tokens=chance.randrange(500),
            cached_tokens=7,
            cost_usd=chance.choice([None, 0.001]),
            first_token_ms=200,
            duration_ms=chance.randrange(4000),
            retries=number % 2,
            fallback=number % 3 == 0,
        )
        for _ in range(chance.randrange(3))
    ]
    return Uses(f"turn_{number}", platform, at, chance.randrange(5000), models, tool_calls=1, searches=number % 2)


async def test_days_that_were_added_up_tell_what_a_recount_tells(project: Owned, database: Database) -> None:
    scope, chance = ProjectScope(project.id), random.Random(5)
    begins = milliseconds(now() - timedelta(days=40))
    took = [
        use(begins + chance.randrange(40 * DAY_MS), number, platform=chance.choice(["api", "web", "dashboard"]))
        for number in range(300)
    ]
    database.write_now(lambda tx: [add_uses(tx, scope, each) for each in took])
    before = {query: await figures(project.client, query) for query in ("", "?include=dashboard")}
    await database.start()
    try:
        analytics = Analytics(database, in_utc)
        assert await analytics.add_up(scope) in (39, 40)
        assert await analytics.add_up(scope) == 0
    finally:
        await database.close()
    after = {query: await figures(project.client, query) for query in before}
    assert after == before
    usage = before["?include=dashboard"]["usage"]
    assert usage["toolCalls"] == 300
    assert usage["knowledgeSearches"] == sum(each.searches for each in took)
    assert usage["modelCalls"] == sum(len(each.models) for each in took)
    assert usage["inputTokens"] == sum(model.input_tokens for each in took for model in each.models)
    assert usage["unpricedCalls"] == sum(model.cost_usd is None for each in took for model in each.models)
    assert sum(day["toolCalls"] for day in usage["byDay"]) == 300
    assert sum(model["modelCalls"] for model in usage["byModel"]) == usage["modelCalls"]
    durations = sorted(each.duration_ms for each in took)
    assert usage["latencyMs"]["p50"] == pytest.approx(durations[149], rel=0.02)
    assert usage["latencyMs"]["p95"] == pytest.approx(durations[284], rel=0.02)


async def in_utc(_: ProjectScope) -> str:
    await asyncio.sleep(0)
    return "UTC"


def test_a_percentile_of_few_is_one_of_them() -> None:
    few = Durations()
    for duration in (3, 1, 2):
        few.add(duration)
    assert [few.percentile(share) for share in (0.01, 0.5, 0.95)] == [1, 2, 3]
    assert Durations().percentile(0.5) is None


def test_a_use_of_nothing_leaves_no_row(database: Database) -> None:
    nothing = Uses("turn_1", "api", 1, 1)
    # No project of that id: a row of it would be refused.
    database.write_now(lambda tx: add_uses(tx, ProjectScope("proj_none"), nothing))
    assert database.read_now(lambda tx: figures_store.first_moment(tx, ProjectScope("proj_none"))) is None


async def test_what_a_model_took_is_told_with_the_turns_it_answered_in(tmp_path: Path) -> None:
    async with playing(reply("Hello."), reply("Hi.")) as server, agentic(tmp_path, configured(server.url)) as place:
        for user in ("ada", "bob"):
            assert await place.talker(user).say("Good day")
        usage = (await figures(place.project.client))["usage"]
    assert (usage["modelCalls"], usage["toolCalls"]) == (2, 0)
    assert usage["inputTokens"] > 0 < usage["outputTokens"]
    assert [(each["model"], each["modelCalls"]) for each in usage["byModel"]] == [("openai:m", 2)]
    assert [day["modelCalls"] for day in usage["byDay"]] == [2]
    assert usage["latencyMs"]["p50"] <= usage["latencyMs"]["p95"]
