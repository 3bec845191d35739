"""Another embedding model is chosen: knowledge bases are embedded anew by a provider, while the old vectors serve."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.app.create import create_app
from conduet.errors import Unavailable
from conduet.jobs.store import NewJob, add_job
from conduet.kit.db import Database, Tx, open_database
from conduet.knowledge import embedding, search
from conduet.knowledge.tables import chunk_vector
from conduet.settings import Settings
from tests.conftest import DIALECTS, migrated_database, new_client, new_key, new_token, started
from tests.knowledge.embedding_server import EmbeddingServer, embedding_server
from tests.knowledge.test_knowledge_base import BASE, add, ended, find

MODEL = "openai:test-embedding"
KEY = "sk-do-not-tell-anybody-this"
REFUNDS = "Send it back within 30 days. The money is returned to you."
SHIPPING = "We ship within two working days. Parcels take three more."


@pytest.fixture(params=DIALECTS)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Those of a server over a database of its own."""
    with migrated_database(request.param, tmp_path) as url:
        yield Settings(data=tmp_path, database_url=url, demo=False)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    database = open_database(settings.database, run_dir=settings.run_dir)
    yield database
    database.close_now()


@pytest.fixture
async def provider() -> AsyncIterator[EmbeddingServer]:
    async with embedding_server() as server:
        yield server


@pytest.fixture
def key(database: Database) -> str:
    """A developer token."""
    return new_token(database)


