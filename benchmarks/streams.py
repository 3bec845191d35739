"""What open event streams of a project cost: `python -m benchmarks.streams [--streams 100] [--seconds 40]`."""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2

from benchmarks.processes import Server
from benchmarks.served import Place

Act = Callable[[int], Awaitable[httpx2.Response]]


async def measure(streams: int, seconds: float) -> None:
    """Prints the CPU of one worker with so many streams of one project, as a share of a core."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = Place(Path(folder) / "data")
        server = place.serve("--no-demo")
        try:
            server.wait_ready()
            headers = {"Authorization": f"Bearer {place.command('token', 'create', '--name', 'bench')}"}
            url, limits = f"{server.url}/api/v1", httpx2.Limits(max_connections=streams + 10)
            async with (
                httpx2.AsyncClient(
                    base_url=url, headers=headers, limits=limits, timeout=None, trust_env=False
                ) as client,
                AsyncExitStack() as stack,
            ):
                path = f"/projects/{(await client.post('/projects', json={'name': 'Measured'})).json()['id']}"

                def move(count: int) -> Awaitable[httpx2.Response]:
                    cursor = {"x": count, "y": count}
                    return client.post(f"{path}/presence", json={"clientId": "bench", "cursor": cursor})

                def save(count: int) -> Awaitable[httpx2.Response]:
                    return client.patch(path, json={"prompts": {"tone": str(count)}})

                await _measured(server, "nobody listens", seconds)
                await _measured(server, "nobody listens, a move each second", seconds, act=move)
                heard = [0]
                for number in range(streams):
                    if number == 1:
                        await _measured(server, "1 stream, quiet", seconds)
                    response = await stack.enter_async_context(client.stream("GET", f"{path}/events"))
                    stack.callback(asyncio.create_task(_drain(response, heard)).cancel)
                await asyncio.sleep(1)
                await _measured(server, f"{streams} streams, quiet", seconds)
                for name, act in (("a move", move), ("a save", save)):
                    before = heard[0]
                    await _measured(server, f"{streams} streams, {name} each second", seconds, act=act)
                    print(f"  {heard[0] - before} events were heard")
        finally:
            server.stop()


async def _measured(server: Server, name: str, seconds: float, *, act: Act | None = None) -> None:
    before, begun = server.cpu_seconds(), time.perf_counter()
    count = 0
    while (left := begun + seconds - time.perf_counter()) > 0:
        if act is not None:
            count += 1
            (await act(count)).raise_for_status()
        await asyncio.sleep(min(left, 1.0) if act is not None else left)
    percent = (server.cpu_seconds() - before) / (time.perf_counter() - begun) * 100
    print(f"{name}: {percent:.2f} % of a core", flush=True)


async def _drain(response: httpx2.Response, heard: list[int]) -> None:
    async for text in response.aiter_lines():
        heard[0] += text.startswith("data:")


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=40.0)
    said = parser.parse_args()
    asyncio.run(measure(said.streams, said.seconds))


if __name__ == "__main__":
    main()
