"""The parts of diagrams as workflows of ours, with a report of what became of each node."""

from collections.abc import Mapping, Sequence

from conduet.engine.shape import NOTE_LENGTH, NOTES
from conduet.kit.json import Json
from conduet.projects.importers.report import Entry, Report
from conduet.projects.importers.voiceflow.entries import Part
from conduet.projects.importers.voiceflow.export import Diagram, Node
from conduet.projects.importers.voiceflow.graph import Graph
from conduet.projects.importers.voiceflow.made import ON, Dropped

ENTRY = "vf_entry"
"""The variable that tells a workflow with several entries which one it is."""

STEP_X, STEP_Y = 60.0, 110.0


class Drawing:
    """A workflow as it is drawn: steps with places, and connections."""

    def __init__(self, part: Part, *, primary: bool) -> None:
        self._part = part
        self._primary = primary
        self._steps: list[Json] = []
        self._connections: list[Json] = []
        self._notes: list[Json] = []
        self._ids: set[str] = set()

    def add(self, key: str, kind: str, config: dict[str, Json], *, at: tuple[float, float], name: str = "") -> None:
        """Adds a step."""
        self._ids.add(key)
        step: dict[str, Json] = {"id": key, "type": kind, "config": config, "position": {"x": at[0], "y": at[1]}}
        self._steps.append(step | ({"name": name[:200]} if name else {}))

    def join(self, source: str, port: str, target: str | None) -> None:
        """Adds a connection; none where nothing follows."""
        if target is not None:
            key = f"c{len(self._connections) + 1}"
            self._connections.append({"id": key, "source": source, "sourcePort": port, "target": target})

    def note(self, key: str, said: str, *, at: tuple[float, float]) -> bool:
        """Adds a note, cut to what one holds; `False`: it holds as many as it may, or no more of this."""
        if len(self._notes) == NOTES:
            return False
        place: dict[str, Json] = {"x": at[0], "y": at[1]}
        self._notes.append({"id": key, "text": said[:NOTE_LENGTH], "position": place})
        return len(said) <= NOTE_LENGTH

    def has(self, key: str) -> bool:
        """Whether it holds a step of that id."""
        return key in self._ids

    def wire(self) -> Json:
        """As a document holds it."""
        # A connection to what lies in another workflow of the same diagram would dangle.
        joined = [each for each in self._connections if isinstance(each, dict) and each["target"] in self._ids]
        told: dict[str, Json] = {"id": self._part.id, "name": self._part.name}
        if self._primary:
            told["primary"] = True
        told["steps"], told["connections"] = self._steps, [*joined]
        if self._notes:
            told["notes"] = self._notes
        return told


def draw(part: Part, graph: Graph, *, jumps: Mapping[str, str], report: Report, primary: bool) -> Json:
    """A part as a workflow; `jumps` are the workflows that a node of another diagram lies in, by `DIAGRAM/NODE`."""
    drawing = Drawing(part, primary=primary)
    _begin(drawing, part, graph)
    for node in part.nodes:
        _add(drawing, part, node, graph, jumps=jumps, report=report)
    # A diagram's notes lie on one of its workflows, that of its start.
    for node, said in graph.notes_of(part.diagram) if part.id == part.diagram.id else ():
        if not drawing.note(f"note-{node.id}", said, at=node.coords or (0.0, 0.0)):
            report.warn(f"A note on {part.name!r} is longer, or one more, than a workflow takes: {said}")
    return drawing.wire()


def _begin(drawing: Drawing, part: Part, graph: Graph) -> None:
    drawing.add("start", "start", {}, at=(0.0, 0.0))
    entered = _dispatched(part, graph)
    if not entered:
        drawing.join("start", "next", part.start)
        return
    rules: list[Json] = [{"id": node.id, "expression": f'{ENTRY} == "{node.id}"'} for node in entered]
    drawing.add("entry", "condition", {"rules": rules}, at=(120.0, 0.0), name="Which way in")
    drawing.join("start", "next", "entry")
    drawing.join("entry", "else", part.start)
    for index, node in enumerate(entered):
        key = f"entry-{node.id}"
        reset: list[Json] = [{"variable": ENTRY, "value": ""}]
        drawing.add(key, "set", {"assignments": reset}, at=(240.0, STEP_Y * index))
        drawing.join("entry", node.id, key)
        drawing.join(key, "next", graph.first_step(part.diagram, node.id))


def _dispatched(part: Part, graph: Graph) -> Sequence[Node]:
    """The entries that need a way of their own behind the start: all, unless each is the start itself."""
    ways = {graph.first_step(part.diagram, node.id) for node in part.entries}
    return () if ways <= {part.start} else part.entries


def dispatches(part: Part, graph: Graph) -> bool:
    """Whether an intent has to say by which way it comes in."""
    return bool(_dispatched(part, graph))


def _add(drawing: Drawing, part: Part, node: Node, graph: Graph, *, jumps: Mapping[str, str], report: Report) -> None:
    made = graph.made(part.diagram, node)
    block = part.diagram.block_of.get(node.id)
    entry = Entry(node.id, node.type, node.name, part.name, block.name or None if block else None)
    if isinstance(made, Dropped):
        report.add("dropped", _told(entry, to=None, reason=made.reason))
        return
    to = made.steps[-1].type if made.steps else "intents"
    report.add("approximated" if made.reason else "mapped", _told(entry, to=to, reason=made.reason))
    keys = [node.id if index == 0 else f"{node.id}-{index + 1}" for index in range(len(made.steps))]
    for index, (key, step) in enumerate(zip(keys, made.steps, strict=True)):
        name = node.name if index == 0 and node.name.lower() != node.type.lower() else ""
        drawing.add(key, step.type, step.config, at=_place(part.diagram, node, index), name=name)
        for port, target in step.ports.items():
            if target == ON:
                drawing.join(key, port, keys[index + 1])
            else:
                _join(drawing, part, (key, port), target, graph, jumps=jumps)


def _join(
    drawing: Drawing,
    part: Part,
    source: tuple[str, str],
    target: str | None,
    graph: Graph,
    *,
    jumps: Mapping[str, str],
) -> None:
    reached = graph.first_step(part.diagram, target)
    if reached is not None and "/" in reached:
        workflow = jumps.get(reached, reached.partition("/")[0])
        key = f"jump-{workflow}"
        if not drawing.has(key):
            drawing.add(key, "workflow", {"workflowId": workflow, "mode": "jump"}, at=(0.0, -STEP_Y))
        reached = key
    drawing.join(*source, reached)


def _place(diagram: Diagram, node: Node, index: int) -> tuple[float, float]:
    block = diagram.block_of.get(node.id)
    x, y = (block.coords if block else None) or node.coords or (0.0, 0.0)
    row = diagram.row_of.get(node.id, 0)
    return (x + STEP_X * index, y + STEP_Y * row)


def _told(entry: Entry, *, to: str | None, reason: str | None) -> Entry:
    return Entry(entry.id, entry.type, entry.name, entry.workflow, entry.block, to, reason)
