"""Makes a conversation test of turns that were taken: the same actions, and what came of them expected again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, cast

from conduet.engine.state import State
from conduet.engine.values import Json

EXPECTATIONS: Final = 100
"""How many expectations a turn may have."""

TURNS: Final = 500

NAME: Final = 60
"""The longest name that is made of somebody's words, in characters."""

_SEEN: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "buttons": ("buttons",),
        "client-action": ("name",),
        "approval": ("toolName", "by"),
        "image": ("url",),
        "video": ("url",),
        "audio": ("url",),
        "file": ("url",),
        "card": ("title",),
        "carousel": ("cards",),
        "badge": ("text",),
        "phase": ("to",),
        "handoff": ("target",),
        "escalation": (),
        "resolution": (),
        "error": ("code",),
        "end": (),
    }
)
"""The traces that a user sees something of, and the fields of their payloads that say what."""

JsonObject = dict[str, Json]


@dataclass(frozen=True, slots=True)
class RecordedTurn:
    """A turn as it is stored: its action, its traces as they were sent, and the answers of its journal by place.

    One that `is_silent` found a person who had the conversation; `before` is the state that it found, where its journal
    is kept.
    """

    action: Json
    traces: Sequence[Mapping[str, Json]]
    journal: Mapping[str, Json] = field(default_factory=dict[str, Json])
    is_silent: bool = False
    before: State | None = None


@dataclass(frozen=True, slots=True)
class RecordedTalk:
    """A conversation as it is stored; `before` is the state that its first turn found."""

    user_id: str
    platform: str
    before: State
    turns: Sequence[RecordedTurn]


def name_of(talk: RecordedTalk) -> str:
    """What a test of a conversation is called: the first words of the user, else its day."""
    first = next((words for turn in talk.turns if (words := _words(turn.action))), "")
    if first:
        return first if len(first) <= NAME else f"{first[: NAME - 1].rstrip()}…"
    times = (str(trace.get("time", "")) for turn in talk.turns for trace in turn.traces)
    day = next((time[:10] for time in times if time), "")
    return f"Conversation of {day}" if day else "Conversation"


def _words(action: Json) -> str:
    """What the user wrote, or the label that they pressed, in one line."""
    payload = action.get("payload") if isinstance(action, dict) else None
    said = payload.get("label") if isinstance(payload, dict) else payload
    return " ".join(said.split()) if isinstance(said, str) else ""


def recorded_test(talk: RecordedTalk, *, test_id: str, name: str) -> JsonObject:
    """The test, as a document holds it, that is green for as long as the flow answers as it did.

    Each turn takes its journal along, so that clock, chance and the world answer as they did then. A test has at most
    500 turns: what came later is left out.
    """
    found: JsonObject = {
        "id": test_id,
        "name": name,
        "userId": talk.user_id,
        "platform": talk.platform,
        "variables": dict(talk.before.variables),
    }
    if talk.before.internal:
        found["internal"] = dict(talk.before.internal)
    return {**found, "turns": list(_turns(talk.turns[:TURNS]))}


def _turns(turns: Sequence[RecordedTurn]) -> Iterator[Json]:
    had_person = False
    for turn in turns:
        yield _turn(turn) | ({"handedBack": True} if had_person and not turn.is_silent else {})
        # Whoever it was handed to: where it was no person, giving it back does nothing.
        had_person = turn.is_silent or any(trace["type"] == "handoff" for trace in turn.traces)


def _turn(turn: RecordedTurn) -> JsonObject:
    expected: list[Json] = []
    for trace in turn.traces:
        expectation = _expectation(str(trace["type"]), cast("JsonObject", trace["payload"]))
        # A trace that is expected twice would only say once more that it came.
        if expectation is not None and expectation not in expected:
            expected.append(expectation)
    found: JsonObject = {"action": turn.action, "expect": expected[:EXPECTATIONS]}
    if turn.journal:
        found["journal"] = {place: _answer(entry) for place, entry in turn.journal.items()}
    return found


def _expectation(kind: str, payload: JsonObject) -> Json:
    """What a trace lets one expect, told by what a user sees of it; `None` for remarks beside the conversation."""
    if kind == "text":
        return {"contains": payload["message"]}
    if kind == "knowledge":
        sources = cast("list[JsonObject]", payload.get("sources") or [])
        return {"source": sources[0]["name"]} if sources and "ref" not in payload else None
    if kind in _SEEN:
        seen = dict(_seen(kind, payload))
        return {"trace": {"type": kind, "payload": seen} if seen else kind}
    return None


def _answer(entry: Json) -> Json:
    """An entry without what was asked: the place tells that."""
    if not isinstance(entry, dict):
        return entry
    return {name: entry[name] for name in ("answer", "mock", "unreachable") if name in entry}


def _seen(kind: str, payload: JsonObject) -> Iterator[tuple[str, Json]]:
    """The part of a payload that is expected again; one that was too long to be told whole is not looked into."""
    if "ref" in payload:
        return
    for name in _SEEN[kind]:
        value = payload.get(name)
        if isinstance(value, list):
            labels = {"buttons": "label", "cards": "title"}[name]
            yield name, [{labels: cast("JsonObject", item).get(labels)} for item in value]
        elif value is not None:
            yield name, value
