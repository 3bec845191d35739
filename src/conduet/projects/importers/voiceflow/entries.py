"""Which workflows a diagram becomes: one, and one more for each intent whose steps nothing else leads to.

Voiceflow lets an intent enter a diagram anywhere; a workflow here has one start. Where the steps of several entries
meet, they stay together, and a `condition` behind the start sends each entry its own way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from conduet.projects.importers.voiceflow.export import Diagram, Export, Node
from conduet.projects.importers.voiceflow.graph import Graph

ENTRY_TYPES = ("intent", "trigger", "command")


@dataclass(frozen=True, slots=True)
class Part:
    """A workflow in the making: the nodes of a diagram that belong together, and where they are entered.

    `start` is the first node behind the start, where there is one; `entries` are nodes that an intent or event enters.
    """

    id: str
    name: str
    diagram: Diagram
    start: str | None
    entries: Sequence[Node]
    nodes: Sequence[Node]


def parts_of(export: Export, diagram: Diagram, graph: Graph) -> list[Part]:
    """The workflows of `diagram`; that of its start comes first and has the diagram's id."""
    entries = [node for node in diagram.nodes.values() if node.type in ENTRY_TYPES and node.is_step]
    start = _start(diagram, graph, entries)
    groups = _groups(graph, diagram, start, entries)
    main, apart = groups[0], groups[1:]
    rest = {node.id for node in diagram.nodes.values() if node.is_step}
    for _, reached in apart:
        rest -= reached
    parts = [Part(diagram.id, diagram.name, diagram, start, main[0], _steps(diagram, rest))]
    for entered, reached in apart:
        first = entered[0]
        name = graph.entry_name(export, first) or f"{diagram.name} {first.id}"
        begin = None if len(entered) > 1 else graph.first_step(diagram, first.id)
        parts.append(Part(f"{diagram.id}-{first.id}", name, diagram, begin, entered, _steps(diagram, reached)))
    return parts


def _start(diagram: Diagram, graph: Graph, entries: Sequence[Node]) -> str | None:
    starts = diagram.starts
    if starts:
        return graph.start_of(diagram, starts[0])
    if entries:
        return graph.first_step(diagram, entries[0].id)
    block = next((node for node in diagram.nodes.values() if node.type == "block" and node.steps), None)
    return graph.first_step(diagram, block.id) if block else None


_Group = tuple[list[Node], set[str]]


def _groups(graph: Graph, diagram: Diagram, start: str | None, entries: Sequence[Node]) -> list[_Group]:
    """Entries whose steps meet, with all those steps; the first group is that of the start."""
    groups: list[_Group] = [([], _reached(graph, diagram, start))]
    for node in entries:
        reached = _reached(graph, diagram, node.id)
        meeting = [group for group in groups if group[1] & reached]
        merged: _Group = ([each for group in meeting for each in group[0]] + [node], reached)
        for group in meeting:
            merged[1].update(group[1])
        if groups[0] in meeting:
            groups = [merged, *(group for group in groups[1:] if group not in meeting)]
        else:
            groups = [*(group for group in groups if group not in meeting), merged]
    return groups


def _reached(graph: Graph, diagram: Diagram, first: str | None) -> set[str]:
    found: set[str] = set()
    waiting = [first] if first else []
    while waiting:
        node = waiting.pop()
        if node not in found and node in diagram.nodes:
            found.add(node)
            waiting += [target for target in graph.targets(diagram, node) if target is not None]
    return found


def _steps(diagram: Diagram, wanted: set[str]) -> list[Node]:
    return [node for node in diagram.nodes.values() if node.id in wanted and node.is_step]


def entry_parts(parts: Mapping[str, Sequence[Part]]) -> Iterator[tuple[Part, Node]]:
    """Each node that an intent or event enters, with the workflow that it lies in."""
    for each in parts.values():
        for part in each:
            for node in part.entries:
                yield part, node
