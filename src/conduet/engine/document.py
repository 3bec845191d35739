"""Compiles a project document, or tells every mistake of its shape at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from conduet.engine.build import Configured, Graph
from conduet.engine.facts import Environment, Facts
from conduet.engine.fitting import storable
from conduet.engine.graph import Document, Workflow
from conduet.engine.mistakes import below, mistakes_of, refused, repeated
from conduet.engine.plugins import Plugins
from conduet.engine.project import ProjectShape
from conduet.engine.shape import Intent, Variable
from conduet.engine.toolbox import ProjectTool, ready_tool
from conduet.engine.topology import mark_ahead
from conduet.engine.values import Json, Mismatch, convert
from conduet.engine.wording import fold
from conduet.errors import At
from conduet.kit.json_schema import JsonSchema, WrongSchema

__all__ = ["Document", "compile_document"]

_BY_NAME: Final = ("variables", "secrets", "events")
_BY_ID: Final = ("workflows", "playbooks", "tools", "intents", "entities", "pipelines", "tests", "webhooks")


def compile_document(raw: Mapping[str, Json], plugins: Plugins) -> Document:
    """The document ready to run.

    Raises `BadRequest` with all mistakes of shape as `details` by path: a wrong JSON type, an unknown step or tool
    type, a duplicate id, a connection that hangs in the air, a value over its limit, a pattern RE2 refuses, parameters
    that are no JSON Schema. What is only unfinished compiles; `engine.check` tells it. `raw` is JSON, at most 200
    levels deep.
    """
    configured = Configured(raw, plugins)
    try:
        shape = ProjectShape.model_validate(raw)
    except ValidationError as error:
        raise refused([*mistakes_of(error, raw), *configured.mistakes]) from None
    mistakes = [*configured.mistakes, *_repeated_in(shape)]
    facts = _facts(shape, plugins)
    workflows: dict[str, Workflow] = {}
    for index, workflow in enumerate(shape.workflows):
        graph = Graph(workflow, below("workflows", index), configured, facts)
        mistakes += graph.mistakes
        workflows[workflow.id] = graph.workflow()
    schemas = _schemas(shape, mistakes)
    if mistakes:
        raise refused(mistakes)
    mark_ahead(workflows)
    document = _document(shape, facts, workflows, _tools(shape, facts, configured, schemas))
    return replace(document, converser=plugins.converser(document)) if plugins.converser else document


def _facts(shape: ProjectShape, plugins: Plugins) -> Facts:
    zone = shape.behaviour_config.time_zone
    return Facts(
        language=shape.language,
        time_zone=zone if is_zone(zone) else "UTC",
        variables={variable.name: variable for variable in shape.variables},
        workflow_ids=frozenset(workflow.id for workflow in shape.workflows),
        tools={tool.id: tool for tool in shape.tools},
        playbooks={playbook.id: playbook for playbook in shape.playbooks},
        secrets=frozenset(secret.name for secret in shape.secrets),
        connectors=plugins.connectors,
        targets=plugins.targets,
        rooms=plugins.rooms,
        name=shape.name,
        behaviour=shape.behaviour_config,
        prompts=shape.prompts,
        entities={entity.id: entity for entity in shape.entities},
    )


def _schemas(shape: ProjectShape, mistakes: list[At]) -> Sequence[JsonSchema]:
    """What the parameters of each tool are checked with; those that are none are added to `mistakes`."""
    found: list[JsonSchema] = []
    for index, tool in enumerate(shape.tools):
        if tool.parameters.get("type", "object") != "object":
            told = "The parameters of a tool are an object: `type` has to be `object`."
            mistakes.append(At(below("tools", index, "parameters", "type"), told))
            continue
        try:
            found.append(JsonSchema(tool.parameters))
        except WrongSchema as error:
            mistakes.append(At(below("tools", index, "parameters", *error.path), str(error)))
    return found


def _tools(
    shape: ProjectShape, facts: Facts, configured: Configured, schemas: Sequence[JsonSchema]
) -> Mapping[str, ProjectTool]:
    found: dict[str, ProjectTool] = {}
    for index, (tool, schema) in enumerate(zip(shape.tools, schemas, strict=True)):
        path = below("tools", index)
        made, parts = configured.tools[path]
        found[tool.id] = ready_tool(tool, made, parts, schema=schema, path=path, facts=facts)
    return found


def _document(
    shape: ProjectShape, facts: Facts, workflows: Mapping[str, Workflow], tools: Mapping[str, ProjectTool]
) -> Document:
    named = [workflow.id for workflow in shape.workflows if workflow.primary]
    primary = workflows[(named or [*workflows])[0]] if workflows else None
    nodes = {node.place: node for workflow in workflows.values() for node in workflow.nodes.values()}
    return Document(
        shape=shape,
        framework=shape.framework,
        facts=facts,
        defaults={"development": _defaults(facts, "development"), "production": _defaults(facts, "production")},
        workflows=workflows,
        primary=primary,
        prompts=shape.prompts,
        intents=_intents(shape, workflows),
        events={event.name: event for event in shape.events},
        tools=tools,
        reads_knowledge=shape.framework != "conversation-flow"
        or any(node.step.reads_knowledge for node in nodes.values()),
        rewrites=any(node.step.rewrites for node in nodes.values()),
        nodes=nodes,
    )


def is_zone(name: str) -> bool:
    """Whether there is a time zone of that IANA name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def default_of(variable: Variable, environment: Environment) -> Json:
    """What a variable is when a conversation begins, `None` when nothing is said; raises `Mismatch`."""
    value = variable.environments.get(environment, variable.default)
    return None if value is None else storable(convert(value, variable.type))


def _defaults(facts: Facts, environment: Environment) -> Mapping[str, Json]:
    found: dict[str, Json] = {}
    for name, variable in facts.variables.items():
        try:
            value = default_of(variable, environment)
        except Mismatch:
            continue
        if value is not None:
            found[name] = value
    return found


def _intents(shape: ProjectShape, workflows: Mapping[str, Workflow]) -> Mapping[str, tuple[Intent, ...]]:
    found: dict[str, tuple[Intent, ...]] = {}
    for intent in shape.intents:
        if intent.workflow_id in workflows:
            for said in {fold(text) for text in (intent.name, *intent.utterances)} - {""}:
                found[said] = (*found.get(said, ()), intent)
    return found


def _repeated_in(shape: ProjectShape) -> Iterator[At]:
    for name in _BY_ID:
        yield from repeated(getattr(shape, name), "id", name)
    for name in _BY_NAME:
        yield from repeated(getattr(shape, name), "name", name)
