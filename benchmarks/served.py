"""The server that is measured: `conduet serve` on a folder of its own, with a project made as a user makes it."""

import os
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from benchmarks.processes import Server, free_port, program, start

POSTGRES = "CONDUET_TEST_POSTGRES"
ENVIRONMENT = {"CONDUET_RATE_LIMIT": "1000000/minute"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server keeps its data: a folder and, when it is not the embedded one, a database."""

    data: Path
    database_url: str | None = None
    workers: int = 1
    port: int = field(default_factory=free_port)
    popen: "type[subprocess.Popen[Any]]" = subprocess.Popen

    @property
    def environment(self) -> dict[str, str]:
        """What tells the command line where that is."""
        database = {"CONDUET_DATABASE_URL": self.database_url} if self.database_url else {}
        return {**ENVIRONMENT, **database, "CONDUET_DATA": str(self.data), "CONDUET_WORKERS": str(self.workers)}

    def serve(self, *arguments: str) -> Server:
        """Starts the server, not yet ready."""
        command = [program("conduet"), "serve", "--port", str(self.port), *arguments]
        log = self.data.parent / "server.log"
        return start(command, port=self.port, log=log, environment=self.environment, popen=self.popen)

    def command(self, *arguments: str) -> str:
        """What a `conduet` command prints; raises `subprocess.CalledProcessError` when it fails."""
        command = [program("conduet"), *arguments]
        environment = {**os.environ, **self.environment}
        with self.popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
            printed: str = process.communicate()[0]
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command, printed)
        return printed.strip()


@dataclass(frozen=True, slots=True)
class Project:
    """A published project and a secret key of it."""

    id: str
    key: str


def make_project(place: Place, url: str, document: Mapping[str, Any]) -> Project:
    """Makes and publishes a project of `document` over HTTP, with a developer token from the command line."""
    headers = {"Authorization": f"Bearer {_token(place)}"}
    with httpx2.Client(base_url=f"{url}/api/v1", headers=headers, timeout=30, trust_env=False) as client:
        project = _ok(client.post("/projects", json={"name": "Measured"}))["id"]
        _ok(client.patch(f"/projects/{project}", json=document))
        _ok(client.post(f"/projects/{project}/publish", json={}))
        return Project(project, _ok(client.post(f"/projects/{project}/api-keys", json={"name": "Measured"}))["key"])


@cache
def _token(place: Place) -> str:
    return place.command("token", "create", "--name", "bench")


def _ok(response: httpx2.Response) -> Any:
    if response.is_error:
        raise RuntimeError(f"{response.request.method} {response.request.url}: {response.status_code} {response.text}")
    return response.json()


@contextmanager
def postgres_url() -> Generator[str]:
    """The URL of a new database on the PostgreSQL that `scripts/with-postgres.sh` started; dropped at the end."""
    conninfo = conninfo_to_dict(os.environ[POSTGRES])
    name = f"bench_{os.getpid()}_{time.time_ns() % 1_000_000}"
    identifier = sql.Identifier(name)
    with psycopg.connect(os.environ[POSTGRES], autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(identifier))
    query = {key: str(value) for key, value in conninfo.items() if key != "dbname"}
    try:
        yield f"postgresql:///{name}?{urlencode(query)}"
    finally:
        with psycopg.connect(os.environ[POSTGRES], autocommit=True) as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(identifier))
