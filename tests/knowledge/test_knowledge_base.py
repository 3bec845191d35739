"""The knowledge base over HTTP: what goes in is found, says how it goes, takes another's place, and goes for good."""

import asyncio
from typing import Any

import httpx2
import pytest

from conduet.kit.db import Database
from conduet.knowledge.tables import chunk, document_piece
from tests.conftest import Owned

PATIENCE_SECONDS = 30.0
BASE = "/api/v1/knowledge-base"
RETURNS = (
    "# Returns\n\nYou can send a bicycle back within 30 days.\n\n# Opening hours\n\nThe shop is open from nine to six."
)


async def ended(client: httpx2.AsyncClient, taken: dict[str, Any], *, base: str = BASE) -> dict[str, Any]:
    """The document once it is ready or has failed."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            got = await client.get(f"{base}/{taken['id']}")
            assert got.status_code == 200, got.text
            if got.json()["status"] != "processing":
                return got.json()
            await asyncio.sleep(0.05)


async def add(client: httpx2.AsyncClient, content: str = RETURNS, *, name: str = "Shop") -> dict[str, Any]:
    """A text that was taken."""
    made = await client.post(BASE, json={"name": name, "type": "text", "content": content})
    assert made.status_code == 201, made.text
    return made.json()


async def find(client: httpx2.AsyncClient, query: str) -> list[dict[str, Any]]:
    """What is found for a question."""
    found = await client.post(f"{BASE}/search", json={"query": query, "topK": 3})
    assert found.status_code == 200, found.text
    return found.json()


async def test_a_text_is_taken_read_and_found(project: Owned) -> None:
    taken = await add(project.client)
    assert {**taken, "id": ""} == {"id": "", "name": "Shop", "type": "text", "status": "processing"}
    done = await ended(project.client, taken)
    assert (done["status"], done["progress"], done["error"]) == ("ready", 100, None)
    assert done["chunkCount"] == len(done["chunks"]) > 0
    best = (await find(project.client, "How long may I keep the bike before I return it?"))[0]
    assert (best["documentId"], best["documentName"]) == (taken["id"], "Shop")
    assert "30 days" in best["content"]
    listed = (await project.client.get(BASE)).json()
    assert listed["total"] == 1
    assert {key: listed["documents"][0][key] for key in taken} == {**taken, "status": "ready"}


async def test_a_file_goes_in_under_management_too(project: Owned, owner: httpx2.AsyncClient) -> None:
    base = f"/api/v1/projects/{project.id}/knowledge-base"
    sent = {"file": ("prices.csv", b"item,price\nbell,9 euro\nlamp,25 euro\n", "text/csv")}
    taken = await owner.post(f"{base}/upload", files=sent)
    assert taken.status_code == 201, taken.text
    done = await ended(owner, taken.json(), base=base)
    assert (done["name"], done["type"], done["status"]) == ("prices.csv", "csv", "ready")
    found = await owner.post(f"{base}/search", json={"query": "What does a lamp cost?"})
    assert "25 euro" in found.json()[0]["content"]
    assert (await owner.delete(f"{base}/{done['id']}")).status_code == 204
    assert (await owner.get(base)).json() == {"documents": [], "total": 0, "embedding": None}


async def test_a_broken_file_fails_with_a_sentence(project: Owned, database: Database) -> None:
    sent = {"file": ("broken.pdf", b"%PDF-1.7 and then nothing", "application/pdf")}
    taken = (await project.client.post(f"{BASE}/upload", files=sent)).json()
    done = await ended(project.client, taken)
    assert done["status"] == "failed"
    assert done["error"].endswith(".")
    assert done["chunks"] == []
    assert not database.read_now(
        lambda tx: tx.execute(document_piece.select().where(document_piece.c.document_id == taken["id"])).all()
    )


async def test_a_document_takes_the_place_of_another_of_its_name(project: Owned, database: Database) -> None:
    first = await add(project.client)
    await ended(project.client, first)
    second = await add(project.client, "# Returns\n\nYou can send a bicycle back within 60 days.")
    await ended(project.client, second)
    listed = (await project.client.get(BASE)).json()
    assert [each["id"] for each in listed["documents"]] == [second["id"]]
    found = await find(project.client, "How long may I keep the bike before I return it?")
    assert "60 days" in found[0]["content"]
    assert {each["documentId"] for each in found} == {second["id"]}
    left = database.read_now(lambda tx: tx.execute(chunk.select().where(chunk.c.document_id == first["id"])).all())
    assert left == []


async def test_a_document_can_be_deleted_while_it_is_read(project: Owned, database: Database) -> None:
    taken = await add(project.client, "\n\n".join(f"# Part {n}\n\nNumber {n} is about bells." for n in range(2000)))
    assert (await project.client.delete(f"{BASE}/{taken['id']}")).status_code == 204
    await asyncio.sleep(1.0)
    assert (await project.client.get(f"{BASE}/{taken['id']}")).status_code == 404
    left = database.read_now(lambda tx: tx.execute(chunk.select().where(chunk.c.document_id == taken["id"])).all())
    assert left == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("", {"name": "", "content": "x"}, 400),
        ("", {"name": "x"}, 400),
        ("", {"name": "x", "content": "x" * (20 * 1024 * 1024 + 1)}, 413),
        ("/upload", {"name": "x", "url": "ftp://example.com/"}, 400),
        ("/search", {"query": "x", "topK": 0}, 400),
    ],
    ids=["empty name", "no content", "too long", "no address of the web", "no passages"],
)
async def test_what_cannot_be_taken_is_refused(project: Owned, path: str, body: dict[str, Any], status: int) -> None:
    assert (await project.client.post(f"{BASE}{path}", json=body)).status_code == status


async def test_an_address_without_its_scheme_is_asked_for_in_words(project: Owned) -> None:
    refused = await project.client.post(f"{BASE}/upload", json={"name": "Help", "url": "example.com/help"})
    assert refused.json()["error"] == "url: An address that begins with http:// or https:// is needed."


async def test_an_address_inside_is_not_read(project: Owned) -> None:
    taken = await project.client.post(f"{BASE}/upload", json={"name": "Inside", "url": "http://127.0.0.1:1/"})
    done = await ended(project.client, taken.json())
    assert done["status"] == "failed"
    assert done["error"]


async def test_another_project_sees_none_of_it(project: Owned, owner: httpx2.AsyncClient) -> None:
    taken = await add(project.client)
    await ended(project.client, taken)
    other = (await owner.post("/api/v1/projects", json={"name": "Other"})).json()["id"]
    base = f"/api/v1/projects/{other}/knowledge-base"
    assert (await owner.get(f"{base}/{taken['id']}")).status_code == 404
    assert (await owner.delete(f"{base}/{taken['id']}")).status_code == 404
    assert (await owner.post(f"{base}/search", json={"query": "return a bike"})).json() == []
