"""The workshop's calendar of the demo's bike shop: a small HTTP service on a loopback port, for the demo alone."""

import asyncio
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

HOURS: Final[Mapping[str, tuple[int, ...]]] = {"Ana": (9, 11, 14), "Jonas": (10, 13, 16)}
"""When each mechanic can begin."""

JOBS: Final[Mapping[str, Mapping[str, int]]] = {
    "tyre": {"parts": 6, "minutes": 20},
    "brakes": {"parts": 30, "minutes": 25},
    "service": {"parts": 25, "minutes": 90},
}
"""What a job needs, by its id: parts in euros, and the mechanic's time."""

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SUNDAY: Final = 6


class DemoService:
    """The service in this process; `own` tells turns where it is."""

    def __init__(self) -> None:
        self.own = OwnService(DEMO_HOST, DEMO_ID)
        self._state = ServerState()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listens at a free port of the loopback device."""
        config = uvicorn.Config(
            Starlette(routes=[Route("/offer", _offer)]),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
        )
        config.load()

        def protocol() -> HttpToolsProtocol:
            return HttpToolsProtocol(config=config, server_state=self._state, app_state={})

        # Without uvicorn's own loop: it would take the server's signals, and wake ten times a second. By its address,
        # not by a socket: asyncio then knows that it is TCP, and switches Nagle's algorithm off.
        self._server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
        self.own.place = Place("127.0.0.1", self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Listens no longer."""
        self.own.place = None
        if self._server is not None:
            self._server.close()
            for connection in tuple(self._state.connections):
                connection.shutdown()
            await self._server.wait_closed()
            self._server = None


async def _offer(request: Request) -> Response:
    """`{slot, job: {parts, minutes}}` for `?mechanic=&job=`; of a job that the shop has no list for, `job` is empty."""
    mechanic = request.query_params.get("mechanic", "")
    if mechanic not in HOURS:
        return JSONResponse({"error": "Nobody of that name works here."}, 404)
    job = JOBS.get(request.query_params.get("job", ""), {})
    return JSONResponse({"slot": slot_of(mechanic, today()), "job": job})


def slot_of(mechanic: str, present: date) -> str:
    """When the mechanic has time next, in words: the day after `present` that is no Sunday."""
    day = present + timedelta(days=1)
    if day.weekday() == SUNDAY:
        day += timedelta(days=1)
    hours = HOURS[mechanic]
    return f"on {DAYS[day.weekday()]} at {hours[day.toordinal() % len(hours)]}:00"


def today() -> date:
    """The day it is, in UTC."""
    return datetime.now(UTC).date()
