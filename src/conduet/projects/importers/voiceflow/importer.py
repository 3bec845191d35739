"""From a Voiceflow export to a document of ours and the report of how it went."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from conduet.kit.json import Json, dumps
from conduet.projects.importers.report import Report
from conduet.projects.importers.voiceflow.entries import Part, entry_parts, parts_of
from conduet.projects.importers.voiceflow.export import SYSTEM, Diagram, Export, Node, Object, items, obj, objects, text
from conduet.projects.importers.voiceflow.graph import Graph, entries_of
from conduet.projects.importers.voiceflow.understanding import entities_of, entity_variables, utterances_of
from conduet.projects.importers.voiceflow.words import template
from conduet.projects.importers.voiceflow.workflows import ENTRY, dispatches, draw

_KEY: Final = re.compile(r"\b(sk[-_][A-Za-z0-9_-]{16,}|xox[a-z]-[A-Za-z0-9-]{10,}|Bearer\s+[A-Za-z0-9._-]{20,})")
_MIXED: Final = re.compile(r"\b(?=[A-Za-z0-9]*[0-9])(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{32,}\b")
_TYPES: Final[Mapping[str, str]] = {"number": "number", "boolean": "boolean", "text": "text"}
_NOT_IDENTIFIER: Final = re.compile(r"[^A-Za-z0-9_-]+")


def read_voiceflow(whole: Object) -> tuple[dict[str, Json], Report]:
    """The document and the report. Raises `BadRequest`, naming the path, for what is no export."""
    export = Export(whole)
    report = Report("voiceflow", export.generation)
    graph = Graph(export)
    parts = {key: parts_of(export, diagram, graph) for key, diagram in _ordered(export)}
    lies_in = {f"{key}/{node.id}": part.id for key, each in parts.items() for part in each for node in part.nodes}
    workflows = [
        draw(part, graph, jumps=lies_in, report=report, primary=part.id == export.root_id)
        for each in parts.values()
        for part in each
    ]
    intents, events, entering = _intents(export, parts, graph)
    workflows += entering
    _resolve(workflows, intents)
    document: dict[str, Json] = {
        "name": text(export.project.get("name")) or "Imported project",
        "framework": "conversation-flow",
        "language": _language(export),
        "workflows": workflows,
        "variables": _variables(export, entered=bool(entering)),
        "intents": intents,
        "events": events,
        "entities": entities_of(export),
        "tools": [*_tools(export, report)],
        "secrets": [{"name": text(row.get("name"))} for row in export.rows("secrets") if text(row.get("name"))],
    }
    _warn(export, document, report)
    return document, report


def _ordered(export: Export) -> list[tuple[str, Diagram]]:
    """The root first."""
    return sorted(export.kept.items(), key=lambda each: each[0] != export.root_id)


def _language(export: Export) -> str:
    settings = obj(export.platform_data.get("settings"))
    named = [text(each) for each in [*items(export.prototype.get("locales")), *items(settings.get("locales"))]]
    return next((each for each in named if each), "en").partition("-")[0].lower() or "en"


def _intents(
    export: Export, parts: Mapping[str, Sequence[Part]], graph: Graph
) -> tuple[list[Json], list[Json], list[Json]]:
    """Intents and events of the project, and the small workflows by which they enter one with several ways in."""
    intents: dict[str, Json] = {}
    events: dict[str, Json] = {}
    entering: list[Json] = []
    for part, node in entry_parts(parts):
        target = part.id
        if dispatches(part, graph):
            target = f"enter-{node.id}"
            entering.append(_entering(target, part, node, export))
        for kind, name, key in entries_of(export, node):
            if kind == "event" and name:
                events.setdefault(name, {"name": name, "workflowId": target})
            elif kind == "intent" and name:
                shown, said = utterances_of(export, key)
                told: dict[str, Json] = {"id": text(key), "name": shown, "utterances": [*said], "workflowId": target}
                told |= {"local": True} if _is_local(node) else {}
                intents.setdefault(text(key), told)
    return [*intents.values()], [*events.values()], entering


def _is_local(node: Node) -> bool:
    rows = objects(node.data.get("items"))
    return text(node.data.get("availability")) == "LOCAL" or any(obj(row.get("settings")).get("local") for row in rows)


def _entering(key: str, part: Part, node: Node, export: Export) -> Json:
    name = next((name for _, name, _ in entries_of(export, node)), "") or node.id
    config: dict[str, Json] = {"workflowId": part.id, "mode": "jump", "inputs": {ENTRY: node.id}}
    return {
        "id": key,
        "name": name,
        "steps": [
            {"id": "start", "type": "start", "config": {}, "position": {"x": 0, "y": 0}},
            {"id": "enter", "type": "workflow", "config": config, "position": {"x": 240, "y": 0}},
        ],
        "connections": [{"id": "c1", "source": "start", "sourcePort": "next", "target": "enter"}],
    }


def _resolve(workflows: list[Json], intents: list[Json]) -> None:
    """Names the workflow of an intent where a step goes to it."""
    known = {key: key for each in workflows if (key := text(obj(each).get("id")))}
    known |= {text(obj(each).get("id")): text(obj(each).get("workflowId")) for each in intents}
    for workflow in workflows:
        for step in objects(obj(workflow).get("steps")):
            config = step.get("config")
            if isinstance(config, dict) and text(config.get("workflowId")).startswith("intent:"):
                config["workflowId"] = known.get(text(config["workflowId"]).removeprefix("intent:"), "")


def _variables(export: Export, *, entered: bool) -> list[Json]:
    found: dict[str, Json] = {}
    for row in export.rows("variables"):
        name = text(row.get("name"))
        if name and (name not in SYSTEM or name in export.written):
            found[name] = _declared(name, row)
    plain = [*items(export.version.get("variables"))]
    for diagram in objects([*obj(export.whole.get("diagrams")).values()]):
        plain += items(diagram.get("variables"))
    for name in [*map(text, plain), *entity_variables(export), *sorted(export.written)]:
        if name and name not in found and (name not in SYSTEM or name in export.written):
            found[name] = {"name": name, "type": "text"}
    for name in export.compared_with_zero:
        declared = found.get(name)
        if isinstance(declared, dict) and "default" not in declared:
            # There a variable is 0 until it is set, and flows ask for that.
            declared["default"] = 0 if declared["type"] == "number" else "0"
    if entered:
        found[ENTRY] = {
            "name": ENTRY,
            "type": "text",
            "default": "",
            "description": "By which way a workflow is entered.",
        }
    return [*found.values()]


def _declared(name: str, row: Object) -> Json:
    kind = _TYPES.get(text(row.get("datatype")), "text")
    told: dict[str, Json] = {"name": name, "type": kind}
    given = row.get("defaultValue")
    if given is not None and text(given) != "":
        told["default"] = _default(text(given), kind)
    described = text(row.get("description"))
    return told | ({"description": described} if described else {})


def _default(given: str, kind: str) -> Json:
    if kind == "number":
        try:
            return float(given) if "." in given else int(given)
        except ValueError:
            return None
    return given.strip().lower() == "true" if kind == "boolean" else given


def _tools(export: Export, report: Report) -> Iterator[Json]:
    for row in export.rows("functions"):
        key, name = text(row.get("id")), text(row.get("name"))
        inputs = [
            each for each in export.rows_of("functionVariables", "functionID", key) if each.get("type") == "input"
        ]
        properties: dict[str, Json] = {text(each.get("name")): {"type": "string"} for each in inputs}
        report.warn(f"The function {name!r} is a tool now. Look at its code: `fetch` is not there.")
        yield {
            "id": key,
            "name": _NOT_IDENTIFIER.sub("_", name)[:64] or "function",
            "description": text(row.get("description")),
            "type": "function",
            "parameters": {"type": "object", "properties": properties},
            "config": {"language": "javascript", "code": _function(text(row.get("code")))},
        }
    for row in export.rows("apiTools"):
        name = text(row.get("name"))
        report.warn(f"The API tool {name!r} was taken over by its address and method: look at its inputs.")
        yield {
            "id": text(row.get("id")),
            "name": _NOT_IDENTIFIER.sub("_", name)[:64] or "api",
            "description": template(export, row.get("description")),
            "type": "api",
            "parameters": {"type": "object", "properties": {}},
            "config": {"method": text(row.get("httpMethod")).upper() or "GET", "url": template(export, row.get("url"))},
        }


def _function(code: str) -> str:
    """Voiceflow's module as the body of a function: its `main` is called, and its outputs are the result."""
    body = re.sub(r"export\s+default\s+", "const __main = ", code, count=1)
    return f"{body}\nconst answer = await __main({{ inputVars: args }})\nreturn answer?.outputVars ?? {{}}"


def _warn(export: Export, document: dict[str, Json], report: Report) -> None:
    if any(node.type in ("kbSearch", "kb-search") for each in export.kept.values() for node in each.nodes.values()):
        report.warn("Documents are not in an export: upload them to the knowledge base.")
    said = dumps(document).decode()
    count = len({*(found[0] for found in _KEY.finditer(said)), *(found[0] for found in _MIXED.finditer(said))})
    if count:
        report.warn(
            f"{count} value{'s' if count > 1 else ''} in this project look{'' if count > 1 else 's'} like a live key. "
            "Keep each as a secret (`secrets` of the project), write `{{secrets.NAME}}` in its place, and revoke it."
        )
