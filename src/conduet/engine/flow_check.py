"""What is unfinished or doubtful in workflows and their steps."""

from collections.abc import Iterator, Mapping

from conduet.engine.flaw import Flaw
from conduet.engine.graph import Document, Node, Workflow
from conduet.engine.inspect import Scope, flaws_of, parts_of, reading_flaws, unknown_fields
from conduet.engine.mistakes import below
from conduet.engine.problem import Problem, problem_at, unknown_field
from conduet.engine.shape import WorkflowShape
from conduet.engine.topology import endless, reachable, trapped, waiting_behind


def check_workflows(document: Document) -> Iterator[Problem]:
    """The problems of all workflows, in the order of the document; then those of the flow through them."""
    waiting = waiting_behind(document)
    for workflow, shape in zip(document.workflows.values(), document.shape.workflows, strict=True):
        yield from _workflow(document, workflow, shape, waiting)
    for cycle in endless(document):
        names = ", ".join(node.id for node in cycle)
        told = f"These steps lead round and never wait for the user: {names}."
        yield problem_at(cycle[0], Flaw("ENDLESS", told, "", "Let a step between them wait.", "warning"))


def _workflow(
    document: Document, workflow: Workflow, shape: WorkflowShape, waiting: Mapping[Node, Node]
) -> Iterator[Problem]:
    starts = [node for node in workflow.nodes.values() if node.step.type == "start"]
    if not starts:
        told = f"The workflow {workflow.name or workflow.id!r} has no start."
        yield Problem("error", "NO_START", told, workflow.path, workflow.id, fix="Add a start step.")
    for node in starts[1:]:
        yield problem_at(node, Flaw("TWO_STARTS", "The workflow has another start already.", "", "Keep one."))
    taken: set[tuple[str, str]] = set()
    for index, connection in enumerate(shape.connections):
        leaves = (connection.source, connection.source_port)
        if leaves in taken:
            told = "Another connection leaves from this port already: this one is never taken."
            path = below(workflow.path, "connections", index)
            yield Problem(
                "warning", "SECOND_CONNECTION", told, path, workflow.id, connection.source, "Remove one of them."
            )
        taken.add(leaves)
    found = reachable(workflow)
    for node in workflow.nodes.values():
        yield from _node(document, node)
        yield from _ports(document, node, waiting)
        if starts and node not in found:
            told = "No connection leads here from the start."
            yield problem_at(node, Flaw("UNREACHABLE", told, "", "Connect it or remove it.", "warning"))
    caught = trapped(workflow)
    if any(node.waits for node in caught):
        told = "No way leads from here to an end: the conversation goes round and round."
        yield problem_at(caught[0], Flaw("NO_END", told, "", "Let a step lead out of it, or to an `end`.", "warning"))


def _ports(document: Document, node: Node, waiting: Mapping[Node, Node]) -> Iterator[Problem]:
    """What is wrong with where the step leads."""
    for flaw in node.step.loose(node.exits, document.facts):
        yield problem_at(node, flaw)
    for path, port in node.step.branching() if node.step.forks else ():
        target = node.exits.get(port)
        waits = waiting.get(target) if target else None
        if waits is not None:
            told = f"The branch {port!r} reaches {waits.id!r}, which waits for the user: no branch may."
            yield problem_at(node, Flaw("BRANCH_WAITS", told, path, "Let that wait before the step, or behind it."))


def _node(document: Document, node: Node) -> Iterator[Problem]:
    scope = Scope(secrets=node.step.reads_secrets)
    flaws = (*node.flaws, *reading_flaws(parts_of(node.step), document.facts, scope))
    for flaw in flaws:
        yield problem_at(node, flaw)
    for path in unknown_fields(node.step):
        yield unknown_field(f"{node.path}.config.{path}", node)
    for platform, step in node.overlays.items():
        # What is laid over is checked where it differs from what it lies over, which was checked above.
        parts = [*parts_of(step)]
        for flaw in (*flaws_of(step, parts, document.facts), *reading_flaws(parts, document.facts, scope)):
            if flaw not in flaws:
                yield problem_at(node, flaw, below("channels", platform))
        for path in set(unknown_fields(step)) - set(unknown_fields(node.step)):
            yield unknown_field(below(node.path, "config", "channels", platform, path), node)
