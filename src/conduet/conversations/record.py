"""What a turn's traces mean to those who read them: events on the wire, messages, and the transcript's flags."""

from typing import Final, cast

import orjson

from conduet.analytics.store import Message
from conduet.conversations.live import Live
from conduet.conversations.store.clock import present
from conduet.engine.fitting import storable
from conduet.engine.run import Visited
from conduet.engine.trace import Debug, Error, ToolCall, Trace
from conduet.engine.values import Json, Mismatch
from conduet.kit.clock import from_milliseconds, iso, now

EVENT_BYTES: Final = 64 * 1024
"""The largest trace on the wire; the engine has split texts that are longer."""

VISITS: Final = 100
"""How many of its steps a turn remembers to have visited."""

EXCERPT_BYTES: Final = 4 * 1024

_NOTED: Final = frozenset({"debug", "end", "resolution", "escalation", "tool-call", "knowledge", "handoff"})
"""The types of traces that mean more than what they say: most are none of these."""


class Record:
    """Reads one turn's traces as they come and tells `live` of them; `debug` traces are for those who build."""

    __slots__ = (
        "_debug",
        "_live",
        "_stamp",
        "_stamped_at",
        "escalated",
        "handoffs",
        "has_ended",
        "messages",
        "reason",
        "resolved",
        "searches",
        "size",
        "tool_calls",
        "visited",
    )

    def __init__(self, live: Live, *, debug: bool) -> None:
        self._live = live
        self._debug = debug
        self._stamped_at = 0
        self._stamp = ""
        self.messages: list[Message] = []
        self.handoffs: list[int] = []
        """The numbers of the events that tell of a handoff."""
        self.resolved = self.escalated = self.has_ended = False
        self.tool_calls = self.searches = 0
        self.visited: list[Visited] = []
        self.reason = ""
        """Why it was escalated."""
        self.size = 0
        """How large the events are together, in bytes; of one that is shortened, the whole."""

    def visits(self) -> bytes | None:
        """The first steps that were visited as they are stored; nothing where there were none."""
        return orjson.dumps(self.visited[:VISITS]) if self.visited else None

    @property
    def turn_id(self) -> str:
        """The turn whose traces these are."""
        return self._live.turn_id

    def add(self, trace: Trace) -> None:
        """The next trace."""
        moment, said = present(), trace.said
        if said:
            self.messages.append(Message("assistant", said, moment))
        elif trace.type in _NOTED:
            if isinstance(trace, Debug) and not self._debug:
                return
            self._note(trace)
        if moment != self._stamped_at:
            self._stamped_at, self._stamp = moment, iso(from_milliseconds(moment))
        event = _event({"type": trace.type, "payload": trace.payload(), "time": self._stamp})
        self.size += len(event)
        self._live.add(event if len(event) <= EVENT_BYTES else self._shorten(event))

    def _note(self, trace: Trace) -> None:
        match trace.type:
            case "end":
                self.has_ended = True
            case "resolution":
                self.resolved = True
            case "escalation":
                self.escalated, self.reason = True, str(trace.payload().get("reason", ""))
            case "tool-call":
                self.tool_calls += cast("ToolCall", trace).phase == "start"
            case "knowledge":
                self.searches += 1
            case "handoff":
                self.handoffs.append(len(self._live.events))
            case _:
                pass

    def _shorten(self, event: bytes) -> bytes:
        """Keeps the trace whole apart and tells where it is."""
        live = self._live
        number = len(live.events)
        live.whole[number] = event
        whole = orjson.loads(event)
        whole["payload"] = {**excerpt(whole["payload"]), "ref": f"turns/{live.turn_id}/traces/{number}"}
        return orjson.dumps(whole)


def trace_json(trace: Trace, *, time: str) -> dict[str, Json]:
    """The trace on the wire: `{type, payload, time}`."""
    return {"type": trace.type, "payload": trace.payload(), "time": time}


def _event(told: dict[str, Json]) -> bytes:
    """A trace as it is sent; numbers that few readers of JSON take, and what is nested too deeply, are told of."""
    try:
        return orjson.dumps(told)
    except orjson.JSONEncodeError:
        payload = cast("dict[str, Json]", told["payload"])
        return orjson.dumps({**told, "payload": {name: _storable(part) for name, part in payload.items()}})


def _storable(value: Json) -> Json:
    try:
        return storable(value)
    except Mismatch as error:
        return f"({error})"


def interruption() -> bytes:
    """The event that ends a turn which will not come to its end."""
    told = Error(
        "TURN_INTERRUPTED", "The turn was interrupted before its end, and nothing of it was kept: send it again."
    )
    return orjson.dumps(trace_json(told, time=iso(now())))


def excerpt(payload: dict[str, Json]) -> dict[str, Json]:
    """As much of a payload as takes 4 KB of JSON: its fields in order, the text that does not fit cut."""
    fitted = _fit_object(payload, EXCERPT_BYTES)
    return cast("dict[str, Json]", fitted[0]) if fitted else {}


_Fitted = tuple[Json, int] | None
"""As much of a value as fits, and how many bytes are left; nothing when nothing of it fits."""


def _fit(value: Json, room: int) -> _Fitted:
    if isinstance(value, dict):
        return _fit_object(value, room)
    if isinstance(value, list):
        return _fit_list(value, room)
    size = len(orjson.dumps(value))
    if size <= room:
        return value, room - size
    return _cut(value, room) if isinstance(value, str) else None


def _fit_object(value: dict[str, Json], room: int) -> _Fitted:
    kept: dict[str, Json] = {}
    room -= len("{}")
    for name, part in value.items():
        fitted = _fit(part, room - len(orjson.dumps(name)) - len(":,"))
        if fitted is None:
            break
        kept[name], room = fitted
    return (kept, room) if room >= 0 else None


def _fit_list(value: list[Json], room: int) -> _Fitted:
    kept: list[Json] = []
    room -= len("[]")
    for part in value:
        fitted = _fit(part, room - len(","))
        if fitted is None:
            break
        kept.append(fitted[0])
        room = fitted[1]
    return (kept, room) if room >= 0 else None


def _cut(text: str, room: int) -> _Fitted:
    """The beginning of a text; halved until it fits, because some characters take several bytes."""
    cut = text[: max(0, room)]
    while cut and len(orjson.dumps(cut)) > room:
        cut = cut[: len(cut) // 2]
    return (cut, 0) if cut else None
