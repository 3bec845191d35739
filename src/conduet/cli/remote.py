"""The server that commands on a project speak to: where it is, who asks, and what it refuses."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn, TypeVar, cast
from urllib.parse import urlsplit

import aiohttp

from conduet.cli.say import note, printable, stop

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
    return choose_project(await list_projects(http), name)["id"]


async def list_projects(http: aiohttp.ClientSession) -> list[dict[str, str]]:
    """The projects of who asks, each with its `id`, `slug` and `name`."""
    async with http.get("/api/v1/projects") as response:
        if response.status != 200:
            await refuse(response)
        return cast(list[dict[str, str]], await response.json())


def choose_project(projects: Sequence[Mapping[str, str]], name: str) -> Mapping[str, str]:
    """The project with the id or slug `name`; ends the command when there is none."""
    by_name = {project[key]: project for key in ("slug", "id") for project in projects}
    if name not in by_name:
        near = get_close_matches(name, [project["slug"] for project in projects], n=1)
        known = ", ".join(project["slug"] for project in projects) or "none"
        stop(f"there is no project {name}; {f'did you mean {near[0]}? Yours' if near else 'yours'}: {known}.")
    return by_name[name]


async def refuse(response: aiohttp.ClientResponse) -> NoReturn:
    """Ends the command with what the server says is wrong, and where."""
    try:
        body = cast(dict[str, Any], await response.json())
    except (aiohttp.ContentTypeError, json.JSONDecodeError):
        body = {}
    for detail in body.get("details", [])[1:]:
        note(printable(f"{detail['path']}: {detail['message']}"))
    stop(body.get("error", f"the server answered {response.status}"))
