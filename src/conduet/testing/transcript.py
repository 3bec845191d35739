"""A test of what was said: the turns of a transcript, taken from where they are stored."""

import asyncio
from functools import partial
from typing import Any, cast

import orjson

from conduet.accounts.principal import ProjectScope
from conduet.analytics.store import Transcript, get_transcript
from conduet.conversations.journal import Journals
from conduet.conversations.resume import split_whole
from conduet.conversations.store.taken import TakenTurn, list_taken
from conduet.engine.state import State
from conduet.engine.values import Json
from conduet.errors import BadRequest, NotFound
from conduet.kit.db import Database, Tx
from conduet.testing.recorded import TURNS, RecordedTalk, RecordedTurn


async def read_talk(database: Database, scope: ProjectScope, transcript_id: str) -> RecordedTalk:
    """What was said, with the answers of the journals as long as they are kept.

    Raises `BadRequest` by path when the project has no such transcript.
    """
    try:
        transcript, taken = await database.read(partial(_find, scope=scope, transcript_id=transcript_id))
    except NotFound as error:
        raise BadRequest.at("fromTranscript", error.message) from None
    return await asyncio.to_thread(_talk, transcript, taken)
