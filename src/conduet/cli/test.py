"""`conduet test`: a project's conversation tests, of a file or of a server."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import aiohttp
from pydantic import TypeAdapter

from conduet.cli.files import read_project
from conduet.cli.remote import find_project, refuse, speak
from conduet.cli.say import answer, note, printable, stop
from conduet.errors import ConduetError
from conduet.testing.junit import junit
from conduet.testing.result import TestResult

RUN_SECONDS = 150

_results = TypeAdapter(list[TestResult])


def run_tests(target: str, *, version: str | None, junit_file: Path | None, as_json: bool) -> None:
    """Prints what each test came to; ends with exit code 1 when one is red."""
    path = Path(target)
    if path.exists():
        if version is not None:
            stop("--version goes with a project of a server: a file is one document.")
        name, results = _of_file(path)
    elif path.suffix == ".json" or os.sep in target:
        stop(f"there is no file {target}.")
    else:
        name, results = target, _of_project(target, version or "development")
    if junit_file is not None:
        _write(junit_file, junit(results, project=name))
    answer("\n".join(map(printable, _report(results))), [result.wire() for result in results], as_json=as_json)
    if not all(result.ok for result in results):
        raise SystemExit(1)


def _of_file(path: Path) -> tuple[str, Sequence[TestResult]]:
    """The name of the project in a file, and what its tests come to."""
    from conduet.engine.document import compile_document
    from conduet.engine.plugins import Plugins
    from conduet.kit.sandbox.pool import Sandbox
    from conduet.projects.store import DEVELOPMENT
    from conduet.providers.minilm import MiniLm, missing_packages
    from conduet.testing.context import Stage
    from conduet.testing.minds import built_in
    from conduet.testing.play import play_all

    try:
        document = compile_document(read_project(path), Plugins.installed())
    except ConduetError as error:
        for detail in error.details:
            note(f"{detail.path}: {detail.message}")
        stop(f"{path}: {error.message}")

    async def run() -> Sequence[TestResult]:
        sandbox, embedder = Sandbox(), MiniLm()
        stage = Stage(DEVELOPMENT, sandbox, str(path), built_in(None if missing_packages() else embedder))
        try:
            return await play_all(document.shape.tests, document, stage)
        finally:
            embedder.close()
            await sandbox.close()

    return document.shape.name or path.stem, asyncio.run(run())


def _of_project(name: str, version: str) -> Sequence[TestResult]:
    """What the tests of a project come to, as its server says."""

    async def run(http: aiohttp.ClientSession) -> Sequence[TestResult]:
        project_id = await find_project(http, name)
        async with http.post(f"/api/v1/projects/{project_id}/tests/run", json={"versionId": version}) as response:
            if response.status != 200:
                await refuse(response)
            # A later server may tell more.
            return _results.validate_python(await response.json(), extra="ignore")

    return speak(run, purpose="test", seconds=RUN_SECONDS)


def _report(results: Sequence[TestResult]) -> Iterator[str]:
    for result in results:
        mark = "FAIL" if not result.ok else "skip" if result.skipped else "ok"
        yield f"{mark:<6}{result.name} ({result.id})" if result.name else f"{mark:<6}{result.id}"
        told = result.told() if not result.ok else result.skipped or ""
        yield from (f"      {line}" for line in told.splitlines())
    failed = sum(not result.ok for result in results)
    skipped = sum(result.ok and bool(result.skipped) for result in results)
    counts = [(len(results) - failed - skipped, "passed"), (failed, "failed"), (skipped, "skipped")]
    told = ", ".join(f"{count} {what}" for count, what in counts if count) or "nothing to run"
    yield f"{len(results)} test{'' if len(results) == 1 else 's'}: {told}."


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        stop(f"{path} cannot be written ({error.strerror}).")
