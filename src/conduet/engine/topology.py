"""What the shape of the graph tells without running it: which steps are reached, and which go round without waiting."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from conduet.engine.graph import Document, Node, Workflow

CYCLES = 20
"""How many cycles are told of one document: the first few are what there is to see to."""


def reachable(workflow: Workflow) -> set[Node]:
    """The steps that connections lead to from the start, the start among them."""
    found: set[Node] = set()
    ahead = [workflow.start] if workflow.start else []
    while ahead:
        node = ahead.pop()
        if node not in found:
            found.add(node)
            ahead += node.exits.values()
    return found


def trapped(workflow: Workflow) -> Sequence[Node]:
    """The steps that are reached and from which nothing leads out of the workflow, in the order of the document."""
    found = reachable(workflow)
    before: dict[Node, list[Node]] = {}
    for node in found:
        for following in node.exits.values():
            before.setdefault(following, []).append(node)
    ahead = [node for node in found if node.exits.keys() != set(node.step.ports()) or not node.exits]
    free = set(ahead)
    while ahead:
        for node in before.get(ahead.pop(), ()):
            if node not in free:
                free.add(node)
                ahead.append(node)
    return [node for node in workflow.nodes.values() if node in found and node not in free]


def waiting_behind(document: Document) -> Mapping[Node, Node]:
    """The steps from which the flow can reach one that waits for the user, in what it calls too; each with the nearest.

    A step that waits is its own.
    """
    before = _before(document.workflows)
    found = {node: node for node in document.nodes.values() if node.waits}
    ahead = deque(found)
    while ahead:
        following = ahead.popleft()
        for node in before.get(following, ()):
            if node not in found:
                found[node] = found[following]
                ahead.append(node)
    return found


def mark_ahead(workflows: Mapping[str, Workflow]) -> None:
    """Tells each step whether one that rewrites the reply can come after it before anything waits for the user."""
    before = _before(workflows)
    ends = [node for node in before if node.step.rewrites]
    while ends:
        for node in before.get(ends.pop(), ()):
            if not node.ahead:
                node.ahead = True
                if not node.waits:
                    ends.append(node)


def _before(workflows: Mapping[str, Workflow]) -> Mapping[Node, Sequence[Node]]:
    """For each step, those that lead or call to it."""
    before: dict[Node, list[Node]] = {}
    for workflow in workflows.values():
        for node in workflow.nodes.values():
            starts = (workflows[name].start for name in node.goes_to if name in workflows)
            for following in (*node.exits.values(), *filter(None, starts)):
                before.setdefault(following, []).append(node)
    return before


def endless(document: Document) -> Iterator[Sequence[Node]]:
    """Steps that lead round to themselves, over workflows too, with none among them that waits for the user."""
    waiting = _waiting_workflows(document)
    onward = {
        node: set(_onward(document, node))
        for node in document.nodes.values()
        if not node.waits and waiting.isdisjoint(node.goes_to)
    }
    order = {node: index for index, node in enumerate(onward)}
    for _ in range(CYCLES):
        try:
            TopologicalSorter(onward).prepare()
        except CycleError as error:
            # graphlib walks against the edges as they are given here, and names the first node twice.
            cycle: list[Node] = error.args[1][:0:-1]
            first = min(range(len(cycle)), key=lambda index: order[cycle[index]])
            yield [*cycle[first:], *cycle[:first]]
            for node in cycle:
                del onward[node]
        else:
            return


def _onward(document: Document, node: Node) -> Iterator[Node]:
    for port, target in node.exits.items():
        if port not in node.step.bodies:
            yield target
    for workflow_id in node.goes_to:
        workflow = document.workflows.get(workflow_id)
        if workflow and workflow.start:
            yield workflow.start


def _waiting_workflows(document: Document) -> set[str]:
    """Workflows in which, or in what they call, some step that is reached waits: calling them is taken for waiting."""
    nodes = {workflow_id: reachable(workflow) for workflow_id, workflow in document.workflows.items()}
    waiting = {name for name, found in nodes.items() if any(node.waits for node in found)}
    while more := {
        name
        for name, found in nodes.items()
        if name not in waiting and any(not waiting.isdisjoint(node.goes_to) for node in found)
    }:
        waiting |= more
    return waiting
