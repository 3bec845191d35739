"""The page of step types."""

import json
from collections.abc import Iterator
from typing import cast

from conduet.engine.describe import describe_steps
from conduet.engine.step import Step
from conduet.kit.json import Json
from conduet.kit.plugin import discover
from scripts.reference.table import table

HEAD = """# Steps

Every step has `{id, type, name?, config, position}`; below is what stands in `config`. A running server tells
the same as JSON Schema at `/api/v1/schema`. A field that is *needed* may stay empty while one draws, but not
in a published version.
"""

Object = dict[str, Json]


def page() -> str:
    """Every step type with its ports, fields and an example."""
    return HEAD + "".join(
        _step(cast(Object, described)) for described in describe_steps(discover("conduet.steps", Step))
    )


def _step(described: Object) -> str:
    schema = cast(Object, described["configSchema"])
    fields = cast(dict[str, Object], schema.get("properties", {}))
    example = json.dumps({"type": described["type"], "config": described["example"]}, ensure_ascii=False)
    rows = list(_rows(fields))
    told = table(("field", "type", "default", "what it is"), rows) if rows else "It has no configuration.\n"
    parts = (
        f"## `{described['type']}`",
        str(described["description"]),
        f"Ports: {_ports(described)}.",
        told,
        f"```json\n{example}\n```",
    )
    return "\n" + "\n\n".join(part.rstrip() for part in parts) + "\n"


def _ports(described: Object) -> str:
    ports = cast(Object, described["ports"])
    branches = [f"one for each of `{source}` by its `id`" for source in cast(list[str], ports.get("from", []))]
    names = [*branches, *(f"`{port}`" for port in cast(list[str], ports["fixed"]))]
    if ports.get("open"):
        names.append("any other")
    return ", ".join(names) or "none"


def _rows(fields: dict[str, Object]) -> Iterator[tuple[str, str, str, str]]:
    for name, field in fields.items():
        default = json.dumps(field["default"], ensure_ascii=False) if "default" in field else ""
        needed = " *(needed)*" if field.get("needed") else ""
        yield f"`{name}`", _kind(field), f"`{default}`" if default else "", f"{field.get('description', '')}{needed}"


def _kind(field: Object) -> str:
    if "enum" in field:
        return " or ".join(f"`{value}`" for value in cast(list[str], field["enum"]))
    if "anyOf" in field:
        kinds = (_kind(kind) for kind in cast(list[Object], field["anyOf"]) if kind.get("type") != "null")
        return " or ".join(dict.fromkeys(kinds))
    return str(field.get("type", "object" if "$ref" in field else "any JSON"))
