"""The tools that a model is offered in a round: those of the project that are attached, and the builtins."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from conduet.agents.builtin import Builtin
from conduet.agents.builtins.advance_phase import AdvancePhase
from conduet.agents.builtins.escalate import Escalate
from conduet.agents.builtins.handoff import Handoff
from conduet.agents.builtins.kb_search import KbSearch
from conduet.agents.builtins.resolve import Resolve
from conduet.agents.builtins.set_variables import SetVariables
from conduet.agents.builtins.show import ShowBadge, ShowButtons, ShowCard, ShowCarousel, ShowImage
from conduet.agents.builtins.take_exit import TakeExit
from conduet.agents.stage import Stage
from conduet.engine.toolbox import ProjectTool
from conduet.llm.message import ToolSpec

BUILTINS: Final[Sequence[Builtin]] = (
    KbSearch(),
    SetVariables(),
    AdvancePhase(),
    Handoff(),
    TakeExit(),
    Escalate(),
    Resolve(),
    ShowButtons(),
    ShowCard(),
    ShowCarousel(),
    ShowBadge(),
    ShowImage(),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A tool as it is offered, and what does it."""

    spec: ToolSpec
    tool: ProjectTool | Builtin


Toolset: TypeAlias = Mapping[str, Offer]
"""What is offered, by name: nothing else can be called, whoever asks for it."""


def offered(stage: Stage) -> Toolset:
    """The tools of this round; a builtin goes before a tool of the project that has its name."""
    return {offer.spec.name: offer for offer in (*_attached(stage), *_builtin(stage))}


def attached(tool: ProjectTool) -> Offer:
    """A tool of the project as it is offered."""
    return Offer(ToolSpec(tool.name, tool.description, tool.parameters), tool)


def _attached(stage: Stage) -> Iterator[Offer]:
    agent, phase = stage.acting, stage.phase
    for tool in stage.tools.values():
        is_ready = tool.enabled and tool.unfinished is None and (bool(tool.of) or not tool.tool.lists)
        if is_ready and agent.uses(tool.of or tool.id, phase):
            yield attached(tool)


def _builtin(stage: Stage) -> Iterator[Offer]:
    for builtin in BUILTINS:
        spec = builtin.spec(stage)
        if spec is not None:
            yield Offer(spec, builtin)
