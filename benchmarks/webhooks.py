"""A thousand webhooks a minute at a channel: `python -m benchmarks.webhooks [--count 1000] [--seconds 60] [--kill]`.

A customer's system sends at an even rate and, as vendors do, again what was not acknowledged; another takes answers.
With `--kill` the server is killed in mid-run and started anew. It ends with an error when one message has no answer, or
one delivery came with another id.
"""

import argparse
import asyncio
import hmac
import os
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import orjson
from aiohttp import web

from benchmarks.processes import Server
from benchmarks.served import Place

SECRET = "a-secret-that-both-sides-know"  # noqa: S105 - of a server that lives for a minute
USERS = 50
PATIENCE_SECONDS = 120.0
AGAIN_SECONDS = 0.5
SAY: Any = {
    "workflows": [
        {
            "id": "main",
            "name": "Main",
            "primary": True,
            "steps": [
                {"id": "start", "type": "start", "config": {}, "position": {"x": 0, "y": 0}},
                {"id": "say", "type": "message", "config": {"text": "Hi."}, "position": {"x": 200, "y": 0}},
            ],
            "connections": [{"id": "c", "source": "start", "sourcePort": "next", "target": "say"}],
        }
    ]
}


@dataclass
class Shop:
    """The customer's system: what it was answered, by the delivery that is answered."""

    answered: Counter[str] = field(default_factory=Counter[str])
    ids: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    heard: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, request: web.Request) -> web.Response:
        told = orjson.loads(await request.read())
        number = told["data"]["inReplyTo"]
        self.answered[number] += 1
        self.ids.setdefault(number, set()).add(told["id"])
        async with self.heard:
            self.heard.notify_all()
        return web.Response(status=204)

    async def wait(self, count: int) -> None:
        """Until so many were answered."""
        async with self.heard:
            await self.heard.wait_for(lambda: len(self.answered) >= count)


async def measure(count: int, seconds: float, *, kill: bool) -> None:
    """Prints how long an acknowledgement took, what a webhook cost, and whether all were answered."""
    shop = Shop()
    app = web.Application()
    app.router.add_post("/chat", shop.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"127.0.0.1:{runner.addresses[0][1]}"
    os.environ["CONDUET_ALLOW_PRIVATE_URLS"] = address
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = Place(Path(folder) / "data")
        server = place.serve("--no-demo")
        try:
            await asyncio.to_thread(server.wait_ready)
            webhook = await _deployed(place, server.url, f"http://{address}/chat")
            server = await _run(place, server, webhook, shop, count=count, seconds=seconds, kill=kill)
        finally:
            server.stop()
            await runner.cleanup()


async def _deployed(place: Place, url: str, chat: str) -> str:
    headers = {"Authorization": f"Bearer {place.command('token', 'create', '--name', 'bench')}"}
    async with httpx2.AsyncClient(base_url=f"{url}/api/v1", headers=headers, trust_env=False, timeout=30) as client:
        path = f"/projects/{(await client.post('/projects', json={'name': 'Measured'})).json()['id']}"
        (await client.patch(path, json=SAY)).raise_for_status()
        (await client.post(f"{path}/publish", json={})).raise_for_status()
        config = {"url": chat, "secret": SECRET, "launchFirst": False}
        made = await client.post(f"{path}/deployments", json={"channel": "webhook", "config": config})
        return f"{url}{made.raise_for_status().json()['webhookUrl']}"


async def _run(
    place: Place, server: Server, webhook: str, shop: Shop, *, count: int, seconds: float, kill: bool
) -> Server:
    times: list[float] = []
    before = server.cpu_seconds()
    async with httpx2.AsyncClient(trust_env=False, timeout=10) as client, asyncio.TaskGroup() as group:
        begun = time.perf_counter()
        for number in range(count):
            await asyncio.sleep(max(0.0, begun + number * seconds / count - time.perf_counter()))
            group.create_task(_send(client, webhook, number, times))
            if kill and number == count // 2:
                server.kill()
                server = place.serve("--no-demo")
                before = 0.0
    async with asyncio.timeout(PATIENCE_SECONDS):
        await shop.wait(count)
    cpu = (server.cpu_seconds() - before) * 1000 / (count // 2 if kill else count)
    ranked = statistics.quantiles(times, n=100)
    print(f"{count} webhooks in {seconds:.0f} s: acknowledged in {ranked[49]:.1f} ms (p50), {ranked[94]:.1f} ms (p95)")
    print(f"{cpu:.2f} CPU-ms a webhook, from the delivery to the answer; none lost")
    doubled = [number for number, ids in shop.ids.items() if len(ids) > 1]
    if doubled:
        raise SystemExit(f"Answered twice: {doubled}")
    return server


async def _send(client: httpx2.AsyncClient, webhook: str, number: int, times: list[float]) -> None:
    """Sends a delivery until it is acknowledged; what is timed is the try that was."""
    body = orjson.dumps({"userId": f"user-{number % USERS}", "message": f"Message {number}"})
    while True:
        at = str(int(time.time()))
        digest = hmac.digest(SECRET.encode(), at.encode() + b"." + body, "sha256").hex()
        headers = {
            "Content-Type": "application/json",
            "X-Conduet-Delivery": f"d-{number}",
            "X-Conduet-Timestamp": at,
            "X-Conduet-Signature": f"sha256={digest}",
        }
        begun = time.perf_counter()
        try:
            if (await client.post(webhook, content=body, headers=headers)).status_code == 200:
                times.append((time.perf_counter() - begun) * 1000)
                return
        except httpx2.TransportError:
            pass
        await asyncio.sleep(AGAIN_SECONDS)


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--kill", action="store_true")
    said = parser.parse_args()
    asyncio.run(measure(said.count, said.seconds, kill=said.kill))


if __name__ == "__main__":
    main()
