"""Server-sent events, as they come off the wire."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from conduet.llm.errors import MalformedAnswer

MAX_BYTES: Final = 1024 * 1024
"""The largest event; a server that never ends a line would else fill the memory."""

# A carriage return that is the last byte so far may yet be half of an end of line.
LINE_END: Final = re.compile(rb"\r\n|\n|\r(?=[^\n])")
BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event: its type, `message` when it names none, and its data, lines joined by line feeds."""

    type: str
    data: bytes


class EventReader:
    """Takes bytes in any pieces and gives whole events (WHATWG HTML, section 9.2.6).

    Unlike a browser it also gives an event at the end of the stream that lacks its empty line: servers leave it out.
    """

    def __init__(self) -> None:
        self.count = 0
        self._line: list[bytes] = []
        self._type = ""
        self._data: list[bytes] = []
        self._pending = 0
        self._held = 0
        self._is_first_line = True

    def feed(self, data: bytes) -> Iterator[ServerEvent]:
        """The events that `data` completes. Raises `MalformedAnswer` for one that is too large."""
        if not data:
            return
        ends = b"\n" in data or b"\r" in data or (self._line and self._line[-1].endswith(b"\r"))
        # Pieces of a line are kept apart until it ends: joined each time, a slow server would cost the square of them.
        self._line.append(data)
        self._pending += len(data)
        if ends:
            *lines, rest = LINE_END.split(b"".join(self._line))
            self._line = [rest]
            for line in lines:
                if event := self._take(line):
                    yield event
            self._pending = len(rest)
        if self._pending + self._held > MAX_BYTES:
            raise MalformedAnswer("The model's answer has an event that is too large.")

    def end(self) -> Iterator[ServerEvent]:
        """What is left when the stream is over."""
        if line := b"".join(self._line).rstrip(b"\r"):
            self._take(line)
        self._line = []
        if event := self._event():
            yield event

    def _take(self, line: bytes) -> ServerEvent | None:
        """The event that this line ends, if it is an empty one."""
        if self._is_first_line:
            self._is_first_line = False
            line = line.removeprefix(BOM)
        if not line:
            return self._event()
        if line.startswith(b"data:"):
            self._data.append(line[6:] if line.startswith(b"data: ") else line[5:])
            self._held += len(line)
        elif line.startswith(b"event:"):
            self._type = line[6:].removeprefix(b" ").decode("utf-8", "replace")
        elif line == b"data":
            self._data.append(b"")
        return None

    def _event(self) -> ServerEvent | None:
        """What the lines so far are; None when none of them is data, as with a comment that keeps alive."""
        kind, data = self._type, self._data
        self._type, self._data, self._held = "", [], 0
        if not data:
            return None
        self.count += 1
        return ServerEvent(kind or "message", b"\n".join(data))
