"""Server-sent events, as they come off the wire."""

import re
from collections.abc import Iterator
from typing import Final

from conduet.llm.errors import MalformedAnswer

MAX_BYTES: Final = 1024 * 1024
"""The largest event; a server that never ends a line would else fill the memory."""

# A carriage return that is the last byte so far may yet be half of an end of line.
LINE_END: Final = re.compile(rb"\r\n|\n|\r(?=[^\n])")
BOM: Final = b"\xef\xbb\xbf"


class EventReader:
    """Takes bytes in any pieces and gives the data of whole events (WHATWG HTML, section 9.2.6).

    Types of events are passed over: where a provider has them, its data says them again. Unlike a browser it also gives
    an event at the end of the stream that lacks its empty line: servers leave it out.
    """

    def __init__(self) -> None:
        self.count = 0
        self._line: list[bytes] = []
        self._pending = 0
        self._data: list[bytes] = []
        self._held = 0
        self._is_first_line = True

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The data of the events that these bytes complete. Raises `MalformedAnswer` for an event that is too large."""
        if not (self._line or self._data or b"\r" in data or (self._is_first_line and data.startswith(BOM[:1]))):
            self._is_first_line = self._is_first_line and not data
            *blocks, data = data.split(b"\n\n")
            for block in blocks:
                # Nearly every event of every provider is one line.
                if block.startswith(b"data: ") and b"\n" not in block:
                    self.count += 1
                    yield block[6:]
                else:
                    yield from self._lines(b"%s\n\n" % block)
        yield from self._lines(data)

    def _lines(self, data: bytes) -> Iterator[bytes]:
        if not data:
            return
        ends = b"\n" in data or b"\r" in data or (self._line and self._line[-1].endswith(b"\r"))
        # Pieces of a line are kept apart until it ends: joined each time, a slow server would cost the square of them.
        self._line.append(data)
        self._pending += len(data)
        if ends:
            joined = b"".join(self._line)
            *lines, rest = LINE_END.split(joined) if b"\r" in joined else joined.split(b"\n")
            self._line = [rest] if rest else []
            self._pending = len(rest)
            for line in lines:
                if (event := self._take(line)) is not None:
                    yield event
        if self._pending + self._held > MAX_BYTES:
            raise MalformedAnswer("The model's answer has an event that is too large.")

    def end(self) -> Iterator[bytes]:
        """What is left when the stream is over."""
        if line := b"".join(self._line).rstrip(b"\r"):
            self._take(line)
        self._line = []
        if (event := self._event()) is not None:
            yield event

    def _take(self, line: bytes) -> bytes | None:
        """The data of the event that this line ends, if it is an empty one."""
        if self._is_first_line:
            self._is_first_line = False
            line = line.removeprefix(BOM)
        if not line:
            return self._event()
        if line.startswith(b"data:"):
            self._data.append(line[6:] if line.startswith(b"data: ") else line[5:])
            self._held += len(line)
        elif line == b"data":
            self._data.append(b"")
        return None

    def _event(self) -> bytes | None:
        """The data of the lines so far; None when none of them is data, as with a comment that keeps alive."""
        if not self._data:
            return None
        event = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
        self._data, self._held = [], 0
        self.count += 1
        return event
