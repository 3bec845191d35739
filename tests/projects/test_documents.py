import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest

from conduet.accounts.principal import ProjectScope
from conduet.engine.plugins import Plugins
from conduet.errors import NotFound, Unavailable
from conduet.kit.db import Database, Tx, open_database
from conduet.projects import store
from conduet.projects.documents import Documents
from conduet.settings import Settings
from tests.conftest import Owned

PLUGINS = Plugins.installed()


@pytest.fixture
async def opened(settings: Settings, project: Owned) -> AsyncIterator[Database]:
    database = open_database(settings.database, run_dir=settings.run_dir)
    await database.start()
    yield database
    await database.close()


@pytest.fixture
def scope(project: Owned) -> ProjectScope:
    return ProjectScope(project.id)


async def test_a_document_is_compiled_once(opened: Database, scope: ProjectScope):
    documents = Documents(opened, PLUGINS)
    first, second = await asyncio.gather(documents.get(scope, 1), documents.get(scope, 1))
    assert first is second
    assert await documents.get(scope, 1) is first
    assert [*first.workflows] == ["main"]


async def test_each_revision_has_a_document_of_its_own(
    opened: Database, scope: ProjectScope, owner: httpx2.AsyncClient
):
    documents = Documents(opened, PLUGINS)
    first = await documents.get(scope, 1)
    await owner.patch(f"/api/v1/projects/{scope.project_id}", json={"prompts": {"tone": "kind"}})
    assert (await documents.get(scope, 2)).prompts == {"tone": "kind"}
    # What nothing stands on is gone from the database; who holds it may go on with it.
    assert await documents.get(scope, 1) is first


async def test_what_was_not_used_for_longest_makes_room(opened: Database, owner: httpx2.AsyncClient):
    scopes: list[ProjectScope] = []
    for name in "abc":
        made = (await owner.post("/api/v1/projects", json={"name": name})).json()
        scopes.append(ProjectScope(made["id"]))
    a, b, c = scopes
    size = await opened.read(lambda tx: _size(tx, a))
    documents = Documents(opened, PLUGINS, capacity_bytes=2 * size)
    of_a, of_b = await documents.get(a, 1), await documents.get(b, 1)
    assert await documents.get(a, 1) is of_a
    await documents.get(c, 1)
    assert await documents.get(a, 1) is of_a
    assert await documents.get(b, 1) is not of_b


async def test_a_document_larger_than_the_cache_is_compiled_all_the_same(opened: Database, scope: ProjectScope):
    documents = Documents(opened, PLUGINS, capacity_bytes=1)
    assert (await documents.get(scope, 1)).primary is not None


async def test_a_revision_that_is_gone_is_not_found(opened: Database, scope: ProjectScope):
    documents = Documents(opened, PLUGINS)
    for _ in range(2):
        with pytest.raises(NotFound):
            await documents.get(scope, 9)


async def test_a_document_that_this_server_cannot_run_is_a_503_that_says_why(opened: Database, scope: ProjectScope):
    with pytest.raises(Unavailable, match="start"):
        await Documents(opened, Plugins({})).get(scope, 1)


async def test_whoever_waits_for_a_document_outlives_the_one_who_asked_first(opened: Database, scope: ProjectScope):
    documents = Documents(opened, PLUGINS)
    first = asyncio.create_task(documents.get(scope, 1))
    second = asyncio.create_task(documents.get(scope, 1))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).primary is not None
    with pytest.raises(asyncio.CancelledError):
        await first


def _size(tx: Tx, scope: ProjectScope) -> int:
    return len(store.get_document(tx, scope, 1).text)
