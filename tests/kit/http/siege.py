"""Runs inside the namespace: all attacks against a server that others use meanwhile. Prints what happened as JSON."""

import asyncio
import json
import os
import socket
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import httpx2

from conduet.kit.http import AllowPrivate, Outgoing, OutgoingError, Place
from conduet.kit.http.connection import converse
from conduet.kit.http.guard import Guard
from conduet.kit.http.httpx import open_client
from conduet.kit.http.resolver import SystemResolver
from tests.kit.http.attacks import ATTACKS, POLICIES, Attack
from tests.kit.http.far_side import PUBLIC, SECRET, FarSide, Wiretap
from tests.kit.http.namespace import furnish

# Whatever a proxy setting could lead astray goes to a port where the wiretap would see it.
PROXY = "http://127.0.0.1:3128"


@dataclass
class Bystander:
    """Somebody else's client: asks the server the same two things all the time."""

    client: aiohttp.ClientSession
    longest_seconds: float = 0.0
    answers: int = 0
    wrong: list[str] = field(default_factory=list[str])

    async def go_on(self) -> None:
        while True:
            started = time.monotonic()
            async with self.client.get("http://server/ping") as pong:
                said = await pong.text()
            hello = await ask(self.client, Attack("http://open.example/", ""))
            if said != "pong" or hello.get("body") != "hello from outside":
                self.wrong.append(f"{said} {hello}")
            self.answers += 2
            self.longest_seconds = max(self.longest_seconds, time.monotonic() - started)


async def ask(client: aiohttp.ClientSession, attack: Attack) -> dict[str, Any]:
    wanted = {"method": attack.method, "url": attack.url, "headers": attack.headers}
    async with client.post("http://server/call", json=wanted) as answer:
        return await answer.json()


async def _answers(client: aiohttp.ClientSession) -> bool:
    try:
        async with client.get("http://server/ping"):
            return True
    except aiohttp.ClientConnectorError:
        return False


@asynccontextmanager
async def running_server(folder: Path):
    path = str(folder / "server.sock")
    environment = {**os.environ, "http_proxy": PROXY, "HTTPS_PROXY": PROXY, "ALL_PROXY": PROXY}
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.kit.http.server", path, env=environment, stdout=sys.stderr
    )
    try:
        async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(path)) as client:
            # Its socket is a file before anybody listens at it.
            while not await _answers(client):  # noqa: ASYNC110 - nothing tells when another process listens
                await asyncio.sleep(0.02)
            yield client
    finally:
        server.terminate()
        await server.wait()


async def besiege(folder: Path) -> dict[str, Any]:
    far_side, wiretap = FarSide(), Wiretap()
    far_side.start()
    control = await trap_works(far_side, wiretap)
    results: list[dict[str, Any]] = []
    async with running_server(folder) as client, aiohttp.ClientSession(connector=client.connector) as others:
        bystander = Bystander(others)
        task = asyncio.create_task(bystander.go_on())
        for attack in ATTACKS:
            far_side.forget()
            answer = await ask(client, attack)
            seen = await asyncio.to_thread(wiretap.since_last)
            results.append(answer | {"reached": strangers(seen), "touched": list(far_side.touched)})
        still_running = not task.done()
        task.cancel()
    return {
        "control": control,
        "attacks": results,
        "bystander": {
            "running": still_running,
            "answers": bystander.answers,
            "wrong": bystander.wrong,
            "longest_seconds": bystander.longest_seconds,
        },
        "policies": await policies(far_side, wiretap),
        "silence": await silence(far_side),
        "other_doors": await other_doors(far_side, wiretap),
    }


