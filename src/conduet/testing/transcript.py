"""The turns of a transcript, read for a test that is made of them."""

import asyncio
from collections.abc import Sequence
from functools import partial

import orjson

from conduet.accounts.principal import ProjectScope
from conduet.analytics.store import Transcript, get_transcript
from conduet.conversations.journal import Journal, Journals
from conduet.conversations.store.taken import TakenTurn, list_taken
from conduet.engine.run import is_silent
from conduet.engine.state import State
from conduet.kit.db import Database, Tx
from conduet.testing.recorded import TURNS, RecordedTalk, RecordedTurn


async def read_talk(database: Database, scope: ProjectScope, transcript_id: str) -> RecordedTalk:
    """What was said and done, with what the world answered for as long as journals are kept.

    Raises `NotFound`.
    """
    transcript, taken = await database.read(partial(_find, scope=scope, transcript_id=transcript_id))
    return await asyncio.to_thread(_talk, transcript, taken)


def _find(tx: Tx, scope: ProjectScope, transcript_id: str) -> tuple[Transcript, Sequence[TakenTurn]]:
    transcript = get_transcript(tx, scope, transcript_id)
    return transcript, list_taken(tx, scope, transcript, most=TURNS)


def _talk(transcript: Transcript, taken: Sequence[TakenTurn]) -> RecordedTalk:
    journals = Journals()
    read = [journals.read(turn.journal) if turn.journal else None for turn in taken]
    turns = [_turn(turn, journal) for turn, journal in zip(taken, read, strict=True)]
    before = read[0].before if read and read[0] else State()
    return RecordedTalk(transcript.user_id, transcript.platform, before, turns)


def _turn(turn: TakenTurn, journal: Journal | None) -> RecordedTurn:
    action, traces = orjson.loads(turn.action), orjson.loads(turn.traces)
    if journal is None:
        return RecordedTurn(action, traces)
    before = journal.before
    return RecordedTurn(action, traces, journal.entries, is_silent=is_silent(before), before=before)
