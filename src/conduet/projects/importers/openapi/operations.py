"""One operation of an OpenAPI document as an `api` tool."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from conduet.kit.json import Json
from conduet.projects.document import JsonObject
from conduet.projects.importers.openapi.schemas import Elsewhere, References, Schemas
from conduet.projects.importers.openapi.securing import Proof, Security

METHODS: Final = ("get", "put", "post", "delete", "patch", "head", "options")
DESCRIPTION: Final = 1_000

_BODIES: Final = (
    (re.compile(r"application/(.+\+)?json(;.*)?"), "json"),
    (re.compile(r"application/x-www-form-urlencoded"), "form"),
    (re.compile(r"text/plain(;.*)?"), "text"),
)
_OURS: Final = frozenset(("accept", "content-type", "authorization"))
"""Headers that no parameter describes (OpenAPI 3.1, Parameter Object)."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation where it stands: `shared` are the path's own fields, which all its operations have."""

    method: str
    path: str
    own: Mapping[str, Json]
    shared: Mapping[str, Json]

    @property
    def place(self) -> str:
        """`GET /pets/{petId}`."""
        return f"{self.method.upper()} {self.path}"

    @property
    def tags(self) -> Sequence[str]:
        """What it is filed under."""
        tags = self.own.get("tags")
        return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []

    @property
    def name(self) -> str:
        """What its tool is called, if nothing else is: its `operationId`, else its method and path."""
        told = self.own.get("operationId")
        return re.sub(r"[^a-zA-Z0-9_-]+", "_", str(told or self.place)).strip("_")[:64] or self.method


@dataclass(slots=True)
class Made:
    """A tool made of an operation: all but its id and final name; `notes` say in what it is less than the operation."""

    operation: Operation
    description: str
    parameters: JsonObject
    config: JsonObject
    proof: Proof
    notes: list[str] = field(default_factory=list[str])


def operations_of(paths: Mapping[str, Json], references: References) -> Iterator[Operation]:
    """The operations, in the document's order."""
    for path, item in paths.items():
        if not path.startswith("/"):
            continue
        try:
            shared = references.resolved(item)
        except Elsewhere:
            shared = {}
        for method in METHODS:
            own = shared.get(method)
            if isinstance(own, dict):
                yield Operation(method, path, own, shared)


def make(operation: Operation, references: References, security: Security, *, required: Json, server: str) -> Made:
    """The tool. Raises `Elsewhere` when there can be none, saying why."""
    if operation.own.get("deprecated") is True:
        raise Elsewhere("it is deprecated")
    if "{{" in operation.path or "}}" in operation.path:
        # It would be a template, which could reach any secret of the project.
        raise Elsewhere("its path has braces in braces")
    proof = security.proof(operation.own.get("security", required))
    config: JsonObject = {"method": operation.method.upper(), "url": server + operation.path}
    described = Made(operation, _description(operation), {}, config, proof, [*proof.notes])
    schemas = Schemas(references)
    properties, needed = _add_parameters(described, references, schemas)
    _add_body(described, references, schemas, properties, needed)
    config["headers"] = {"Accept": "application/json", **_texts(config.get("headers")), **proof.headers}
    if proof.query:
        config["query"] = dict(proof.query)
    described.parameters = {"type": "object", "properties": properties, "additionalProperties": False}
    if needed:
        described.parameters["required"] = [*needed]
    if schemas.is_cut:
        described.notes.append("A part of its input is recursive, or too large: there anything is taken.")
    return described


