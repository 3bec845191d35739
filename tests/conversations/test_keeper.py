"""Who is told that a turn has lost its conversation."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from conduet.accounts.principal import ProjectScope
from conduet.app.edge import Edge
from conduet.conversations.keeper import Keeper
from conduet.conversations.live import Live
from conduet.conversations.scope import Asker, ConversationScope
from conduet.conversations.turn import Ask, Turn
from conduet.engine.action import LaunchAction
from conduet.kit.db import Database, open_database
from conduet.settings import Settings


@pytest.fixture
async def opened(settings: Settings, server: Edge) -> AsyncIterator[Database]:
    database = open_database(settings.database, run_dir=settings.run_dir)
    await database.start()
    yield database
    await database.close()


async def test_a_turn_that_has_let_its_conversation_go_itself_is_not_interrupted(
    opened: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last transaction may be over in the database before whoever waits for it here hears of it."""
    monkeypatch.setattr("conduet.conversations.keeper.RENEW_SECONDS", 0.05)
    ending, robbed = unheld("ending"), unheld("robbed")
    ending.is_ending = True
    keeper = Keeper(opened, {turn.live.turn_id: turn for turn in (ending, robbed)})
    await keeper.start()
    try:
        await asyncio.wait((robbed.task,), timeout=10)
    finally:
        await keeper.close()
    assert (robbed.task.cancelled(), ending.task.done()) == (True, False)
    ending.task.cancel()


def unheld(name: str) -> Turn:
    """A turn that runs, of whose conversation the database knows nothing (any more)."""
    scope = ConversationScope(ProjectScope("proj_gone"), name)
    ask = Ask(Asker(scope, "api", "developer"), "development", LaunchAction(type="launch"), b"{}")
    return Turn(ask, Live(f"turn_{name}"), f"worker:turn_{name}", "req_1", asyncio.create_task(asyncio.sleep(60)), 0.0)
