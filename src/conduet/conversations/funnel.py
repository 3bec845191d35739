"""Which ways conversations take through the workflows, and where they stay."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from conduet.accounts.principal import ProjectScope
from conduet.analytics import store as transcripts
from conduet.analytics.store import Wanted
from conduet.conversations.store.visits import list_visits
from conduet.engine.run import Visited
from conduet.kit.db import Database, Tx
from conduet.kit.page import Page, Place

MOST: Final = 5_000
"""How many conversations are looked through, the most recent ones."""

PIECE: Final = 200

PATHS: Final = 20
PATH_STEPS: Final = 15
"""How many ways are told, and how many steps of each."""

Step: TypeAlias = tuple[str, str]
"""A workflow and a step of it."""


@dataclass(slots=True)
class StepFigures:
    """What came of a step: how many conversations came by, how often, where from there, and how many stay there."""

    conversations: int = 0
    visits: int = 0
    stayed: int = 0
    ports: Counter[str] = field(default_factory=Counter[str])


@dataclass(slots=True)
class Funnel:
    """The ways of conversations added up; `is_cut` tells that there are more than were looked through."""

    conversations: int = 0
    is_cut: bool = False
    steps: dict[Step, StepFigures] = field(default_factory=dict[Step, StepFigures])
    paths: Counter[Sequence[Step]] = field(default_factory=Counter[Sequence[Step]])

    def add(self, visits: Sequence[Visited]) -> None:
        """Adds the way of one conversation.

        It stays where its last step waits for an answer that has not come: there it was dropped, or goes on later.
        """
        if not visits:
            return
        self.conversations += 1
        path: list[Step] = []
        for workflow_id, step_id, port in visits:
            step = (workflow_id, step_id)
            figures = self.steps.setdefault(step, StepFigures())
            # A step that asked, and is answered in the next turn, is visited once.
            if not path or path[-1] != step:
                path.append(step)
                figures.visits += 1
            if port:
                figures.ports[port] += 1
        for step in {*path}:
            self.steps[step].conversations += 1
        if visits[-1][2] is None:
            self.steps[path[-1]].stayed += 1
        self.paths[tuple(path[:PATH_STEPS])] += 1


async def look(database: Database, scope: ProjectScope, wanted: Wanted, *, workflow_id: str | None) -> Funnel:
    """The ways of the conversations that are wanted; with `workflow_id` only what they did in it."""
    funnel, page = Funnel(), Page(PIECE)
    for _ in range(MOST // PIECE):

        def work(tx: Tx, page: Page = page) -> tuple[Place | None, Collection[Sequence[Visited]]]:
            shown, following = transcripts.list_transcripts(tx, scope, page, wanted)
            return following, list_visits(tx, scope, shown).values() if shown else ()

        following, ways = await database.read(work)
        for way in ways:
            funnel.add([visit for visit in way if workflow_id in (None, visit[0])])
        if following is None:
            return funnel
        page = Page(PIECE, following)
    funnel.is_cut = True
    return funnel
