"""`conduet secrets rotate`: everything stored is encrypted anew, and nothing is lost on the way."""

import json
import sqlite3
from base64 import b64encode
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from conduet.accounts.principal import ProjectScope
from conduet.kit.crypto import KeyRing
from conduet.kit.db import open_database
from conduet.projects.secrets import read_secrets
from tests.cli.served import Served, conduet, served

pytestmark = pytest.mark.slow

OLD, NEW = (b64encode(bytes([number]) * 32).decode() for number in (1, 2))
DEMO = ProjectScope("proj_demo")


def test_a_new_key_in_the_folder_encrypts_everything_while_a_server_runs(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with served(data) as running:
        _set_secret(running, "first")
        before = _stored(data)
        assert json.loads(_rotate(data))["encrypted"] == 3
        assert not before & _stored(data)
        # The server goes on with the key that it began with, and reads what the new one has encrypted.
        assert _user_hash_is_checked(running)
        assert ' key="cdt_' in httpx2.get(f"{running.url}/chat/rotated", timeout=60).text
        _set_secret(running, "second")
    assert _secrets(data) == {"CRM": "second"}
    assert json.loads(_rotate(data))["encrypted"] == 3
    assert _secrets(data) == {"CRM": "second"}


def test_a_key_of_the_environment_takes_over_and_the_former_one_may_go(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with served(data, CONDUET_SECRET_KEY=OLD) as running:
        _set_secret(running, "first")
    assert json.loads(_rotate(data, CONDUET_SECRET_KEY=f"{NEW},{OLD}"))["encrypted"] == 3
    assert json.loads(_rotate(data, CONDUET_SECRET_KEY=NEW))["encrypted"] == 0
    assert _secrets(data, key=NEW) == {"CRM": "first"}


def test_a_key_that_is_missing_is_told_and_nothing_is_changed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with served(data, CONDUET_SECRET_KEY=OLD) as running:
        _set_secret(running, "first")
    before = _stored(data)
    refused = conduet("secrets", "rotate", "--data", str(data), CONDUET_SECRET_KEY=NEW)
    assert refused.returncode != 0
    assert "CONDUET_SECRET_KEY" in refused.stderr
    assert _stored(data) == before


def _rotate(data: Path, **variables: str) -> str:
    done = conduet("secrets", "rotate", "--json", "--data", str(data), **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _set_secret(running: Served, value: str) -> None:
    """A secret; the identity secret and a chat page where there is none yet."""
    token = conduet("token", "create", "--name", "t", "--data", str(running.data)).stdout.strip()
    with httpx2.Client(base_url=running.url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        saved = client.patch("/api/v1/projects/proj_demo", json={"secrets": [{"name": "CRM", "value": value}]})
        assert saved.status_code == 200, saved.text
        if not saved.json()["hasIdentitySecret"]:
            assert client.post("/api/v1/projects/proj_demo/identity-secret").status_code == 201
            page = {"channel": "web", "versionId": "development", "config": {"slug": "rotated"}}
            assert client.post("/api/v1/projects/proj_demo/deployments", json=page).status_code == 201


def _user_hash_is_checked(running: Served) -> bool:
    key = conduet("key", "create", "proj_demo", "--type", "widget", "--data", str(running.data)).stdout.strip()
    headers = {"Authorization": f"Bearer {key}", "X-User-Hash": "0" * 64}
    return httpx2.get(
        f"{running.url}/api/v1/conversations/somebody/state", headers=headers, timeout=60
    ).status_code in (200, 401)


def _stored(data: Path) -> set[bytes]:
    with closing(sqlite3.connect(data / "conduet.sqlite")) as database:
        rows = database.execute("select value from secret union all select secret from identity")
        return {row[0] for row in rows}


def _secrets(data: Path, *, key: str | None = None) -> dict[str, str]:
    database = open_database(f"sqlite:///{data / 'conduet.sqlite'}", run_dir=data / "run")
    try:
        ring = KeyRing.open(key, data if key is None else data / "nowhere")
        return dict(database.read_now(lambda tx: read_secrets(tx, DEMO, ring=ring, environment="production")))
    finally:
        database.close_now()
