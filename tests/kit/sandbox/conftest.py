"""A sandbox whose processes end with the test."""

from collections.abc import AsyncIterator

import pytest

from conduet.kit.sandbox.pool import Sandbox


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Closed after the test."""
    sandbox = Sandbox()
    yield sandbox
    await sandbox.close()
