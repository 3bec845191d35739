"""The journal of a turn at rest: what it began with and what the world answered, compressed where it is long."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

import orjson
import zstandard

from conduet.engine.state import State
from conduet.engine.values import Json


@dataclass(frozen=True, slots=True)
class Build:
    """How somebody who builds takes a turn of the draft: looking on at each step.

    `start` is the workflow and step that it begins at, where not as its action says; `mocks` answer in place of the
    world, by step or tool.
    """

    start: tuple[str, str] | None = None
    mocks: Mapping[str, Json] = field(default_factory=dict[str, Json])


@dataclass(frozen=True, slots=True)
class Journal:
    """State before the turn, each answer of the world by the place that asked for it, and how it was built at."""

    before: State
    entries: Mapping[str, Json]
    build: Build | None = None


WORTHWHILE_BYTES: Final = 1024
"""What is shorter is kept as it is: compressing lets go of the interpreter, and getting it back takes longer."""


class Journals:
    """Writes and reads journals; for one thread, because making a compressor costs more than a journal."""

    def __init__(self) -> None:
        self._compressor = zstandard.ZstdCompressor(level=1)
        self._decompressor = zstandard.ZstdDecompressor()

    def write(self, before: bytes, entries: Mapping[str, Json], *, build: Build | None = None) -> bytes:
        """`before` is a state as it is stored. The mocks stand among the answers."""
        found: dict[str, Any] = {"before": orjson.Fragment(before), "entries": entries}
        if build is not None:
            found["build"] = {"start": build.start}
        return self._compress(orjson.dumps(found))

    def read(self, stored: bytes) -> Journal:
        """What `write` wrote."""
        found = orjson.loads(self._expand(stored))
        build: Build | None = None
        if "build" in found:
            start = found["build"]["start"]
            build = Build(tuple(start) if start else None)
        return Journal(State(**found["before"]), cast("Mapping[str, Json]", found["entries"]), build)

    def write_whole(self, traces: Mapping[int, bytes]) -> bytes:
        """Traces as JSON by their number, that are too long to be told."""
        whole = {str(number): orjson.Fragment(trace) for number, trace in traces.items()}
        return self._compress(orjson.dumps(whole))

    def read_whole(self, stored: bytes) -> Mapping[int, bytes]:
        """What `write_whole` wrote."""
        whole = orjson.loads(self._expand(stored))
        return {int(number): orjson.dumps(trace) for number, trace in whole.items()}

    def _compress(self, data: bytes) -> bytes:
        return self._compressor.compress(data) if len(data) >= WORTHWHILE_BYTES else data

    def _expand(self, data: bytes) -> bytes:
        return self._decompressor.decompress(data) if data.startswith(zstandard.FRAME_HEADER) else data
