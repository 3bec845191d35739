"""What is left of a user who was forgotten, and of what is over its time: figures, and nothing else."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.analytics.figures import Analytics
from conduet.app.create import create_app
from conduet.app.edge import Edge
from conduet.conversations.retention import Retention
from conduet.conversations.upkeep import Upkeep
from conduet.kit.clock import now
from conduet.kit.db import Database, Tx, open_database
from conduet.migrations.schema import schema
from conduet.projects.behaviour import Behaviours
from conduet.settings import Settings
from tests.conftest import DIALECTS, Owned, migrated_database, new_client, new_key, new_token, started
from tests.conversations.talking import ASK, HELLO, VARIABLES, Talker, save, slow
from tests.conversations.test_death import holding
from tests.migrations.test_deletion import row

Sweep = Callable[[Owned], Awaitable[None]]

USER = "forget-me:4711"
DAY_MS = 86_400_000


@pytest.fixture(params=DIALECTS)
def own_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A server that nobody else has talked to."""
    with migrated_database(request.param, tmp_path) as url:
        yield Settings(data=tmp_path / "data", database_url=url, demo=False)


@pytest.fixture
async def asking(owner: httpx2.AsyncClient, project: Owned) -> Owned:
    """A project that asks two things."""
    await save(owner, project, ASK, variables=VARIABLES)
    return project


async def talk(talker: Talker) -> None:
    await talker.launch()
    await talker.say(f"I am {talker.user_id}")
    await talker.send({"type": "text", "payload": "Large"}, headers={"Idempotency-Key": f"key-{talker.user_id}"})


def mentions(tx: Tx, project: str, text: str) -> Iterator[str]:
    """Every column of every table in which the text stands, in rows of the project."""
    for table in schema().sorted_tables:
        found = sa.select(table)
        rows = found.where(table.c.project_id == project) if "project_id" in table.c else found
        for each in tx.execute(rows).mappings():
            for name, value in each.items():
                if text in (value.decode(errors="replace") if isinstance(value, bytes) else str(value)):
                    yield f"{table.name}.{name}"


def counts(tx: Tx, project: str) -> dict[str, int]:
    """How many rows each table has of the project."""
    return {
        table.name: tx.execute(
            sa.select(sa.func.count()).select_from(table).where(table.c.project_id == project)
        ).scalar_one()
        for table in schema().sorted_tables
        if "project_id" in table.c
    }


def fill(tx: Tx, project: str, user: str) -> None:
    """A row about the user in every table that has rows about users and none yet."""
    for table in schema().sorted_tables:
        if {"project_id", "user_id"} <= {*table.c.keys()}:
            of_user = sa.select(table).where(table.c.project_id == project, table.c.user_id == user)
            if tx.execute(of_user).first() is None:
                tx.execute(sa.insert(table).values(**{**row(tx, table, project), "user_id": user}))


