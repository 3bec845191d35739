"""A server that shares nothing, on each database: another would take its work."""

from collections.abc import AsyncIterator, Iterator

import pytest

from conduet.settings import Settings
from tests.conftest import DIALECTS, migrated_database
from tests.deployments.calling import Line, Place, calling


@pytest.fixture(scope="package", params=DIALECTS)
def own_settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The settings of such a server."""
    folder = tmp_path_factory.mktemp("own")
    with migrated_database(request.param, folder) as url:
        yield Settings(data=folder / "data", database_url=url, demo=False)


@pytest.fixture(scope="package")
async def place(own_settings: Settings) -> AsyncIterator[Place]:
    """The server, started, with customers' systems around it."""
    async with calling(own_settings) as found:
        yield found


@pytest.fixture
async def line(place: Place) -> AsyncIterator[Line]:
    """A project that can be put on channels."""
    async with place.line() as found:
        yield found
