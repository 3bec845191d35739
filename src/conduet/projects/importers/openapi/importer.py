"""A whole OpenAPI document as tools of a project, with a report of what became of every operation."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from conduet.errors import BadRequest
from conduet.kit.ids import new_id
from conduet.kit.json import Json
from conduet.projects.document import JsonObject
from conduet.projects.importers.openapi.operations import Made, Operation, make, operations_of
from conduet.projects.importers.openapi.schemas import Elsewhere, References
from conduet.projects.importers.openapi.securing import Security, constant

MOST_TOOLS: Final = 200
"""How many tools come of one import."""

NAME_LENGTH: Final = 64


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which operations are wanted, all where neither names nor tags are given; and their server, if it is another."""

    operations: Collection[str] = ()
    tags: Collection[str] = ()
    server: str | None = None

    def takes(self, operation: Operation) -> bool:
        """Whether it is among them."""
        if not (self.operations or self.tags):
            return True
        named = operation.own.get("operationId") in self.operations or operation.place in self.operations
        return named or any(tag in self.tags for tag in operation.tags)


@dataclass(slots=True)
class ToolReport:
    """What an import of tools came to."""

    version: str
    title: str
    made: list[dict[str, Json]] = field(default_factory=list[dict[str, Json]])
    left_out: list[dict[str, Json]] = field(default_factory=list[dict[str, Json]])
    secrets: list[str] = field(default_factory=list[str])
    warnings: list[str] = field(default_factory=list[str])

    def wire(self) -> dict[str, Json]:
        """As answers show it."""
        made, left_out = len(self.made), len(self.left_out)
        return {
            "source": {"format": "openapi", "version": self.version, "title": self.title},
            "counts": {"operations": made + left_out, "made": made, "leftOut": left_out},
            "made": [*self.made],
            "leftOut": [*self.left_out],
            "secrets": [*self.secrets],
            "warnings": [*self.warnings],
        }


def add_tools(
    present: JsonObject, source: JsonObject, wanted: Wanted
) -> tuple[JsonObject, list[JsonObject], ToolReport]:
    """The project's document with the tools that come of `source`, those tools, and the report.

    Raises `BadRequest` when the document says nowhere where its API is.
    """
    info = source.get("info")
    title = str(info.get("title") or "API") if isinstance(info, dict) else "API"
    report = ToolReport(str(source["openapi"]), title)
    tools: list[JsonObject] = []
    before = _objects(present.get("tools"))
    names = {str(tool.get("name")) for tool in before}
    calls = {_call(tool) for tool in before}
    for operation, made in _made(source, wanted, prefix=constant(title)[:40]):
        if isinstance(made, str):
            report.left_out.append({"operation": operation.place, "reason": f"{made[:1].upper()}{made[1:]}."})
        elif _call({"config": made.config}) in calls:
            report.left_out.append({"operation": operation.place, "reason": "A tool of the project calls it already."})
        elif len(tools) == MOST_TOOLS:
            told = f"One import makes at most {MOST_TOOLS} tools: choose by `tag` or `operation`."
            report.left_out.append({"operation": operation.place, "reason": told})
        else:
            tool = _tool(made, names)
            names.add(str(tool["name"]))
            tools.append(tool)
            notes: list[Json] = [*dict.fromkeys(made.notes)]
            report.made.append(
                {"operation": operation.place, "toolId": tool["id"], "name": tool["name"], "notes": notes}
            )
            report.secrets += [name for name in made.proof.secrets if name not in report.secrets]
    secrets = _objects(present.get("secrets"))
    known = {str(each.get("name")) for each in secrets}
    new: list[Json] = [{"name": name} for name in report.secrets if name not in known]
    if new:
        report.warnings.append("Set the values of its secrets before its tools are used: see `secrets`.")
    for name in report.secrets:
        if name in known:
            told = f"The project has a secret {name} already: its tools send that one's value to the API's address."
            report.warnings.append(told)
    document: JsonObject = {**present, "tools": [*before, *tools], "secrets": [*secrets, *new]}
    return document, tools, report


def _made(source: JsonObject, wanted: Wanted, *, prefix: str) -> Iterator[tuple[Operation, Made | str]]:
    """Each wanted operation with its tool, or why there is none."""
    references = References(source)
    components = source.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, dict) else None
    security = Security(references, schemes if isinstance(schemes, dict) else {}, prefix=prefix)
    paths = source.get("paths")
    for operation in operations_of(paths if isinstance(paths, dict) else {}, references):
        if not wanted.takes(operation):
            continue
        server = wanted.server or _server(operation, source)
        if server is None:
            told = "The document says nowhere where its API is: tell it with `?server=https://…`."
            raise BadRequest.at("servers", told)
        try:
            made = make(operation, references, security, required=source.get("security", []), server=server.rstrip("/"))
            yield operation, made
        except Elsewhere as error:
            yield operation, str(error)


def _server(operation: Operation, source: JsonObject) -> str | None:
    """The address of the first server that is told for the operation, with the defaults of its variables."""
    for told in (operation.own.get("servers"), operation.shared.get("servers"), source.get("servers")):
        for server in _objects(told):
            url = str(server.get("url", ""))
            variables = server.get("variables")
            for name, variable in (variables if isinstance(variables, dict) else {}).items():
                if isinstance(variable, dict):
                    url = url.replace("{" + name + "}", str(variable.get("default", "")))
            if is_address(url):
                return url
    return None


def is_address(url: str) -> bool:
    """Whether it is an address of the web, whole."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not (set("{}?#") & set(url))


def _tool(made: Made, names: Collection[str]) -> JsonObject:
    name, number = made.operation.name, 2
    while name in names:
        name = f"{made.operation.name[: NAME_LENGTH - 4]}_{number}"
        number += 1
    return {
        "id": new_id("tool"),
        "name": name,
        "description": made.description,
        "type": "api",
        "parameters": made.parameters,
        "config": made.config,
        "enabled": True,
    }


def _call(tool: Mapping[str, Json]) -> tuple[str, str]:
    config = tool.get("config")
    return (str(config.get("method")), str(config.get("url"))) if isinstance(config, dict) else ("", "")


def _objects(value: Json) -> Sequence[JsonObject]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
