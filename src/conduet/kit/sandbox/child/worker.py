"""The process that runs code: takes one request after the other from a pipe, and answers each."""

import importlib.machinery
import importlib.util
import json
import os
import struct
import sys
import time
from typing import cast

from conduet.kit.sandbox.child.run import Engine, Request, run
from conduet.kit.sandbox.child.walls import raise_walls

LENGTH = struct.Struct("!I")
# A process that has used this much is replaced, long before the kernel would end it for its `RLIMIT_CPU`.
RETIRE_CPU_SECONDS = 30.0
RETIRE_RUNS = 1000


def serve(engine_path: str, memory_bytes: str, parent: str) -> None:
    """Answers until the pipe ends; the process may use `memory_bytes` beyond what it has once the engine is loaded."""
    engine = _load(engine_path)
    walls = raise_walls(memory_bytes=int(memory_bytes), parent=int(parent))
    sys.path.clear()
    send({"walls": walls})
    for count, request in enumerate(iter(receive, None), 1):
        answer, unharmed = run(engine, cast(Request, json.loads(request)))
        spent = not unharmed or count >= RETIRE_RUNS or time.process_time() > RETIRE_CPU_SECONDS
        _write(f'{{"spent":{json.dumps(spent)},{answer[1:]}'.encode())
    os._exit(0)


def receive() -> bytes | None:
    """The next request; `None` when whoever asks is gone."""
    header = _read(LENGTH.size)
    return None if header is None else _read(*LENGTH.unpack(header))


def send(answer: object) -> None:
    """Writes an answer as JSON."""
    _write(json.dumps(answer).encode())


def _read(size: int) -> bytes | None:
    parts: list[bytes] = []
    while size:
        part = os.read(0, size)
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _write(body: bytes) -> None:
    left = memoryview(LENGTH.pack(len(body)) + body)
    while left:
        left = left[os.write(1, left) :]


def _load(path: str) -> Engine:
    """The engine's extension module, found by its path: no folder of packages has to be on `sys.path`.

    Not `quickjs`, the module around it, which starts a thread.
    """
    loader = importlib.machinery.ExtensionFileLoader("_quickjs", path)
    spec = importlib.util.spec_from_file_location("_quickjs", path, loader=loader)
    if spec is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return cast(Engine, module)
