"""A server that is killed while it reads documents: each ends ready or failed, and none has a chunk twice."""

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from benchmarks.served import POSTGRES, Place, postgres_url
from tests.cli.forked import Forked

# By hand more: CONDUET_TEST_INGESTION_KILLS=40 in the environment, and pytest's -s to see what came of them.
KILLS = int(os.environ.get("CONDUET_TEST_INGESTION_KILLS", "2"))
DOCUMENTS = 3
PATIENCE_SECONDS = 60.0
"""Without any document getting on."""

PARTS = 15
TEXT = "\n\n".join(f"# Part {n}\n\n" + f"Number {n} is about bells and lamps of bicycles. " * 8 for n in range(PARTS))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "sqlite":
        yield Place(tmp_path / "data", popen=Forked)
        return
    if POSTGRES not in os.environ:
        pytest.skip("scripts/with-postgres.sh starts the PostgreSQL that this needs")
    with postgres_url() as url:
        yield Place(tmp_path / "data", url, popen=Forked)


@contextmanager
def _client(place: Place, token: str) -> Generator[httpx2.Client]:
    with httpx2.Client(
        base_url=f"http://127.0.0.1:{place.port}", headers={"Authorization": f"Bearer {token}"}, timeout=60
    ) as client:
        yield client


def test_no_kill_loses_halves_or_doubles_a_document(place: Place) -> None:
    place.data.mkdir(parents=True, exist_ok=True)
    server = place.serve("--no-demo")
    server.wait_ready()
    token = place.command("token", "create", "--name", "test")
    taken: list[str] = []
    with _client(place, token) as client:
        project = client.post("/api/v1/projects", json={"name": "Test"}).json()["id"]
        base = f"/api/v1/projects/{project}/knowledge-base"
        for kill in range(KILLS):
            for number in range(DOCUMENTS):
                body = {"name": f"{kill}-{number}", "type": "text", "content": TEXT}
                made = client.post(base, json=body)
                assert made.status_code == 201, made.text
                taken.append(made.json()["id"])
            time.sleep(random.uniform(0.0, 2.0))  # any moment will do
            server.kill()
            server = place.serve("--no-demo")
            server.wait_ready()
        try:
            _check(client, base, taken)
        finally:
            server.stop()


def _check(client: httpx2.Client, base: str, taken: list[str]) -> None:
    until, before = 0.0, None
    while waiting := client.get(base, params={"status": "processing"}).json()["documents"]:
        if waiting != before:
            until, before = time.monotonic() + PATIENCE_SECONDS, waiting
        assert time.monotonic() < until, f"stuck: {[(each['name'], each['progress']) for each in waiting]}"
        time.sleep(0.5)
    listed = client.get(base).json()["documents"]
    assert sorted(each["id"] for each in listed) == sorted(taken)
    # A job whose process ended six times is given up, lest it be what ends it.
    assert {each["status"] for each in listed} <= {"ready", "failed" if KILLS >= 6 else "ready"}
    ready = [each for each in listed if each["status"] == "ready"]
    sys.stdout.write(
        f"{KILLS} kills, {len(taken)} documents taken: {len(ready)} ready, {len(listed) - len(ready)} failed\n"
    )
    assert len(ready) > len(listed) // 2
    assert len({each["chunkCount"] for each in ready}) == 1
    assert {each["chunkCount"] for each in listed if each not in ready} <= {0}
    for document_id in (each["id"] for each in ready):
        chunks = client.get(f"{base}/{document_id}").json()["chunks"]
        assert max(Counter(chunk["content"] for chunk in chunks).values()) == 1
        assert len(chunks) == ready[0]["chunkCount"]
