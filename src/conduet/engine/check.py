"""What is unfinished or doubtful in a document whose shape is right: everything at once, each with what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from conduet.engine.document import default_of, is_zone
from conduet.engine.facts import Environment
from conduet.engine.flaw import Flaw, Severity
from conduet.engine.graph import Document, Node, Workflow
from conduet.engine.inspect import Scope, flaws_of, parts_of, reading_flaws, unknown_fields
from conduet.engine.mistakes import below
from conduet.engine.shape import Variable, WorkflowShape
from conduet.engine.topology import endless, reachable
from conduet.engine.values import Json, Mismatch

READ_ONLY: Final = frozenset(
    {"id", "createdAt", "updatedAt", "revision", "schemaVersion", "problems", "hasIdentitySecret"}
)
"""Fields that a document comes back with and that nobody sets."""

RESERVED: Final = frozenset({"sys", "secrets", "prompts", "args"})
"""What a template reaches by these names is no variable."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to be seen to; an `error` keeps the project from being published."""

    severity: Severity
    code: str
    message: str
    path: str
    workflow_id: str | None = None
    step_id: str | None = None
    fix: str | None = None

    def wire(self) -> dict[str, Json]:
        """As the API tells it; what does not apply is left out."""
        found: dict[str, Json] = {
            "severity": self.severity,
            "code": self.code,
            "message": self.message,
            "path": self.path,
            "workflowId": self.workflow_id,
            "stepId": self.step_id,
            "fix": self.fix,
        }
        return {name: value for name, value in found.items() if value is not None}


def check(document: Document) -> list[Problem]:
    """All problems of a document, errors first, each group in the order of the document."""
    found = [*_project(document), *_references(document), *_tools(document)]
    for workflow, shape in zip(document.workflows.values(), document.shape.workflows, strict=True):
        found += _workflow(document, workflow, shape)
    for cycle in endless(document):
        names = ", ".join(node.id for node in cycle)
        told = f"These steps lead round and never wait for the user: {names}."
        found.append(_at(cycle[0], Flaw("ENDLESS", told, "", "Let a step between them wait.", "warning")))
    return sorted(found, key=lambda problem: problem.severity)


def _project(document: Document) -> Iterator[Problem]:
    shape = document.shape
    for path in unknown_fields(shape):
        if path not in READ_ONLY:
            yield _unknown_field(path)
    zone = shape.behaviour_config.time_zone
    if not is_zone(zone):
        told = f"There is no time zone {zone!r}."
        yield Problem(
            "error", "UNKNOWN_TIME_ZONE", told, "behaviourConfig.timeZone", fix="Use a name such as `Europe/Vienna`."
        )
    if document.primary is None and document.framework == "conversation-flow":
        yield Problem(
            "error", "NO_WORKFLOW", "The project has no workflow.", "workflows", fix="Add a workflow with a start."
        )
    for index in [index for index, workflow in enumerate(shape.workflows) if workflow.primary][1:]:
        told = "Another workflow is the primary one already."
        yield Problem("error", "TWO_PRIMARIES", told, f"workflows[{index}].primary", fix="Keep one.")
    for index, variable in enumerate(shape.variables):
        for flaw in _variable(variable):
            path = below("variables", index, flaw.path)
            yield Problem(flaw.severity, flaw.code, flaw.message, path, fix=flaw.fix)


def _variable(variable: Variable) -> Iterator[Flaw]:
    if variable.name in RESERVED:
        told = f"`{variable.name}` is no name for a variable: templates mean something else by it."
        yield Flaw("RESERVED_NAME", told, "name", "Choose another name.")
    defaults: dict[Environment, str] = {"development": "default", "production": "environments.production"}
    for environment, path in defaults.items():
        try:
            default_of(variable, environment)
        except Mismatch as error:
            told = f"The default of `{variable.name}` does not fit its type: {error}."
            yield Flaw("WRONG_DEFAULT", told, path, "Change it, or the type.")
            break


