"""What is measured, a function a case; each prints its figures and returns nothing."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

import orjson

from benchmarks.client import Connection
from benchmarks.embedding import embed
from benchmarks.floor import PATH
from benchmarks.flow import ACTIONS, SLOW_ACTION, SLOW_SECONDS, document
from benchmarks.ingesting import measure as measure_ingesting
from benchmarks.load import JSON, Figures, figures
from benchmarks.models import measure
from benchmarks.outside import measure as measure_outside
from benchmarks.processes import Server, free_port, program, start
from benchmarks.reading import measure as measure_reading
from benchmarks.served import Place, Project, make_project, postgres_url
from benchmarks.steps import engine

RUNS = 3
USERS = 32
WARM_UP_TURNS = 1000
IDLE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Size:
    """How long a run is: turns of the server, and of the floor, which does more in the same time."""

    turns: int = 6000
    floor_turns: int = 30000


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: CPU milliseconds a turn of the server's processes, and what the users saw."""

    cpu_ms: float
    seen: Figures


def turn(size: Size) -> None:
    """A scripted turn on SQLite at 32 users, beside the floor."""
    _against_floor("turn, SQLite", size, workers=1)


def workers(size: Size) -> None:
    """The same with two worker processes on one database file."""
    _against_floor("turn, SQLite, --workers 2", size, workers=2)


