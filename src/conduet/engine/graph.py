"""A project document made ready to run, as a turn looks things up in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from conduet.engine.converser import Converser
from conduet.engine.facts import Environment, Facts
from conduet.engine.flaw import Flaw
from conduet.engine.project import ProjectShape
from conduet.engine.shape import Event, Intent
from conduet.engine.step import Step
from conduet.engine.toolbox import ProjectTool
from conduet.engine.values import Json


@dataclass(slots=True, eq=False)
class Node:
    """A step in its place in the graph; `exits` leads from each connected port to the next one."""

    workflow_id: str
    id: str
    path: str
    step: Step
    overlays: Mapping[str, Step] = field(default_factory=dict[str, Step])
    flaws: tuple[Flaw, ...] = ()
    unfinished: Flaw | None = None
    goes_to: tuple[str, ...] = ()
    """The workflows that the step runs."""
    waits: bool = False
    ahead: bool = False
    """Whether what the assistant says may still be rewritten, in the same turn, behind the step."""
    exits: dict[str, "Node"] = field(default_factory=dict[str, "Node"])
    place: str = field(init=False)

    def __post_init__(self) -> None:
        self.place = f"{self.workflow_id}/{self.id}"


@dataclass(frozen=True, slots=True)
class Workflow:
    """A graph of steps; without a `start` it cannot be run."""

    id: str
    name: str
    path: str
    start: Node | None
    nodes: Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class Document:
    """A compiled document; read-only, shared by all turns that run on it."""

    shape: ProjectShape
    framework: Literal["agentic", "conversation-flow", "outbound"]
    facts: Facts
    defaults: Mapping[Environment, Mapping[str, Json]]
    """What the declared variables are when a conversation begins; one without a default has no value yet."""
    workflows: Mapping[str, Workflow]
    primary: Workflow | None
    prompts: Mapping[str, str]
    intents: Mapping[str, tuple[Intent, ...]]
    """Intents by each of their names and utterances, folded."""
    events: Mapping[str, Event]
    tools: Mapping[str, ProjectTool]
    rewrites: bool
    """Whether any step rewrites what the assistant says."""
    reads_knowledge: bool
    """Whether anything in it may search the knowledge base."""
    nodes: Mapping[str, Node]
    """Every step of every workflow, by its place (`workflow/step`)."""
    converser: Converser | None = None
    """What leads the conversation where no flow does."""
