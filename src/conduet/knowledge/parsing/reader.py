"""Documents into chunks: each in a process of its own, with bounds on memory and time."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import structlog
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from conduet.kit.json import Json, dumps
from conduet.knowledge.chunking import Chunk

MEMORY_BYTES: Final = 1024 * 1024 * 1024
CPU_SECONDS: Final = 120
# Without a word from the process; it may wait for us as long as it likes.
SILENT_SECONDS: Final = 150.0
LINE_BYTES: Final = 1024 * 1024
_BOOT: Final = (
    "import sys, importlib; sys.path[:] = sys.argv[2:];"
    "importlib.import_module('conduet.knowledge.parsing.child').serve(sys.argv[1])"
)


log = structlog.get_logger()


class Unreadable(Exception):
    """Why a document has no chunks: a sentence that whoever uploaded it can act on."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Read:
    """The next chunk of a document, and how much of the document is behind it, from 0 to 1."""

    chunk: Chunk
    progress: float


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Walls(_Line):
    walls: list[str]


class _Chunk(_Line):
    content: str
    headings: list[str]
    page: int | None
    progress: float


class _Done(_Line):
    done: bool


class _Failed(_Line):
    failed: str


class _Memory(_Line):
    memory: bool


class _Broken(_Line):
    broken: str


_AnyLine: TypeAlias = _Walls | _Chunk | _Done | _Failed | _Memory | _Broken
_LINE: Final = TypeAdapter[_AnyLine](Annotated[_AnyLine, Field(union_mode="left_to_right")])
WALLS: Final = frozenset({"limits", "network", "files", "calls"})
_BROKEN: Final = "The file is broken, or not what its name says: open it, save it anew, and try again."
_SLOW: Final = "The document takes too long to read: split it into smaller ones."


class Reader:
    """Reads documents, each in a process that is started for it and ends with it."""

    def __init__(self, *, memory_bytes: int = MEMORY_BYTES, cpu_seconds: int = CPU_SECONDS) -> None:
        self._memory_bytes = memory_bytes
        self._cpu_seconds = cpu_seconds
        self._warned = False

    async def chunks(
        self, path: Path, *, name: str, mime: str = "", language: str = "en", charset: str | None = None
    ) -> AsyncGenerator[Read]:
        """The chunks of the file at `path`, in order, while it is read; break off whenever you like.

        `name` is what the file was called by whoever sent it, `charset` what it was declared to be written in. Use
        it inside `contextlib.aclosing`, so that the process ends with you. Raises `Unreadable`, perhaps after some
        chunks.
        """
        request = self._request(path, name=name, mime=mime, language=language, charset=charset)
        process = await _start(dumps(request).decode())
        async with _ending(process), aclosing(self._lines(process)) as lines:
            async for line in lines:
                yield Read(Chunk(line.content, tuple(line.headings), line.page), line.progress)

    def _request(self, path: Path, *, name: str, mime: str, language: str, charset: str | None) -> dict[str, Json]:
        return {
            "path": str(path.absolute()),
            "name": name,
            "mime": mime,
            "language": language,
            "charset": charset,
            "memory_bytes": self._memory_bytes,
            "cpu_seconds": self._cpu_seconds,
            "parent": os.getpid(),
        }

    async def _lines(self, process: asyncio.subprocess.Process) -> AsyncGenerator[_Chunk]:
        stdout = process.stdout
        if stdout is None:
            raise Unreadable(_BROKEN)
        while True:
            try:
                async with asyncio.timeout(SILENT_SECONDS):
                    line = await stdout.readline()
                told = _LINE.validate_json(line) if line.endswith(b"\n") else None
            except TimeoutError:
                raise Unreadable(_SLOW) from None
            except (ValidationError, ValueError):
                raise Unreadable(_BROKEN) from None
            match told:
                case _Chunk():
                    yield told
                case _Walls():
                    self._warn(told.walls)
                case _Done():
                    return
                case None:
                    raise Unreadable(self._ended(await process.wait()))
                case _:
                    raise Unreadable(self._why(told))

    def _warn(self, walls: Sequence[str]) -> None:
        if not (self._warned or WALLS.issubset(walls)):
            self._warned = True
            log.warning("reader_without_walls", missing=sorted(WALLS.difference(walls)))

    def _why(self, told: _Failed | _Memory | _Broken) -> str:
        match told:
            case _Failed():
                return told.failed
            case _Memory():
                return self._too_large
            case _Broken():
                return _BROKEN

    @property
    def _too_large(self) -> str:
        size = self._memory_bytes // 1024**2
        return f"The document needs more than {size:,} MB of memory to be read: split it into smaller ones."

    def _ended(self, status: int) -> str:
        """What is said of a process that ended without a word."""
        if status in {-signal.SIGXCPU, -signal.SIGKILL}:
            return _SLOW
        return self._too_large if status in {-signal.SIGABRT, -signal.SIGTRAP} else _BROKEN


@asynccontextmanager
async def _ending(process: asyncio.subprocess.Process) -> AsyncGenerator[None]:
    """Ends the process, however the block ends."""
    # Not `Process.kill`, which takes the exit status of a process that has just ended away from the loop.
    try:
        handle = os.pidfd_open(process.pid)
    except ProcessLookupError:
        # It was so quick that it has ended, and the loop has its status already.
        yield
        await process.wait()
        return
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(handle, signal.SIGKILL)
        await process.wait()
        os.close(handle)


async def _start(request: str) -> asyncio.subprocess.Process:
    folders = [folder for folder in sys.path if Path(folder).is_absolute()]
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", "-c", _BOOT, request, *folders),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd="/",
        env={},
        start_new_session=True,
        limit=LINE_BYTES,
    )