@asynccontextmanager
async def serving(
    settings: Settings, provider: EmbeddingServer, key: str, *, model: str | None
) -> AsyncGenerator[httpx2.AsyncClient]:
    """The server with that embedding model; who owns its only project, by the project's secret key."""
    environment = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": provider.url}
    app = create_app(settings.model_copy(update={"embedding_model": model}), environment=environment)
    async with started(app), new_client(app, key=key) as owner:
        projects = (await owner.get("/api/v1/projects")).json()
        if not projects:
            projects = [(await owner.post("/api/v1/projects", json={"name": "Test"})).json()]
        async with new_client(app, key=await new_key(owner, projects[0]["id"])) as client:
            yield client


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Waits until it holds."""
    async with asyncio.timeout(30):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.02)


async def shown(client: httpx2.AsyncClient) -> dict[str, Any] | None:
    """Which vectors are being made, and how far they are."""
    return (await client.get(BASE)).json()["embedding"]


async def until_embedded(client: httpx2.AsyncClient) -> None:
    """Waits until no vectors are being made."""

    async def none() -> bool:
        return await shown(client) is None

    await until(none)


def models(database: Database) -> dict[str, int]:
    """How many vectors there are, by the name of their model."""
    found = database.read_now(lambda tx: tx.execute(sa.select(chunk_vector.c.model)).scalars().all())
    return Counter(key.split()[0] for key in found)


async def first(client: httpx2.AsyncClient, query: str) -> str | None:
    """The name of the document that is found first."""
    found = await find(client, query)
    return found[0]["documentName"] if found else None


async def test_a_provider_s_vectors_find_what_no_word_does(
    settings: Settings, provider: EmbeddingServer, key: str
) -> None:
    async with serving(settings, provider, key, model=MODEL) as client:
        for name, content in (("Refunds", REFUNDS), ("Shipping", SHIPPING)):
            assert (await ended(client, await add(client, content, name=name)))["status"] == "ready"
        assert await first(client, "reimbursed") == "Refunds"
        assert await first(client, "parcel") == "Shipping"
    assert provider.keys == {f"Bearer {KEY}"}
    assert {body["model"] for body in provider.asked} == {"test-embedding"}
    assert max(len(body["input"]) for body in provider.asked) <= 64


async def test_a_document_tells_how_far_it_is_while_it_gets_its_vectors(
    settings: Settings, provider: EmbeddingServer, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "AT_ONCE", 1)
    async with serving(settings, provider, key, model=MODEL) as client:
        await ended(client, await add(client, REFUNDS, name="Refunds"))
        taken = await add(client, "\n\n".join(f"# Room {n}\n\nThe lamp of room {n}." for n in range(4)), name="Lamps")
        seen: list[int] = []

        async def is_ready() -> bool:
            found = (await client.get(f"{BASE}/{taken['id']}")).json()
            seen.append(found["progress"])
            return found["status"] == "ready"

        provider.pause_seconds = 0.1
        await until(is_ready)
    assert seen == sorted(seen)
    assert {62, 75, 87} & set(seen)
    assert seen[-1] == 100


async def test_the_old_vectors_serve_until_all_of_the_new_are_there(
    settings: Settings, database: Database, provider: EmbeddingServer, key: str
) -> None:
    async with serving(settings, provider, key, model=None) as client:
        await ended(client, await add(client, REFUNDS, name="Refunds"))
        await ended(client, await add(client, SHIPPING, name="Shipping"))
        before = await find(client, "When do I see my cash again?")
        assert before[0]["documentName"] == "Refunds"
    assert provider.asked == []
    provider.gate.clear()
    async with serving(settings, provider, key, model=MODEL) as client:

        async def begun() -> bool:
            return await shown(client) == {"model": MODEL, "progress": 0}

        await until(begun)
        assert {each["status"] for each in (await client.get(BASE)).json()["documents"]} == {"ready"}
        assert await find(client, "When do I see my cash again?") == before
        provider.gate.set()
        await until_embedded(client)
        assert await first(client, "reimbursed") == "Refunds"
        assert provider.texts[-1] == "reimbursed"
    assert models(database) == {MODEL: 2}


@pytest.mark.slow
async def test_it_goes_on_after_a_stop_and_embeds_nothing_twice(
    settings: Settings, database: Database, provider: EmbeddingServer, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "AT_ONCE", 1)
    async with serving(settings, provider, key, model=None) as client:
        for number in range(6):
            await ended(client, await add(client, f"The lamp {number} is for room {number}.", name=f"Room {number}"))
    async with serving(settings, provider, key, model=MODEL) as client:

        async def begun() -> bool:
            return MODEL in models(database)

        await until(begun)
        provider.gate.clear()
    made = models(database)[MODEL]
    assert 1 <= made <= 6
    provider.gate.set()
    asked = [text for text in provider.texts if text.startswith("Room")]
    async with serving(settings, provider, key, model=MODEL) as client:
        await until_embedded(client)
    again = [text for text in provider.texts if text.startswith("Room")][len(asked) :]
    assert len({text.partition("\n")[0].partition(":")[0] for text in again}) == 6 - made
    assert models(database) == {MODEL: 6}


async def test_a_provider_that_is_down_keeps_no_document_from_being_found(
    settings: Settings, database: Database, provider: EmbeddingServer, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "PAUSE_SECONDS", 0.2)
    monkeypatch.setattr(search, "SILENT_SECONDS", 0.0)
    provider.status = 503
    async with serving(settings, provider, key, model=MODEL) as client:
        done = await ended(client, await add(client, REFUNDS, name="Refunds"))
        assert (done["status"], done["error"]) == ("ready", None)
        assert await first(client, "money") == "Refunds"
        assert await first(client, "reimbursed") is None
        assert (await client.get(BASE)).json()["embedding"] == {"model": MODEL, "progress": 0}
        provider.status = 200
        await until_embedded(client)
        assert await first(client, "reimbursed") == "Refunds"
    assert models(database) == {MODEL: 1}


async def test_who_searches_does_not_wait_each_time_for_a_provider_that_is_silent(
    settings: Settings, provider: EmbeddingServer, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(settings, provider, key, model=MODEL) as client:
        await ended(client, await add(client, REFUNDS, name="Refunds"))
        provider.status = 503
        asked = len(provider.asked)
        assert [await first(client, "money") for _ in range(3)] == ["Refunds"] * 3
        assert len(provider.asked) == asked + 1
        provider.status = 200
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: time.monotonic() + search.SILENT_SECONDS)
        assert await first(client, "reimbursed") == "Refunds"


@pytest.mark.slow
async def test_going_back_to_the_built_in_model_leaves_nothing_of_the_other(
    settings: Settings, database: Database, provider: EmbeddingServer, key: str
) -> None:
    async with serving(settings, provider, key, model=MODEL) as client:
        await ended(client, await add(client, REFUNDS, name="Refunds"))
    assert models(database) == {MODEL: 1}
    async with serving(settings, provider, key, model=None) as client:

        async def gone() -> bool:
            return MODEL not in models(database)

        await until(gone)
        assert await first(client, "When do I see my cash again?") == "Refunds"
    assert list(models(database)) == ["local:all-minilm-l6-v2"]


async def test_a_process_leaves_alone_what_another_setting_is_to_embed(
    settings: Settings, database: Database, provider: EmbeddingServer, key: str
) -> None:
    async with serving(settings, provider, key, model=None) as client:
        await ended(client, await add(client, REFUNDS, name="Refunds"))
        project = (await client.get("/api/v1/project")).json()["id"]
        job = NewJob(embedding.EMBED, project, payload={"model": MODEL, "key": "unknown"})
        database.write_now(lambda tx: add_job(tx, ProjectScope(project), job))
        await asyncio.sleep(0.6)
        assert await shown(client) == {"model": MODEL, "progress": 0}
    async with serving(settings, provider, key, model=None) as client:
        await until_embedded(client)
    assert list(models(database)) == ["local:all-minilm-l6-v2"]


async def test_what_is_to_be_embedded_is_found_once_the_database_is_there(
    settings: Settings, database: Database, provider: EmbeddingServer, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, looks = embedding.list_projects_without, 0

    def away_at_first(tx: Tx, model: str) -> list[str]:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise Unavailable("The database does not answer just now.")
        return look(tx, model)

    async with serving(settings, provider, key, model=MODEL) as client:
        await ended(client, await add(client, REFUNDS, name="Refunds"))
    monkeypatch.setattr(embedding, "PAUSE_SECONDS", 0.2)
    monkeypatch.setattr(embedding, "list_projects_without", away_at_first)
    other = "openai:test-embedding-2"
    async with serving(settings, provider, key, model=other):

        async def embedded() -> bool:
            return list(models(database)) == [other]

        await until(embedded)


async def test_vectors_of_another_length_are_not_compared(
    settings: Settings, provider: EmbeddingServer, key: str
) -> None:
    async with serving(settings, provider, key, model=MODEL) as client:
        await ended(client, await add(client, REFUNDS, name="Refunds"))
        provider.tails = 2
        assert await first(client, "money") == "Refunds"
        assert await first(client, "reimbursed") is None


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("cohere:embed-v4", "no provider 'cohere' with embedding models is configured; those that do: openai"),
        ("anthropic:claude", "no provider 'anthropic'"),
        ("embed-v4", "write provider:model"),
    ],
)
def test_a_model_that_is_not_there_is_told_at_the_start(tmp_path: Path, model: str, said: str) -> None:
    settings = Settings(data=tmp_path, embedding_model=model)
    environment: dict[str, Any] = {"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY}
    with pytest.raises(ValueError, match=f"^CONDUET_EMBEDDING_MODEL: .*{said}"):
        create_app(settings, environment=environment)
