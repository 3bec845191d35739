"""The process that reads one document: its limits, then chunks as lines of JSON on its output."""

import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from conduet.kit.loading.section import LoadFailed, Section
from conduet.kit.loading.source import Source
from conduet.knowledge.chunking import chunks
from conduet.knowledge.parsing.choice import choose

NICENESS: Final = 10  # the server, and whoever it answers, comes first
TEXT_CHARACTERS: Final = 20 * 1024 * 1024
PR_SET_PDEATHSIG: Final = 1
NEW_NETWORK: Final = 0x40000000 | 0x10000000  # CLONE_NEWNET, CLONE_NEWUSER


def serve(request: str) -> None:
    """Reads the document that `request` (JSON) names and writes its chunks, then why it ended."""
    asked = json.loads(request)
    _limit(memory_bytes=asked["memory_bytes"], cpu_seconds=asked["cpu_seconds"], parent=asked["parent"])
    try:
        with Path(asked["path"]).open("rb") as file:
            source = Source(file, asked["name"], asked["mime"], asked["language"], asked["charset"])
            _read(source)
        _tell({"done": True})
    except LoadFailed as failed:
        _tell({"failed": failed.message})
    except MemoryError:
        _tell({"memory": True})
    except RecursionError:
        _tell({"failed": "The document is nested deeper than any that people write: save it anew."})
    except Exception as error:  # noqa: BLE001  # a library's word for a broken file: there are dozens
        _tell({"broken": type(error).__name__})
    sys.stdout.flush()
    os._exit(0)


def _read(source: Source) -> None:
    if source.size == 0:
        raise LoadFailed("The file is empty.")
    loader = choose(source)
    source.file.seek(0)
    done, count = 0.0, 0
    for chunk in chunks(_bounded(loader.sections(source))):
        done = max(done, min(source.file.tell() / source.size, 0.99))
        count += 1
        _tell({"content": chunk.content, "headings": chunk.headings, "page": chunk.page, "progress": round(done, 3)})
    if not count:
        raise LoadFailed("There is no text in the file.")


def _bounded(sections: Iterable[Section]) -> Iterator[Section]:
    told = 0
    for section in sections:
        told += len(section.text)
        if told > TEXT_CHARACTERS:
            raise LoadFailed(
                f"The document has more than {TEXT_CHARACTERS // 1024**2} million characters of text: split it into"
                " several."
            )
        yield section


def _tell(line: object) -> None:
    sys.stdout.buffer.write(json.dumps(line).encode() + b"\n")


def _limit(*, memory_bytes: int, cpu_seconds: int, parent: int) -> None:
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)
    os.nice(NICENESS)
    # A network without devices, where the kernel lets us: no document reaches out.
    libc.unshare(NEW_NETWORK)
    with suppress(OSError):  # an older kernel: the limit below holds all the same
        Path("/proc/self/oom_score_adj").write_text("1000")
    for limit, value in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(limit, (value, value))
