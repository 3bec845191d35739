"""What is unfinished or doubtful in a document whose shape is right: everything at once, each with what to do."""

from collections.abc import Iterator
from typing import Final

from conduet.engine.checking_tests import check_tests
from conduet.engine.document import default_of, is_zone
from conduet.engine.facts import Environment
from conduet.engine.fields import Value
from conduet.engine.flaw import Flaw
from conduet.engine.flow_check import check_workflows
from conduet.engine.graph import Document
from conduet.engine.inspect import Part, Scope, reading_flaws, unknown_fields
from conduet.engine.mistakes import below
from conduet.engine.outlets import check_handoffs, check_pipelines
from conduet.engine.problem import Problem, unknown_field
from conduet.engine.shape import Variable
from conduet.engine.values import Mismatch

__all__ = ["READ_ONLY", "RESERVED", "Problem", "check"]

READ_ONLY: Final = frozenset(
    {"id", "createdAt", "updatedAt", "revision", "schemaVersion", "problems", "hasIdentitySecret"}
)
"""Fields that a document comes back with and that nobody sets."""

RESERVED: Final = frozenset({"sys", "secrets", "prompts", "args"})
"""What a template reaches by these names is no variable."""


def check(document: Document) -> list[Problem]:
    """All problems of a document, errors first, each group in the order of the document."""
    found = [
        *_project(document),
        *_filter(document),
        *_references(document),
        *_tools(document),
        *check_workflows(document),
        *check_tests(document),
    ]
    if document.converser is not None:
        problems = document.converser.problems()
        found += (Problem(flaw.severity, flaw.code, flaw.message, flaw.path, fix=flaw.fix) for flaw in problems)
    return sorted(found, key=lambda problem: problem.severity)


def _project(document: Document) -> Iterator[Problem]:
    shape = document.shape
    for path in unknown_fields(shape):
        if path not in READ_ONLY:
            yield unknown_field(path)
    zone = shape.behaviour_config.time_zone
    if not is_zone(zone):
        told = f"There is no time zone {zone!r}."
        yield Problem(
            "error", "UNKNOWN_TIME_ZONE", told, "behaviourConfig.timeZone", fix="Use a name such as `Europe/Vienna`."
        )
    yield from check_handoffs(document)
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


def _filter(document: Document) -> Iterator[Problem]:
    """A name that nothing declares would let nobody find anything."""
    wanted = document.shape.behaviour_config.knowledge_filter.items()
    parts = [Part(below("behaviourConfig", "knowledgeFilter", name), Value(value), {}) for name, value in wanted]
    for flaw in reading_flaws(parts, document.facts, Scope()):
        yield Problem(flaw.severity, flaw.code, flaw.message, flaw.path, fix=flaw.fix)


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
    yield from check_pipelines(document)
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
            yield unknown_field(below(tool.path, "config", path))
        if tool.name in names:
            told = f"Another tool is called {tool.name!r} already."
            yield Problem("error", "DUPLICATE_NAME", told, f"{tool.path}.name", fix="Choose another name.")
        names.add(tool.name)
        if not tool.description.strip():
            told = f"A model that reads of {tool.name!r} cannot know what it is good for."
            yield Problem("warning", "NO_DESCRIPTION", told, f"{tool.path}.description", fix="Say what it does.")
