"""`conduet pull`, `push` and `diff`: a project between a server and files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import aiohttp

from conduet.cli.files import is_folder, read_project, settled, write_project, written
from conduet.cli.remote import choose_project, list_projects, refuse, speak
from conduet.cli.say import answer, note, out, printable, stop
from conduet.kit.json import Json
from conduet.projects.comparing import PartChange, compare
from conduet.projects.document import JsonObject

SECONDS: Final = 60
STDOUT: Final = "-"


@dataclass(frozen=True, slots=True)
class Remote:
    """A project as its server has it."""

    id: str
    name: str
    etag: str
    document: JsonObject


def pull(project: str, target: str | None, *, as_json: bool) -> None:
    """Writes a project to a file or a folder, or its JSON to stdout."""

    async def get(http: aiohttp.ClientSession) -> Remote:
        found = choose_project(await list_projects(http), project)
        return await _get(http, found)

    remote = speak(get, purpose="pull", seconds=SECONDS)
    document = settled(remote.document)
    if target is None or target == STDOUT:
        out(written(document).rstrip("\n"))
        return
    path = Path(target)
    changed = write_project(path, document)
    kind = "folder" if is_folder(path) else "file"
    files: list[Json] = [str(each) for each in changed]
    told = f"{path} holds {remote.name}, as it is now." if changed else f"{path} holds {remote.name} already."
    answer(told, {"project": remote.id, kind: str(path), "changed": files}, as_json=as_json)
    _remind(document)


def push(source: str, project: str | None, *, create: bool, as_json: bool) -> None:
    """Makes a server's project what a file or a folder says."""
    path = Path(source)
    document = settled(read_project(path))

    async def send(http: aiohttp.ClientSession) -> tuple[Remote, Sequence[PartChange], bool]:
        projects = await list_projects(http)
        if create and not _is_there(projects, document, project):
            made = await _make(http, document, project)
            return made, compare({}, document), True
        before = await _get(http, _target(projects, document, project, path))
        wanted = {**document, "slug": before.document["slug"]} if project is not None else document
        if written(settled(before.document)) == written(wanted):
            return before, [], False
        after = await _persist(http, before.id, wanted, etag=before.etag)
        return after, compare(settled(before.document), wanted), True

    remote, changes, is_changed = speak(send, purpose="push", seconds=SECONDS)
    for problem in cast("list[dict[str, str]]", remote.document.get("problems") or []):
        note(printable(f"{problem['severity']}: {problem['path']}: {problem['message']}"))
    revision = remote.document.get("revision")
    told = f"{remote.name} ({remote.id}) is at revision {revision}" if is_changed else f"{remote.name} is so already"
    shown = [*_lines(changes), f"{told}." if is_changed else f"{told}: nothing to push."]
    answer(
        "\n".join(shown),
        {
            "project": remote.id,
            "revision": revision,
            "changed": is_changed,
            "changes": [_wire(each) for each in changes],
        },
        as_json=as_json,
    )


def diff(source: str, project: str | None, *, as_json: bool) -> None:
    """Tells what a push would change; ends with exit code 1 when that is anything."""
    path = Path(source)
    document = settled(read_project(path))

    async def look(http: aiohttp.ClientSession) -> Remote:
        return await _get(http, _target(await list_projects(http), document, project, path))

    remote = speak(look, purpose="diff", seconds=SECONDS)
    before = settled(remote.document)
    wanted = {**document, "slug": before.get("slug")} if project is not None else document
    changes = compare(before, wanted)
    is_same = written(before) == written(wanted)
    lines = list(_lines(changes)) or ([] if is_same else ["~ The order of its parts is another."])
    answer(
        "\n".join(lines) or f"{path} and {remote.name} are the same.",
        {"same": is_same, "changes": [_wire(each) for each in changes]},
        as_json=as_json,
    )
    if not is_same:
        raise SystemExit(1)


