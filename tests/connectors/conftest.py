"""What the tests of connectors stand on."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from conduet.kit.http import AllowPrivate, Outgoing
from tests.connectors.playing import Service


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """A service that says `{}` until it is told what to say."""
    outgoing = Outgoing(AllowPrivate())
    service = Service(outgoing)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", service.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    service.port = runner.addresses[0][1]
    yield service
    await outgoing.close()
    await runner.cleanup()
