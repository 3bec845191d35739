"""The nodes of an export as our steps, and how they are joined."""

from collections.abc import Iterator, Mapping

from conduet.kit.json import Json
from conduet.projects.importers.voiceflow import asking, deciding, reaching, talking
from conduet.projects.importers.voiceflow.export import Diagram, Export, Node, objects, text
from conduet.projects.importers.voiceflow.made import ON, Dropped, Made, Reader, Reading
from conduet.projects.importers.voiceflow.ports import following, ports_of
from conduet.projects.importers.voiceflow.understanding import utterances_of
from conduet.projects.importers.voiceflow.words import template

READERS: Mapping[str, Reader] = {**talking.READERS, **asking.READERS, **deciding.READERS, **reaching.READERS}

HOPS = 500


class Graph:
    """What each node became, made once."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self._made: dict[tuple[str, str], Made | Dropped] = {}

    def made(self, diagram: Diagram, node: Node) -> Made | Dropped:
        """What a node is here."""
        key = (diagram.id, node.id)
        if key not in self._made:
            reader = READERS.get(node.type)
            reading = Reading.of(self._export, diagram, node)
            self._made[key] = reader(reading) if reader else Dropped(f"`{node.type}` has no twin here.")
        return self._made[key]

    def start_of(self, diagram: Diagram, start: Node) -> str | None:
        """The first node behind a start."""
        target = ports_of(start).get("next") or (start.steps[0] if start.steps else None)
        return self.first_step(diagram, target)

    def first_step(self, diagram: Diagram, target: str | None) -> str | None:
        """The node with steps that a connection to `target` comes to: through blocks, jumps and what has no step.

        `None` where nothing comes any more. In another diagram: `DIAGRAM/NODE`.
        """
        for _ in range(HOPS):
            node = diagram.nodes.get(target or "")
            if node is None:
                return None
            if node.type in ("block", "actions"):
                target = node.steps[0] if node.steps else None
            elif node.type == "goToNode":
                elsewhere = text(node.data.get("diagramID")) or diagram.id
                if elsewhere != diagram.id:
                    return f"{elsewhere}/{text(node.data.get('nodeID'))}"
                target = text(node.data.get("nodeID"))
            elif node.is_step and isinstance(made := self.made(diagram, node), Made) and made.steps:
                return node.id
            else:
                target = ports_of(node).get("next") or following(diagram, node)
        return None

    def targets(self, diagram: Diagram, key: str) -> Iterator[str | None]:
        """The nodes that `key` leads to, of this diagram."""
        node = diagram.nodes[key]
        made = self.made(diagram, node) if node.is_step else Dropped("")
        if isinstance(made, Dropped) or not made.steps:
            yield self.first_step(diagram, ports_of(node).get("next") or following(diagram, node))
            return
        for step in made.steps:
            for target in step.ports.values():
                if target != ON:
                    yield self.first_step(diagram, target)

    def notes_of(self, diagram: Diagram) -> Iterator[tuple[Node, str]]:
        """What is written on a diagram beside its steps, and the addresses of pictures that lie there."""
        for node in diagram.nodes.values():
            if node.type == "markup_text":
                said = template(self._export, node.data.get("content")).strip()
            else:
                said = text(node.data.get("url")) if node.type == "markup_image" else ""
            if said:
                yield node, said

    def entry_name(self, export: Export, node: Node) -> str:
        """How an entry is called: its intent or event."""
        return next((name for _, name, _ in entries_of(export, node)), "")


def entries_of(export: Export, node: Node) -> Iterator[tuple[str, str, Json]]:
    """What enters a node: `intent` or `event`, its name, and its key in the export."""
    if text(node.data.get("intent")):
        yield "intent", utterances_of(export, node.data["intent"])[0], node.data["intent"]
    for row in objects(node.data.get("items")):
        if text(row.get("type")) == "event":
            event = export.row("events", row.get("resourceID"))
            yield "event", text(event.get("requestName")) or text(event.get("name")), row.get("resourceID")
        else:
            yield "intent", utterances_of(export, row.get("resourceID"))[0], row.get("resourceID")
