"""`conduet doctor`: what is configured, what is wrong, and what to do about it."""

import os
import platform
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

from conduet.cli.doctor_embedding import embedding_finding
from conduet.cli.doctor_models import model_findings, nearby_findings
from conduet.cli.finding import Finding
from conduet.cli.opened import read_settings
from conduet.cli.say import answer
from conduet.errors import ConduetError
from conduet.settings import Settings

MARKS = {"ok": "ok  ", "note": "note", "wrong": "FAIL"}


def doctor(data: Path | None, *, as_json: bool) -> None:
    """Prints every finding; ends with exit code 1 when one is wrong."""
    settings = read_settings({"data": data})
    findings = list(_findings(settings))
    text = "\n".join(f"{MARKS[finding.state]}  {finding.name}: {finding.message}" for finding in findings)
    answer(
        text,
        [{"name": found.name, "state": found.state, "message": found.message} for found in findings],
        as_json=as_json,
    )
    if any(finding.state == "wrong" for finding in findings):
        raise SystemExit(1)


def _findings(settings: Settings) -> Iterator[Finding]:
    yield Finding("python", "ok", platform.python_version())
    yield _folder(settings)
    yield _database(settings)
    yield _secret_key(settings)
    yield from model_findings(settings.model, os.environ)
    yield from nearby_findings(os.environ, own_port=settings.port)
    yield embedding_finding(settings.embedding_model, os.environ)
    yield from _spans(os.environ)
    if settings.redis_url:
        yield _redis(settings.redis_url)
    yield _server(settings)


def _folder(settings: Settings) -> Finding:
    data = settings.data.absolute()
    if not data.exists():
        return Finding("data folder", "note", f"{data} is not there yet; `conduet serve` makes it")
    if not os.access(data, os.W_OK):
        return Finding("data folder", "wrong", f"{data} cannot be written: change its owner or use --data")
    return Finding("data folder", "ok", str(data))


def _database(settings: Settings) -> Finding:
    from conduet.migrations import find_version, newest

    if settings.database_url is None and not (settings.data / "conduet.sqlite").exists():
        return Finding("database", "note", "none yet; `conduet serve` makes it")
    try:
        version = find_version(settings.database)
    except (ConduetError, ValueError) as error:
        return Finding("database", "wrong", str(error).splitlines()[0])
    kind = "PostgreSQL" if settings.database_url and "postgres" in settings.database_url else "SQLite"
    if version == newest():
        return Finding("database", "ok", f"{kind}, version {version}")
    return Finding(
        "database", "note", f"{kind}, version {version} of {newest()}: `conduet migrate` or the next start moves it on"
    )


def _secret_key(settings: Settings) -> Finding:
    from conduet.kit.crypto import KeyRing

    if settings.secret_key is None and not (settings.data / "secret.key").exists():
        return Finding("secret key", "note", "none yet; `conduet serve` makes one in the data folder")
    try:
        KeyRing.open(settings.secret_key, settings.data)
    except ValueError as error:
        return Finding("secret key", "wrong", str(error))
    source = "CONDUET_SECRET_KEY" if settings.secret_key else str(settings.data.absolute() / "secret.key")
    return Finding("secret key", "ok", f"from {source}; keep a copy of it: stored secrets cannot be read without")


def _spans(environment: Mapping[str, str]) -> Iterator[Finding]:
    from conduet.app.telemetry import endpoint

    try:
        url = endpoint(environment)
    except ValueError as error:
        yield Finding("spans", "wrong", str(error))
        return
    if url:
        yield Finding("spans", "ok", f"told to {url}")


def _redis(url: str) -> Finding:
    import redis

    try:
        redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1).ping()  # pyright: ignore[reportUnknownMemberType]  # the library's types
    except (redis.RedisError, ValueError) as error:
        return Finding(
            "redis", "wrong", f"CONDUET_REDIS_URL does not answer ({error}): limits count per process meanwhile"
        )
    return Finding("redis", "ok", "answers")


def _server(settings: Settings) -> Finding:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  # compared, not bound
    try:
        with socket.create_connection((host, settings.port), timeout=1):
            return Finding("server", "ok", f"something listens on {host}:{settings.port}")
    except OSError:
        return Finding("server", "note", f"nothing listens on {host}:{settings.port}")
