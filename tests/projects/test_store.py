import httpx2
import pytest

from conduet.accounts.principal import ProjectScope
from conduet.errors import NotFound
from conduet.kit.db import Database
from conduet.projects import store
from conduet.projects.store import Resolved
from tests.conftest import Owned


@pytest.fixture
def scope(project: Owned) -> ProjectScope:
    return ProjectScope(project.id)


@pytest.fixture
def path(project: Owned) -> str:
    return f"/api/v1/projects/{project.id}"


def kept(database: Database, scope: ProjectScope, *numbers: int) -> list[int]:
    """Those of `numbers` whose document can still be read."""
    found: list[int] = []
    for number in numbers:
        try:
            database.read_now(lambda tx, number=number: store.get_document(tx, scope, number))
        except NotFound:
            continue
        found.append(number)
    return found


async def test_development_is_the_newest_revision(
    owner: httpx2.AsyncClient, database: Database, scope: ProjectScope, path: str
):
    assert database.read_now(lambda tx: store.resolve_version(tx, scope, "development")).revision == 1
    await owner.patch(path, json={"description": "d"})
    resolved = database.read_now(lambda tx: store.resolve_version(tx, scope, "development"))
    assert resolved == Resolved("development", 2, kept=False)


async def test_production_is_the_version_that_was_published_last(
    owner: httpx2.AsyncClient, database: Database, scope: ProjectScope, path: str
):
    with pytest.raises(NotFound, match="published"):
        database.read_now(lambda tx: store.resolve_version(tx, scope, "production"))
    await owner.post(f"{path}/publish")
    await owner.patch(path, json={"description": "d"})
    version = (await owner.post(f"{path}/publish")).json()
    await owner.patch(path, json={"description": "e"})
    resolved = database.read_now(lambda tx: store.resolve_version(tx, scope, "production"))
    assert resolved == Resolved(version["id"], 2, kept=True)


async def test_an_unknown_version_and_an_unknown_project_are_not_found(database: Database, scope: ProjectScope):
    for where, version in ((scope, "ver_none"), (scope, ""), (ProjectScope("proj_none"), "development")):
        with pytest.raises(NotFound):
            database.read_now(lambda tx, where=where, version=version: store.resolve_version(tx, where, version))


async def test_saving_forgets_what_nothing_stands_on(
    owner: httpx2.AsyncClient, database: Database, scope: ProjectScope, path: str
):
    for text in "abc":
        await owner.patch(path, json={"description": text})
    assert kept(database, scope, 1, 2, 3, 4) == [4]
    await owner.post(f"{path}/publish")
    for text in "de":
        await owner.patch(path, json={"description": text})
    assert kept(database, scope, 4, 5, 6) == [4, 6]


async def test_what_a_turn_runs_on_outlives_the_next_save(
    owner: httpx2.AsyncClient, database: Database, scope: ProjectScope, path: str
):
    resolved = database.write_now(
        lambda tx: store.keep_revision(tx, scope, store.resolve_version(tx, scope, "development"))
    )
    assert resolved == Resolved("development", 1, kept=True)
    assert database.read_now(lambda tx: store.resolve_version(tx, scope, "development")) == resolved
    for text in "ab":
        await owner.patch(path, json={"description": text})
    assert kept(database, scope, 1, 2, 3) == [1, 3]


async def test_a_turn_that_comes_too_late_for_its_revision_runs_on_the_newest(
    owner: httpx2.AsyncClient, database: Database, scope: ProjectScope, path: str
):
    stale = database.read_now(lambda tx: store.resolve_version(tx, scope, "development"))
    await owner.patch(path, json={"description": "d"})
    assert database.write_now(lambda tx: store.keep_revision(tx, scope, stale)) == Resolved("development", 2, kept=True)
    assert kept(database, scope, 1, 2) == [2]


async def test_a_project_is_found_by_id_and_by_slug_in_its_account_only(
    owner: httpx2.AsyncClient, database: Database, scope: ProjectScope
):
    account = database.read_now(lambda tx: store.find_account(tx, scope))
    assert account is not None
    for name in (scope.project_id, "test"):
        assert database.read_now(lambda tx, name=name: store.find_by_name(tx, account, name)) == scope
    other = type(account)("acc_other")
    assert database.read_now(lambda tx: store.find_by_name(tx, other, scope.project_id)) is None
    assert database.read_now(lambda tx: store.find_account(tx, ProjectScope("proj_none"))) is None
