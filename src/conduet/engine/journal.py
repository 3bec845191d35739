"""Running a turn again: a world that answers what the journal of the turn says it answered."""

from collections.abc import Mapping
from datetime import UTC, datetime

from conduet.engine.values import Json


class Parted(Exception):
    """The turn asked at a `place` that the journal does not know: it no longer goes the way that was recorded."""

    def __init__(self, place: str) -> None:
        super().__init__(f"The turn parts from the recorded one at {place}.")
        self.place = place


class ReplayContext:
    """A `Context` that answers from `entries` (place → answer): moments as ISO 8601, numbers as they were drawn.

    Time does not pass. Raises `Parted` out of `run` for a place without a fitting answer.
    """

    __slots__ = ("_entries", "platform", "user_id", "version_id")

    def __init__(self, entries: Mapping[str, Json], *, user_id: str, platform: str, version_id: str) -> None:
        self._entries = entries
        self.user_id = user_id
        self.platform = platform
        self.version_id = version_id

    def now(self, place: str) -> datetime:
        """The moment that was recorded there."""
        try:
            return datetime.fromisoformat(str(self._entries.get(place))).astimezone(UTC)
        except ValueError:
            raise Parted(place) from None

    def random(self, place: str) -> float:
        """The number that was drawn there."""
        drawn = self._entries.get(place)
        if not isinstance(drawn, float) or not 0 <= drawn < 1:
            raise Parted(place)
        return drawn

    async def sleep(self, place: str, *, seconds: float) -> None:
        """Returns at once, where somebody slept."""
        if place not in self._entries:
            raise Parted(place)
