"""Streamed text put together, for whoever reads a turn in one piece."""

from collections.abc import Iterator
from typing import Any, Final, cast

import orjson

from conduet.engine.wording import pieces

MARK: Final = b'"completion-'
"""Stands in every turn that was streamed."""


def spoken(traces: bytes) -> bytes:
    """A JSON array of traces with `text` in place of each stream of deltas, where that stream ends."""
    return orjson.dumps([*_whole(orjson.loads(traces))]) if MARK in traces else traces


def _whole(traces: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    said, last = "", ""
    for trace in traces:
        kind = cast("str", trace["type"])
        if kind == "completion-start":
            yield from _texts(said, last)
            said = ""
        if kind.startswith("completion-"):
            said, last = said + str(trace["payload"]["text"]), trace["time"]
            if kind != "completion-end":
                continue
        elif kind != "error":
            yield trace
            continue
        # A turn that was ended amid a stream has said what there is of it.
        yield from _texts(said, last)
        said = ""
        if kind == "error":
            yield trace
    yield from _texts(said, last)


def _texts(said: str, time: str) -> Iterator[dict[str, Any]]:
    if said:
        for message in pieces(said):
            yield {"type": "text", "payload": {"message": message}, "time": time}