def postgres(size: Size) -> None:
    """The same on PostgreSQL; the CPU is that of our processes, without the database's."""
    with postgres_url() as url:
        _against_floor("turn, PostgreSQL", Size(size.turns // 3, size.floor_turns), workers=1, database_url=url)


def slow(_size: Size) -> None:
    """What eight users see while eight others are each held up by a slow step, all the time."""
    with _folder() as folder, _served(Place(folder / "data")) as (server, project):
        alone = asyncio.run(_beside(server.url, project.key, slow_users=0))
        beside = asyncio.run(_beside(server.url, project.key, slow_users=8))
    for name, seen in (("alone", alone), (f"beside 8 turns of {SLOW_SECONDS} s", beside)):
        _say("slow", f"{name}: p50 {seen.p50} ms, p95 {seen.p95} ms, slowest {seen.slowest} ms, {seen.errors} errors")


def start_up(_size: Size) -> None:
    """From the command to a 200 from `/readyz`: with an empty folder, then on what is there."""
    first: list[float] = []
    second: list[float] = []
    for _ in range(RUNS):
        with _folder() as folder:
            for times in (first, second):
                place = Place(folder / "data")
                begun = time.perf_counter()
                server = place.serve()
                try:
                    times.append(server.wait_ready() - begun)
                finally:
                    server.stop()
    _say("start", f"first {median(first):.2f} s, second {median(second):.2f} s to /readyz")


def memory(_size: Size) -> None:
    """Memory and CPU of a server that nobody talks to, after a first conversation."""
    with _folder() as folder, _served(Place(folder / "data")) as (server, project):
        _load(server.url, project.key, turns=100)
        time.sleep(2)
        before, begun = server.cpu_seconds(), time.perf_counter()
        time.sleep(IDLE_SECONDS)
        percent = (server.cpu_seconds() - before) / (time.perf_counter() - begun) * 100
        _say("memory", f"idle: {server.pss_bytes() / 1e6:.0f} MB (PSS), {percent:.1f} % CPU over {IDLE_SECONDS:.0f} s")


def cli(_size: Size) -> None:
    """`conduet token create` on a folder that is being served."""
    with _folder() as folder, _served(Place(folder / "data")):
        times: list[float] = []
        for _ in range(RUNS):
            begun = time.perf_counter()
            Place(folder / "data").command("token", "create", "--name", "bench")
            times.append(time.perf_counter() - begun)
    _say("cli", f"conduet token create: {median(times):.2f} s")


def embedding(_size: Size) -> None:
    """The built-in embedding model in a process of its own: queries alone and beside bulk work, chunks, memory."""
    for line in embed():
        _say("embedding", line)


def ingesting(_size: Size) -> None:
    """What eight users see while a thousand documents come into the knowledge base, and while they are read."""
    for line in measure_ingesting():
        _say("ingesting", line)


def reading(_size: Size) -> None:
    """How soon a page of text and a PDF of 300 pages are found in the knowledge base, by words and by meaning."""
    for line in measure_reading():
        _say("reading", line)


def models(_size: Size) -> None:
    """A turn of an agentic project, whole and streamed, whose provider on loopback says 40 tokens, beside the floor."""
    for line in measure.turns():
        _say("models", line)


def models_rate(_size: Size) -> None:
    """Chat turns a second, with one and with two worker processes."""
    for line in measure.rate():
        _say("models-rate", line)


def models_streams(_size: Size) -> None:
    """A thousand streams at once, beside the floor."""
    for line in measure.streams():
        _say("models-streams", line)


def steps(_size: Size) -> None:
    """What the engine takes for a step, and for a turn of 200, in this process and without a server."""
    for line in engine():
        _say("steps", line)


def outside(_size: Size) -> None:
    """What a `code` step and an `api` step add to a turn of one user, beside a `set` step in their place."""
    found = measure_outside()
    plain = found["plain"]
    _say("outside", f"set step: {plain.ms:.2f} ms a turn, {plain.cpu_ms:.2f} CPU-ms")
    for kind in ("code", "api"):
        cost = found[kind]
        more = f"{cost.ms - plain.ms:+.2f} ms, {cost.cpu_ms - plain.cpu_ms:+.2f} CPU-ms"
        _say("outside", f"{kind} step: {cost.ms:.2f} ms a turn ({more})")


CASES: Final[dict[str, Callable[[Size], None]]] = {
    "turn": turn,
    "workers": workers,
    "postgres": postgres,
    "slow": slow,
    "outside": outside,
    "start": start_up,
    "memory": memory,
    "cli": cli,
    "embedding": embedding,
    "ingesting": ingesting,
    "reading": reading,
    "models": models,
    "models-rate": models_rate,
    "models-streams": models_streams,
    "steps": steps,
}


def _against_floor(name: str, size: Size, *, workers: int, database_url: str | None = None) -> None:
    """Runs floor and server in turn, three times each, both up all the time."""
    with (
        _folder() as folder,
        _floor(folder) as floor,
        _served(Place(folder / "data", database_url, workers)) as (server, project),
    ):
        _load(floor.url, None, turns=WARM_UP_TURNS)
        _load(server.url, project.key, turns=WARM_UP_TURNS)
        pairs = [
            (_sample(floor, None, turns=size.floor_turns), _sample(server, project.key, turns=size.turns))
            for _ in range(RUNS)
        ]
    ours = _median([sample for _, sample in pairs])
    ratios = [sample.cpu_ms / base.cpu_ms for base, sample in pairs]
    _say_sample(f"{name}: floor", _median([base for base, _ in pairs]))
    _say_sample(f"{name}: conduet", ours)
    _say(f"{name}: ratio", f"{median(ratios):.1f} × the floor ({', '.join(f'{ratio:.1f}' for ratio in ratios)})")


def _sample(server: Server, key: str | None, *, turns: int) -> Sample:
    before = server.cpu_seconds()
    seen = _load(server.url, key, turns=turns)
    return Sample((server.cpu_seconds() - before) * 1000 / seen.turns, seen)


def _median(samples: Sequence[Sample]) -> Sample:
    return sorted(samples, key=lambda sample: sample.cpu_ms)[len(samples) // 2]


def _load(url: str, key: str | None, *, turns: int) -> Figures:
    """One run of the load in a process of its own; an answer that is not the script's ends the benchmark."""
    command = [sys.executable, "-m", "benchmarks.load", "--url", url, "--users", str(USERS), "--turns", str(turns)]
    command += ["--key", key] if key else []
    ran = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if not ran.stdout:
        raise RuntimeError("the load failed")
    seen = Figures(**orjson.loads(ran.stdout))
    if seen.errors:
        raise RuntimeError(
            f"{seen.errors} of {seen.turns} answers were not the script's, the first: {seen.first_error}"
        )
    return seen


async def _beside(url: str, key: str, *, slow_users: int) -> Figures:
    """Eight users talk for five seconds while `slow_users` others wait in a slow turn, one after the other."""
    headers = JSON | {"Authorization": f"Bearer {key}"}
    until = time.perf_counter() + 5
    latencies: list[float] = []
    errors = 0

    async def say(connection: Connection, user: str, action: object) -> float:
        nonlocal errors
        begun = time.perf_counter()
        body = orjson.dumps({"action": action, "versionId": "production"})
        answer = await connection.post(f"/api/v1/conversations/{user}/interact", body)
        errors += answer.status != 200
        return time.perf_counter() - begun

    async def quick(number: int) -> None:
        connection = Connection(url, headers)
        while time.perf_counter() < until:
            user = f"quick.{number}.{time.time_ns():x}"
            for action in ACTIONS:
                latencies.append(await say(connection, user, action))
                await asyncio.sleep(0.02)
        connection.close()

    async def held_up(number: int) -> None:
        connection = Connection(url, headers)
        user = f"slow.{number}.{time.time_ns():x}"
        while time.perf_counter() < until:
            await say(connection, user, ACTIONS[0])
            if await say(connection, user, SLOW_ACTION) < SLOW_SECONDS * 0.9:
                raise RuntimeError("the slow turn was not slow")
        connection.close()

    async with asyncio.TaskGroup() as group:
        for number in range(slow_users):
            group.create_task(held_up(number))
        for number in range(8):
            group.create_task(quick(number))
    return figures(latencies, errors=errors, seconds=5)


@contextmanager
def _folder() -> Generator[Path]:
    with tempfile.TemporaryDirectory(prefix="conduet-bench-") as name:
        yield Path(name)


@contextmanager
def _floor(folder: Path) -> Generator[Server]:
    port = free_port()
    command = [
        program("uvicorn"),
        "benchmarks.floor:app",
        "--port",
        str(port),
        "--loop",
        "uvloop",
        "--http",
        "httptools",
    ]
    log, environment = folder / "floor.log", {PATH: str(folder / "floor.sqlite")}
    server = start([*command, "--no-access-log"], port=port, log=log, environment=environment)
    try:
        server.wait_ready()
        yield server
    finally:
        server.stop()


@contextmanager
def _served(place: Place) -> Generator[tuple[Server, Project]]:
    server = place.serve()
    try:
        server.wait_ready()
        yield server, make_project(place, server.url, document())
    finally:
        server.stop()


def _say_sample(name: str, sample: Sample) -> None:
    seen = sample.seen
    times = f"p50 {seen.p50} ms, p95 {seen.p95} ms, p99 {seen.p99} ms"
    _say(name, f"{sample.cpu_ms:.3f} CPU-ms a turn, {seen.turns_per_second:,.0f} turns/s, {times}")


def _say(name: str, text: str) -> None:
    print(f"{name}: {text}", flush=True)
