"""The journal of a turn at rest: what it began with and what the world answered, compressed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import orjson
import zstandard

from conduet.engine.state import State
from conduet.engine.values import Json


@dataclass(frozen=True, slots=True)
class Journal:
    """State before the turn, and each answer of the world by the place that asked for it."""

    before: State
    entries: Mapping[str, Json]


class Journals:
    """Writes and reads journals; for one thread, because making a compressor costs more than a small journal."""

    def __init__(self) -> None:
        self._compressor = zstandard.ZstdCompressor(level=1)
        self._decompressor = zstandard.ZstdDecompressor()

    def write(self, before: bytes, entries: Mapping[str, Json]) -> bytes:
        """`before` is a state as it is stored."""
        return self._compressor.compress(orjson.dumps({"before": orjson.Fragment(before), "entries": entries}))

    def read(self, stored: bytes) -> Journal:
        """What `write` wrote."""
        found = orjson.loads(self._decompressor.decompress(stored))
        return Journal(State(**found["before"]), cast("Mapping[str, Json]", found["entries"]))

    def write_whole(self, traces: Mapping[int, bytes]) -> bytes:
        """Traces as JSON by their number, that are too long to be told."""
        whole = {str(number): orjson.Fragment(trace) for number, trace in traces.items()}
        return self._compressor.compress(orjson.dumps(whole))

    def read_whole(self, stored: bytes) -> Mapping[int, bytes]:
        """What `write_whole` wrote."""
        whole = orjson.loads(self._decompressor.decompress(stored))
        return {int(number): orjson.dumps(trace) for number, trace in whole.items()}
