"""Nodes that call what lies outside the flow: other systems, other workflows, agents and models."""

from collections.abc import Mapping

from conduet.kit.json import Json
from conduet.projects.importers.voiceflow.export import items, obj, objects, text
from conduet.projects.importers.voiceflow.made import Dropped, Made, Reader, Reading, Step, chain
from conduet.projects.importers.voiceflow.words import template


def _api(reading: Reading) -> Made | Dropped:
    data, export = reading.node.data, reading.export
    if text(data.get("selectedIntegration") or "Custom API") not in ("Custom API", ""):
        return Dropped(f"An integration of Voiceflow's: {text(data.get('selectedIntegration'))}.")
    kind = text(data.get("bodyType"))
    config: dict[str, Json] = {
        "method": text(data.get("method")) or "GET",
        "url": template(export, data.get("url")),
        "map": [
            {"path": _path(text(row.get("path"))), "variable": export.name_of(row.get("var") or row.get("variableID"))}
            for row in objects(data.get("mappings") or data.get("responseMappings"))
            if row.get("var") or row.get("variableID")
        ],
    }
    for name, rows in (("headers", data.get("headers")), ("query", data.get("params"))):
        pairs = _pairs(reading, rows)
        if pairs:
            config[name] = pairs
    content = data.get("content") or obj(data.get("body")).get("content")
    if kind == "rawInput" and content:
        config |= {"bodyType": "json", "body": template(export, content)}
    elif kind in ("formData", "urlEncoded", "form-data", "url-encoded") and _pairs(reading, data.get("body")):
        config |= {"bodyType": "form", "body": _pairs(reading, data.get("body"))}
    if config["method"] in ("GET", "HEAD"):
        config.pop("body", None)
        config.pop("bodyType", None)
    ports: dict[str, str | None] = {"next": reading.next, "error": reading.ports.get("fail", "else")}
    return Made([Step("api", config, ports)])


def _path(path: str) -> str:
    """`response.items[0].name` there is `$.body.items[0].name` here."""
    path = path.strip().removeprefix("{").removesuffix("}")
    rest = path.removeprefix("response")
    return "$.body" + (rest if rest != path else f".{path}" if path else "")


def _pairs(reading: Reading, rows: Json) -> dict[str, Json]:
    found = ((template(reading.export, row.get("key")), row.get("val", row.get("value"))) for row in objects(rows))
    return {name: template(reading.export, value) for name, value in found if name.strip()}


def _component(reading: Reading) -> Made | Dropped:
    data, export = reading.node.data, reading.export
    target = text(data.get("diagramID")) or text(export.row("flows", data.get("flowID")).get("diagramID"))
    if target not in export.kept:
        return Dropped("The component is not in the export.")
    given = obj(obj(data.get("variableMap")).get("inputs"))
    rows = objects(obj(data.get("variableMap")).get("inputs"))
    inputs: dict[str, Json] = {export.name_of(k): "{{" + export.variable(v) + "}}" for k, v in given.items()}
    inputs |= {export.name_of(row.get("key")): "{{" + export.variable(row.get("value")) + "}}" for row in rows}
    return Made([Step("workflow", {"workflowId": target, "mode": "call", "inputs": inputs}, reading.on())])


def _go_to(reading: Reading) -> Made | Dropped:
    data = reading.node.data
    wanted = obj(data.get("goTo")).get("intentID") or data.get("intent") or data.get("diagramID")
    # Which workflow that is can only be said once all are made.
    config: dict[str, Json] = {"workflowId": f"intent:{text(wanted)}", "mode": "jump"}
    return Made([Step("workflow", config)], "It starts the intent's workflow from the beginning.")


