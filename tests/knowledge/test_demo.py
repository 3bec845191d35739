"""The demo's knowledge base: the built-in model answers from it, and claims nothing else."""

from base64 import b64decode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import orjson
import pytest

from conduet.accounts.principal import ProjectScope
from conduet.app.edge import Edge
from conduet.kit.db import Database
from conduet.knowledge.demo_documents import STORED, add_demo_documents
from conduet.projects import store
from conduet.projects.demo import DEMO_ID, add_demo
from scripts.generate_demo_knowledge import made
from tests.conftest import Owned, new_client, new_key

QUESTIONS = [
    ("Which bus stops in front of your door?", "How to get here", "Bus 7"),
    ("Can I park my car at the shop?", "How to get here", "30 minutes"),
    ("How long does a full service take?", "Repairs: how they work", "two working days"),
    ("What is included in a full service?", "What a full service includes", "set gears and brakes"),
    ("What does a new chain cost?", "Prices of usual repairs", "39"),
    ("How much is a cargo bike per day?", "Renting a bike", "40 euros a day"),
    ("What do I have to bring to rent a bike?", "Renting a bike", "identity card"),
    ("What happens if I bring the rented bike back late?", "Renting a bike", "5 euros an hour"),
    ("Can I return a helmet?", "Returns and refunds", "never worn outdoors"),
    ("How many days do I have to return something I bought?", "Returns and refunds", "within 30 days"),
    ("How long is the warranty on the frame?", "Warranty", "ten years"),
    ("Can I pay by credit card?", "Ways to pay", "credit card"),
    ("Can I pay for a bike in instalments?", "Ways to pay", "twelve monthly instalments"),
    ("How long are gift vouchers valid?", "Ways to pay", "three years"),
    ("Do you take my old bike in part exchange?", "Buying a bike", "20 and 300 euros"),
    ("Do you deliver a new bike to my home?", "Buying a bike", "25 euros"),
    ("Do you sell helmets?", "Buying a bike", "We sell helmets"),
    ("How should I store the battery in winter?", "Looking after an e-bike", "half full"),
    ("May I ride my e-bike in the rain?", "Looking after an e-bike", "in the rain"),
    ("When is the repair course?", "Courses and tours", "first Saturday"),
]
UNKNOWN = ["Do you accept bitcoin?", "Can you fix my washing machine?", "What is the capital of France?"]


@pytest.fixture
async def demo(
    server: Edge, owner: httpx2.AsyncClient, project: Owned, database: Database
) -> AsyncIterator[httpx2.AsyncClient]:
    """The demo as the first start makes it, by its secret key."""
    account = database.read_now(lambda tx: store.find_account(tx, ProjectScope(project.id)))
    assert account is not None
    scope = database.write_now(lambda tx: add_demo(tx, account, now_ms=1_700_000_000_000))
    try:
        database.write_now(lambda tx: add_demo_documents(tx, scope, now_ms=1_700_000_000_000))
        async with new_client(server, key=await new_key(owner, DEMO_ID)) as client:
            yield client
    finally:
        database.write_now(lambda tx: store.remove_project(tx, scope))


async def ask(client: httpx2.AsyncClient, question: str, *, user: str) -> list[dict[str, Any]]:
    """The traces that a question brings, of somebody who has just come."""
    path = f"/api/v1/conversations/{user}/interact"
    await client.post(path, json={"action": {"type": "launch", "payload": None}})
    answer = await client.post(path, json={"action": {"type": "text", "payload": question}})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_demo_answers_from_the_right_document(demo: httpx2.AsyncClient) -> None:
    wrong: list[Any] = []
    for number, (question, document, words) in enumerate(QUESTIONS):
        traces = await ask(demo, question, user=f"user_{number}")
        cited = [trace["payload"]["sources"] for trace in traces if trace["type"] == "knowledge"]
        said = " ".join(trace["payload"]["message"] for trace in traces if trace["type"] == "text")
        best = [source["name"] for source in cited[0][:2]] if cited else []
        if document not in best or words not in said or words not in excerpts(cited):
            wrong.append((question, best, said, excerpts(cited)))
    assert wrong == []


def excerpts(cited: list[list[dict[str, Any]]]) -> str:
    """What the sources of an answer are quoted with."""
    return " ".join(source["excerpt"] for sources in cited for source in sources)


@pytest.mark.parametrize("question", UNKNOWN)
async def test_the_demo_claims_nothing_that_is_in_no_document(demo: httpx2.AsyncClient, question: str) -> None:
    traces = await ask(demo, question, user="user_1")
    said = next(trace["payload"]["message"] for trace in traces if trace["type"] == "text")
    assert said.startswith(("That I do not know.", "I have nothing on that", "I cannot answer that"))


async def test_its_documents_are_there_with_their_text(demo: httpx2.AsyncClient) -> None:
    listed = (await demo.get("/api/v1/knowledge-base")).json()["documents"]
    assert len(listed) == 12
    assert {each["status"] for each in listed} == {"ready"}
    assert all(each["chunkCount"] for each in listed)


async def test_what_is_stored_follows_from_the_texts() -> None:
    stored, anew = orjson.loads(STORED.read_bytes()), orjson.loads(orjson.dumps(await made()))
    vectors = [_vectors(each) for each in (stored, anew)]
    # Other processors round otherwise.
    assert np.allclose(*vectors, atol=0.02), "run: python -m scripts.generate_demo_knowledge"
    for document in (*stored["documents"], *anew["documents"]):
        for each in document["chunks"]:
            del each["whole"], each["sentences"]
    assert stored == anew, "run: python -m scripts.generate_demo_knowledge"


def _vectors(documents: dict[str, Any]) -> Any:
    packed = [
        b64decode(each[field])
        for document in documents["documents"]
        for each in document["chunks"]
        for field in ("whole", "sentences")
    ]
    return np.concatenate([np.frombuffer(each, "<f2") for each in packed]).astype(np.float32)


def test_every_text_has_a_title() -> None:
    texts = [path.read_text("utf-8") for path in Path(str(STORED)).parent.glob("*.md")]
    assert len(texts) == 12
    assert all(text.startswith("# ") for text in texts)
