"""`conduet` without its start: a process that has imported all of it is copied for each command.

A start of `conduet serve` is for three quarters the reading of 1,400 modules, and the tests start hundreds. What runs
in the copy is the command's own `main`, with its own arguments, environment, folder and files, as a child of whoever
asks. The guides and `make crash` start the command itself, and so does `test_serve.py` where its start is the subject.
"""

import atexit
import ctypes
import gc
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

from pydantic import BaseModel

ROOT = Path(__file__).parents[2]
PROGRAM = "import sys; from tests.cli.forked import serve_copies; serve_copies(int(sys.argv[1])); \
from conduet.cli import main; main()"
# What alembic runs by itself, where it needs it.
BY_ALEMBIC = ("conduet.migrations.env", "conduet.migrations.versions.")
# What a server imports when it first needs it.
LATE = ("numpy", "pydantic.v1", "uvloop")
MESSAGE_BYTES = 1 << 17
PR_SET_CHILD_SUBREAPER = 36


class Command(BaseModel):
    """What a copy is to run."""

    arguments: list[str]
    environment: dict[str, str]
    folder: Path
    own_group: bool


class Forked(subprocess.Popen[Any]):
    """A `Popen` of `conduet`, and of nothing else."""

    def _execute_child(self, args: Any, *more: Any) -> None:
        """In the place of fork and exec; what it is given is the same in CPython 3.11 to 3.14."""
        cwd, env, pipes, group = more[4], more[5], more[9:15], more[-1]
        command = Command(
            arguments=[str(each) for each in args],
            environment=dict(os.environ if env is None else env),
            folder=cwd or Path.cwd(),
            own_group=group == 0,
        )
        assert Path(command.arguments[0]).name == "conduet"
        theirs = (pipes[0], pipes[3], pipes[5])
        try:
            self.pid = _original().copy(command, [own if own >= 0 else number for number, own in enumerate(theirs)])
            self._child_created = True
        finally:
            self._close_pipe_fds(*pipes)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]  # the library's own


class Original:
    """The process that is copied."""

    def __init__(self) -> None:
        self._asked = threading.Lock()
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-c", PROGRAM, str(theirs.fileno())]
            self._process = subprocess.Popen(
                command, cwd=ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        atexit.register(self._end)

    def _end(self) -> None:
        self._ours.close()
        self._process.wait()

    def copy(self, command: Command, files: Sequence[int]) -> int:
        """Runs a command with the first three files that it is given; the pid of a child of this process."""
        with self._asked, _adopting():
            socket.send_fds(self._ours, [command.model_dump_json().encode()], files)
            return int(self._ours.recv(MESSAGE_BYTES))


@cache
def _original() -> Original:
    return Original()


@contextmanager
def _adopting() -> Generator[None]:
    """Meanwhile a descendant whose parent ends becomes a child of this process (prctl(2))."""
    prctl = ctypes.CDLL(None).prctl
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def serve_copies(number: int) -> None:
    """Imports everything, then forks for each command that comes; returns in the copies only."""
    for module in walk_packages([str(ROOT / "src" / "conduet")], "conduet."):
        if not module.name.startswith(BY_ALEMBIC):
            import_module(module.name)
    for name in LATE:
        import_module(name)
    gc.freeze()
    asked = socket.socket(fileno=number)
    while True:
        message, files, _, _ = socket.recv_fds(asked, MESSAGE_BYTES, 3)
        if not message:
            os._exit(0)
        answer, told = os.pipe()
        if between := os.fork():
            os.close(told)
            pid = os.read(answer, 32)
            # Once it has ended, its child is a child of who asks.
            os.waitpid(between, 0)
            asked.send(pid)
        elif pid := os.fork():
            os.write(told, str(pid).encode())
            os._exit(0)
        else:
            asked.close()
            os.close(told)
            os.close(answer)
            return _become(Command.model_validate_json(message), files)
        for each in (answer, *files):
            os.close(each)


def _become(command: Command, files: Sequence[int]) -> None:
    for number, given in enumerate(files):
        os.dup2(given, number)
        os.close(given)
    if command.own_group:
        os.setpgid(0, 0)
    os.chdir(command.folder)
    os.environ.clear()
    os.environ.update(command.environment)
    sys.argv = command.arguments
