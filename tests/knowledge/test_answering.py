"""A document that somebody sends in is quoted by the built-in model within a minute, with where it stands; no key."""

import time
from typing import Any

import httpx2

from tests.conftest import Owned
from tests.knowledge.test_knowledge_base import BASE, ended

LIMIT_SECONDS = 60.0
HANDBOOK = """# Handbook of the rowing club

## Boats

A boat is booked at the boathouse, at most three days ahead. Oars hang in the rack behind the door.

## Fees

Members pay 40 euros a month. Students and apprentices pay 15 euros a month.
"""


async def ask(client: httpx2.AsyncClient, text: str) -> tuple[str, list[dict[str, Any]]]:
    """What the agent says, and the sources that it names."""
    said = await client.post("/api/v1/conversations/ann/interact", json={"action": {"type": "text", "payload": text}})
    assert said.status_code == 200, said.text
    words = [trace["payload"]["message"] for trace in said.json() if trace["type"] == "text"]
    sources = [
        source for trace in said.json() if trace["type"] == "knowledge" for source in trace["payload"]["sources"]
    ]
    return " ".join(words), sources


async def test_a_file_is_quoted_with_its_source_within_a_minute(project: Owned, owner: httpx2.AsyncClient) -> None:
    changed = await owner.patch(f"/api/v1/projects/{project.id}", json={"framework": "agentic"})
    assert changed.status_code == 200, changed.text
    begun = time.monotonic()
    sent = {"file": ("handbook.md", HANDBOOK.encode(), "text/markdown")}
    taken = (await project.client.post(f"{BASE}/upload", files=sent)).json()
    await ended(project.client, taken)
    said, sources = await ask(project.client, "How much do students pay?")
    assert time.monotonic() - begun < LIMIT_SECONDS
    assert "Students and apprentices pay 15 euros a month." in said
    assert (sources[0]["documentId"], sources[0]["name"]) == (taken["id"], "handbook.md")
    assert "15 euros" in sources[0]["excerpt"]
    said, sources = await ask(project.client, "Do you rent out helicopters?")
    assert "euros" not in said


async def test_a_project_in_german_is_searched_in_german(project: Owned, owner: httpx2.AsyncClient) -> None:
    await owner.patch(f"/api/v1/projects/{project.id}", json={"language": "de"})
    for name, content in (("Versand", "Die Lieferungen dauern drei Tage."), ("Lampen", "Alle Lampen haben Garantie.")):
        made = await project.client.post(BASE, json={"name": name, "content": content})
        await ended(project.client, made.json())
    found = (await project.client.post(f"{BASE}/search", json={"query": "Wie lange dauert meine Lieferung?"})).json()
    assert found[0]["documentName"] == "Versand"
    told = [found[0]["excerpt"][begin:end] for begin, end in found[0]["highlights"]]
    assert told == ["Lieferungen"]
