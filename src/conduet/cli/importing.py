"""`conduet import`: a project from an export of ours or of another tool's, with what became of every step."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import aiohttp

from conduet.cli.files import read_bytes, read_project, written
from conduet.cli.remote import refuse, speak
from conduet.cli.say import answer, note, printable

SECONDS: Final = 120


def take(source: str, *, as_json: bool) -> None:
    """Makes a project of a file, or of a folder that was pulled, and prints the report."""
    path = Path(source)
    body = written(read_project(path)).encode() if path.is_dir() else read_bytes(path)

    async def send(http: aiohttp.ClientSession) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        async with http.post("/api/v1/projects/import", data=body, headers=headers) as response:
            if response.status != 201:
                await refuse(response)
            return await response.json()

    made = speak(send, purpose="import", seconds=SECONDS)
    project, report = made["project"], made["report"]
    for warning in report["warnings"]:
        note(printable(f"note: {warning}"))
    answer("\n".join(map(printable, _lines(project, report))), {"project": project, "report": report}, as_json=as_json)


def _lines(project: Mapping[str, Any], report: Mapping[str, Any]) -> Iterator[str]:
    for outcome in ("approximated", "dropped"):
        for entry in report[outcome]:
            place = " / ".join(entry["place"].values())
            name = entry["name"] or entry["id"]
            yield f"{outcome:<14}{entry['type']} “{name}” in {place}: {entry.get('reason', '')}"
    counts = report["counts"]
    told = ", ".join(f"{counts[what]} {what}" for what in ("mapped", "approximated", "dropped"))
    yield f"{project['name']} ({project['id']}, slug {project['slug']}): {counts['steps']} steps, {told}."
