"""The variables that an exit needs: which one is asked for, and what was answered."""

from dataclasses import dataclass
from typing import ClassVar

from conduet.kit.json import Json
from conduet.llm.brief import Wanted, Way
from conduet.providers.local.nearness import LEAD, SURE, Nearness
from conduet.providers.local.scene import Scene
from conduet.providers.local.values import kind_of, question_for, read_answer
from conduet.providers.local.words import kind_name, say


@dataclass(frozen=True, slots=True)
class Gathered:
    """A variable that the user has told."""

    UNREAD: ClassVar["Gathered"]

    name: str
    value: Json


Gathered.UNREAD = Gathered("", None)
"""There was a question, and what came was no answer to it."""


class Collecting:
    """What is asked for one exit after the other question; `values` are those that nobody else keeps."""

    def __init__(self, scene: Scene, nearness: Nearness) -> None:
        self._scene = scene
        self._nearness = nearness
        self._wanted = {each.name: each for each in scene.brief.wanted}
        self._way: Way | None = None
        self.values: dict[str, Json] = {}
        self.asked = self._asked_in(scene.before)

    async def heard(self) -> Gathered | None:
        """What the user's words answer; `None` when nothing was asked."""
        if self.asked is None:
            return None
        value = await read_answer(self._scene.said, kind_of(self.asked), self._scene.brief)
        if value is None or (isinstance(value, str) and self._scene.said.rstrip().endswith("?")):
            return Gathered.UNREAD
        self.values[self.asked.name] = value
        return Gathered(self.asked.name, value)

    async def is_plain_answer(self) -> bool:
        """Whether the user's words are what was asked for, and can be nothing else."""
        if self.asked is None or (kind := kind_of(self.asked)) == "text":
            return False
        return await read_answer(self._scene.said, kind, self._scene.brief) is not None

    async def pending(self, *, begun: bool = False) -> str | None:
        """The question that is to be asked next; with `begun` only if one was asked already."""
        if begun and self.asked is None:
            return None
        way = await self._chosen()
        await self._recall(way)
        missing = self._missing(way) if way else None
        return self._question(missing) if missing else None

    def ready(self) -> Way | None:
        """The exit that is asked for, once all it needs is known."""
        way = self._asked_way()
        return way if way and self._missing(way) is None else None

    async def meant_again(self) -> Way | None:
        """An exit whose variables are all known from before, where the user says what it is for."""
        ways = {way.id: (way.description,) for way in self._scene.brief.exits if way.collects}
        ranked = await self._nearness.rank(self._scene.said, ways)
        if not ranked or ranked[0][1] < SURE:
            return None
        way = next(each for each in self._scene.brief.exits if each.id == ranked[0][0])
        return way if self._missing(way) is None else None

    def again(self) -> str:
        """What is said to who gave no answer."""
        language = self._scene.brief.language
        assert self.asked is not None  # noqa: S101  # who answers was asked
        told = say("again", language, kind=kind_name(kind_of(self.asked), language))
        return f"{told} {self._question(self.asked)}"

    def _question(self, wanted: Wanted) -> str:
        return question_for(wanted.name, wanted.description, self._scene.brief.language)

    def _asked_in(self, text: str) -> Wanted | None:
        return next((each for each in self._wanted.values() if text.endswith(self._question(each))), None)

    def _asked_way(self) -> Way | None:
        name = self.asked.name if self.asked else None
        return next((way for way in self._scene.brief.exits if name in way.collects), None)

    async def _chosen(self) -> Way | None:
        """The exit that the conversation is on its way to."""
        if self._way is None:
            ways = [way for way in self._scene.brief.exits if way.collects]
            self._way = self._asked_way() or (ways[0] if len(ways) == 1 else await self._meant(ways))
        return self._way

    async def _meant(self, ways: list[Way]) -> Way | None:
        ranked = await self._nearness.rank(self._scene.said, {way.id: (way.description,) for way in ways})
        if not ranked or ranked[0][1] < SURE or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < LEAD):
            return None
        return next(way for way in ways if way.id == ranked[0][0])

    async def _recall(self, way: Way | None) -> None:
        """What was answered before and is kept nowhere but in what was said."""
        for before, said in self._scene.heard[:-1]:
            wanted = self._asked_in(before)
            if wanted and way and wanted.name in way.collects and wanted.name not in self.values:
                value = await read_answer(said, kind_of(wanted), self._scene.brief)
                if value is not None and not said.rstrip().endswith("?"):
                    self.values[wanted.name] = value

    def _missing(self, way: Way) -> Wanted | None:
        known = (self._wanted[name] for name in way.collects if name in self._wanted)
        return next((each for each in known if not each.is_known and each.name not in self.values), None)
