"""What a test, or who chats while building, lays in place of the answers of models."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from conduet.engine.values import MISSING, Json, Missing
from conduet.llm.errors import NotConfigured

MODEL: Final = "model"
"""By this name every model is answered for that has no answer of its step's."""


class ModelMocks:
    """The answers by the step that asks (`workflow/step`, or its id alone); a list answers one call after the other."""

    __slots__ = ("_given", "_mocks")

    def __init__(self, mocks: Mapping[str, Json]) -> None:
        self._mocks = mocks
        self._given: Counter[str] = Counter()

    def take(self, place: str) -> Json | Missing:
        """The next answer for who asks at a place of the journal.

        Raises `NotConfigured` for a call that a list has no answer left for.
        """
        name = self._name(place)
        mock = MISSING if name is None else self._mocks[name]
        if name is None or not isinstance(mock, list):
            return mock
        number = self._given[name]
        self._given[name] += 1
        if number >= len(mock):
            raise NotConfigured(f"The mock {name} is a list of {len(mock)}, and a model is asked once more.")
        return mock[number]

    def _name(self, place: str) -> str | None:
        """The most special name."""
        step = place.rpartition("#")[0]
        names = [name for name in self._mocks if step == name or step.endswith(f"/{name}")]
        return max(names, key=len, default=MODEL if MODEL in self._mocks else None)
