"""When a key was used last: gathered, and never in anybody's way."""

import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from conduet.accounts import last_use
from conduet.accounts.key_store import list_keys
from conduet.accounts.last_use import LastUse
from conduet.kit.db import open_database
from tests.accounts.conftest import Door
from tests.accounts.owners import a_key, a_project, an_owner


async def test_uses_are_written_by_themselves(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_use, "GATHER_SECONDS", 0.01)
    owner = await an_owner(door.database)
    project = await a_project(door.database, owner)
    key, _ = await a_key(door.database, project, owner)
    uses = LastUse(door.database)
    for _ in range(2):
        uses.note("key", key.id, last_used_at=None)
    used_at = None
    for _ in range(500):
        if (used_at := (await door.database.read(lambda tx: list_keys(tx, project)))[0].last_used_at) is not None:
            break
        await asyncio.sleep(0.01)
    assert used_at is not None
    await uses.close()


async def test_a_database_that_fails_is_logged_and_the_next_use_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last_use, "GATHER_SECONDS", 0.01)
    empty = open_database(f"sqlite:///{tmp_path / 'empty.sqlite'}", run_dir=tmp_path / "run")
    await empty.start()
    uses = LastUse(empty)
    with capture_logs() as logs:
        for number in (1, 2):
            uses.note("key", "key_1", last_used_at=None)
            for _ in range(500):
                if len(logs) == number:
                    break
                await asyncio.sleep(0.01)
    assert [line["event"] for line in logs] == ["last_use_not_written"] * 2
    await uses.close()
    await empty.close()
    empty.close_now()
