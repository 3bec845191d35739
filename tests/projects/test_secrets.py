from typing import Any

import httpx2
import pytest

from conduet.accounts.principal import ProjectScope
from conduet.kit.crypto import KeyRing
from conduet.kit.db import Database
from conduet.projects import secret_store
from conduet.projects.secrets import Environment, read_secrets
from conduet.settings import Settings
from tests.conftest import Owned

JSON_PATCH = {"Content-Type": "application/json-patch+json"}


class Vault:
    """A project's secrets: saved over HTTP, read as the runtime reads them."""

    def __init__(self, owner: httpx2.AsyncClient, project: Owned, database: Database, ring: KeyRing) -> None:
        self.owner = owner
        self.database = database
        self.ring = ring
        self.scope = ProjectScope(project.id)
        self.path = f"/api/v1/projects/{project.id}"

    async def save(self, *entries: dict[str, Any]) -> httpx2.Response:
        return await self.owner.patch(self.path, json={"secrets": list(entries)})

    async def names(self) -> list[dict[str, Any]]:
        return (await self.owner.get(self.path)).json()["secrets"]

    def values(self, environment: Environment = "development") -> dict[str, str]:
        return dict(
            self.database.read_now(lambda tx: read_secrets(tx, self.scope, ring=self.ring, environment=environment))
        )


@pytest.fixture
def vault(owner: httpx2.AsyncClient, project: Owned, database: Database, settings: Settings) -> Vault:
    return Vault(owner, project, database, KeyRing.open(settings.secret_key, settings.data))


async def test_a_secret_is_set_by_a_patch_and_never_shown(vault: Vault):
    answer = await vault.save({"name": "TOKEN", "value": "hunter2-hunter2"})
    assert answer.status_code == 200
    assert answer.json()["secrets"] == [{"name": "TOKEN"}]
    assert answer.json()["revision"] == 2
    assert "hunter2" not in answer.text
    assert "hunter2" not in (await vault.owner.get(vault.path)).text
    assert vault.values() == {"TOKEN": "hunter2-hunter2"}


async def test_a_secret_is_encrypted_where_it_is_stored(vault: Vault):
    await vault.save({"name": "TOKEN", "value": "hunter2-hunter2"})
    stored = vault.database.read_now(lambda tx: secret_store.list_values(tx, vault.scope, environment="development"))
    assert b"hunter2" not in stored["TOKEN"][1]


async def test_secrets_merge_by_name(vault: Vault):
    await vault.save({"name": "A", "value": "1"}, {"name": "B", "value": "2"})
    await vault.save({"name": "B", "value": "3"}, {"name": "C", "value": "4"})
    assert await vault.names() == [{"name": "A"}, {"name": "B"}, {"name": "C"}]
    assert vault.values() == {"A": "1", "B": "3", "C": "4"}


async def test_null_removes_and_no_value_changes_nothing(vault: Vault):
    await vault.save({"name": "A", "value": "1"}, {"name": "B", "value": "2"})
    answer = await vault.save({"name": "A"}, {"name": "B"}, {"name": "C"})
    assert answer.json()["revision"] == 2
    assert await vault.names() == [{"name": "A"}, {"name": "B"}]
    await vault.save({"name": "A", "value": None}, {"name": "C", "value": None})
    assert await vault.names() == [{"name": "B"}]
    assert vault.values() == {"B": "2"}


async def test_the_same_value_again_is_a_new_revision(vault: Vault):
    # Whether a value is the one that is set already cannot be found out.
    await vault.save({"name": "A", "value": "1"})
    assert (await vault.save({"name": "A", "value": "1"})).json()["revision"] == 3


async def test_an_environment_may_have_a_value_of_its_own(vault: Vault):
    await vault.save(
        {"name": "A", "value": "for all"},
        {"name": "A", "value": "live", "environment": "production"},
        {"name": "B", "value": "try", "environment": "development"},
    )
    assert await vault.names() == [{"name": "A"}, {"name": "B"}]
    assert vault.values("development") == {"A": "for all", "B": "try"}
    assert vault.values("production") == {"A": "live"}

    await vault.save({"name": "A", "value": None, "environment": "production"})
    assert vault.values("production") == {"A": "for all"}
    assert await vault.names() == [{"name": "A"}, {"name": "B"}]
    await vault.save({"name": "B", "value": None})
    assert vault.values("development") == {"A": "for all"}
    assert await vault.names() == [{"name": "A"}]


