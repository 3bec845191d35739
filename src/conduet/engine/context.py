"""The whole world of a step: whatever version, state and action do not determine comes through here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from conduet.engine.values import Json


class Context(Protocol):
    """What a turn may ask of the world; each answer is kept in the turn's journal under the place that asked.

    A place is written by the engine (`workflow/step#visit` and what was asked there), never an order of arrival, so
    that a replay finds the same answer at the same place or says where it parts.
    """

    @property
    def user_id(self) -> str: ...

    @property
    def platform(self) -> str: ...

    @property
    def version_id(self) -> str:
        """What the turn runs on: `development` or a version's id."""
        ...

    def now(self, place: str) -> datetime:
        """The time, aware, in UTC."""
        ...

    def random(self, place: str) -> float:
        """A number in [0, 1)."""
        ...

    async def sleep(self, place: str, *, seconds: float) -> None:
        """Lets time pass; a replay and a test do not wait."""
        ...


Variables = Mapping[str, Json]
