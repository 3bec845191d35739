"""python -m benchmarks.analytics: how long figures take of a project with a million messages, on each database.

`sh scripts/with-postgres.sh .venv/bin/python -m benchmarks.analytics` measures both.
"""

import asyncio
import os
import random
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import sqlalchemy as sa

from benchmarks.served import POSTGRES
from conduet.accounts.principal import ProjectScope
from conduet.analytics.days import DAY_MS
from conduet.analytics.figures import Analytics
from conduet.analytics.figures_schemas import ToldFigures
from conduet.analytics.period import Period
from conduet.analytics.tables import message, model_use, transcript, turn_use
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database, open_database
from conduet.migrations import migrate
from conduet.migrations.schema import schema

TRANSCRIPTS: Final = 125_000
MESSAGES: Final = 8
DAYS: Final = 365
BATCH: Final = 5_000
RUNS: Final = 7
PROJECT: Final = "proj_bench"
ZONE: Final = ZoneInfo("Europe/Vienna")
MODELS: Final = ("openai:gpt-5-mini", "anthropic:claude-haiku-4-5", "local:quote")

Rows = dict[str, list[dict[str, Any]]]


def rows() -> Iterator[Rows]:
    """A year of conversations of eight messages, four turns each; each turn asks a model once."""
    chance, begins = random.Random(7), milliseconds(now() - timedelta(days=DAYS))
    found: Rows = {}
    for number in range(TRANSCRIPTS):
        if number % BATCH == 0 and found:
            yield found
            found = {}
        at, user = begins + chance.randrange(DAYS * DAY_MS), f"user_{number % 50_000}"
        platform = chance.choice(("api", "web", "web", "whatsapp", "dashboard"))
        of_project = {"project_id": PROJECT, "platform": platform}
        found.setdefault("transcript", []).append(
            {**of_project, "id": f"txn_{number:032}", "user_id": user, "resolved": chance.random() < 0.6}
            | {"escalated": chance.random() < 0.1, "message_from": number * MESSAGES, "message_count": MESSAGES}
            | {"started_at": at, "ended_at": at + 60_000}
        )
        for place in range(MESSAGES):
            found.setdefault("message", []).append(
                {"project_id": PROJECT, "user_id": user, "number": number * MESSAGES + place}
                | {"id": f"msg_{number:016}{place:016}", "transcript_id": f"txn_{number:032}", "role": "user"}
                | {"content": "How long does a parcel to Graz take?", "created_at": at + place}
            )
        for place in range(MESSAGES // 2):
            took = {**of_project, "at": at + place * 10_000, "turn_id": f"turn_{number:016}{place:016}"}
            duration = int(chance.lognormvariate(7, 0.6))
            found.setdefault("turn_use", []).append(
                {**took, "duration_ms": duration, "tool_calls": place % 2, "searches": 1}
            )
            found.setdefault("model_use", []).append(
                {**took, "number": 0, "model": chance.choice(MODELS), "input_tokens": 900}
                | {"output_tokens": 80, "cached_tokens": 0, "cost_usd": 0.0004, "first_token_ms": 200}
                | {"duration_ms": duration, "retries": 0, "fallback": False}
            )
    yield found


def fill(database: Database) -> None:
    """Makes the project with its rows."""
    project = schema().tables["project"]
    account = schema().tables["account"]
    values: dict[str, Any] = {
        column.name: 0 if column.type.python_type is int else "bench" for column in project.c if not column.nullable
    }
    database.write_now(
        lambda tx: tx.execute(sa.insert(account).values(id="bench", name="bench", created_at=0)) and None
    )
    database.write_now(
        lambda tx: tx.execute(sa.insert(project).values({**values, "id": PROJECT, "account_id": "bench"})) and None
    )
    tables = {table.name: table for table in (transcript, message, turn_use, model_use)}
    for batch in rows():
        for name, those in batch.items():
            database.write_now(lambda tx, name=name, those=those: tx.execute(sa.insert(tables[name]), those) and None)


async def measure(database: Database) -> None:
    """Prints how long figures take, before and after days were added up."""

    async def zone_of(_: ProjectScope) -> str:
        await asyncio.sleep(0)
        return ZONE.key

    await database.start()
    analytics, scope = Analytics(database, zone_of), ProjectScope(PROJECT)
    month = milliseconds(now()) - 30 * DAY_MS

    async def ask(period: Period) -> float:
        begun = time.perf_counter()
        figures = await analytics.figures(scope, period, ZONE, with_dashboard=False)
        ToldFigures.of(figures).model_dump_json(by_alias=True)
        return (time.perf_counter() - begun) * 1000

    async def spread(name: str, period: Period) -> None:
        times = sorted([await ask(period) for _ in range(RUNS)])
        print(f"{database.dialect}: {name}: median {median(times):.0f} ms, slowest {times[-1]:.0f} ms")

    print(f"{database.dialect}: a year, no day added up: {await ask(Period(None, None)):.0f} ms")
    begun = time.perf_counter()
    days = await analytics.add_up(scope)
    print(f"{database.dialect}: {days} days added up in {time.perf_counter() - begun:.1f} s")
    await spread("a year", Period(None, None))
    await spread("30 days", Period(month, None))
    await database.close()


@contextmanager
def databases() -> Generator[Iterator[str]]:
    """The URLs of an empty database of each kind that there is."""
    with tempfile.TemporaryDirectory() as folder:
        urls = [f"sqlite:///{folder}/bench.sqlite"]
        server = os.environ.get(POSTGRES)
        if server is None:
            yield iter(urls)
            return
        name = f"bench_{uuid4().hex}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"create database {name}".encode())
            info = connection.info
            urls.append(f"postgresql://{info.user}@/{name}?host={info.host}&port={info.port}")
            yield iter(urls)
            connection.execute(f"drop database {name} with (force)".encode())


def main() -> None:
    """Fills and measures one database after the other."""
    with databases() as urls, tempfile.TemporaryDirectory() as run_dir:
        for url in urls:
            migrate(url)
            database = open_database(url, run_dir=Path(run_dir))
            begun = time.perf_counter()
            fill(database)
            filled = time.perf_counter() - begun
            print(f"{database.dialect}: {TRANSCRIPTS * MESSAGES:,} messages written in {filled:.0f} s")
            asyncio.run(measure(database))


if __name__ == "__main__":
    main()
