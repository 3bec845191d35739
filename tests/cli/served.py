"""The command `conduet` as a person uses it: a process with an environment of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE

from tests.cli.forked import Forked

CONDUET = Path(sys.executable).parent / "conduet"
READY_SECONDS = 120


def environment(**more: str) -> dict[str, str]:
    """The environment without any setting of a Conduet or a provider, then `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CONDUET_", "COVERAGE_"))}
    return {**kept, "NO_COLOR": "1", "COLUMNS": "200", **more}


def conduet(*arguments: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Runs one command to its end."""
    command = [CONDUET, *arguments]
    with Forked(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True, env=environment(**more)) as process:
        try:
            printed, told = process.communicate(stdin, timeout=300)
        finally:
            process.kill()
    return subprocess.CompletedProcess(command, process.returncode, printed, told)


@dataclass(slots=True)
class Served:
    """A running `conduet serve`: what it printed, and where it answers."""

    process: subprocess.Popen[str]
    data: Path
    printed: str = field(default="")

    @property
    def url(self) -> str:
        found = re.search(r"http://[\w.\[\]:]+", self.printed)
        assert found, self.printed
        return found[0]

    def kill(self) -> None:
        """Ends it as a crash would."""
        self.process.kill()
        self.process.wait()


@contextmanager
def served(data: Path, *arguments: str, popen: type[subprocess.Popen[str]] = Forked, **more: str) -> Generator[Served]:
    """`conduet serve` on `data` at a free port; stopped as Ctrl-C does."""
    with (data.parent / "log").open("w+") as log:
        process = popen(
            [CONDUET, "serve", "--data", str(data), "--port", "0", *arguments],
            env=environment(**more),
            stdout=PIPE,
            stderr=log,
            text=True,
        )
        try:
            running = Served(process, data)
            running.printed = _greeting(process)
            yield running
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=30)
            finally:
                process.kill()
                process.communicate()


def _greeting(process: subprocess.Popen[str]) -> str:
    """What is printed before it serves: up to the line after `stop`, and the `curl` of a first start."""
    assert process.stdout
    printed = ""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        line = process.stdout.readline()
        printed += line
        if not line or line.startswith("Ready"):
            break
    return printed
