"""Transcripts looked for, and taken away as files."""

import csv
import io
from typing import Any

import httpx2
import orjson
import pytest

from conduet.analytics.exports import PIECE
from conduet.analytics.selection import MOST_IDS, MOST_LETTERS, MOST_OF_VARIABLE
from conduet.analytics.store import LOOKED_THROUGH
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database
from tests.analytics.test_figures import add_transcripts
from tests.conftest import Owned
from tests.conversations.talking import ASK, VARIABLES, Talker, publish, save

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
        ("contains=SIZE%3F", ["ada"]),
        ("contains=%20hello!%20", ["bob", "ada"]),
        ("contains=50%25", []),
        ("contains=size&resolved=false", []),
        ("versionId=development", ["bob", "ada"]),
        ("variable=count=1", ["ada"]),
        ("variable=count=0&resolved=false", ["bob"]),
        ("variable=tier=basic", ["bob", "ada"]),
        ("variable=tier=bas", []),
        ("variable=none=", []),
        (f"versionId=ver_{'0' * 32}", []),
    ],
)
async def test_transcripts_are_looked_for(talked: Owned, query: str, users: list[str]) -> None:
    found = await talked.client.get(f"{LIST}?{query}")
    assert [each["userId"] for each in found.json()] == users
    exported = await talked.client.get(f"{EXPORT}?{query}")
    assert [orjson.loads(line)["userId"] for line in exported.content.splitlines()] == users


async def test_those_in_which_a_version_answered_are_told(talked: Owned, owner: httpx2.AsyncClient) -> None:
    spring, summer = await publish(owner, talked), await publish(owner, talked)
    cat, dan = Talker(talked.client, "cat"), Talker(talked.client, "dan")
    await cat.launch(versionId=spring)
    await cat.say("Straße 5")
    await dan.launch(versionId=summer)
    found = {
        query: [each["userId"] for each in (await talked.client.get(f"{LIST}?{query}")).json()]
        for query in (f"versionId={spring}", f"versionId={summer}", f"versionId={spring}&contains=STRASSE")
    }
    assert [*found.values()] == [["cat"], ["dan"], ["cat"]]
    other = (await owner.post("/api/v1/projects", json={"name": "Other"})).json()["id"]
    for query in (f"versionId={spring}", "contains=Hello"):
        assert (await owner.get(f"/api/v1/projects/{talked.id}/transcripts?{query}")).json() != []
        assert (await owner.get(f"/api/v1/projects/{other}/transcripts?{query}")).json() == []


async def test_what_a_conversation_was_left_with_is_known_of_the_latest(
    talked: Owned, owner: httpx2.AsyncClient
) -> None:
    bob = Talker(talked.client, "bob")
    await bob.client.patch(bob.path("variables"), json={"tier": "gold", "paid": True, "a=b": 2.0})
    [before] = (await talked.client.get(f"{LIST}?variable=tier=gold")).json()
    await bob.say("Bob")
    await bob.press("Small")
    await bob.launch()
    for query in ("variable=tier=gold", "variable=paid=true"):
        [found] = (await talked.client.get(f"{LIST}?{query}")).json()
        assert found["id"] != before["id"]
    other = (await owner.post("/api/v1/projects", json={"name": "Other"})).json()["id"]
    assert (await owner.get(f"/api/v1/projects/{other}/transcripts?variable=tier=gold")).json() == []
    below = await owner.get(f"/api/v1/projects/{talked.id}/transcripts?variable=tier=gold")
    assert [each["id"] for each in below.json()] == [found["id"]]
    await bob.client.delete(bob.path("state"))
    assert (await talked.client.get(f"{LIST}?variable=paid=true")).json() == []


async def test_a_page_looks_only_so_many_through_and_the_next_goes_on(talked: Owned, database: Database) -> None:
    # Nothing was said in these, and all of them are newer.
    moments = [milliseconds(now())] * (2 * LOOKED_THROUGH + 10)
    database.write_now(lambda tx: add_transcripts(tx, talked.id, moments))
    page = await talked.client.get(f"{LIST}?contains=hello")
    lengths = [len(page.json())]
    while "next" in page.links:
        page = await talked.client.get(page.links["next"]["url"])
        lengths.append(len(page.json()))
    assert lengths == [0, 0, 2]
    exported = await talked.client.get(f"{EXPORT}?contains=hello")
    assert [orjson.loads(line)["userId"] for line in exported.content.splitlines()] == ["bob", "ada"]


async def test_pages_of_what_was_looked_for_lose_and_repeat_nothing(talked: Owned) -> None:
    for name in ("cat", "dan", "eve"):
        await Talker(talked.client, name).launch()
    page, seen = await talked.client.get(f"{LIST}?contains=hello&limit=2"), list[str]()
    while True:
        seen += [each["userId"] for each in page.json()]
        if "next" not in page.links:
            break
        page = await talked.client.get(page.links["next"]["url"])
    assert seen == ["eve", "dan", "cat", "bob", "ada"]


@pytest.mark.parametrize(
    "query",
    [
        "resolved=yes",
        "escalated=1",
        "from=now",
        "include=all",
        "contains=",
        "contains=%20",
        f"contains={'a' * (MOST_LETTERS + 1)}",
        "versionId=",
        "versionId=latest",
        "versionId=ver_1",
        "variable=tier",
        "variable==gold",
        f"variable=tier={'a' * MOST_OF_VARIABLE}",
    ],
)
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