def _function(reading: Reading) -> Made | Dropped:
    data, export = reading.node.data, reading.export
    key = data.get("functionID") or obj(data.get("functionDefinition")).get("id")
    name = text(export.row("functions", key).get("name"))
    if not name:
        return Dropped("The function is not in the export.")
    variables = export.rows_of("functionVariables", "functionID", key)
    named = {text(row.get("id")): text(row.get("name")) for row in variables}
    inputs: dict[str, Json] = {
        named.get(at, at): template(export, value) for at, value in obj(data.get("inputMapping")).items()
    }
    outputs: dict[str, Json] = {
        export.name_of(value): named.get(at, at)
        for at, value in obj(data.get("outputMapping")).items()
        if isinstance(value, str) and value
    }
    ports: dict[str, str | None] = {"next": reading.ports.get("__vf__default") or reading.next, "error": None}
    others = export.rows_of("functionPaths", "functionID", key)
    lost = [text(row.get("name")) for row in others if reading.ports.get(text(row.get("id")))]
    told = "The function is a tool of the project: its `return` gives the outputs by name."
    if lost:
        told += f" Its other paths need a `code` step: {', '.join(lost)}."
        ports["next"] = ports["next"] or reading.ports.get(text(others[0].get("id")))
    config: dict[str, Json] = {"toolId": text(key), "inputs": inputs, "outputs": outputs}
    return Made([Step("tool", config, ports)], told)


def _agent(reading: Reading) -> Made | Dropped:
    data, export = reading.node.data, reading.export
    row = export.row("agents", data.get("agentID"))
    if not row:
        return Dropped("The agent is not in the export.")
    exits: list[Json] = []
    ports: dict[str, str | None] = {"next": reading.ports.get("next", "else")}
    for way in export.rows_of("agentPathTools", "agentID", row.get("id")):
        key = text(way.get("id"))
        names = [export.name_of(each) for each in items(way.get("variableOrder"))]
        told = template(export, way.get("description")) or text(way.get("name"))
        exits.append({"id": key, "description": told, "collects": [*names]})
        ports[key] = reading.ports.get(key)
    tools: list[Json] = [
        text(each.get("functionID") or each.get("apiToolID"))
        for kind in ("agentFunctionTools", "agentAPITools")
        for each in export.rows_of(kind, "agentID", row.get("id"))
    ]
    config: dict[str, Json] = {
        "instructions": template(export, row.get("instructions")),
        "exits": exits,
        "toolIds": tools,
        "knowledgeBase": obj(row.get("knowledgeBaseTool")).get("enabled") is True,
    }
    model = text(obj(row.get("settings")).get("model"))
    told = f"The project's model answers in place of {model}." if model else "The project's model answers."
    lost = export.rows_of("agentIntegrationTools", "agentID", row.get("id"))
    if lost:
        told += f" {len(lost)} of its tools are integrations of Voiceflow's: make tools of this project for them."
    return Made([Step("agent", config, ports)], told)


def _ai_set(reading: Reading) -> Made | Dropped:
    data, export = reading.node.data, reading.export
    steps: list[Step] = []
    for row in objects(data.get("sets")):
        config: dict[str, Json] = {"prompt": template(export, row.get("prompt")), "output": "text"}
        config["saveTo"] = export.name_of(row.get("variable") or row.get("variableID"))
        system = template(export, data.get("system"))
        steps.append(Step("prompt", config | ({"system": system} if system.strip() else {}), reading.on()))
    if not steps:
        return Dropped("It sets nothing.")
    told = "The project's model answers; its words will differ."
    if text(data.get("source")) == "knowledge_base":
        steps.insert(0, Step("kb-search", {}, {"noResults": reading.ports.get("else") or reading.next}))
        told = "Documents are not in an export: upload them to the knowledge base."
    return chain(*steps, reason=told)


def _search(reading: Reading) -> Made | Dropped:
    query = template(reading.export, reading.node.data.get("query"))
    ports: dict[str, str | None] = {"next": reading.next, "noResults": reading.ports.get("else", "fail")}
    return Made([Step("kb-search", {"query": query} if query else {}, ports)])


def _exit(_: Reading) -> Made | Dropped:
    return Made([Step("end", {})])


READERS: Mapping[str, Reader] = {
    "api": _api, "api-v2": _api, "integrations": _api, "component": _component, "flow": _component, "goTo": _go_to,
    "goToDomain": _go_to, "jump": _go_to, "function": _function, "agent": _agent, "ai_set": _ai_set,
    "kbSearch": _search, "kb-search": _search, "exit": _exit,
}  # fmt: skip
