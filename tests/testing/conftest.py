"""A sandbox that ends with the test."""

from collections.abc import AsyncIterator

import pytest

from conduet.kit.sandbox.pool import Sandbox


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Where the code of a document runs."""
    sandbox = Sandbox()
    yield sandbox
    await sandbox.close()
