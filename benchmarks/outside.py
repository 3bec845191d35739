"""What a `code` step and an `api` step add to a turn: one user, and flows that differ in that step alone."""

import asyncio
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from benchmarks.client import Connection
from benchmarks.processes import Server, free_port, program, start
from benchmarks.served import Place, make_project

TURNS: Final = 1500
WARM_UP: Final = 200
CODE: Final = "return { variables: { total: variables.items.reduce((sum, item) => sum + item, 0) } };"
VARIABLES: Final = [{"name": "items", "type": "list", "default": [18, 45, 79]}, {"name": "total", "type": "number"}]


async def _answer(_: Request) -> Response:
    return JSONResponse({"slot": "on Friday at 10:00", "job": {"parts": 25, "minutes": 90}})


app = Starlette(routes=[Route("/", _answer)])
"""The other side of the `api` step."""


class Reaching(Place):
    """A server that may call what is private."""

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "CONDUET_ALLOW_PRIVATE_URLS": "on"}


@dataclass(frozen=True, slots=True)
class Cost:
    """What a turn takes: milliseconds until it is answered (median), and CPU milliseconds of all processes."""

    ms: float
    cpu_ms: float


def measure() -> Mapping[str, Cost]:
    """The cost of a turn with no step of the kind, with a `code` step, with an `api` step."""
    with tempfile.TemporaryDirectory(prefix="conduet-bench-") as name:
        folder, port = Path(name), free_port()
        command = [program("uvicorn"), "benchmarks.outside:app", "--port", str(port), "--no-access-log"]
        other = start(command, port=port, log=folder / "other.log", environment={})
        place = Reaching(folder / "data")
        server = place.serve("--no-demo")
        try:
            server.wait_ready()
            flows: dict[str, Any] = {
                "plain": {"type": "set", "config": {"assignments": [{"variable": "total", "value": "{{142}}"}]}},
                "code": {"type": "code", "config": {"code": CODE}},
                "api": {"type": "api", "config": {"url": f"http://127.0.0.1:{port}/"}},
            }
            keys = {kind: make_project(place, server.url, _document(step)).key for kind, step in flows.items()}
            runs = [{kind: _cost(server, key) for kind, key in keys.items()} for _ in range(3)]
            return {kind: sorted((run[kind] for run in runs), key=lambda cost: cost.ms)[1] for kind in keys}
        finally:
            server.stop()
            other.stop()


def _document(step: Mapping[str, Any]) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [
        {"id": "start", "type": "start", "config": {}},
        {"id": "step", **step},
        {"id": "say", "type": "message", "config": {"text": "Done."}},
    ]
    wires = [("start", "step"), ("step", "say")]
    workflow = {
        "id": "main",
        "name": "Main",
        "primary": True,
        "steps": [{**each, "position": {"x": 0, "y": 80 * number}} for number, each in enumerate(steps)],
        "connections": [
            {"id": f"c{number}", "source": source, "sourcePort": "next", "target": target}
            for number, (source, target) in enumerate(wires)
        ],
    }
    return {"variables": VARIABLES, "workflows": [workflow]}


def _cost(server: Server, key: str) -> Cost:
    asyncio.run(_talk(server.url, key, turns=WARM_UP))
    before = server.cpu_seconds()
    times = asyncio.run(_talk(server.url, key, turns=TURNS))
    return Cost(median(times) * 1000, (server.cpu_seconds() - before) * 1000 / TURNS)


async def _talk(url: str, key: str, *, turns: int) -> list[float]:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    connection = Connection(url, headers)
    body = orjson.dumps({"action": {"type": "launch"}, "versionId": "production"})
    times: list[float] = []
    for number in range(turns):
        begun = time.perf_counter()
        answer = await connection.post(f"/api/v1/conversations/u{number % 50}/interact", body)
        times.append(time.perf_counter() - begun)
        if orjson.loads(answer.body)[0]["payload"] != {"message": "Done."}:
            raise RuntimeError(f"the answer is not the script's: {answer.body!r}")
    connection.close()
    return times
