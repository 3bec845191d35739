"""The world as a running turn sees it; each answer goes into the turn's journal."""

import asyncio
import random
from datetime import datetime

from conduet.engine.values import Json
from conduet.kit.clock import from_milliseconds, iso, milliseconds, now


class LiveContext:
    """Answers from the real clock and real chance, and keeps what it answered in `entries`."""

    __slots__ = ("entries", "platform", "user_id", "version_id")

    def __init__(self, *, user_id: str, platform: str, version_id: str) -> None:
        self.user_id = user_id
        self.platform = platform
        self.version_id = version_id
        self.entries: dict[str, Json] = {}

    def now(self, place: str) -> datetime:
        # Whole milliseconds: a replay has to read back exactly what was answered.
        moment = from_milliseconds(milliseconds(now()))
        self.entries[place] = iso(moment)
        return moment

    def random(self, place: str) -> float:
        drawn = random.random()  # noqa: S311  # which path a flow takes, nothing that anybody must not guess
        self.entries[place] = drawn
        return drawn

    async def sleep(self, place: str, *, seconds: float) -> None:
        self.entries[place] = seconds
        await asyncio.sleep(seconds)
