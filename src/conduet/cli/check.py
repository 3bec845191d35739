"""`conduet check`: what is wrong with a project in files, and what is unfinished, without a server."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from conduet.cli.files import read_project
from conduet.cli.say import answer, printable
from conduet.engine.check import Problem
from conduet.errors import BadRequest
from conduet.kit.json import Json

if TYPE_CHECKING:
    from conduet.engine.graph import Document


def check(source: str, *, as_json: bool) -> None:
    """Prints every problem; ends with exit code 1 when one of them is an error."""
    document = read_project(Path(source))
    problems = _problems(document)
    errors = sum(problem.severity == "error" for problem in problems)
    lines = [printable(_line(problem)) for problem in problems]
    warnings = len(problems) - errors
    lines.append(f"{_count(errors, 'error')}, {_count(warnings, 'warning')}." if problems else "No problems.")
    wire: list[Json] = [problem.wire() for problem in problems]
    answer("\n".join(lines), wire, as_json=as_json)
    if errors:
        raise SystemExit(1)


def _problems(document: dict[str, Json]) -> list[Problem]:
    from conduet.engine.document import compile_document
    from conduet.engine.plugins import Plugins
    from conduet.projects.document import complete
    from conduet.projects.problems import problems_of

    try:
        compiled = compile_document(complete(document), Plugins.installed())
        found = [*problems_of(compiled), *asyncio.run(_unreadable(compiled))]
        return sorted(found, key=lambda problem: problem.severity)
    except BadRequest as error:
        if not error.details:
            return [Problem("error", "SHAPE", error.message, "")]
        return [Problem("error", "SHAPE", detail.message, detail.path) for detail in error.details]


async def _unreadable(document: "Document") -> "Sequence[Problem]":
    from conduet.kit.sandbox.pool import Sandbox
    from conduet.projects.reading_code import CodeReader

    sandbox = Sandbox(workers=1)
    try:
        return await CodeReader(sandbox).problems(document, owner="check")
    finally:
        await sandbox.close()


def _line(problem: Problem) -> str:
    place = f"{problem.path}: " if problem.path else ""
    fix = f" {problem.fix}" if problem.fix else ""
    return f"{problem.severity:<8}{place}{problem.message}{fix}"


def _count(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
