"""Where the ports of a node lead, in every generation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conduet.kit.json import Json
from conduet.projects.importers.voiceflow.export import Diagram, Node, Object, obj, objects, text


@dataclass(frozen=True, slots=True)
class Ports:
    """The targets of a node's ports; `None` for one that is not connected."""

    named: dict[str, str | None]
    dynamic: Sequence[str | None]

    def get(self, *names: str) -> str | None:
        """The target of the first of these that is connected."""
        return next((target for name in names if (target := self.named.get(name))), None)

    def at(self, index: int) -> str | None:
        """The target of the port in that place."""
        return self.dynamic[index] if index < len(self.dynamic) else None


def ports_of(node: Node) -> Ports:
    """The ports of a node, by name and in their order."""
    second = obj(node.data.get("portsV2"))
    if second:
        named = {key: _target(port) for key, port in obj(second.get("builtIn")).items()}
        named |= {key: _target(port) for key, port in obj(second.get("byKey")).items()}
        return Ports(named, [_target(port) for port in objects(second.get("dynamic"))])
    first = [_target(port) for port in objects(node.data.get("ports"))]
    # 2021: the first is what comes next, of a choice what comes without a match.
    name = "else" if node.type == "interaction" else "next"
    return Ports({name: first[0]} if first else {}, first[1:])


def following(diagram: Diagram, node: Node) -> str | None:
    """The node that comes next in the same block, where its port says nothing."""
    block = diagram.block_of.get(node.id)
    if block is None:
        return None
    place = diagram.row_of[node.id] + 1
    return block.steps[place] if place < len(block.steps) else None


def _target(port: "Json | Object") -> str | None:
    return text(port.get("target")) or None if isinstance(port, Mapping) else None
