"""The world that the tests of tools reach."""

from collections.abc import AsyncIterator

import pytest

from conduet.kit.sandbox.pool import Sandbox
from tests.engine.world import World, open_world
from tests.kit.mcp.conftest import serve
from tests.tools.using import Wide

__all__ = ["sandbox", "serve", "wide", "world"]


@pytest.fixture(scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    """The sandbox, its processes kept from test to test."""
    sandbox = Sandbox(workers=2)
    yield sandbox
    await sandbox.close()


@pytest.fixture
async def world(sandbox: Sandbox) -> AsyncIterator[World]:
    """A server that knows no path yet, and the sandbox."""
    async with open_world(sandbox) as world:
        yield world


@pytest.fixture
async def wide(sandbox: Sandbox) -> AsyncIterator[Wide]:
    """A world that has servers of its own kinds."""
    wide = Wide(sandbox)
    yield wide
    await wide.outgoing.close()