def _references(document: Document) -> Iterator[Problem]:
    """Names of workflows and tools outside the steps."""
    shape = document.shape
    for field in ("intents", "events", "pipelines"):
        for index, part in enumerate(getattr(shape, field)):
            if part.workflow_id not in document.workflows:
                told = f"There is no workflow {part.workflow_id!r}."
                path = f"{field}[{index}].workflowId"
                yield Problem("error", "UNKNOWN_WORKFLOW", told, path, fix="Choose a workflow that exists.")
    for index, playbook in enumerate(shape.playbooks):
        for number, tool_id in enumerate(playbook.tool_ids):
            if tool_id not in document.facts.tools:
                told = f"There is no tool {tool_id!r}."
                path = f"playbooks[{index}].toolIds[{number}]"
                yield Problem("error", "UNKNOWN_TOOL", told, path, fix="Choose a tool that exists.")


def _tools(document: Document) -> Iterator[Problem]:
    names: set[str] = set()
    for tool in document.tools.values():
        scope = Scope(secrets=tool.tool.reads_secrets, args=tool.takes)
        for flaw in (*tool.flaws, *reading_flaws(tool.parts, document.facts, scope)):
            path = below(tool.path, "config", flaw.path) if flaw.path else tool.path
            yield Problem(flaw.severity, flaw.code, flaw.message, path, fix=flaw.fix)
        for path in unknown_fields(tool.tool):
            yield _unknown_field(below(tool.path, "config", path))
        if tool.name in names:
            told = f"Another tool is called {tool.name!r} already."
            yield Problem("error", "DUPLICATE_NAME", told, f"{tool.path}.name", fix="Choose another name.")
        names.add(tool.name)
        if not tool.description.strip():
            told = f"A model that reads of {tool.name!r} cannot know what it is good for."
            yield Problem("warning", "NO_DESCRIPTION", told, f"{tool.path}.description", fix="Say what it does.")


def _workflow(document: Document, workflow: Workflow, shape: WorkflowShape) -> Iterator[Problem]:
    starts = [node for node in workflow.nodes.values() if node.step.type == "start"]
    if not starts:
        told = f"The workflow {workflow.name or workflow.id!r} has no start."
        yield Problem("error", "NO_START", told, workflow.path, workflow.id, fix="Add a start step.")
    for node in starts[1:]:
        yield _at(node, Flaw("TWO_STARTS", "The workflow has another start already.", "", "Keep one."))
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
        if starts and node not in found:
            told = "No connection leads here from the start."
            yield _at(node, Flaw("UNREACHABLE", told, "", "Connect it or remove it.", "warning"))


def _node(document: Document, node: Node) -> Iterator[Problem]:
    scope = Scope(secrets=node.step.reads_secrets)
    flaws = (*node.flaws, *reading_flaws(parts_of(node.step), document.facts, scope))
    for flaw in flaws:
        yield _at(node, flaw)
    for path in unknown_fields(node.step):
        yield _unknown_field(f"{node.path}.config.{path}", node)
    for platform, step in node.overlays.items():
        # What is laid over is checked where it differs from what it lies over, which was checked above.
        parts = [*parts_of(step)]
        for flaw in (*flaws_of(step, parts, document.facts), *reading_flaws(parts, document.facts, scope)):
            if flaw not in flaws:
                yield _at(node, flaw, below("channels", platform))
        for path in set(unknown_fields(step)) - set(unknown_fields(node.step)):
            yield _unknown_field(below(node.path, "config", "channels", platform, path), node)


def _at(node: Node, flaw: Flaw, *inside: str) -> Problem:
    """A flaw where it is in the document; one without a path is the whole step's."""
    path = below(node.path, "config", *inside, flaw.path) if flaw.path else node.path
    return Problem(flaw.severity, flaw.code, flaw.message, path, node.workflow_id, node.id, flaw.fix)


def _unknown_field(path: str, node: Node | None = None) -> Problem:
    told = f"The field {path.rpartition('.')[2]!r} is not known here; it is kept."
    place = (node.workflow_id, node.id) if node else (None, None)
    return Problem("warning", "UNKNOWN_FIELD", told, path, *place, "Remove it, or check its spelling.")
