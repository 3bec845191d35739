"""What a model is told of projects: the fields of a document, and every step type that this server has."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

from conduet.engine.check import Problem
from conduet.engine.plugins import Plugins
from conduet.engine.step import Step
from conduet.errors import At
from conduet.kit.json import Json, dumps
from conduet.projects.document import JsonObject
from conduet.projects.generating.brief import Brief, Framework
from conduet.projects.template import read_template

EXAMPLE: Final = "appointment-booking"
TOLD: Final = 30
"""How many mistakes a model is told at once."""

_PLANNING: Final = (
    "You design conversational agents. Plan the agent that the brief asks for. Answer with one JSON object and nothing "
    "else. Keep to what the brief says: invent no prices, addresses or promises."
)
_WRITING: Final = """
Now write it as a project. Answer with one JSON object and nothing else:
{"name", "description", "framework", "language", "workflows": [...], "variables": [...], "intents": [...],
"secrets": [...], "behaviourConfig": {"persona"}}.

- A workflow: {"id", "name", "primary"?: true, "steps": [{"id", "type", "name", "config"}],
  "connections": [{"source": step id, "sourcePort": port, "target": step id}]}. Exactly one is primary. Each has exactly
  one step of type `start`, and steps and connections stay within their workflow. Another workflow is reached by a step
  of type `workflow`.
- A port holds one connection. Connect every port of every step unless the workflow is over there; `noMatch` and `error`
  ports too. Every way ends at a step that waits for the user, at `handoff` or at `end`.
- A variable: {"name", "type": text|number|boolean|list|object, "default", "description"}. Declare each one that a step
  sets or reads. In texts `{{name}}` is its value; expressions are written without braces.
- A secret: {"name"}. It is reached as `{{secrets.NAME}}` in an `api` step only. Never write a key into a document.
- An intent: {"id", "name", "utterances": [...], "workflowId"}: what users may ask for at any time.
"""
_FRAMEWORKS: Final[Mapping[Framework, str]] = {
    "conversation-flow": 'The framework is "conversation-flow": the workflows lead the conversation.',
    "agentic": (
        'The framework is "agentic": a model leads the conversation by behaviourConfig.persona and '
        'behaviourConfig.agentHarness: {"phases": [{"id", "name", "instructions", "exit": [{"description", "to": id of '
        "the next phase}]}]}. Workflows are not needed."
    ),
    "outbound": (
        'The framework is "outbound": the primary workflow runs without a user and says, in `message` steps, the text '
        'that is published. Nothing in it may wait. Add "pipelines": [{"id", "name", "enabled": false, "schedule": '
        '{"cron", "timeZone": "UTC"}, "workflowId", "approval": "person", "targets": []}].'
    ),
}


def planning(brief: Brief) -> str:
    """What a model is told to make a plan; the brief itself is what it is asked."""
    choice = [_FRAMEWORKS[brief.framework]] if brief.framework else _FRAMEWORKS.values()
    return "\n".join((_PLANNING, *choice))


def writing(framework: Framework, plugins: Plugins) -> str:
    """What a model is told to write the document that was planned."""
    types = "\n".join(("Step types, each with its ports and a config:", *_types(plugins)))
    return "\n\n".join((_WRITING, _FRAMEWORKS[framework], types, f"An example:\n{dumps(_example()).decode()}"))


def repairing(mistakes: Sequence[At | Problem] | str) -> str:
    """What a model is told of a document that is not good yet."""
    told = mistakes if isinstance(mistakes, str) else "\n".join(f"- {each.path}: {each.message}" for each in mistakes)
    return f"That is not right yet:\n{told}\n\nAnswer with the whole corrected JSON object and nothing else."


def _types(plugins: Plugins) -> Iterator[str]:
    for kind in plugins.steps.values():
        about = (kind.__doc__ or "").strip()
        yield f"- {kind.type}: {about} Ports: {_ports(kind)}. Config: {dumps(dict(kind.example)).decode()}"


def _ports(kind: type[Step]) -> str:
    made = [f"the id of each of {source}" for source in kind.ports_from]
    return ", ".join((*made, *kind.fixed_ports)) or "none"


def _example() -> JsonObject:
    """A template as a model is to write it."""
    document = read_template(EXAMPLE)
    workflows = cast(list[dict[str, Json]], document["workflows"])
    shown: list[Json] = [
        {
            **workflow,
            "steps": _without(workflow["steps"], "position"),
            "connections": _without(workflow["connections"], "id"),
        }
        for workflow in workflows
    ]
    facts = {name: document[name] for name in ("name", "description", "framework", "language", "variables")}
    return {**facts, "workflows": shown}


def _without(parts: Json, field: str) -> Json:
    objects = cast(list[dict[str, Json]], parts)
    return [{name: value for name, value in each.items() if name != field} for each in objects]
