"""The workshop's calendar of the demo's bike shop: a small HTTP service on a loopback port, for the demo alone."""

import asyncio
import socket
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from conduet.conversations.world import OwnService
from conduet.kit.http import Place
from conduet.projects.demo import DEMO_HOST, DEMO_ID

HOURS: Final = (9, 11, 14, 16)
DAYS: Final = 5
MECHANICS: Final = ("Ana", "Jonas")
SUNDAY: Final = 6

PARTS: Final[Mapping[str, Mapping[str, int | str]]] = {
    "tyre": {"name": "A flat tyre", "parts": 6, "minutes": 20},
    "brakes": {"name": "New brakes", "parts": 25, "minutes": 30},
    "service": {"name": "A full service", "parts": 19, "minutes": 90},
}
"""What a job needs, by its id: parts in euros, and the mechanic's time."""


class DemoService:
    """The service in this process; `own` tells turns where it is."""

    def __init__(self) -> None:
        self.own = OwnService(DEMO_HOST, DEMO_ID)
        self._state = ServerState()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listens at a free port of the loopback device."""
        routes = [Route("/slots", _slots), Route("/jobs/{job}", _job)]
        config = uvicorn.Config(
            Starlette(routes=routes),
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
        )
        config.load()

        def protocol() -> HttpToolsProtocol:
            return HttpToolsProtocol(config=config, server_state=self._state, app_state={})

        listening = socket.create_server(("127.0.0.1", 0))
        # Without uvicorn's own loop: it would take the server's signals, and wake ten times a second.
        self._server = await asyncio.get_running_loop().create_server(protocol, sock=listening)
        self.own.place = Place("127.0.0.1", listening.getsockname()[1])

    async def close(self) -> None:
        """Listens no longer."""
        self.own.place = None
        if self._server is not None:
            self._server.close()
            for connection in tuple(self._state.connections):
                connection.shutdown()
            await self._server.wait_closed()
            self._server = None


async def _slots(_: Request) -> Response:
    """`{slots: [{mechanic, day, time}]}`: when there is time, the soonest first."""
    return JSONResponse({"slots": _free(datetime.now(UTC).date())})


async def _job(request: Request) -> Response:
    """`{name, parts, minutes}` of a job; 404 for one that the shop has no list for."""
    job = PARTS.get(request.path_params["job"])
    return JSONResponse(job) if job else JSONResponse({"error": "There is no such job."}, 404)


def _free(today: date) -> list[dict[str, str]]:
    """Two a day from tomorrow on; which ones follows from the day, and nobody works on Sundays."""
    found: list[dict[str, str]] = []
    for ahead in range(1, DAYS + 2):
        day = today + timedelta(days=ahead)
        if day.weekday() == SUNDAY:
            continue
        for number, mechanic in enumerate(MECHANICS):
            hour = HOURS[(day.toordinal() + 2 * number) % len(HOURS)]
            found.append({"mechanic": mechanic, "day": day.isoformat(), "time": f"{hour:02d}:00"})
    return found
