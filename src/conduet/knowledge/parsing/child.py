"""The process that reads one document: its walls, then chunks as lines of JSON on its output."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from conduet.kit.loading.section import LoadFailed, Section
from conduet.kit.loading.source import Source
from conduet.knowledge.chunking import chunks
from conduet.knowledge.parsing.choice import choose
from conduet.knowledge.parsing.walls import raise_walls

TEXT_CHARACTERS: Final = 20 * 1024 * 1024


def serve(request: str) -> None:
    """Reads the document that `request` (JSON) names and writes its chunks, then why it ended."""
    asked = json.loads(request)
    try:
        with Path(asked["path"]).open("rb") as file:
            # Once it is open: behind the walls it cannot be opened any more, and nothing of the server's either.
            walls = raise_walls(
                memory_bytes=asked["memory_bytes"], cpu_seconds=asked["cpu_seconds"], parent=asked["parent"]
            )
            _tell({"walls": walls})
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