async def test_unknown_fields_of_a_secret_are_kept(vault: Vault):
    await vault.save({"name": "A", "value": "1", "hint": "from the CRM"})
    await vault.save({"name": "A", "value": "2"})
    assert await vault.names() == [{"name": "A", "hint": "from the CRM"}]


async def test_persist_merges_secrets_by_name_too(vault: Vault):
    await vault.save({"name": "A", "value": "1"}, {"name": "B", "value": "2"})
    document = (await vault.owner.get(vault.path)).json()
    document["secrets"] = [{"name": "B", "value": "3"}]
    await vault.owner.post(f"{vault.path}/persist", json=document)
    assert vault.values() == {"A": "1", "B": "3"}
    document.pop("secrets")
    await vault.owner.post(f"{vault.path}/persist", json={**document, "description": "d"})
    assert vault.values() == {"A": "1", "B": "3"}


async def test_a_json_patch_edits_the_list_of_secrets_itself(vault: Vault):
    await vault.save({"name": "A", "value": "1"}, {"name": "B", "value": "2"})
    answer = await vault.owner.patch(
        vault.path,
        json=[
            {"op": "remove", "path": "/secrets/0"},
            {"op": "add", "path": "/secrets/-", "value": {"name": "C", "value": "3"}},
        ],
        headers=JSON_PATCH,
    )
    assert answer.json()["secrets"] == [{"name": "B"}, {"name": "C"}]
    assert vault.values() == {"B": "2", "C": "3"}


@pytest.mark.parametrize("body", [None, []])
async def test_null_resets_all_secrets_and_an_empty_list_none(vault: Vault, body: object):
    await vault.save({"name": "A", "value": "1"})
    await vault.owner.patch(vault.path, json={"secrets": body})
    assert vault.values() == ({} if body is None else {"A": "1"})


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        ({"value": "1"}, "secrets[0].name"),
        ({"name": "no spaces", "value": "1"}, "secrets[0].name"),
        ({"name": "A", "value": 5}, "secrets[0].value"),
        ({"name": "A", "value": "1", "environment": "staging"}, "secrets[0].environment"),
        ("A", "secrets[0]"),
    ],
)
async def test_a_secret_of_a_wrong_shape_is_a_400_by_path(vault: Vault, entry: Any, path: str):
    answer = await vault.save(entry)
    assert answer.status_code == 400
    assert [detail["path"] for detail in answer.json()["details"]] == [path]


async def test_all_mistakes_among_secrets_are_told_at_once(vault: Vault):
    answer = await vault.save({"name": "A", "value": 5}, {"name": "B", "value": "1"}, {"value": "1"})
    assert [detail["path"] for detail in answer.json()["details"]] == ["secrets[0].value", "secrets[2].name"]


@pytest.mark.parametrize("secrets", [{"A": "1"}, {}, False, 0, ""])
async def test_secrets_are_a_list(vault: Vault, secrets: object):
    for answer in (
        await vault.owner.patch(vault.path, json={"secrets": secrets}),
        await vault.owner.post(f"{vault.path}/persist", json={"name": "x", "secrets": secrets}),
        await vault.owner.patch(
            vault.path, json=[{"op": "replace", "path": "/secrets", "value": secrets}], headers=JSON_PATCH
        ),
    ):
        assert answer.status_code == 400
        assert [detail["path"] for detail in answer.json()["details"]] == ["secrets"]


async def test_a_save_that_is_refused_sets_no_secret(vault: Vault):
    answer = await vault.owner.patch(vault.path, json={"secrets": [{"name": "A", "value": "1"}], "workflows": 5})
    assert answer.status_code == 400
    answer = await vault.owner.patch(
        vault.path, json={"secrets": [{"name": "A", "value": "1"}]}, headers={"If-Match": '"7"'}
    )
    assert answer.status_code == 412
    assert vault.values() == {}
