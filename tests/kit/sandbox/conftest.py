"""A sandbox whose processes end with the test."""

from collections.abc import AsyncIterator, Iterator

import pytest

from conduet.kit.sandbox.pool import Sandbox
from tests.kit.sandbox.running import OTHERS, processes


@pytest.fixture(scope="module", autouse=True)
def _others() -> Iterator[None]:
    """What an application of other tests, in the same process, still has running."""
    OTHERS.update(processes())
    yield
    OTHERS.clear()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Closed after the test."""
    sandbox = Sandbox()
    yield sandbox
    await sandbox.close()
