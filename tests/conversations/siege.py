"""Runs inside the namespace: the attacks on outgoing calls, by `api` steps of a server that others use meanwhile.

Prints what happened as JSON.
"""

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.served import Place, make_project
from tests.conversations.besieged import ATTACKS, METHODS
from tests.engine.talk import line, step, workflow
from tests.kit.http.far_side import FarSide, Wiretap
from tests.kit.http.namespace import furnish
from tests.kit.http.siege import strangers

FLOW = workflow(
    "main",
    *(step(method.lower(), "api", method=method, url="{{url}}") for method in METHODS),
    step("no", "message", text="{{sys.turn}}"),
    wires="start > get," + ",".join(f"{method.lower()}.error > no" for method in METHODS),
)


async def besiege(folder: Path) -> dict[str, Any]:
    far_side, wiretap = FarSide(), Wiretap()
    far_side.start()
    place = Place(folder / "data")
    server = place.serve("--no-demo")
    try:
        server.wait_ready()
        besieged = make_project(
            place, server.url, {"workflows": [FLOW], "variables": [{"name": "url", "type": "text"}]}
        )
        other = make_project(place, server.url, {"workflows": [line(step("say", "message", text="pong"))]})
        token = place.command("token", "create", "--name", "siege")
        async with _client(server.url, token) as developer, _client(server.url, other.key) as bystander:
            watching = asyncio.create_task(_watch(bystander))
            results: list[dict[str, Any]] = []
            wiretap.since_last()
            for attack in ATTACKS:
                far_side.forget()
                body = {
                    "message": "Hi",
                    "start": {"workflowId": "main", "stepId": attack.method.lower()},
                    "variables": {"url": attack.url},
                }
                answer = await developer.post(f"/api/v1/projects/{besieged.id}/chat", json=body)
                seen = await asyncio.to_thread(wiretap.since_last)
                reached = [each for each in strangers(seen) if each != ("127.0.0.1", place.port)]
                results.append({"answer": answer.text, "reached": reached, "touched": list(far_side.touched)})
            watching.cancel()
            longest = await watching
        return {"attacks": results, "longest_seconds": longest, "hits": far_side.served["redirect"]}
    finally:
        server.stop()


def _client(url: str, key: str) -> httpx2.AsyncClient:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx2.AsyncClient(base_url=url, headers=headers, timeout=30, trust_env=False, verify=False)


async def _watch(client: httpx2.AsyncClient) -> float:
    """How long somebody else waited at most; fails when they were not answered."""
    longest = 0.0
    try:
        while True:
            began = time.monotonic()
            answer = await client.post("/api/v1/conversations/u/interact", json={"action": {"type": "launch"}})
            assert answer.json()[0]["payload"] == {"message": "pong"}, answer.text
            longest = max(longest, time.monotonic() - began)
            await asyncio.sleep(0.02)
    except asyncio.CancelledError:
        return longest


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        furnish(Path(name))
        sys.stdout.write(json.dumps(asyncio.run(besiege(Path(name)))))
