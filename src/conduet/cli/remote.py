"""The server that commands on a project speak to: where it is, who asks, and what it refuses."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeVar, cast
from urllib.parse import urlsplit

import aiohttp

from conduet.cli.say import stop

T = TypeVar("T")


def speak(work: Callable[[aiohttp.ClientSession], Awaitable[T]], *, purpose: str, seconds: float) -> T:
    """What `work` comes to with a session at `CONDUET_URL` that shows `CONDUET_TOKEN`.

    A request may take `seconds`. Ends the command when there is no token (`purpose`: the name that a new one may have)
    and when nothing answers.
    """
    token = os.environ.get("CONDUET_TOKEN")
    if not token:
        stop(f"set CONDUET_TOKEN first: export CONDUET_TOKEN=$(conduet token create --name {purpose})")
    url = _server()

    async def session() -> T:
        timeout = aiohttp.ClientTimeout(total=seconds)
        headers = {"Authorization": f"Bearer {token}"}
        async with aiohttp.ClientSession(url, headers=headers, timeout=timeout) as http:
            return await work(http)

    try:
        return asyncio.run(session())
    except aiohttp.ClientConnectionError:
        stop(f"nothing answers at {url}: start `conduet serve`, or set CONDUET_URL.")
    except TimeoutError:
        stop(f"{url} did not answer within {seconds:g} seconds.")


def _server() -> str:
    url = os.environ.get("CONDUET_URL", "http://127.0.0.1:8000")
    try:
        parts = urlsplit(url)
        # Asking for the port finds one that is no number.
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        stop(f"CONDUET_URL={url} is no address: write it like http://127.0.0.1:8000.")
    return url


async def find_project(http: aiohttp.ClientSession, name: str) -> str:
    """The id of the project with the id or slug `name`; ends the command when there is none."""
    async with http.get("/api/v1/projects") as response:
        if response.status != 200:
            await refuse(response)
        projects = cast(list[dict[str, str]], await response.json())
    found = next((project["id"] for project in projects if name in (project["id"], project["slug"])), None)
    if found is None:
        known = ", ".join(project["slug"] for project in projects) or "none"
        stop(f"there is no project {name}; yours: {known}.")
    return found


async def refuse(response: aiohttp.ClientResponse) -> NoReturn:
    """Ends the command with what the server says is wrong."""
    try:
        body = cast(dict[str, str], await response.json())
    except (aiohttp.ContentTypeError, json.JSONDecodeError):
        body = {}
    stop(body.get("error", f"the server answered {response.status}"))