@pytest.mark.parametrize("by", ["key", "developer"])
async def test_a_forgotten_user_is_in_no_table(
    asking: Owned, owner: httpx2.AsyncClient, database: Database, by: str
) -> None:
    await talk(Talker(asking.client, USER))
    await talk(Talker(asking.client, "other"))
    database.write_now(lambda tx: fill(tx, asking.id, USER))
    before = (await asking.client.get("/api/v1/analytics")).json()
    mentioned = database.read_now(lambda tx: {*mentions(tx, asking.id, USER)})
    assert {"conversation.user_id", "message.content", "turn.action", "transcript.user_id"} <= mentioned
    client, path = (asking.client, "/api/v1") if by == "key" else (owner, f"/api/v1/projects/{asking.id}")
    answer = await client.delete(f"{path}/users/{USER}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert database.read_now(lambda tx: [*mentions(tx, asking.id, USER)]) == []
    assert (await asking.client.get("/api/v1/analytics")).json() == before
    left = await asking.client.get("/api/v1/transcripts")
    assert [each["userId"] for each in left.json()] == ["other"]
    assert await Talker(asking.client, "other").launch()
    assert (await client.delete(f"{path}/users/{USER}")).status_code == 204


async def test_a_forgotten_user_begins_anew(asking: Owned) -> None:
    talker = Talker(asking.client, USER)
    await talk(talker)
    assert (await asking.client.delete(f"/api/v1/users/{USER}")).status_code == 204
    state = (await asking.client.get(talker.path("state"))).json()
    assert (state["revision"], state["history"]) == (0, [])
    await talker.launch()
    assert len((await asking.client.get(f"/api/v1/transcripts?userId={USER}")).json()) == 1


async def test_a_widget_key_forgets_nobody(asking: Owned, owner: httpx2.AsyncClient, database: Database) -> None:
    made = await owner.post(f"/api/v1/projects/{asking.id}/api-keys", json={"name": "Page", "type": "widget"})
    headers = {"Authorization": f"Bearer {made.json()['key']}"}
    assert (await owner.delete(f"/api/v1/users/{USER}", headers=headers)).status_code == 401


def older(tx: Tx, project: str, days: int) -> None:
    """Makes all that the project's users did so many days older."""
    columns = {
        "transcript": ("started_at", "ended_at"),
        "turn": ("started_at", "ended_at"),
        "conversation": ("last_turn_at", "updated_at"),
        "revision": ("created_at",),
    }
    for table, names in columns.items():
        changed = ", ".join(f"{name} = {name} - :ms" for name in names)
        tx.execute(
            sa.text(f"update {table} set {changed} where project_id = :project"),
            {"ms": days * DAY_MS, "project": project},
        )


@pytest.fixture
async def sweep(settings: Settings, server: Edge) -> AsyncIterator[Sweep]:
    """Forgets what is over its time, in a process of its own as it were."""
    other = open_database(settings.database, run_dir=settings.run_dir)
    await other.start()

    async def forget(project: Owned) -> None:
        await Retention(other, Behaviours(other)).sweep(ProjectScope(project.id))

    yield forget
    await other.close()


async def test_transcripts_go_after_their_days_and_figures_stay(
    asking: Owned, database: Database, sweep: Sweep
) -> None:
    talker = Talker(asking.client, USER)
    await talk(talker)
    before = (await asking.client.get("/api/v1/analytics?from=2020-01-01")).json()
    database.write_now(lambda tx: older(tx, asking.id, 364))
    await sweep(asking)
    [listed] = (await asking.client.get("/api/v1/transcripts")).json()
    assert (await asking.client.get(f"/api/v1/transcripts/{listed['id']}")).json()["messages"]
    database.write_now(lambda tx: older(tx, asking.id, 2))
    await sweep(asking)
    assert (await asking.client.get("/api/v1/transcripts")).json() == []
    after = (await asking.client.get("/api/v1/analytics?from=2020-01-01")).json()
    assert {name: after[name] for name in ("conversations", "messages", "resolutions")} == {
        name: before[name] for name in ("conversations", "messages", "resolutions")
    }
    # Nothing happened since: all else that was known of the user has gone with the last transcript.
    assert database.read_now(lambda tx: [*mentions(tx, asking.id, USER)]) == []


async def test_who_comes_back_while_their_last_transcript_goes_is_answered(
    owner: httpx2.AsyncClient, asking: Owned, database: Database, sweep: Sweep
) -> None:
    talker = Talker(asking.client, USER)
    await talk(talker)
    database.write_now(lambda tx: older(tx, asking.id, 366))
    await save(owner, asking, slow(0.6))
    back = asyncio.create_task(talker.launch())
    await holding(database, asking)
    await sweep(asking)
    assert await back == ["One.", "typing", "Two."]
    assert len((await asking.client.get("/api/v1/transcripts")).json()) == 1


async def test_journals_go_before_transcripts(asking: Owned, database: Database, sweep: Sweep) -> None:
    talker = Talker(asking.client, USER)
    await talk(talker)
    replay = talker.path(f"turns/{talker.turn_id}/replay")
    assert (await asking.client.post(replay, json={})).status_code == 200
    database.write_now(lambda tx: older(tx, asking.id, 31))
    await sweep(asking)
    assert (await asking.client.post(replay, json={})).status_code == 409
    [listed] = (await asking.client.get("/api/v1/transcripts")).json()
    told = (await asking.client.get(f"/api/v1/transcripts/{listed['id']}?include=traces")).json()
    assert told["traces"]


async def test_drafts_that_turns_stood_on_go_with_the_journals(
    asking: Owned, owner: httpx2.AsyncClient, database: Database, sweep: Sweep
) -> None:
    await Talker(asking.client).launch()
    published = await owner.post(f"/api/v1/projects/{asking.id}/publish", json={})
    assert published.status_code == 201, published.text
    await save(owner, asking, HELLO)
    await Talker(asking.client, "second").launch()
    await save(owner, asking, ASK)
    assert database.read_now(lambda tx: counts(tx, asking.id))["revision"] == 3
    database.write_now(lambda tx: older(tx, asking.id, 31))
    await sweep(asking)
    # What was published, and the draft.
    assert database.read_now(lambda tx: counts(tx, asking.id))["revision"] == 2
    version = published.json()["id"]
    assert await Talker(asking.client, "third").launch(versionId=version)


async def test_upkeep_sees_to_every_project(own_settings: Settings) -> None:
    app = create_app(own_settings)
    database = open_database(own_settings.database, run_dir=own_settings.run_dir)
    await database.start()
    try:
        async with started(app), new_client(app, key=new_token(database)) as owner:
            ended = [await _of_four_days_ago(app, owner, database) for _ in range(2)]
            behaviours = Behaviours(database)
            await Upkeep(database, Analytics(database, behaviours.time_zone), Retention(database, behaviours)).sweep()
            # A day is added up an hour after its end.
            over = (now() - timedelta(hours=1)).date() - (now() - timedelta(days=4)).date()
            for project in ended:
                after = database.read_now(lambda tx, project=project: counts(tx, project))
                assert (after["transcript"], after["message"], after["turn"], after["past_transcript"]) == (0, 0, 0, 1)
                assert after["usage_day"] == over.days
    finally:
        await database.close()


async def _of_four_days_ago(app: Edge, owner: httpx2.AsyncClient, database: Database) -> str:
    """A project whose transcripts are kept for three days, and a conversation of it that is older."""
    made = (await owner.post("/api/v1/projects", json={"name": "Test"})).raise_for_status().json()["id"]
    key = await new_key(owner, made)
    async with new_client(app, key=key) as client:
        retention = {"retention": {"transcriptsDays": 3}}
        await save(owner, Owned(made, key, client), ASK, variables=VARIABLES, behaviourConfig=retention)
        await talk(Talker(client, USER))
    database.write_now(lambda tx: older(tx, made, 4))
    return made
