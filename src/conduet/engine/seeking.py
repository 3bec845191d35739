"""Looking something up in the knowledge base, within what the project lets be found."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from conduet.engine.context import Passage
from conduet.engine.template import render_json
from conduet.engine.turn import Turn
from conduet.engine.values import Json


class Seeker(Protocol):
    """What can be asked: a `Context`, or as much of one as an agent sees."""

    async def search(
        self,
        place: str,
        query: str,
        *,
        top_k: int = 5,
        min_score: float | None = None,
        metadata: Mapping[str, Json] | None = None,
    ) -> Sequence[Passage]:
        """The passages that fit best."""
        ...


async def sought(
    world: Seeker,
    turn: Turn,
    place: str,
    query: str,
    *,
    top_k: int = 5,
    min_score: float | None = None,
    metadata: Mapping[str, Json] | None = None,
) -> Sequence[Passage]:
    """The passages that fit best, best first, of documents whose `metadata` are as told; raises `Unreachable`.

    Whoever asks, the project's `behaviourConfig.knowledgeFilter` holds too, filled in with the variables as they are
    now: no step and no model can look past it.
    """
    wanted = {**_filled(metadata or {}), **_filled(_of_project(turn))}
    return await world.search(place, query, top_k=top_k, min_score=min_score, metadata=wanted or None)


def _of_project(turn: Turn) -> Mapping[str, Json]:
    wanted = turn.facts.behaviour.knowledge_filter
    if not wanted:
        return {}
    filled = render_json(dict(wanted), turn.names, zone=turn.facts.time_zone).value
    return filled if isinstance(filled, dict) else dict.fromkeys(wanted)


def _filled(wanted: Mapping[str, Json]) -> dict[str, Json]:
    """One of no values is none: where a variable is not set, nothing is found, rather than what says nothing of it."""
    return {name: [] if value is None or value == "" else value for name, value in wanted.items()}
