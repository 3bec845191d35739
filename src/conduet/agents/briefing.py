"""What a round is about, as data, beside the words that say it."""

from conduet.agents.phases import targets
from conduet.agents.stage import Stage
from conduet.engine.values import MISSING, resolve
from conduet.llm.brief import Brief, Wanted, Way


def briefed(stage: Stage) -> Brief:
    """The brief of a round."""
    agent, phase, turn = stage.acting, stage.phase, stage.turn
    names = dict.fromkeys(name for way_out in agent.exits for name in way_out.collects)
    return Brief(
        agent.name,
        language=str(turn.system["language"]),
        project_language=turn.facts.language,
        zone=stage.zone,
        now=str(turn.system["now"]),
        wanted=tuple(_wanted(stage, name) for name in names),
        exits=tuple(Way(each.id, each.description, each.collects) for each in agent.exits),
        phases=tuple(Way(to, when) for to, when in targets(stage.phases, phase).items()) if phase else (),
        replies=tuple(each.label for each in phase.buttons) if phase else (),
        reads=frozenset(tool.name for tool in turn.tools.values() if tool.approval == "none" and tool.tool.only_reads),
    )


def _wanted(stage: Stage, name: str) -> Wanted:
    declared = stage.turn.facts.variables.get(name)
    is_known = resolve(name, stage.turn.names) not in (MISSING, None, "")
    if declared is None:
        return Wanted(name, is_known=is_known)
    return Wanted(name, declared.type, declared.description or "", is_known)
