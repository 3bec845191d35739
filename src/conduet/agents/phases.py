"""The phases of a conversation: where it stands, and the ways out that are taken as soon as they hold."""

from collections.abc import Iterator, Mapping, Sequence

from conduet.agents.configuration import PhaseShape
from conduet.agents.trace import Phase
from conduet.engine.expression import ExpressionError
from conduet.engine.trace import Debug, Trace
from conduet.engine.values import Json


def current(phases: Sequence[PhaseShape], phase_id: str | None) -> PhaseShape | None:
    """The phase of that id, else the first; none where there are none."""
    return next((phase for phase in phases if phase.id == phase_id), phases[0] if phases else None)


def targets(phases: Sequence[PhaseShape], phase: PhaseShape) -> Mapping[str, str]:
    """The phases that the model may go on to, each with the words that say when."""
    ids = {each.id for each in phases}
    return {
        way_out.to: way_out.description for way_out in phase.exit if way_out.description.strip() and way_out.to in ids
    }


def settled(
    phases: Sequence[PhaseShape], phase: PhaseShape | None, names: Mapping[str, Json], *, zone: str
) -> Iterator[tuple[PhaseShape, Trace]]:
    """The phases that are gone through, one after the other, because an expression holds; each at most once."""
    seen = {phase.id} if phase else set[str]()
    while phase is not None:
        following = _next(phases, phase, names, zone=zone)
        if following is None or following.id in seen:
            if following is not None:
                told = f"The phases `{phase.id}` and `{following.id}` lead to each other: the agent stays."
                yield phase, Debug("warning", told)
            return
        seen.add(following.id)
        yield following, Phase(phase.id, following.id)
        phase = following


def _next(
    phases: Sequence[PhaseShape], phase: PhaseShape, names: Mapping[str, Json], *, zone: str
) -> PhaseShape | None:
    for way_out in phase.exit:
        if way_out.expression and way_out.expression.expression and way_out.to != phase.id:
            try:
                holds = way_out.expression.expression.holds(names, zone=zone)
            except ExpressionError:
                holds = False
            if holds:
                return next((each for each in phases if each.id == way_out.to), None)
    return None
