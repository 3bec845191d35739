"""A process that runs code, as the server sees it."""

import asyncio
import importlib.util
import os
import signal
import struct
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Self, cast

from conduet.errors import BadRequest
from conduet.kit.json import dumps, parse
from conduet.kit.sandbox.answer import ANSWER_BYTES

ROOT = Path(__file__).parents[3]
# The interpreter with its own library and the folder of this package behind it: no environment, no other packages.
BOOT = "import sys, importlib; sys.path += sys.argv[5:]; importlib.import_module(sys.argv[1]).serve(*sys.argv[2:5])"
START_SECONDS = 10.0
# The engine is stopped at its time-out, in processor time; the process at the same time-out and this, by the clock.
GRACE_SECONDS = 0.1
# Code may be given 64 MB. Beside that, growing a block of memory takes a second one, and request and answer are copied.
ROOM_BYTES = 160 * 1024 * 1024

_LENGTH = struct.Struct("!I")


class Died(Exception):
    """The process ended, or wrote what is no answer."""


class Worker:
    """One process, which answers one request at a time. `start` makes it, `stop` ends it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        # Names this very process, also once it has ended: its number may be another's by then.
        self._handle = os.pidfd_open(process.pid)
        self.walls: frozenset[str] = frozenset()

    @classmethod
    async def start(cls, module: str = "conduet.kit.sandbox.child.worker", *, folders: Sequence[Path] = ()) -> Self:
        """A process that has raised its walls and waits: the function `serve` of `module`.

        Raises `Died` when it could not begin.
        """
        # In the loop's own thread, which it holds for a millisecond: the kernel ends the process with the thread that
        # made it.
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", "-c", BOOT, module, _engine(), str(ROOM_BYTES), str(os.getpid())),
                *map(str, [ROOT, *folders]),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd="/",
                env={},
                start_new_session=True,
            )
            worker = cls(process)
        except OSError as error:
            raise Died from error
        try:
            async with asyncio.timeout(START_SECONDS):
                match parse(await worker._read()):
                    case {"walls": [*walls]}:
                        worker.walls = frozenset(map(str, walls))
                    case _:
                        raise Died
        except (TimeoutError, BadRequest):
            await worker.stop()
            raise Died from None
        except BaseException:
            await worker.stop()
            raise
        return worker

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None

    async def ask(self, request: object, *, timeout_seconds: float) -> bytes:
        """The answer to a request. Raises `TimeoutError`, and `Died`: the process is of no use after either."""
        body = dumps(request)
        stdin = cast(asyncio.StreamWriter, self._process.stdin)
        async with asyncio.timeout(timeout_seconds + GRACE_SECONDS):
            try:
                stdin.write(_LENGTH.pack(len(body)) + body)
                await stdin.drain()
                return await self._read()
            except OSError:
                raise Died from None

    async def _read(self) -> bytes:
        stdout = cast(asyncio.StreamReader, self._process.stdout)
        try:
            (length,) = _LENGTH.unpack(await stdout.readexactly(_LENGTH.size))
            if length > ANSWER_BYTES:
                raise Died
            return await stdout.readexactly(length)
        except asyncio.IncompleteReadError:
            raise Died from None

    def kill(self) -> None:
        """Ends the process, whatever it is doing."""
        with suppress(ProcessLookupError):
            # Not `Process.kill`, which takes the exit status of a process that has just ended away from the loop.
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    async def stop(self) -> None:
        """Ends the process and waits until nothing is left of it; to be called once."""
        self.kill()
        await self._process.wait()
        os.close(self._handle)


@cache
def _engine() -> str:
    """Where the engine's extension module is."""
    spec = cast(ModuleSpec, importlib.util.find_spec("_quickjs"))
    return str(spec.origin)
