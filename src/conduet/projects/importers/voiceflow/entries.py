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
    """Entries whose steps meet, with all those steps; the first group is that of the start.

    Each step is walked through once: whoever comes to one that another entry has come to belongs to that one's group.
    """
    firsts = [start, *(node.id for node in entries)]
    above = [*range(len(firsts))]
    owner: dict[str, int] = {}

    def group_of(number: int) -> int:
        while above[number] != number:
            above[number] = above[above[number]]
            number = above[number]
        return number

    for number, first in enumerate(firsts):
        waiting = [first]
        while waiting:
            node = waiting.pop()
            if node is None:
                continue
            if node in owner:
                low, high = sorted((group_of(owner[node]), group_of(number)))
                above[high] = low
            elif node in diagram.nodes:
                owner[node] = number
                waiting += graph.targets(diagram, node)
    groups: dict[int, _Group] = {0: ([], set())}
    for number, node in enumerate(entries, 1):
        groups.setdefault(group_of(number), ([], set()))[0].append(node)
    for node, number in owner.items():
        groups[group_of(number)][1].add(node)
    return [*groups.values()]


def _steps(diagram: Diagram, wanted: set[str]) -> list[Node]:
    place = diagram.place_of
    found = (diagram.nodes[key] for key in sorted(wanted, key=place.__getitem__))
    return [node for node in found if node.is_step]


def entry_parts(parts: Mapping[str, Sequence[Part]]) -> Iterator[tuple[Part, Node]]:
    """Each node that an intent or event enters, with the workflow that it lies in."""
    for each in parts.values():
        for part in each:
            for node in part.entries:
                yield part, node