def _add_parameters(made: Made, references: References, schemas: Schemas) -> tuple[JsonObject, list[str]]:
    """The input's properties, and the names of those that are needed: of the path, the headers, and `query`."""
    properties: JsonObject = {}
    needed: list[str] = []
    query: JsonObject = {}
    needed_query: list[Json] = []
    headers: JsonObject = {}
    for parameter in _parameters(made.operation, references):
        name, place = str(parameter.get("name")), parameter.get("in")
        is_needed = parameter.get("required") is True
        if place in ("cookie", "header") and (not is_needed or place == "cookie" or name.lower() in _OURS):
            if place == "cookie" and is_needed:
                raise Elsewhere(f"it needs the cookie {name}")
            if name.lower() not in _OURS:
                made.notes.append(f"The {place} {name} is left out.")
            continue
        schema = _schema_of(parameter, references, schemas)
        if place == "query":
            query[name] = schema
            needed_query += [name] if is_needed else []
            continue
        key = _key(name, properties)
        properties[key] = schema
        needed.append(key)
        if place == "header":
            headers[name] = "{{args." + key + "}}"
        else:
            made.config["url"] = str(made.config["url"]).replace("{" + name + "}", "{{args." + key + " | urlencode}}")
    if left := re.findall(r"(?<!\{)\{([^{}]+)\}(?!\})", str(made.config["url"])):
        raise Elsewhere(f"its path has {left[0]!r}, which no parameter describes")
    if headers:
        made.config["headers"] = headers
    if query:
        told: JsonObject = {"type": "object", "properties": query, "additionalProperties": False}
        properties["query"] = {**told, "required": needed_query} if needed_query else told
        needed += ["query"] if needed_query else []
        made.config["url"] = f"{made.config['url']}?{{{{args.query | urlencode}}}}"
    return properties, needed


def _add_body(made: Made, references: References, schemas: Schemas, properties: JsonObject, needed: list[str]) -> None:
    body = references.resolved(made.operation.own.get("requestBody"))
    content = body.get("content")
    if not isinstance(content, dict) or not content:
        return
    for pattern, kind in _BODIES:
        for media_type, told in content.items():
            if pattern.fullmatch(media_type.strip().lower()):
                schema = schemas.plain(references.resolved(told).get("schema", {}))
                if isinstance(body.get("description"), str):
                    schema.setdefault("description", body["description"])
                properties["body"] = schema
                needed.append("body")
                made.config |= {"body": "{{args.body}}", "bodyType": kind}
                return
    raise Elsewhere(f"its body is {next(iter(content))[:100]}, which no tool can send")


def _parameters(operation: Operation, references: References) -> Iterator[Mapping[str, Json]]:
    """Its parameters, its own in the place of those of the path that have the same name."""
    found: dict[tuple[str, str], Mapping[str, Json]] = {}
    for told in (operation.shared.get("parameters"), operation.own.get("parameters")):
        for each in told if isinstance(told, list) else []:
            parameter = references.resolved(each)
            found[str(parameter.get("name")), str(parameter.get("in"))] = parameter
    yield from found.values()


def _schema_of(parameter: Mapping[str, Json], references: References, schemas: Schemas) -> JsonObject:
    schema = parameter.get("schema")
    content = parameter.get("content")
    if schema is None and isinstance(content, dict):
        schema = references.resolved(next(iter(content.values()), None)).get("schema")
    plain = schemas.plain(schema or {})
    if isinstance(parameter.get("description"), str):
        plain = {**plain, "description": parameter["description"]}
    return plain


def _key(name: str, taken: Mapping[str, Json]) -> str:
    """A parameter's name as templates can reach it."""
    key = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_") or "value"
    key = f"_{key}" if key[0].isdigit() else key
    while key in taken or key in ("query", "body"):
        key += "_"
    return key


def _description(operation: Operation) -> str:
    told = [str(operation.own.get(name) or "").strip() for name in ("summary", "description")]
    parts = [text for text in dict.fromkeys(told) if text]
    text = "\n\n".join(parts) or f"{operation.place}."
    return text if len(text) <= DESCRIPTION else f"{text[: DESCRIPTION - 1].rstrip()}…"


def _texts(headers: Json) -> JsonObject:
    return headers if isinstance(headers, dict) else {}
