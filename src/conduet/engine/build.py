"""Steps and workflows on their way from JSON to a graph, with the mistakes of shape met on it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pydantic import ValidationError

from conduet.engine.facts import Facts
from conduet.engine.graph import Node, Workflow
from conduet.engine.inspect import Part, flaws_of, parts_of
from conduet.engine.mistakes import below, mistakes_of, repeated
from conduet.engine.plugins import Plugins
from conduet.engine.shape import Shape, StepShape, WorkflowShape
from conduet.engine.step import Step
from conduet.engine.tool import Tool
from conduet.errors import At


@dataclass(frozen=True, slots=True)
class Compiled:
    """A step's configuration, and what it is on the platforms that have their own."""

    step: Step
    parts: Sequence[Part]
    overlays: Mapping[str, Step]


class Configured:
    """The configurations of all steps and tools by their path; of a broken document, as much as there is."""

    def __init__(self, raw: Mapping[str, Any], plugins: Plugins) -> None:
        self._steps = plugins.steps
        self.mistakes: list[At] = []
        self.by_path: dict[str, Compiled] = {}
        self.tools: dict[str, tuple[Tool, Sequence[Part]]] = {}
        for index, tool in _objects(raw.get("tools")):
            self._add_tool(tool, below("tools", index), plugins.tools)
        for index, workflow in _objects(raw.get("workflows")):
            for number, step in _objects(workflow.get("steps")):
                path = below("workflows", index, "steps", number)
                compiled = self._compiled(step.get("type"), step.get("config", {}), path)
                if compiled is not None:
                    self.by_path[path] = compiled

    def _add_tool(self, raw: Mapping[str, Any], path: str, types: Mapping[str, type[Tool]]) -> None:
        kind, given = raw.get("type"), raw.get("config", {})
        if not isinstance(kind, str) or not isinstance(given, dict):
            return
        config = cast("dict[str, Any]", given)
        tool_type = types.get(kind)
        if tool_type is None:
            known = ", ".join(sorted(types))
            self.mistakes.append(At(below(path, "type"), f"There is no tool type {kind!r}; there are {known}."))
            return
        where = below(path, "config")
        try:
            tool = tool_type.model_validate(config)
        except ValidationError as error:
            self.mistakes += mistakes_of(error, config, where)
            return
        parts = [*parts_of(tool)]
        self.mistakes += _repeated_ids(parts, where)
        self.tools[path] = (tool, parts)

    def _compiled(self, kind: object, config: object, path: str) -> Compiled | None:
        if not isinstance(kind, str) or not isinstance(config, dict):
            return None
        step_type = self._steps.get(kind)
        if step_type is None:
            known = ", ".join(sorted(self._steps))
            self.mistakes.append(At(below(path, "type"), f"There is no step type {kind!r}; there are {known}."))
            return None
        fields, where = cast("dict[str, Any]", config), below(path, "config")
        step = self._step(step_type, fields, where)
        if step is None:
            return None
        parts = [*parts_of(step)]
        self.mistakes += (*_repeated_ids(parts, where), *_taken_ports(step, where))
        overlays = {
            platform: found
            for platform, laid_over in _channels(step).items()
            if (found := self._step(step_type, {**fields, **laid_over}, below(where, "channels", platform)))
        }
        return Compiled(step, parts, overlays)

    def _step(self, kind: type[Step], config: dict[str, Any], path: str) -> Step | None:
        try:
            return kind.model_validate(config)
        except ValidationError as error:
            self.mistakes += mistakes_of(error, config, path)
            return None


