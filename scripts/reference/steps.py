"""The page of step types."""

import json
from typing import cast

from conduet.engine.describe import describe_steps
from conduet.engine.step import Step
from conduet.kit.plugin import discover
from scripts.reference.fields import Object, fields_table

HEAD = """# Steps

Every step has `{id, type, name?, config, position}`; below is what stands in `config`. A running server tells
the same as JSON Schema at `/api/v1/schema`. A field that is *needed* may stay empty while one draws, but not
in a published version.
"""


def page() -> str:
    """Every step type with its ports, fields and an example."""
    return HEAD + "".join(
        _step(cast(Object, described)) for described in describe_steps(discover("conduet.steps", Step))
    )


def _step(described: Object) -> str:
    example = json.dumps({"type": described["type"], "config": described["example"]}, ensure_ascii=False)
    told = fields_table(cast(Object, described["configSchema"])) or "It has no configuration.\n"
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
