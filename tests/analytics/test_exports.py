"""Transcripts looked for, and taken away as files."""

import csv
import io
from typing import Any

import httpx2
import orjson
import pytest

from conduet.analytics.exports import PIECE
from conduet.analytics.selection import MOST_IDS
from conduet.kit.clock import now
from conduet.kit.db import Database
from tests.analytics.test_figures import add_transcripts
from tests.conftest import Owned
from tests.conversations.talking import ASK, VARIABLES, Talker, save

LIST = "/api/v1/transcripts"
EXPORT = f"{LIST}/export"


@pytest.fixture
async def talked(owner: httpx2.AsyncClient, project: Owned) -> Owned:
    """A project in which Ada came to an end and Bob did not."""
    await save(owner, project, ASK, variables=VARIABLES)
    ada, bob = Talker(project.client, "ada"), Talker(project.client, "bob")
    await ada.launch()
    await ada.say('=cmd|"/c calc"!A1')
    await ada.press("Large")
    await bob.launch()
    return project


@pytest.mark.parametrize(
    ("query", "users"),
    [
        ("userId=ada", ["ada"]),
        ("userId=eve", []),
        ("resolved=true", ["ada"]),
        ("resolved=false", ["bob"]),
        ("escalated=true", []),
        ("escalated=false", ["bob", "ada"]),
        ("platform=api", ["bob", "ada"]),
        ("platform=web", []),
        ("from=2020-01-01&to=2020-12-31", []),
        ("from=2020-01-01", ["bob", "ada"]),
        ("userId=ada&resolved=false", []),
    ],
)
async def test_transcripts_are_looked_for(talked: Owned, query: str, users: list[str]) -> None:
    found = await talked.client.get(f"{LIST}?{query}")
    assert [each["userId"] for each in found.json()] == users
    exported = await talked.client.get(f"{EXPORT}?{query}")
    assert [orjson.loads(line)["userId"] for line in exported.content.splitlines()] == users


@pytest.mark.parametrize("query", ["resolved=yes", "escalated=1", "from=now", "include=all"])
async def test_a_filter_that_cannot_be_is_told_by_path(talked: Owned, query: str) -> None:
    answer = await talked.client.get(f"{LIST}?{query}")
    assert answer.status_code == 400
    assert answer.json()["details"][0]["path"] == f"query.{query.split('=', maxsplit=1)[0]}"


async def test_an_export_holds_what_each_transcript_tells(talked: Owned, owner: httpx2.AsyncClient) -> None:
    exported = await talked.client.get(EXPORT)
    assert exported.headers["content-type"].startswith("application/jsonl")
    assert exported.headers["content-disposition"] == 'attachment; filename="transcripts.jsonl"'
    lines = [orjson.loads(line) for line in exported.content.splitlines()]
    for told in lines:
        assert (await talked.client.get(f"{LIST}/{told['id']}")).json() == told
    assert (await owner.get(f"/api/v1/projects/{talked.id}/transcripts/export")).content == exported.content


async def test_a_table_has_a_row_for_each_message_and_no_formula(talked: Owned) -> None:
    exported = await talked.client.get(f"{EXPORT}?format=csv&userId=ada")
    assert exported.headers["content-type"] == "text/csv; charset=utf-8"
    rows = [*csv.DictReader(io.StringIO(exported.text))]
    assert [row["role"] for row in rows].count("user") == 2
    assert len(rows) == int(rows[0]["messageCount"]) == 7
    assert rows[0]["resolved"] == "true"
    assert '\'=cmd|"/c calc"!A1' in [row["content"] for row in rows]


async def test_those_that_are_named_are_exported_and_listed(talked: Owned) -> None:
    [bob, ada] = [each["id"] for each in (await talked.client.get(LIST)).json()]
    for ids, users in ([ada], ["ada"]), ([ada, bob], ["bob", "ada"]), ([ada, "txn_none"], ["ada"]), (["txn_none"], []):
        query = "&".join(f"id={each}" for each in ids)
        assert [each["userId"] for each in (await talked.client.get(f"{LIST}?{query}")).json()] == users
        lines = (await talked.client.get(f"{EXPORT}?{query}")).content.splitlines()
        assert [orjson.loads(line)["userId"] for line in lines] == users
    many = "&".join("id=txn_none" for _ in range(MOST_IDS + 1))
    refused = await talked.client.get(f"{EXPORT}?{many}")
    assert (refused.status_code, refused.json()["details"][0]["path"]) == (400, "query.id")


async def test_an_export_goes_over_all_pages(project: Owned, database: Database) -> None:
    moments = [1_760_000_000_000 + number // 3 for number in range(2 * PIECE + 1)]
    database.write_now(lambda tx: add_transcripts(tx, project.id, moments))
    exported = await project.client.get(EXPORT)
    ids = [orjson.loads(line)["id"] for line in exported.content.splitlines()]
    assert len({*ids}) == len(ids) == len(moments)
    assert len([*csv.reader(io.StringIO((await project.client.get(f"{EXPORT}?format=csv")).text))]) == len(moments) + 1


async def test_figures_are_exported_by_day(talked: Owned) -> None:
    told: dict[str, Any] = orjson.loads((await talked.client.get("/api/v1/analytics/export")).content)
    assert (told["date"], told["conversations"], told["messages"]) == (now().date().isoformat(), 2, 9)
    table = await talked.client.get("/api/v1/analytics/export?format=csv")
    [row] = csv.DictReader(io.StringIO(table.text))
    assert row == {name: "" if value is None else str(value) for name, value in told.items()}
    assert (await talked.client.get("/api/v1/analytics/export?format=xml")).status_code == 400