class Graph:
    """One workflow with its steps connected."""

    def __init__(self, shape: WorkflowShape, path: str, configured: Configured, facts: Facts) -> None:
        self._shape = shape
        self._path = path
        self._nodes: dict[str, Node] = {}
        self.mistakes: list[At] = [
            *repeated(shape.steps, "id", below(path, "steps")),
            *repeated(shape.connections, "id", below(path, "connections")),
            *repeated(shape.notes, "id", below(path, "notes")),
        ]
        # What lies on a canvas is told apart by its id alone: there a note is chosen as a step is.
        ids = {step.id for step in shape.steps}
        self.mistakes += (
            At(below(path, "notes", index, "id"), f"A step of this workflow has the id {note.id!r} already.")
            for index, note in enumerate(shape.notes)
            if note.id in ids
        )
        for index, step in enumerate(shape.steps):
            where = below(path, "steps", index)
            if (compiled := configured.by_path.get(where)) is not None:
                self._nodes[step.id] = self._node(step, where, compiled, facts)
        self._connect()
        for node in self._nodes.values():
            node.waits = node.step.waits(node.exits, facts)

    def workflow(self) -> Workflow:
        """The graph, once all nodes are in it."""
        start = next((node for node in self._nodes.values() if node.step.type == "start"), None)
        return Workflow(self._shape.id, self._shape.name, self._path, start, self._nodes)

    def _node(self, shape: StepShape, path: str, compiled: Compiled, facts: Facts) -> Node:
        flaws = tuple(flaws_of(compiled.step, compiled.parts, facts))
        return Node(
            workflow_id=self._shape.id,
            id=shape.id,
            path=path,
            step=compiled.step,
            overlays=compiled.overlays,
            flaws=flaws,
            unfinished=next((flaw for flaw in flaws if flaw.severity == "error"), None),
            goes_to=tuple(str(part.value) for part in compiled.parts if part.hints.get("control") == "workflow"),
        )

    def _connect(self) -> None:
        ids = {step.id for step in self._shape.steps}
        for index, connection in enumerate(self._shape.connections):
            path = below(self._path, "connections", index)
            for end, step_id in (("source", connection.source), ("target", connection.target)):
                if step_id not in ids:
                    self.mistakes.append(At(below(path, end), f"There is no step {step_id!r} in this workflow."))
            source, target = self._nodes.get(connection.source), self._nodes.get(connection.target)
            if source is None:
                continue
            ports = source.step.ports()
            if connection.source_port not in ports and not source.step.open_ports:
                has = f"it has {', '.join(ports)}" if ports else "it has none"
                told = f"The step {source.id!r} has no port {connection.source_port!r}; {has}."
                self.mistakes.append(At(below(path, "sourcePort"), told))
            elif target is not None:
                source.exits.setdefault(connection.source_port, target)


def _channels(step: Step) -> dict[str, dict[str, Any]]:
    """What is laid over a step on each platform; other types may carry an unknown field of that name."""
    return getattr(step, "channels") if "channels" in type(step).model_fields else {}  # noqa: B009  # only some steps have it


def _objects(value: object) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a list, each with its index."""
    for index, item in enumerate(cast("list[object]", value) if isinstance(value, list) else ()):
        if isinstance(item, dict):
            yield index, cast("dict[str, Any]", item)


def _repeated_ids(parts: Sequence[Part], path: str) -> Iterator[At]:
    """Ids that two items of one list share."""
    for part in parts:
        value = part.value
        items = cast("tuple[object, ...]", value) if isinstance(value, tuple) else ()
        identified = [item for item in items if isinstance(item, Shape) and hasattr(item, "id")]
        yield from repeated(identified, "id", below(path, part.path))


def _taken_ports(step: Step, path: str) -> Iterator[At]:
    """Branches that are called like a port of the step's own, or like a branch of another list."""
    lists: dict[str, str] = {}
    for where, port in step.branching():
        if port in step.fixed_ports:
            yield At(below(path, where, "id"), f"{port!r} is a port that the step has anyway.")
        elif lists.setdefault(port, where.rpartition("[")[0]) != where.rpartition("[")[0]:
            yield At(below(path, where, "id"), f"{port!r} is there twice; each needs its own.")
