"""What was set from outside between the turns of a conversation that a test is made of."""

import asyncio
from contextlib import suppress
from typing import Final, cast

from conduet.engine.conversation_test import Test
from conduet.engine.document import Document
from conduet.engine.values import MISSING, Json
from conduet.testing.context import Stage
from conduet.testing.play import Missed, Playing
from conduet.testing.recorded import JsonObject, RecordedTalk

SECONDS: Final = 20.0
"""How long the conversation may take to be gone through once more; what is not reached is left as it is."""


async def with_changes(test: JsonObject, talk: RecordedTalk, document: Document, stage: Stage) -> JsonObject:
    """The test with the `variables` of each turn that were not as the turn before leaves them on `document`.

    A journal tells what a turn found and not what it left: the conversation is played, and where it parts from what
    was said, the rest of the turns stay as they are.
    """
    turns = [cast("JsonObject", turn) for turn in cast("list[Json]", test["turns"])]
    playing = Playing(Test.model_validate(test), document, stage)
    with suppress(Missed, TimeoutError):
        async with asyncio.timeout(SECONDS):
            playing.begin()
            for number, recorded in enumerate(talk.turns[: len(turns)]):
                left = playing.variables
                changed = {
                    name: value for name, value in recorded.variables.items() if left.get(name, MISSING) != value
                }
                if changed and number:
                    playing.set(changed)
                    turns[number] |= {"variables": changed}
                await playing.take(number)
    return {**test, "turns": [*turns]}
