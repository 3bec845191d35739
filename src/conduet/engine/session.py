"""A turn's way out of the state and back into it."""

from collections.abc import Sequence
from typing import Final

from conduet.engine.action import Action, EventAction, action_json, words_of
from conduet.engine.context import Context
from conduet.engine.cursor import Frame, write_stack
from conduet.engine.fitting import LANGUAGE, fitted
from conduet.engine.graph import Document
from conduet.engine.history import read_history, read_returned, write_history
from conduet.engine.pending import RETURNED, SILENT
from conduet.engine.state import State
from conduet.engine.turn import Turn
from conduet.engine.values import Json, Mismatch
from conduet.engine.variables import environment_of
from conduet.kit.clock import iso

MOST_TURNS: Final = 2**53
"""Where a count of turns that came from a client stops being believed: beyond it JSON readers disagree."""


def open_turn(
    document: Document,
    state: State,
    action: Action,
    context: Context,
    stack: Sequence[Frame],
    *,
    counts: bool,
    watched: bool = False,
) -> Turn:
    """The turn's memory: variables declared since get their defaults, and `sys` tells of the action.

    `counts` is false for a turn that only shows an open question again. The internal part may have come from a client:
    what is not as `close_turn` writes it counts as not there.
    """
    for name, value in document.defaults[environment_of(context.version_id)].items():
        state.variables.setdefault(name, value)
    internal = state.internal
    said, event, words = internal.get("said"), internal.get("event"), words_of(action)
    if words is None:
        words = said if isinstance(said, str) else ""
    if isinstance(action, EventAction):
        event = {"name": action.payload.name, "payload": action.payload.payload}
    system: dict[str, Json] = {
        "userId": context.user_id,
        "lastUserMessage": words,
        "lastAction": action_json(action),
        "platform": context.platform,
        "versionId": context.version_id,
        "now": iso(context.now("sys.now")),
        "turn": _count(internal.get("turn")) + counts,
        "language": _language(document, internal.get("language")),
        "event": event,
    }
    kept = _kept(document, internal.get("kept"))
    heard = words_of(action)
    passages = internal.get("passages")
    return Turn(
        document.facts,
        document.tools,
        context,
        state.variables,
        system,
        kept,
        watched=watched,
        asked=_asked(stack),
        action=action,
        history=[
            *read_history(internal.get("history")),
            *read_returned(internal.get(RETURNED)),
            *([("user", heard)] if heard else ()),
        ],
        returned=internal.get(RETURNED),
        passages=[*passages] if isinstance(passages, list) else [],
    )


def close_turn(state: State, turn: Turn, stack: Sequence[Frame]) -> None:
    """Writes what the next turn has to know; the language only where it is not the project's."""
    system = turn.system
    language = system["language"]
    internal: dict[str, Json] = {
        "turn": system["turn"],
        "said": system["lastUserMessage"],
        "language": language if language != turn.facts.language else None,
        "event": system["event"],
        "kept": {place: memory for place, memory in turn.kept.items() if memory},
        "stack": write_stack(stack),
        "history": write_history(turn.history),
        "passages": [*turn.passages],
        SILENT: {"since": system["now"]} if turn.is_handed_over else None,
    }
    state.internal = {name: value for name, value in internal.items() if value}


def _asked(stack: Sequence[Frame]) -> Sequence[tuple[str, Json]]:
    return [(frame.node.place, frame.memory.get("args")) for frame in stack if frame.why == "approving"]


def _count(number: Json) -> int:
    return number if isinstance(number, int) and 0 < number < MOST_TURNS else 0


def _language(document: Document, language: Json) -> Json:
    try:
        return fitted(LANGUAGE, language, None)
    except Mismatch:
        return document.facts.language


def _kept(document: Document, kept: Json) -> dict[str, dict[str, Json]]:
    """What steps remember; those that are gone are forgotten."""
    entries = kept.items() if isinstance(kept, dict) else ()
    return {place: dict(memory) for place, memory in entries if place in document.nodes and isinstance(memory, dict)}