def publish(project: str, *, name: str | None, as_json: bool) -> None:
    """Publishes a draft and prints the version's id; ends with exit code 1 while it is unfinished."""

    async def send(http: aiohttp.ClientSession) -> tuple[bool, dict[str, Any]]:
        found = choose_project(await list_projects(http), project)
        body = {} if name is None else {"name": name}
        async with http.post(f"/api/v1/projects/{found['id']}/publish", json=body) as response:
            if response.status not in (201, 400):
                await refuse(response)
            return response.status == 201, await response.json()

    is_done, told = speak(send, purpose="publish", seconds=SECONDS)
    if not is_done:
        lines = [printable(f"{detail['path']}: {detail['message']}") for detail in told.get("details", [])]
        answer("\n".join(lines) or printable(told["error"]), told, as_json=as_json)
        raise SystemExit(1)
    answer(told["id"], told, as_json=as_json)


def _target(
    projects: Sequence[Mapping[str, str]], document: JsonObject, project: str | None, path: Path
) -> Mapping[str, str]:
    """The project that a file is about: the one that is named, else the one with its slug."""
    if project is not None:
        return choose_project(projects, project)
    slug = document.get("slug")
    if not isinstance(slug, str):
        stop(f"{path} has no `slug` to know its project by: name it, as in `conduet push {path} PROJECT`.")
    if not _is_there(projects, document, None):
        known = ", ".join(each["slug"] for each in projects) or "none"
        stop(f"there is no project {slug}; yours: {known}. Name one, or make it with `conduet push {path} --create`.")
    return choose_project(projects, slug)


def _is_there(projects: Sequence[Mapping[str, str]], document: JsonObject, project: str | None) -> bool:
    name = project or document.get("slug")
    return any(name in (each["id"], each["slug"]) for each in projects)


async def _get(http: aiohttp.ClientSession, project: Mapping[str, str]) -> Remote:
    async with http.get(f"/api/v1/projects/{project['id']}") as response:
        return await _read(response)


async def _make(http: aiohttp.ClientSession, document: JsonObject, slug: str | None) -> Remote:
    """A new project with the document; none when it is refused."""
    named = {"slug": slug or document.get("slug"), "name": document.get("name")}
    wanted = {**document, **{name: value for name, value in named.items() if value is not None}}
    blank = {name: wanted[name] for name in ("name", "slug") if name in wanted}
    async with http.post("/api/v1/projects", json=blank) as response:
        made = await _read(response, status=201)
    path = f"/api/v1/projects/{made.id}"
    async with http.post(f"{path}/persist", json=wanted) as response:
        if response.status != 200:
            async with http.delete(path):
                await refuse(response)
        return await _read(response)


async def _persist(http: aiohttp.ClientSession, project_id: str, document: JsonObject, *, etag: str) -> Remote:
    # Not over a save that came in between: what is overwritten was looked at.
    async with http.post(
        f"/api/v1/projects/{project_id}/persist", json=document, headers={"If-Match": etag}
    ) as response:
        return await _read(response)


async def _read(response: aiohttp.ClientResponse, *, status: int = 200) -> Remote:
    if response.status != status:
        await refuse(response)
    document: JsonObject = await response.json()
    return Remote(str(document["id"]), str(document["name"]), response.headers.get("ETag", ""), document)


def _lines(changes: Sequence[PartChange]) -> list[str]:
    marks = {"added": "+", "removed": "-", "changed": "~", "moved": "~"}
    return [printable(f"{marks[change.kind]} {change.words}") for change in changes]


def _wire(change: PartChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "what": change.what,
        "id": change.id,
        "name": change.name,
        "path": change.path,
        "words": change.words,
    }


def _remind(document: JsonObject) -> None:
    secrets = [str(each["name"]) for each in cast("list[dict[str, Json]]", document.get("secrets") or [])]
    if secrets:
        note(f"Values of secrets stay on the server; elsewhere, set them anew: {printable(', '.join(secrets))}.")
