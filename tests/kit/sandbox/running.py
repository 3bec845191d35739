"""Running code in a test: what of a call does not matter there, and the processes that it leaves."""

import os
from collections.abc import Mapping
from pathlib import Path

from conduet.kit.json import Json
from conduet.kit.sandbox.outcome import Failure, Outcome, Result
from conduet.kit.sandbox.pool import Sandbox

NOW_MS = 1_764_000_000_123  # 2025-11-24T16:00:00.123Z


async def run(
    sandbox: Sandbox,
    code: str,
    *,
    inputs: Mapping[str, Json] | None = None,
    project: str = "project",
    timeout_seconds: float = 10,
    seed: int = 42,
) -> Outcome:
    """What becomes of `code`."""
    return await sandbox.run(
        code, project=project, inputs=inputs or {}, timeout_seconds=timeout_seconds, now_ms=NOW_MS, seed=seed
    )


async def value(sandbox: Sandbox, code: str, **inputs: Json) -> Json:
    """What `code` returns."""
    outcome = await run(sandbox, code, inputs=inputs)
    assert isinstance(outcome, Result), outcome
    return outcome.value


async def failure(sandbox: Sandbox, code: str, *, timeout_seconds: float = 10, **inputs: Json) -> Failure:
    """How `code` fails."""
    outcome = await run(sandbox, code, timeout_seconds=timeout_seconds, inputs=inputs)
    assert isinstance(outcome, Failure), outcome
    return outcome


OTHERS: set[int] = set()
"""Processes of sandboxes that are none of the test's: an application in the same process may have some."""


def processes(parent: int | None = None) -> list[int]:
    """The processes of sandboxes that a process has, or this one; without `OTHERS`."""
    parent = parent or os.getpid()
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    found = [int(child) for child in children if b"sandbox.child.worker" in _command(int(child))]
    return [child for child in found if child not in OTHERS]


def resident(process: int) -> int:
    """Bytes of memory that a process uses; 0 when it has ended."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    except (OSError, IndexError):
        return 0


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""
