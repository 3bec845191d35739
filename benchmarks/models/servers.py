"""What is measured, up at once: the provider, the floor, and the server with a project that asks the provider."""

import http.client
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
import orjson

from benchmarks.floor import PATH
from benchmarks.models.floor import PROVIDER
from benchmarks.models.load import Figures
from benchmarks.processes import Server, free_port, program, start
from benchmarks.served import Place, Project, make_project

ASKED: Final = ("Hello!", "Do you repair bikes?", "When are you open?", "Where is that?", "May I bring my dog?")
_numbers: Final = count(1)


@dataclass(frozen=True, slots=True)
class Asking(Place):
    """A server whose model is at a port of this machine."""

    provider_port: int = 0

    @property
    def environment(self) -> dict[str, str]:
        own = super(Asking, self).environment
        return {**own, "OPENAI_BASE_URL": f"http://127.0.0.1:{self.provider_port}", "CONDUET_MODEL": "openai:mock"}


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: CPU milliseconds a turn of the server's processes, what the users saw, calls at once at the model."""

    cpu_ms: float
    seen: Figures
    in_flight: int


@dataclass(frozen=True, slots=True)
class Side:
    """A server under measure; `project` is None of the floor, which needs no key."""

    server: Server
    provider: str
    state: bytes
    place: Place
    project: Project | None

    def sample(self, what: str, *, turns: int, users: int, ramp: float = 0, pace: str | None = None) -> Sample:
        """A run of turns, each in a conversation of its own with ten messages behind it; `pace` as the provider has it.

        Putting the histories in place is no part of the run.
        """
        # A key each, because what is put is counted by key.
        key = self.place.command("key", "create", self.project.id) if self.project else "none"
        if self.project:
            self._choose(self.project, pace)
        prefix = f"run{next(_numbers)}"
        shared = ["--url", self.server.url, "--key", key, "--prefix", prefix, "--turns", str(turns)]
        _load("prepare", *shared, "--users", "8", given=self.state)
        _most_calls(self.provider)
        before = self.server.cpu_seconds()
        seen = _load(what, *shared, "--users", str(users), "--ramp", str(ramp), "--model", pace or "mock")
        cpu_ms = (self.server.cpu_seconds() - before) * 1000 / turns
        return Sample(cpu_ms, seen, _most_calls(self.provider))

    def _choose(self, project: Project, pace: str | None) -> None:
        """Publishes the project with the model of that pace."""
        token = self.place.command("token", "create", "--name", "bench")
        base = f"{self.server.url}/api/v1/projects/{project.id}"
        with httpx2.Client(headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False) as client:
            client.patch(base, json={"behaviourConfig": {"model": f"openai:{pace or 'mock'}"}}).raise_for_status()
            client.post(f"{base}/publish", json={}).raise_for_status()


@contextmanager
def both(folder: Path, *, workers: int = 1) -> Generator[tuple[Side, Side]]:
    """The floor and the server."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.models.provider", str(port)]
    provider = start(command, port=port, log=folder / "provider.log", environment={})
    floor = _floor(folder, f"{provider.url}/chat/completions")
    place = Asking(folder / "data", workers=workers, provider_port=port)
    server = place.serve("--no-demo")
    try:
        floor.wait_ready()
        server.wait_ready()
        project = make_project(place, server.url, {"framework": "agentic"})
        state = _spoken(server.url, project.key)
        history = orjson.dumps({"history": orjson.loads(state)["history"]})
        yield (
            Side(floor, provider.url, history, place, None),
            Side(server, provider.url, state, place, project),
        )
    finally:
        for each in (server, floor, provider):
            each.stop()


def _spoken(url: str, key: str) -> bytes:
    """The state of a conversation of five turns, which is ten messages."""
    path = "/conversations/model-conversation"
    with httpx2.Client(
        base_url=f"{url}/api/v1{path}", headers={"Authorization": f"Bearer {key}"}, timeout=30
    ) as client:
        for words in ASKED:
            body = {"action": {"type": "text", "payload": words}, "versionId": "production"}
            client.post("/interact", json=body).raise_for_status()
        state: dict[str, Any] = client.get("/state").raise_for_status().json()
    if len(state["history"]) != 2 * len(ASKED):
        raise RuntimeError(f"the history has {len(state['history'])} messages")
    return orjson.dumps({part: state[part] for part in ("variables", "history", "internal")})


def _floor(folder: Path, provider: str) -> Server:
    port = free_port()
    command = [program("uvicorn"), "benchmarks.models.floor:app", "--port", str(port), "--loop", "uvloop"]
    command += ["--http", "httptools", "--no-access-log"]
    environment = {PATH: str(folder / "floor.sqlite"), PROVIDER: provider}
    return start(command, port=port, log=folder / "floor.log", environment=environment)


def _load(*arguments: str, given: bytes = b"") -> Figures:
    """One run of the load in a process of its own; an answer that is not the model's ends the benchmark."""
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.models.load", *arguments], input=given, stdout=subprocess.PIPE, check=True
    )
    return Figures(**orjson.loads(ran.stdout))


def _most_calls(provider: str) -> int:
    """How many calls were under way at once at the provider since this was last asked."""
    connection = http.client.HTTPConnection(urlsplit(provider).netloc, timeout=10)
    try:
        connection.request("GET", "/")
        return int(orjson.loads(connection.getresponse().read())["most"])
    finally:
        connection.close()
