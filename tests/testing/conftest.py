"""Sandboxes that end when they are no longer needed."""

from collections.abc import AsyncIterator, Iterator

import pytest

from conduet.kit.sandbox.pool import Sandbox
from tests.testing.playing import STAGEHAND


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Where the code of a document runs."""
    sandbox = Sandbox()
    yield sandbox
    await sandbox.close()


@pytest.fixture(scope="session", autouse=True)
def _stagehand() -> Iterator[None]:
    yield
    STAGEHAND.close()
