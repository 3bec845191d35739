"""What was changed from outside between the turns of a conversation that a test is made of."""

import asyncio
from contextlib import suppress
from typing import Final, cast

from conduet.engine.conversation_test import Test
from conduet.engine.document import Document
from conduet.engine.fitting import LANGUAGE
from conduet.engine.state import State
from conduet.engine.values import MISSING, Json
from conduet.testing.context import Stage
from conduet.testing.play import Missed, Playing
from conduet.testing.recorded import JsonObject, RecordedTalk

SECONDS: Final = 20.0
"""How long the conversation may take to be gone through once more; what is not reached is left as it is."""


async def with_changes(test: JsonObject, talk: RecordedTalk, document: Document, stage: Stage) -> JsonObject:
    """The test with what each turn found that is not as the turn before leaves it on `document`: variables that were
    set, the language among them, or a whole state that was put.

    A journal tells what a turn found and not what it left: the conversation is played, and where it parts from what
    was said, the rest of the turns stay as they are.
    """
    turns = [cast("JsonObject", turn) for turn in cast("list[Json]", test["turns"])]
    playing = Playing(Test.model_validate(test), document, stage)
    with suppress(Missed, TimeoutError):
        async with asyncio.timeout(SECONDS):
            playing.begin()
            for number, recorded in enumerate(talk.turns[: len(turns)]):
                if number and recorded.before is not None:
                    _change(playing, turns[number], recorded.before, document.facts.language)
                await playing.take(number)
    return {**test, "turns": [*turns]}


def _change(playing: Playing, turn: JsonObject, found: State, language: str) -> None:
    """Has the turn find what it found, where the one before it has not left that."""
    left = playing.state
    # No turn takes a variable away, counts back, or goes elsewhere once it is over.
    if left.variables.keys() - found.variables.keys() or _place(left) != _place(found):
        playing.put(found.internal, found.variables)
        turn |= {"internal": dict(found.internal), "variables": dict(found.variables)}
        return
    changed = {name: value for name, value in found.variables.items() if left.variables.get(name, MISSING) != value}
    if (spoken := found.internal.get("language")) != left.internal.get("language"):
        changed[LANGUAGE] = spoken or language
    if changed:
        playing.set(changed)
        turn |= {"variables": changed}


def _place(state: State) -> Json:
    """Where a conversation stands, and after how many turns."""
    return [state.internal.get("turn"), state.internal.get("stack")]