def strangers(seen: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Whom a packet was sent to though nobody may be sent one."""
    return [place for place in seen if place[0] not in PUBLIC]


async def trap_works(far_side: FarSide, wiretap: Wiretap) -> dict[str, Any]:
    """An unguarded client walks into it: the test would see what it is to see. One closed port is tried, too."""
    wiretap.since_last()
    bodies = [
        await asyncio.to_thread(_unguarded, url)
        for url in ("http://10.0.0.5/", "http://[fd00:ec2::254]/", "http://rebind.example/", "http://rebind.example/")
    ]
    with socket.socket() as probe:
        refused = probe.connect_ex(("192.168.7.7", 4444))
    return {
        "bodies": bodies,
        "refused": refused,
        "reached": strangers(await asyncio.to_thread(wiretap.since_last)),
        "touched": list(far_side.touched),
        "secret": SECRET.decode(),
    }


def _unguarded(url: str) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return opener.open(url, timeout=5).read().decode()


async def policies(far_side: FarSide, wiretap: Wiretap) -> list[list[str]]:
    """How the calls of each policy end."""
    ends: list[list[str]] = []
    for policy in POLICIES:
        far_side.forget()
        outgoing = Outgoing(AllowPrivate.parse(policy.setting))
        ends.append([await _end(_get(outgoing, url, admit=policy.admit)) for url in policy.urls])
        await outgoing.close()
    await asyncio.to_thread(wiretap.since_last)
    return ends


async def silence(far_side: FarSide) -> dict[str, Any]:
    """A hundred callers of a name whose server does not answer, and one of another name."""
    far_side.forget()
    outgoing = Outgoing(AllowPrivate())
    calls = [outgoing.request("GET", "http://silent.example/", timeout_seconds=0.5) for _ in range(100)]
    waiting = [asyncio.create_task(call) for call in calls]
    await asyncio.sleep(0.1)
    started = time.monotonic()
    body = (await outgoing.request("GET", "http://open.example/", timeout_seconds=5)).body
    took = time.monotonic() - started
    ends = await asyncio.gather(*waiting, return_exceptions=True)
    await outgoing.close()
    return {
        "body": body.decode(),
        "seconds": took,
        "asked": far_side.asked["silent.example", "A"],
        "ends": sorted({type(end).__name__ for end in ends}),
    }


def _get(outgoing: Outgoing, url: str, *, admit: frozenset[Place]) -> Callable[[], Awaitable[bytes]]:
    async def get() -> bytes:
        return (await outgoing.request("GET", url, timeout_seconds=5, admit=admit)).body

    return get


async def _end(call: Callable[[], Awaitable[bytes]]) -> str:
    try:
        return (await call()).decode()
    except OutgoingError as error:
        return error.code
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return type(error).__name__


async def other_doors(far_side: FarSide, wiretap: Wiretap) -> list[dict[str, Any]]:
    """The same attacks through the client for MCP's SDK, and the hosts of them through a plain connection."""
    guard = Guard(AllowPrivate(), SystemResolver())
    results: list[dict[str, Any]] = []
    async with open_client(guard, timeout_seconds=5) as client:
        for attack in [*ATTACKS, Attack("http://open.example/", "")]:
            far_side.forget()
            ends = [await _end(_by_httpx(client, attack))]
            if attack.url.startswith("http://") and "%" not in attack.url:
                host = attack.url[len("http://") :].split("/")[0].strip("[]")
                ends.append(await _end(_by_socket(guard, host)))
            seen = await asyncio.to_thread(wiretap.since_last)
            results.append({"ends": ends, "reached": strangers(seen), "touched": list(far_side.touched)})
    return results


def _by_httpx(client: httpx2.AsyncClient, attack: Attack) -> Callable[[], Awaitable[bytes]]:
    async def get() -> bytes:
        return (await client.get(attack.url)).content

    return get


def _by_socket(guard: Guard, host: str) -> Callable[[], Awaitable[bytes]]:
    def talk(connection: socket.socket) -> bytes:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        return connection.recv(65536)

    return lambda: converse(guard, host, 80, talk=talk, timeout_seconds=5)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        furnish(Path(name))
        sys.stdout.write(json.dumps(asyncio.run(besiege(Path(name)))))
