"""What a node becomes: our steps, and where each of their ports leads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from conduet.kit.json import Json
from conduet.projects.importers.voiceflow.export import Diagram, Export, Node
from conduet.projects.importers.voiceflow.ports import Ports, following, ports_of

ON: Final = "\0on"
"""A target: the next step of those that the same node became."""


@dataclass(frozen=True, slots=True)
class Step:
    """One of our steps; `ports` lead to nodes of the export, or `ON`."""

    type: str
    config: dict[str, Json]
    ports: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"])


@dataclass(frozen=True, slots=True)
class Made:
    """The steps of a node, in their order; `reason` says what is not as it was."""

    steps: list[Step]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A node that has no step here; whoever led to it leads to what came after it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A node with all it refers to."""

    export: Export
    diagram: Diagram
    node: Node
    ports: Ports

    @classmethod
    def of(cls, export: Export, diagram: Diagram, node: Node) -> "Reading":
        """A node of `diagram`."""
        return cls(export, diagram, node, ports_of(node))

    @property
    def next(self) -> str | None:
        """What comes after it: where its port leads, else the next of its block."""
        return self.ports.get("next") or following(self.diagram, self.node)

    def on(self) -> dict[str, str | None]:
        """A step that only goes on."""
        return {"next": self.next}


Reader = Callable[[Reading], Made | Dropped]


def chain(*steps: Step, reason: str | None = None) -> Made:
    """Steps one after the other; the `next` of each but the last leads on."""
    inner = [Step(each.type, each.config, {**each.ports, "next": ON}) for each in steps[:-1]]
    return Made([*inner, *steps[-1:]], reason)
